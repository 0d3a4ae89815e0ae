//! Attributes whose names are not their fields'.

use crate::engine::{db, table_name};
use dyntastic::prelude::*;
use dyntastic_tests::aliases::Aliased;

#[tokio::test]
async fn fields_are_stored_under_their_aliases_and_swapped_ones_resolve() {
    let db = db().await;
    let item = Aliased::builder()
        .id("1")
        .at(7)
        .first("I am first")
        .second("I am second")
        .user_name("Alice")
        .emoji("bread")
        .build()
        .unwrap();
    item.save(&db).await.unwrap();

    let stored = db.sdk().scan().table_name(table_name::<Aliased>(&db)).send().await.unwrap().items.unwrap();
    let stored = &stored[0];
    let mut names: Vec<&str> = stored.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["first", "id/alias", "second", "userName", "weird name: #1 \"quoted\"", "🍞.[0]"]);
    assert_eq!(stored["second"].as_s().unwrap(), "I am first");
    assert_eq!(stored["first"].as_s().unwrap(), "I am second");

    assert_eq!(Aliased::get(&db, ("1", 7)).await.unwrap(), item);
    item.delete(&db).await.unwrap();
    assert_eq!(Aliased::find(&db, ("1", 7)).await.unwrap(), None);
}
