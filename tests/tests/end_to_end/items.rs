//! Save, get, find and delete.

use crate::engine::{db, table_name};
use dyntastic::Error;
use dyntastic::prelude::*;
use dyntastic_tests::keys::ByNumber;
use example_models::User;

fn alice() -> User {
    User::builder().user_id("alice").name("Alice").email("alice@example.com").build().unwrap()
}

#[tokio::test]
async fn a_saved_item_reads_back_equal() {
    let db = db().await;
    let alice = alice();
    alice.save(&db).await.unwrap();
    assert_eq!(User::get(&db, "alice").await.unwrap(), alice);
    assert_eq!(User::get(&db, "alice").consistent_read().await.unwrap(), alice);
    assert_eq!(User::find(&db, "alice").consistent_read().await.unwrap(), Some(alice));
}

#[tokio::test]
async fn an_absent_item_is_not_found_by_get_and_none_by_find() {
    let db = db().await;
    User::create_table(&db).await.unwrap();
    let error = User::get(&db, "nobody").await.unwrap_err();
    assert!(matches!(error, Error::NotFound { model: "User", .. }), "{error}");
    assert!(error.is_not_found() && !error.is_retryable());
    let table = table_name::<User>(&db);
    assert_eq!(error.to_string(), format!("User: the table {table} has no item with this key"));
    assert_eq!(User::find(&db, "nobody").await.unwrap(), None);
}

#[tokio::test]
async fn a_local_edit_is_unsaved_until_save() {
    let db = db().await;
    let mut alice = alice();
    alice.save(&db).await.unwrap();
    alice.age = 42;
    assert_eq!(User::get(&db, "alice").await.unwrap().age, 0);
    alice.save(&db).await.unwrap();
    assert_eq!(User::get(&db, "alice").await.unwrap().age, 42);
}

#[tokio::test]
async fn save_replaces_the_whole_item() {
    let db = db().await;
    let mut alice = alice();
    alice.nickname = Some("Al".to_owned());
    alice.save(&db).await.unwrap();
    alice.nickname = None;
    alice.save(&db).await.unwrap();
    assert_eq!(User::get(&db, "alice").await.unwrap().nickname, None);
}

#[tokio::test]
async fn save_after_a_change_of_key_writes_a_second_item() {
    let db = db().await;
    let mut user = alice();
    user.save(&db).await.unwrap();
    user.user_id = "bob".to_owned();
    user.name = "Bob".to_owned();
    user.save(&db).await.unwrap();
    assert_eq!(User::get(&db, "alice").await.unwrap(), alice());
    assert_eq!(User::get(&db, "bob").await.unwrap().name, "Bob");
}

#[tokio::test]
async fn a_deleted_item_is_gone_and_deleting_it_again_is_no_error() {
    let db = db().await;
    let alice = alice();
    alice.save(&db).await.unwrap();
    alice.delete(&db).await.unwrap();
    assert_eq!(User::find(&db, "alice").await.unwrap(), None);
    alice.delete(&db).await.unwrap();
    User::delete_by_key(&db, "never saved").await.unwrap();

    let item = ByNumber::builder().id(1).build().unwrap();
    item.save(&db).await.unwrap();
    ByNumber::delete_by_key(&db, 1).await.unwrap();
    assert_eq!(ByNumber::find(&db, 1).await.unwrap(), None);
}

#[tokio::test]
async fn an_operation_can_move_to_another_task() {
    let db = db().await;
    let saved = tokio::spawn({
        let db = db.clone();
        async move { alice().save(&db).await }
    });
    saved.await.unwrap().unwrap();
    let found = tokio::spawn(User::get(&db, "alice").into_future()).await.unwrap().unwrap();
    assert_eq!(found, alice());
}

#[tokio::test]
async fn the_sdks_own_builder_is_within_reach() {
    let db = db().await;
    alice().save(&db).await.unwrap();
    let output = User::get(&db, "alice").into_inner().unwrap().projection_expression("age").send().await.unwrap();
    assert_eq!(output.item.unwrap().len(), 1);
    let refused =
        alice().save(&db).into_inner().unwrap().condition_expression("attribute_not_exists(user_id)").send().await;
    assert!(refused.is_err());
    User::delete_by_key(&db, "alice").into_inner().unwrap().send().await.unwrap();
    assert_eq!(User::find(&db, "alice").await.unwrap(), None);
}
