//! Saves, reads, changes and deletes a user in a DynamoDB inside this process.

mod models {
    dyntastic::include_models!();
}

use dyntastic::prelude::*;
use models::User;

#[tokio::main(flavor = "current_thread")]
async fn main() -> dyntastic::Result<()> {
    // In production: `dyntastic::Client::from_env().await?`.
    let db = dyntastic::local::start().await?.client();
    println!("DynamoDB runs in this process.");

    let mut alice = User::builder().user_id("user123").name("Alice").email("alice@example.com").age(41).build()?;
    alice.save(&db).await?;
    println!("Saved {} <{}>. The first write created the table.", alice.name, alice.email);

    let found = User::get(&db, "user123").await?;
    assert_eq!(found, alice);
    println!("Read {} by her hash key: she is {}.", found.name, found.age);

    alice.age += 1;
    alice.save(&db).await?;
    let found = User::get(&db, "user123").consistent_read().await?;
    println!("Saved {} with a new age and read her again: she is {}.", found.name, found.age);

    alice.delete(&db).await?;
    println!("Deleted Alice.");

    match User::find(&db, "user123").await? {
        Some(user) => println!("`find` returns {}, although she is deleted.", user.name),
        None => println!("`find` returns `None` for her."),
    }
    match User::get(&db, "user123").await {
        Ok(user) => println!("`get` returns {}, although she is deleted.", user.name),
        Err(error) if error.is_not_found() => println!("`get` returns an error for her: {error}."),
        Err(error) => return Err(error),
    }

    User::delete_table(&db).await?;
    println!("Deleted the table. `table_exists` returns {}.", User::table_exists(&db).await?);
    Ok(())
}
