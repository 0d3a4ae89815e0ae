//! Saves, reads, changes and deletes a user, in a DynamoDB that runs inside this process.

mod models {
    dyntastic::include_models!();
}

use dyntastic::prelude::*;
use models::User;

#[tokio::main(flavor = "current_thread")]
async fn main() -> dyntastic::Result<()> {
    // In production: `dyntastic::Client::from_env().await?`.
    let db = dyntastic::local::start().await?.client();
    println!("DynamoDB is running in this process.");

    let mut alice = User::builder().user_id("user123").name("Alice").email("alice@example.com").age(41).build()?;
    alice.save(&db).await?;
    println!("Saved {} <{}>; the first write created the table.", alice.name, alice.email);

    let found = User::get(&db, "user123").await?;
    assert_eq!(found, alice);
    println!("Read her by her hash key: {} is {}.", found.name, found.age);

    alice.age += 1;
    alice.save(&db).await?;
    let found = User::get(&db, "user123").consistent_read().await?;
    println!("Saved her birthday and read it back: {} is {}.", found.name, found.age);

    alice.delete(&db).await?;
    println!("Deleted her.");

    match User::find(&db, "user123").await? {
        Some(user) => println!("{} is still there?", user.name),
        None => println!("There is no such user any more."),
    }
    match User::get(&db, "user123").await {
        Ok(user) => println!("{} is still there?", user.name),
        Err(error) if error.is_not_found() => println!("Getting her is an error now: {error}."),
        Err(error) => return Err(error),
    }

    User::delete_table(&db).await?;
    println!("Deleted the table; it exists: {}.", User::table_exists(&db).await?);
    Ok(())
}
