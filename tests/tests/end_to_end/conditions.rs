//! Conditions of writes, as the engine judges them.

use crate::engine::{Engine, db};
use crate::types::sparse;
use dyntastic::expr::AttributeType;
use dyntastic::prelude::*;
use dyntastic::{Client, Condition, Error};
use dyntastic_tests::everything::Everything;

fn item() -> Everything {
    let mut item = sparse();
    item.maybe_string = Some("maybe".to_owned());
    item.strings = vec!["a".to_owned(), "text".to_owned()];
    item.string_set = ["x".to_owned(), "y".to_owned()].into();
    item.number_set = [1, 2].into();
    item.counts = [("a.b [0]".to_owned(), 3)].into();
    item.matrix = vec![vec![], vec![1.0, 2.5]];
    item
}

async fn saved() -> Client {
    let db = db().await;
    item().save(&db).await.unwrap();
    db
}

async fn holds(db: &Client, condition: Condition<Everything>) -> bool {
    item().save(db).condition(condition).if_matches().await.unwrap()
}

#[tokio::test]
async fn every_operator_is_judged() {
    let db = saved().await;
    let a = Everything::A;
    let true_ones = [
        a.a_string.eq("text"),
        a.a_string.ne("other"),
        a.a_string.ne(&a.maybe_string),
        a.a_u8.le(255),
        a.an_i64.lt(0),
        a.an_i8.ge(-128),
        a.a_u8.between(254, 255),
        a.a_u8.is_in([1, 255]),
        a.a_string.begins_with("te"),
        a.a_datetime.begins_with("2024-01-31"),
        a.a_datetime.gt("2024-01-31T12:00:00Z".parse::<dyntastic::chrono::DateTime<dyntastic::chrono::Utc>>().unwrap()),
        a.some_bytes.begins_with(b"\x00"),
        a.a_string.contains("ex"),
        a.string_set.contains("x"),
        a.number_set.contains(2),
        a.strings.contains("a"),
        a.strings.contains(&a.a_string),
        a.maybe_string.exists(),
        a.maybe_number.not_exists(),
        a.some_json.attribute_type(AttributeType::Map),
        a.string_set.attribute_type(AttributeType::StringSet),
        a.a_string.size().eq(4),
        a.strings.size().ne(3),
        a.strings.size().lt(&a.a_u32),
        a.string_set.size().between(1, 2),
        a.counts.key("a.b [0]").eq(3),
        a.matrix.index(1).index(1).gt(2.0),
        a.some_json.key("a").index(2).eq(dyntastic::serde_json::json!("three")),
        a.some_json.key("b").exists() & a.some_json.key("c").not_exists(),
        a.a_bool.eq(true) & (a.a_u8.eq(0) | a.a_u8.eq(255)),
        !(a.a_bool.eq(false) | a.a_u8.eq(0)),
        Condition::all([a.a_bool.eq(true), a.a_u8.eq(255)]),
        Condition::any([a.a_bool.eq(false), a.a_u8.eq(255)]),
        Condition::all([]),
    ];
    for (number, condition) in true_ones.into_iter().enumerate() {
        assert!(holds(&db, condition.clone()).await, "{number}: {condition:?}");
        let negated = !condition.clone();
        if number < 33 {
            assert!(!holds(&db, negated).await, "not {number}: {condition:?}");
        }
    }
}

#[tokio::test]
async fn a_failed_condition_changes_nothing_and_can_show_the_item() {
    let db = saved().await;
    let mut other = item();
    other.a_string = "other".to_owned();
    let save = other.save(&db).condition(Everything::A.a_u8.eq(0)).return_existing();
    let error = save.await.unwrap_err();
    assert!(error.is_conflict() && !error.is_not_found(), "{error}");
    assert!(error.to_string().ends_with("the condition does not hold"), "{error}");
    assert!(!format!("{error:?}").contains("text"), "{error:?}");
    let Error::ConditionFailed(failed) = &error else { panic!("{error:?}") };
    if Engine::current().returns_existing() {
        assert_eq!(failed.existing::<Everything>().unwrap(), Some(item()));
    }
    assert_eq!(Everything::get(&db, ("1", -1)).await.unwrap(), item());

    let error = item().save(&db).condition(Everything::A.a_u8.eq(0)).await.unwrap_err();
    let Error::ConditionFailed(failed) = &error else { panic!("{error:?}") };
    assert_eq!(failed.existing::<Everything>().unwrap(), None, "it was not asked for");
}

#[tokio::test]
async fn insert_writes_once_and_replace_only_what_is_there() {
    let db = db().await;
    Everything::create_table(&db).await.unwrap();
    let error = item().replace(&db).await.unwrap_err();
    assert!(matches!(error, Error::NotFound { .. }), "{error}");
    let error = item().insert(&db).condition(Everything::A.a_bool.eq(true)).await.unwrap_err();
    assert!(matches!(error, Error::ConditionFailed(_)), "there is no item that it could fail for: {error}");
    item().insert(&db).await.unwrap();
    let error = item().insert(&db).await.unwrap_err();
    assert!(matches!(error, Error::AlreadyExists(_)), "{error}");
    assert!(!item().insert(&db).if_matches().await.unwrap());
    item().replace(&db).await.unwrap();
    item().replace(&db).condition(Everything::A.a_bool.eq(true)).await.unwrap();
}

#[tokio::test]
async fn delete_takes_a_condition_and_can_return_the_item() {
    let db = saved().await;
    let error = item().delete(&db).condition(Everything::A.a_bool.eq(false)).await.unwrap_err();
    assert!(matches!(error, Error::ConditionFailed(_)), "{error}");
    assert!(!item().delete(&db).condition(Everything::A.a_bool.eq(false)).if_matches().await.unwrap());
    let old = item().delete(&db).condition(Everything::A.a_bool.eq(true)).return_old().await.unwrap();
    assert_eq!(old, Some(item()));
    assert_eq!(item().delete(&db).return_old().await.unwrap(), None);
}
