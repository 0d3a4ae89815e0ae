//! Updates, as the engine makes them.

use crate::engine::{Engine, db};
use crate::types::sparse;
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;
use dyntastic::{Client, Error};
use dyntastic_tests::everything::Everything;

async fn saved() -> Client {
    let db = db().await;
    sparse().save(&db).await.unwrap();
    db
}

async fn updated(db: &Client, update: impl IntoUpdate<Everything>) -> Everything {
    let new = Everything::update_by_key(db, ("1", -1), update).await.unwrap();
    assert_eq!(
        Everything::get(db, ("1", -1)).consistent_read().await.unwrap(),
        new,
        "what is returned is what is stored"
    );
    new
}

#[tokio::test]
async fn an_instance_is_refreshed_in_the_same_round_trip() {
    let db = saved().await;
    let a = Everything::A;
    let mut item = sparse();
    // Another writer changes what this instance does not know of.
    updated(&db, a.a_u32.set(7)).await;
    item.update(&db, (a.a_string.set("changed"), a.a_u16.set(1))).await.unwrap();
    assert_eq!(item, Everything { a_string: "changed".to_owned(), a_u16: 1, a_u32: 7, ..sparse() });
    item.clone().update_without_refresh(&db, a.a_u16.set(2)).await.unwrap();
    item.refresh(&db).await.unwrap();
    assert_eq!(item.a_u16, 2);

    Everything { id: "2".to_owned(), a_u16: 3, ..sparse() }.save(&db).await.unwrap();
    item.id = "2".to_owned();
    item.refresh(&db).consistent_read().await.unwrap();
    assert_eq!(item.a_u16, 3, "refresh follows the new key");
    item.delete(&db).await.unwrap();
    let error = item.refresh(&db).consistent_read().await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
}

#[tokio::test]
async fn set_reaches_every_type_and_place() {
    let db = saved().await;
    let a = Everything::A;
    let new = updated(
        &db,
        (a.maybe_string.set("x"), a.maybe_set.set(["a"]), a.counts.set([("oslo", 1)]), a.matrix.set(vec![vec![1.0]])),
    )
    .await;
    assert_eq!(new.maybe_string.as_deref(), Some("x"));
    assert_eq!(new.maybe_set, Some(["a".to_owned()].into()));
    let new = updated(&db, (a.counts.key("a.b [0]").set(5), a.matrix.index(0).index(0).set(9.5))).await;
    assert_eq!((new.counts["oslo"], new.counts["a.b [0]"]), (1, 5));
    assert_eq!(new.matrix, [[9.5]]);
    let new = updated(
        &db,
        (
            a.some_json.key("b").set(dyntastic::serde_json::json!([1])),
            a.maybe_string.set(None),
            a.counts.key("oslo").remove(),
        ),
    )
    .await;
    assert_eq!(new.some_json["b"][0], 1);
    assert_eq!((new.maybe_string, new.counts.len()), (None, 1));
    let new =
        updated(&db, (a.a_uuid.set(dyntastic::uuid::Uuid::nil()), a.some_bytes.set(b"new"), a.a_bool.set(false))).await;
    assert!(new.a_uuid.is_nil() && !new.a_bool && new.some_bytes == b"new".as_slice());
}

#[tokio::test]
async fn numbers_and_defaults_are_calculated_where_they_are() {
    let db = saved().await;
    let a = Everything::A;
    let new =
        updated(&db, (a.maybe_number.set_default(5), a.a_u8.set(a.a_u8.minus(5)), a.number_set.add([4, 5]))).await;
    assert_eq!((new.maybe_number, new.a_u8), (Some(5), 250));
    let new = updated(&db, (a.maybe_number.set_default(9), a.a_u8.add(1), a.number_set.add(6))).await;
    assert_eq!((new.maybe_number, new.a_u8, new.number_set), (Some(5), 251, [4, 5, 6].into()));
    let new = updated(
        &db,
        (a.maybe_number.set(1 + a.maybe_number.clone()), a.a_u16.set(a.a_u16.clone() - 1), a.number_set.delete([4])),
    )
    .await;
    assert_eq!((new.maybe_number, new.a_u16, new.number_set), (Some(6), 65534, [5, 6].into()));
    let new = updated(&db, (a.maybe_number.remove(), a.number_set.delete([5, 6]))).await;
    assert_eq!((new.maybe_number, new.number_set.len()), (None, 0), "deleting all removes the attribute");
    let new = updated(&db, (a.maybe_number.add(3), a.number_set.add(1))).await;
    assert_eq!((new.maybe_number, new.number_set), (Some(3), [1].into()), "adding makes what is not there");
}

#[tokio::test]
async fn lists_grow_at_both_ends_and_lose_elements() {
    let db = saved().await;
    let a = Everything::A;
    updated(&db, a.strings.append(["b", "c"])).await;
    let new = updated(&db, a.strings.prepend(["a"])).await;
    assert_eq!(new.strings, ["a", "b", "c"]);
    let new = updated(&db, (a.strings.index(1).remove(), a.maybe_list.append(["first"]))).await;
    assert_eq!(new.strings, ["a", "c"]);
    assert_eq!(new.maybe_list, Some(vec!["first".to_owned()]), "appending makes a list that is not there");
    let new = updated(&db, a.strings.set(a.maybe_list.or(Vec::new()).followed_by(&a.strings))).await;
    assert_eq!(new.strings, ["first", "a", "c"]);
}

#[tokio::test]
async fn an_absent_item_is_not_found_unless_upsert_is_said() {
    let db = db().await;
    let a = Everything::A;
    let update = || Everything::update_by_key(&db, ("none", 1), a.a_u8.set(1));
    assert!(update().await.unwrap_err().is_not_found(), "the table is missing");
    Everything::create_table(&db).await.unwrap();
    let error = update().await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    assert_eq!(Everything::find(&db, ("none", 1)).await.unwrap(), None, "no half item is left");
    let error = update().upsert().return_nothing().await.unwrap_err();
    assert!(matches!(error, Error::IncompleteUpsert { .. }), "{error}");
    assert_eq!(Everything::find(&db, ("none", 1)).await.unwrap(), None, "nor is one left by an upsert");
}

#[tokio::test]
async fn an_upsert_creates_a_missing_table() {
    let db = db().await;
    let a = dyntastic_tests::keys::ByNumber::A;
    let new = dyntastic_tests::keys::ByNumber::update_by_key(&db, 1, a.note.set("made")).upsert().await.unwrap();
    assert_eq!(new.note.as_deref(), Some("made"));
}

#[tokio::test]
async fn a_failed_condition_changes_nothing() {
    let db = saved().await;
    let a = Everything::A;
    let mut item = sparse();
    let error = item.update(&db, a.a_u8.set(1)).condition(a.a_bool.eq(false)).return_existing().await.unwrap_err();
    if Engine::current().returns_existing() {
        let Error::ConditionFailed(failed) = &error else { panic!("{error:?}") };
        assert_eq!(failed.existing::<Everything>().unwrap(), Some(sparse()));
        assert!(!item.update(&db, a.a_u8.set(1)).condition(a.a_bool.eq(false)).if_matches().await.unwrap());
        let none = Everything::update_by_key(&db, ("1", -1), a.a_u8.set(1))
            .condition(a.a_bool.eq(false))
            .if_matches()
            .await
            .unwrap();
        assert_eq!(none, None);
    }
    assert_eq!(item, sparse());
    assert_eq!(Everything::get(&db, ("1", -1)).await.unwrap(), sparse());
    assert!(item.update(&db, a.a_u8.set(1)).condition(a.a_bool.eq(true)).if_matches().await.unwrap());
    assert_eq!(item.a_u8, 1);
}

#[tokio::test]
async fn what_is_returned_can_be_chosen() {
    let db = saved().await;
    let a = Everything::A;
    let update = |number: u8| Everything::update_by_key(&db, ("1", -1), (a.a_u8.set(number), a.counts.set([("x", 2)])));
    assert_eq!(update(1).return_old().await.unwrap(), Some(sparse()));
    let changed = update(2).return_updated().await.unwrap();
    assert_eq!(changed.get(&a.a_u8).unwrap(), Some(2));
    assert_eq!(changed.get(&a.counts.key("x")).unwrap(), Some(2));
    assert_eq!(changed.get(&a.a_u16).unwrap(), None);
    let changed = update(3).return_updated_old().await.unwrap();
    assert_eq!(changed.get(&a.a_u8).unwrap(), Some(2));
    update(4).return_nothing().await.unwrap();
    assert_eq!(Everything::get(&db, ("1", -1)).await.unwrap().a_u8, 4);
}
