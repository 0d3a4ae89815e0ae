//! Optional fields whose empty stored value is absent (`empty: absent`).

use crate::engine::{Engine, db, table_name};
use crate::round_trip::attributes;
use dyntastic::bytes::Bytes;
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, from_value, json};
use dyntastic::{Client, Error};
use dyntastic_tests::empty_values::{Contact, Customer, CustomerLabel, CustomerPatch, Lead, NewCustomer};

/// An item of another writer, which stores empty values.
fn empty(id: &str) -> Value {
    json!({
        "id": { "S": id },
        "note": { "S": "" },
        "nickname": { "S": "" },
        "picture": { "B": "" },
        "contact": { "M": { "street": { "S": "" }, "key": { "B": "" } } },
        "contacts": { "L": [{ "M": { "street": { "NULL": true } } }, { "M": { "street": { "S": "Main St" } } }] },
    })
}

async fn put<M: Model>(db: &Client, item: &Value) {
    let request = db.sdk().put_item().table_name(table_name::<M>(db)).set_item(Some(attributes(item)));
    request.send().await.unwrap();
}

async fn stored<M: Model>(db: &Client, key: &Value) -> AttributeMap {
    let request = db.sdk().get_item().table_name(table_name::<M>(db)).set_key(Some(attributes(key)));
    request.consistent_read(true).send().await.unwrap().item.unwrap()
}

/// Customers with the note: empty, NULL, none, and a text.
async fn customers() -> Client {
    let db = db().await;
    Customer::create_table(&db).await.unwrap();
    put::<Customer>(&db, &empty("empty")).await;
    put::<Customer>(&db, &json!({ "id": { "S": "null" }, "note": { "NULL": true } })).await;
    put::<Customer>(&db, &json!({ "id": { "S": "none" } })).await;
    put::<Customer>(&db, &json!({ "id": { "S": "text" }, "note": { "S": "Call back." } })).await;
    db
}

#[test]
fn empty_values_are_read_as_absent() {
    let customer: Customer = read_model(attributes(&empty("c1"))).unwrap();
    assert_eq!((&customer.note, &customer.nickname, &customer.photo), (&None, &None, &None));
    assert_eq!(customer.contact, Some(Contact::builder().build().unwrap()));
    assert_eq!(customer.contacts[0].street, None);
    assert_eq!(customer.contacts[1].street.as_deref(), Some("Main St"));
    let written = write_model(&customer).unwrap();
    let expected = json!({
        "id": { "S": "c1" },
        "contact": { "M": {} },
        "contacts": { "L": [{ "M": {} }, { "M": { "street": { "S": "Main St" } } }] },
        "visits": { "N": "0" },
    });
    assert_eq!(written, attributes(&expected));
    let error = read_model::<Customer>(attributes(&json!({ "id": { "S": "c1" }, "note": { "N": "1" } }))).unwrap_err();
    assert_eq!(error.to_string(), "Customer.note: expected S, found N");
}

#[test]
fn an_empty_value_is_a_violation() {
    let street = Contact { street: Some("  ".to_owned()), key: None };
    let violations = Customer::builder()
        .id("c1")
        .note(String::new())
        .nickname(String::new())
        .photo(Bytes::new())
        .contact(street)
        .build()
        .unwrap_err();
    let expected = [
        "Customer.note: not empty",
        "Customer.nickname: at least 2 characters, this has 0",
        "Customer.picture: not empty",
        "Customer.contact.street: not empty",
    ];
    assert_eq!(violations.to_string(), expected.join("\n"));
    assert!(violations.iter().all(|violation| violation.code() == "min_length"));
    let input: NewCustomer = from_value(json!({ "id": "c1", "note": "", "contacts": [] })).unwrap();
    assert_eq!(input.build().unwrap_err().to_string(), "Customer.note: not empty");
}

#[tokio::test]
async fn updates_refuse_an_empty_value() {
    let db = customers().await;
    let refused = async |update| Customer::update_by_key(&db, "text", update).await.unwrap_err().to_string();
    assert!(refused(Customer::A.note.set("")).await.contains("note: not empty"));
    assert!(refused(Customer::A.note.set(Some(String::new()))).await.contains("note: not empty"));
    let patch: CustomerPatch = from_value(json!({ "note": "" })).unwrap();
    let error = Customer::update_by_key(&db, "text", patch).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error}");
    Customer::update_by_key(&db, "text", Customer::A.note.set(None)).await.unwrap();
    assert!(!stored::<Customer>(&db, &json!({ "id": { "S": "text" } })).await.contains_key("note"));
}

#[tokio::test]
async fn reads_and_conditions_agree() {
    let db = customers().await;
    let found = async |condition| {
        let mut found: Vec<String> =
            Customer::scan(&db).filter(condition).all().await.unwrap().into_iter().map(|of| of.id).collect();
        found.sort();
        found
    };
    assert_eq!(found(Customer::A.note.exists()).await, ["text"]);
    assert_eq!(found(Customer::A.note.not_exists()).await, ["empty", "none", "null"]);
    assert_eq!(found(!Customer::A.note.not_exists()).await, ["text"]);
    assert_eq!(found(Customer::A.photo.not_exists()).await, ["empty", "none", "null", "text"]);
    let street = || Customer::A.contact.then(Contact::A.street);
    assert_eq!(found(street().exists()).await, [""; 0]);
    assert_eq!(found(street().not_exists()).await, ["empty", "none", "null", "text"]);

    let update =
        || Customer::update_by_key(&db, "empty", Customer::A.note.set("Met.")).condition(Customer::A.note.not_exists());
    update().await.unwrap();
    let again = update().await;
    match Engine::current().returns_existing() {
        true => assert!(matches!(again, Err(Error::ConditionFailed(_)))),
        // The engine does not say that the item exists.
        false => assert!(again.is_err()),
    }
}

#[tokio::test]
async fn projections_read_empty_values_as_absent() {
    let db = customers().await;
    let read = Customer::scan(&db).project((Customer::A.id, Customer::A.note, Customer::A.photo));
    for (id, note, photo) in read.all().await.unwrap() {
        assert_eq!((note.is_some(), photo), (id == "text", None), "{id}");
    }
    let street = Customer::A.contact.then(Contact::A.street);
    for (street,) in Customer::scan(&db).project((street,)).all().await.unwrap() {
        assert_eq!(street, None);
    }
    for label in Customer::scan(&db).project_into::<CustomerLabel>().all().await.unwrap() {
        assert_eq!(label.note.is_some(), label.id == "text", "{}", label.id);
    }
}

#[tokio::test]
async fn a_save_removes_empty_values() {
    let db = customers().await;
    Customer::get(&db, "empty").await.unwrap().save(&db).await.unwrap();
    let stored = stored::<Customer>(&db, &json!({ "id": { "S": "empty" } })).await;
    assert!(!stored.contains_key("note") && !stored.contains_key("picture"), "{stored:?}");
}

#[tokio::test]
async fn index_keys_of_empty_values() {
    let db = db().await;
    Lead::create_table(&db).await.unwrap();
    let key = json!({ "pk": { "S": "L#l1" }, "sk": { "S": "LEAD" } });
    let mut raw = json!({
        "kind": { "S": "Lead" },
        "id": { "S": "l1" },
        "owner": { "S": "" },
        "rank": { "N": "1" },
        "email": { "S": "" },
        "gsi1pk": { "S": "OWNER##001" },
        "gsi1sk": { "S": "L#l1" },
    });
    raw["pk"] = key["pk"].clone();
    raw["sk"] = key["sk"].clone();
    put::<Lead>(&db, &raw).await;
    let lead = Lead::get(&db, "l1").await.unwrap();
    assert_eq!((&lead.owner, &lead.email), (&None, &None));

    if !Engine::current().has_transactions() {
        return;
    }
    let mut lead = lead;
    lead.update(&db, Lead::A.rank.set(2)).await.unwrap();
    assert_eq!(lead.rank, 2);
    let is_indexed = async || stored::<Lead>(&db, &key).await.contains_key("gsi1pk");
    assert!(!is_indexed().await, "an item without an owner is not in the index");
    Lead::update_by_key(&db, "l1", (Lead::A.owner.set("o1"), Lead::A.rank.set(3))).await.unwrap();
    assert_eq!(Lead::query_gsi1(&db, "o1", 3).one().await.unwrap().unwrap().rank, 3);
    lead.refresh(&db).await.unwrap();
    lead.email = Some("a@example.com".to_owned());
    lead.save(&db).await.unwrap();
    let other = Lead::builder().id("l2").rank(1).email("a@example.com".to_owned()).build().unwrap();
    assert!(matches!(other.insert(&db).await, Err(Error::NotUnique { .. })));
}
