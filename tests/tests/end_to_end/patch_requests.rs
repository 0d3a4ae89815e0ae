//! The requests that patches of structs send, and what other writers do between them.

use crate::canned::{answering, meeting};
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::{Error, Patch};
use dyntastic_tests::nested_patches::{Address, Badge, BadgePatch, Bag, BagPatch, Person, PersonPatch};
use std::time::Duration;
use tokio::time::timeout;

/// The item of a bag.
fn bag(badge: Option<Value>) -> Value {
    let mut item = json!({ "id": { "S": "b1" }, "count": { "N": "1" } });
    if let Some(badge) = badge {
        item["badge"] = badge;
    }
    item
}

fn with(mut item: Value, attributes: Value) -> Value {
    item.as_object_mut().unwrap().extend(attributes.as_object().unwrap().clone());
    item
}

fn home(street: &str) -> Value {
    json!({ "M": { "street": { "S": street }, "city": { "S": "Voss" } } })
}

fn failed(item: &Value) -> (u16, Value) {
    let code = "com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException";
    (400, json!({ "__type": code, "message": "no", "Item": item }))
}

#[tokio::test]
async fn a_struct_is_created_in_two_requests_and_changed_in_one() {
    let badge = |name: &str| json!({ "M": { "name": { "S": name }, "count": { "N": "2" } } });
    // Absent, then NULL, and at last another writer makes the struct.
    let states = [None, Some(json!({ "NULL": true })), Some(badge("other"))];
    let (db, requests) = answering(move |_, _, before| match before {
        0..3 => failed(&bag(states[before].clone())),
        _ => (200, json!({ "Attributes": bag(Some(badge("a"))) })),
    });
    let of_badge = json!({ "badge": { "name": "a", "count": 2 } });
    let of_badge = serde_json::from_value::<BagPatch>(of_badge).unwrap();
    Bag::update_by_key(&db, "b1", of_badge).await.unwrap();
    let requests = requests.lock().unwrap();
    let (is_null, is_struct) = (json!({ "NULL": true }), json!({ "S": "M" }));
    // What each request writes and requires: the fields of a struct, then twice a struct in the place of nothing and of
    // NULL, and again the fields.
    let sent: Vec<[bool; 3]> = requests
        .iter()
        .map(|(_, body)| {
            let values = body["ExpressionAttributeValues"].as_object().unwrap();
            [&badge("a"), &is_null, &is_struct].map(|value| values.values().any(|of| of == value))
        })
        .collect();
    let of_fields = [false, false, true];
    assert_eq!(sent, [of_fields, [true, false, false], [true, true, false], of_fields], "{requests:?}");
}

#[tokio::test]
async fn a_struct_with_a_rule_of_its_own_is_read_and_then_created_or_changed_in_one_request() {
    for before in [None, Some(home("Elm 1"))] {
        let mut item = bag(None);
        if let Some(before) = before {
            item["home"] = before;
        }
        let mut after = item.clone();
        after["home"] = home("Oak 3");
        let (db, requests) = answering(move |operation, _, _| match operation {
            "GetItem" => (200, json!({ "Item": item.clone() })),
            _ => (200, json!({ "Attributes": after.clone() })),
        });
        let of_home = json!({ "home": { "street": "Oak 3", "city": "Voss" } });
        let of_home = serde_json::from_value::<BagPatch>(of_home).unwrap();
        Bag::update_by_key(&db, "b1", of_home).await.unwrap();
        let requests = requests.lock().unwrap();
        let sent: Vec<&str> = requests.iter().map(|(operation, _)| operation.as_str()).collect();
        assert_eq!(sent, ["GetItem", "UpdateItem"]);
    }
}

/// An item that other writers have changed at each attempt, and a patch of the struct that they change.
#[tokio::test(start_paused = true)]
async fn a_struct_that_other_writers_change_each_time_is_a_conflict() {
    let badge = |number: usize| match number % 2 {
        0 => json!({ "badge": { "NULL": true } }),
        _ => json!({ "badge": { "M": { "count": { "N": "1" } } } }),
    };
    // A function of the app's own checks it, so that the item is read first.
    let home = |number: usize| json!({ "home": home(&format!("Elm {number}")) });
    type Others = fn(usize) -> Value;
    let cases: [(Others, Value, usize); 2] =
        [(badge, json!({ "badge": { "name": "a" } }), 0), (home, json!({ "home": { "street": "Oak 3" } }), 1)];
    for (others, patch, reads) in cases {
        let item = move |number| with(bag(None), others(number));
        let (db, requests) = answering(move |operation, _, before| match operation {
            "GetItem" => (200, json!({ "Item": item(1000) })),
            _ => failed(&item(before)),
        });
        let patch: BagPatch = serde_json::from_value(patch).unwrap();
        let update = Bag::update_by_key(&db, "b1", patch).condition(Bag::A.count.ge(0));
        let error = update.if_matches().await.unwrap_err();
        assert!(error.is_conflict() && !matches!(error, Error::ConditionFailed(_)), "{error}");
        assert_eq!(requests.lock().unwrap().len(), 10 + reads);
    }
}

/// Another writer has changed the item since it was read, and changes it again each time.
#[tokio::test(start_paused = true)]
async fn a_version_conflict_of_a_patch_is_reported_at_once() {
    let person = |number: usize| {
        let item = json!({ "pk": { "S": "p1" }, "kind": { "S": "Person" }, "person_id": { "S": "p1" } });
        let item = with(item, json!({ "handle": { "S": "ada" }, "version": { "N": "2" } }));
        with(item, json!({ "home": home(&format!("Elm {number}")) }))
    };
    let (db, requests) = answering(move |operation, _, before| match operation {
        // The read is of the version that the struct has.
        "GetItem" => (200, json!({ "Item": with(person(1000), json!({ "version": { "N": "1" } })) })),
        _ => failed(&person(before)),
    });
    let home = Address { street: "Elm 1".to_owned(), city: "Voss".to_owned(), zip_code: None, place: None };
    let mut read = Person::builder().person_id("p1").home(home).handle("ada").version(1_u64).build().unwrap();
    let patch: PersonPatch = serde_json::from_value(json!({ "home": { "street": "Oak 3" } })).unwrap();
    let error = read.update(&db, patch).await.unwrap_err();
    assert!(matches!(error, Error::VersionConflict { expected: 1, stored: Some(2), .. }), "{error:?}");
    assert_eq!(requests.lock().unwrap().iter().filter(|(of, _)| of == "UpdateItem").count(), 1);
}

/// The condition of the caller fails, and nobody else writes.
#[tokio::test(start_paused = true)]
async fn a_condition_that_fails_beside_a_patch_is_no_conflict() {
    for patch in [json!({ "badge": { "name": "a" } }), json!({ "home": { "street": "Oak 3" } })] {
        let badge = json!({ "badge": { "M": { "count": { "N": "1" } } } });
        let item = with(with(bag(None), badge), json!({ "home": home("Elm 1") }));
        let (db, _) = answering(move |operation, _, _| match operation {
            "GetItem" => (200, json!({ "Item": item })),
            _ => failed(&item),
        });
        let patch: BagPatch = serde_json::from_value(patch).unwrap();
        let update = Bag::update_by_key(&db, "b1", patch).condition(Bag::A.count.ge(2));
        assert!(update.if_matches().await.unwrap().is_none());
    }
}

/// Another writer changes a value between the read and the transaction that copies it into a new struct.
#[tokio::test(start_paused = true)]
async fn a_copied_value_that_changes_in_the_meantime_is_read_again() {
    let item = |label: &str| json!({ "id": { "S": "s1" }, "label": { "M": { "name": { "S": label } } } });
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("GetItem", 0) => (200, json!({ "Item": item("old") })),
        ("GetItem", _) => (200, json!({ "Item": item("new") })),
        ("TransactWriteItems", 0) => {
            let reasons = json!([{ "Code": "ConditionalCheckFailed", "Message": "no", "Item": item("new") }]);
            let canceled = "com.amazonaws.dynamodb.v20120810#TransactionCanceledException";
            (400, json!({ "__type": canceled, "message": "no", "CancellationReasons": reasons }))
        }
        _ => (200, json!({})),
    });
    let of_badge = Bag::A.badge.merge_some(Some(BadgePatch::default()));
    let copied = Bag::A.badge.then(Badge::A.name).set(Bag::A.label.then(Badge::A.name));
    db.transaction().update::<Bag>("b1", (of_badge, copied)).await.unwrap();
    let requests = requests.lock().unwrap();
    let (_, last) = requests.last().unwrap();
    let values = &last["TransactItems"][0]["Update"]["ExpressionAttributeValues"];
    let badge = json!({ "M": { "name": { "S": "new" }, "count": { "N": "1" } } });
    assert!(values.as_object().unwrap().values().any(|value| *value == badge), "{values}");
}

/// The table is deleted between two attempts of an upsert, of which the second creates a struct.
#[tokio::test(start_paused = true)]
async fn a_struct_is_created_as_a_whole_in_a_table_that_was_created_again() {
    let of = |code: &str| json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{code}"), "message": "no" });
    let (db, requests) = answering(move |operation, _, before| match (operation, before) {
        ("UpdateItem", 0) => (400, of("ConditionalCheckFailedException")),
        ("UpdateItem", 1) => (400, of("ResourceNotFoundException")),
        ("UpdateItem", _) => (200, json!({ "Attributes": { "id": { "S": "b1" } } })),
        ("DescribeTable", _) => (200, json!({ "Table": { "TableStatus": "ACTIVE" } })),
        _ => (200, json!({})),
    });
    let patch: BagPatch = serde_json::from_value(json!({ "badge": { "name": "a" } })).unwrap();
    Bag::update_by_key(&db, "b1", patch).upsert().await.unwrap();
    let requests = requests.lock().unwrap();
    let updates: Vec<&Value> = requests.iter().filter(|(of, _)| of == "UpdateItem").map(|(_, body)| body).collect();
    let [_, before, after] = updates[..] else { unreachable!("{requests:?}") };
    for part in ["UpdateExpression", "ConditionExpression", "ExpressionAttributeValues"] {
        assert_eq!(after[part], before[part]);
    }
}

/// The engine answers no read before as many have begun as the transaction has updates.
#[tokio::test]
async fn a_transaction_reads_its_items_at_once() {
    let db = meeting("GetItem", 3, |operation| match operation {
        "GetItem" => json!({ "Item": { "id": { "S": "s" } } }),
        _ => json!({}),
    });
    let of_badge = || BagPatch { badge: Patch::Set(BadgePatch::default()), ..BagPatch::default() };
    let all = ["b1", "b2", "b3"].into_iter().fold(db.transaction(), |all, id| all.update::<Bag>(id, of_badge()));
    timeout(Duration::from_secs(20), async { all.await }).await.expect("one read waits for another").unwrap();
}
