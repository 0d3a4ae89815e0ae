//! Patches and calculations in structs that an item does not have.

use super::patch_rules::{badge, broken, home, json, named, person, shelf, stored};
use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::prelude::*;
use dyntastic::serde_json::json;
use dyntastic::{Client, Error, UpdateExpression};
use dyntastic_tests::nested_patches::{Badge, BadgePatch, Holder, Person, Shelf};

#[tokio::test]
async fn a_struct_in_a_value_that_the_item_does_not_have_is_an_error() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let before = Shelf { row: vec![badge("a")], ..shelf() };
    before.save(&db).await.unwrap();
    let patches = [Some(BadgePatch::default()), named("n")];
    type Update = fn(Option<BadgePatch>) -> UpdateExpression<Shelf>;
    let places: [(_, Update); 2] = [
        ("holder.badge", |patch| Shelf::A.holder.then(Holder::A.badge).merge_some(patch)),
        ("row[4]", |patch| Shelf::A.row.index(4).merge_some(patch)),
    ];
    for patch in patches {
        for (path, update) in places {
            let update = || update(patch.clone());
            let mut errors = vec![Shelf::update_by_key(&db, "s1", update()).await.unwrap_err()];
            if Engine::current().has_transactions() {
                errors.push(db.transaction().update::<Shelf>("s1", update()).await.unwrap_err());
            }
            for error in errors {
                let Error::AbsentParent { paths, .. } = &error else { unreachable!("{error:?}") };
                assert_eq!(paths, path);
            }
            assert_eq!(stored(&db).await, before);
        }
    }
}

/// Calculations in structs that the item lacks, as another writer has left it.
#[tokio::test]
async fn a_calculation_in_an_absent_struct_begins_with_its_default() {
    if !Engine::current().returns_existing() {
        return;
    }
    let db = db().await;
    let of_label = || json(json!({ "label": { "name": "l" } }));
    type Calculation = fn() -> UpdateExpression<Shelf>;
    let calculations: [(Calculation, Option<u8>); 5] = [
        (|| Shelf::A.label.then(Badge::A.count).set(Shelf::A.label.then(Badge::A.count) - 1), Some(0)),
        (|| Shelf::A.label.then(Badge::A.count).set(Shelf::A.label.then(Badge::A.count) + 8), Some(9)),
        (|| Shelf::A.label.then(Badge::A.count).set(Shelf::A.label.then(Badge::A.count) + 9), None),
        (|| Shelf::A.label.then(Badge::A.count).add(8), Some(9)),
        // Its type does not hold the sum.
        (|| Shelf::A.label.then(Badge::A.count).add(255), None),
    ];
    for (number, (calculation, after)) in calculations.into_iter().enumerate() {
        for is_there in [true, false] {
            for in_transaction in [false, Engine::current().has_transactions()] {
                shelf().save(&db).await.unwrap();
                if !is_there {
                    remove::<Shelf>(&db, ("id", "s1"), "label").await;
                }
                let update = (of_label(), calculation());
                let result = match in_transaction {
                    true => db.transaction().update::<Shelf>("s1", update).await,
                    false => Shelf::update_by_key(&db, "s1", update).await.map(drop),
                };
                let context = format!("{number} to {after:?}, {is_there}, {in_transaction}: {result:?}");
                match after {
                    Some(after) => {
                        assert_eq!((result.is_ok(), stored(&db).await.label.count), (true, after), "{context}")
                    }
                    None => assert!(broken(result.unwrap_err()).iter().all(|of| of.0 == "label.count"), "{context}"),
                }
            }
        }
    }
}

#[tokio::test]
async fn a_struct_that_a_patch_creates_is_among_the_changed_attributes() {
    let engine = Engine::current();
    if !engine.has_transactions() || !engine.returns_existing() {
        return;
    }
    let db = db().await;
    let mut ada = Person::builder().person_id("p1").home(home("Elm 1").unwrap()).handle("ada").build().unwrap();
    ada.insert(&db).await.unwrap();
    // The unique field makes a transaction of the second one.
    for patch in [json!({ "settings": {} }), json!({ "settings": {}, "handle": "lovelace" })] {
        remove::<Person>(&db, ("pk", "p1"), "settings").await;
        let changed = Person::update_by_key(&db, "p1", person(patch.clone())).return_updated().await.unwrap();
        assert_eq!(changed.get(&Person::A.settings).unwrap().map(|of| of.theme), Some("light".to_owned()), "{patch}");
        let changed = Person::update_by_key(&db, "p1", person(patch.clone())).return_updated().await.unwrap();
        assert!(changed.get(&Person::A.settings).unwrap().is_none(), "{patch}");
    }
}

/// Removes an attribute, as a writer does that knows no models.
async fn remove<M: dyntastic::Model>(db: &Client, (key, id): (&str, &str), attribute: &str) {
    let target = db.sdk().update_item().table_name(table_name::<M>(db)).key(key, AttributeValue::S(id.to_owned()));
    let target = target.update_expression("REMOVE #a").expression_attribute_names("#a", attribute);
    target.send().await.unwrap();
}
