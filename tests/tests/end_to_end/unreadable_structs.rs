//! Patches of structs that another writer has left in a form which the model cannot read.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::ReadErrorKind;
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Client, Error, UpdateExpression};
use dyntastic_tests::nested_patches::{Address, Badge, BadgePatch, Shelf, ShelfPatch};
use std::collections::HashMap;

fn json(patch: Value) -> UpdateExpression<Shelf> {
    serde_json::from_value::<ShelfPatch>(patch).unwrap().into_update()
}

fn text(of: &str) -> AttributeValue {
    AttributeValue::S(of.to_owned())
}

fn map(name: &str, value: AttributeValue) -> AttributeValue {
    AttributeValue::M(HashMap::from([(name.to_owned(), value)]))
}

/// Stores an attribute, as a writer does that knows no models.
async fn store(db: &Client, attribute: &str, value: AttributeValue) {
    Shelf::builder().id("s1").build().unwrap().save(db).await.unwrap();
    let target = db.sdk().update_item().table_name(table_name::<Shelf>(db)).key("id", text("s1"));
    let target = target.update_expression("SET #a = :a").expression_attribute_names("#a", attribute);
    target.expression_attribute_values(":a", value).send().await.unwrap();
}

/// The errors of an update, alone and in a transaction.
async fn errors(db: &Client, update: impl Fn() -> UpdateExpression<Shelf>) -> Vec<Error> {
    let mut errors = vec![Shelf::update_by_key(db, "s1", update()).await.unwrap_err()];
    errors.push(Shelf::update_by_key(db, "s1", update()).upsert().await.unwrap_err());
    if Engine::current().has_transactions() {
        errors.push(db.transaction().update::<Shelf>("s1", update()).await.unwrap_err());
    }
    errors
}

#[tokio::test]
async fn a_stored_struct_that_cannot_be_read_is_no_mistake_of_the_client() {
    let engine = Engine::current();
    if !engine.returns_existing() || !engine.compares_maps() {
        return;
    }
    let db = db().await;
    let number = || AttributeValue::N("5".to_owned());
    let without_city = || map("street", text("Elm 1"));
    type Update = fn() -> UpdateExpression<Shelf>;
    let in_list = || AttributeValue::L(vec![map("count", AttributeValue::N("1".to_owned())), map("name", number())]);
    let cases: [(&str, AttributeValue, Update, &str); 7] = [
        // Only the whole struct shows whether it keeps its rules.
        ("home", without_city(), || json(json!({ "home": { "street": "Oak 3" } })), "home.city"),
        ("work", without_city(), || json(json!({ "work": { "street": "Oak 3" } })), "work.city"),
        // Only the whole list shows whether its elements are unique.
        ("row", in_list(), || in_row(0, json!({ "count": 3 })), "row[1].name"),
        ("row", in_list(), || in_row(1, json!({ "count": 3 })), "row[1].name"),
        ("pins", map("a", map("name", number())), || pin("a", json!({ "count": 3 })), "pins.a.name"),
        (
            "desk",
            map("pin", map("name", number())),
            || json(json!({ "desk": { "pin": { "count": 3 } } })),
            "desk.pin.name",
        ),
        // An absent struct is created with a copy of what cannot be read.
        (
            "label",
            map("name", number()),
            || (json(json!({ "desk": { "pin": {} } })), copied()).into_update(),
            "desk.pin.name",
        ),
    ];
    for (attribute, value, update, path) in cases {
        store(&db, attribute, value.clone()).await;
        for error in errors(&db, update).await {
            let Error::Read(error) = error else { unreachable!("{path}: {error:?}") };
            assert_eq!((error.path().to_string().as_str(), error.model()), (path, "Shelf"));
            assert!(matches!(error.kind(), ReadErrorKind::Missing | ReadErrorKind::Type { .. }), "{error}");
        }
        let found =
            db.sdk().get_item().table_name(table_name::<Shelf>(&db)).key("id", text("s1")).consistent_read(true);
        assert_eq!(found.send().await.unwrap().item.unwrap()[attribute], value);
    }
}

fn pin(key: &str, patch: Value) -> UpdateExpression<Shelf> {
    Shelf::A.pins.key(key).merge_some(serde_json::from_value::<Option<BadgePatch>>(patch).unwrap())
}

fn in_row(index: usize, patch: Value) -> UpdateExpression<Shelf> {
    Shelf::A.row.index(index).merge_some(serde_json::from_value::<Option<BadgePatch>>(patch).unwrap())
}

fn copied() -> UpdateExpression<Shelf> {
    let pin = Shelf::A.desk.then(dyntastic_tests::nested_patches::Desk::A.pin);
    pin.then(Badge::A.name).set(Shelf::A.label.then(Badge::A.name))
}

#[tokio::test]
async fn a_patch_may_give_a_stored_struct_what_it_lacks() {
    let engine = Engine::current();
    if !engine.returns_existing() || !engine.compares_maps() {
        return;
    }
    let db = db().await;
    store(&db, "work", map("street", text("Elm 1"))).await;
    let after = Shelf::update_by_key(&db, "s1", json(json!({ "work": { "city": "Voss" } }))).await.unwrap();
    let whole = Address { street: "Elm 1".to_owned(), city: "Voss".to_owned(), zip_code: None, place: None };
    assert_eq!(after.work, Some(whole));
}
