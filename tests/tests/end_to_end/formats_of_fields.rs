//! Fields with a stated stored form: what is written, and what is read.

use crate::engine::db;
use crate::round_trip::attributes;
use dyntastic::Error;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::codec::{AttributeMap, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::serde_json::{Value, json};
use dyntastic_tests::formats_of_fields::{Color, Parcel, Sale, SalePatch, Visit};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn item(json: &Value) -> AttributeMap {
    attributes(json)
}

fn with(mut json: Value, changes: &[(&str, Value)]) -> Value {
    for (name, value) in changes {
        json[*name] = value.clone();
    }
    json
}

/// An item as this crate writes it.
fn written() -> Value {
    json!({
        "shop": { "S": "s1" },
        "number": { "S": "000042" },
        "price": { "S": "995" },
        "rank": { "S": "-7" },
        "tax": { "S": "0.190" },
        "paid": { "N": "1" },
        "gift": { "S": "false" },
        "sold_at": { "S": "2026-01-31T12:30:00.250000+0000" },
        "due_on": { "S": "28.02.2026" },
        "local": { "S": "20260131123000" },
        "tags": { "L": [{ "S": "a" }, { "S": "b" }] },
        "sizes": { "L": [{ "N": "1" }, { "N": "2" }] },
        "notes": { "S": "{\"open\":[1,null]}" },
        "raw": { "S": "\"text\"" },
        "parcel": { "M": { "w": { "S": "1.5" }, "sentAt": { "S": "2026-01-31T12:30:00.250Z" } } },
        "state": { "S": "SOLD" },
        "colors": { "L": [{ "S": "red" }, { "S": "Blue" }] },
        "updated_at": { "S": "2026-01-31T12:30:00.250Z" },
    })
}

fn sale() -> Sale {
    read_model(item(&written())).unwrap()
}

#[test]
fn the_stated_forms_are_written() {
    let sale = sale();
    assert_eq!((sale.number, sale.price, sale.rank), (42, 995, Some(-7)));
    assert_eq!((sale.tax.to_string().as_str(), sale.paid, sale.gift), ("0.190", true, Some(false)));
    assert_eq!(sale.sold_at, at("2026-01-31T12:30:00.25Z"));
    assert_eq!(sale.due_on.unwrap().to_string(), "2026-02-28");
    assert_eq!(sale.local.to_string(), "2026-01-31 12:30:00");
    assert_eq!((sale.tags.len(), sale.sizes.as_ref().unwrap().len()), (2, 2));
    assert_eq!((&sale.notes, &sale.raw), (&json!({ "open": [1, null] }), &Some(json!("text"))));
    assert_eq!(sale.parcel.as_ref().unwrap().weight, 1.5);
    assert_eq!(write_model(&sale).unwrap(), item(&written()));
}

#[test]
fn other_values_are_written_in_the_form_or_not_at_all() {
    let mut of_others = sale();
    of_others.colors = vec![Color::Other("RED".to_owned()), Color::Other("Blue".to_owned())];
    let colors = json!({ "L": [{ "S": "red" }, { "S": "Blue" }] });
    assert_eq!(write_model(&of_others).unwrap(), item(&with(written(), &[("colors", colors)])));
    assert_eq!((Color::from_stored("rEd"), Color::Other("RED".to_owned()).as_str()), (Color::Red, "red"));
    let mut too_long = sale();
    too_long.number = 1_000_000;
    let error = write_model(&too_long).unwrap_err().to_string();
    assert_eq!(error, "Sale.number: it is not a number of at most 6 digits without a sign");
}

#[test]
fn other_forms_are_read() {
    let others = [
        ("price", json!({ "N": "995" })),
        ("rank", json!({ "N": "-7" })),
        ("rank", json!({ "S": "-007.0" })),
        ("tax", json!({ "N": "0.190" })),
        ("paid", json!({ "BOOL": true })),
        ("paid", json!({ "S": "TRUE" })),
        ("paid", json!({ "S": "1" })),
        ("gift", json!({ "BOOL": false })),
        ("gift", json!({ "N": "0" })),
        ("gift", json!({ "S": "False" })),
        ("sold_at", json!({ "S": "2026-01-31T12:30:00.25Z" })),
        ("sold_at", json!({ "S": "2026-01-31 13:30:00.250000+01:00" })),
        ("due_on", json!({ "S": "2026-02-28" })),
        ("local", json!({ "S": "2026-01-31T12:30:00.000000" })),
        ("tags", json!({ "SS": ["b", "a"] })),
        ("tags", json!({ "L": [{ "S": "b" }, { "S": "a" }, { "S": "b" }] })),
        ("sizes", json!({ "NS": ["2", "1"] })),
        ("notes", json!({ "M": { "open": { "L": [{ "N": "1" }, { "NULL": true }] } } })),
        ("notes", json!({ "S": " {\n\"open\": [1, null] } " })),
        ("state", json!({ "S": "sold" })),
        ("state", json!({ "S": "Sold" })),
        ("colors", json!({ "L": [{ "S": "RED" }, { "S": "Blue" }] })),
        ("parcel", json!({ "M": { "w": { "N": "1.5" }, "sentAt": { "S": "2026-01-31T12:30:00.25+00:00" } } })),
    ];
    for (name, value) in others {
        let read: Sale = read_model(item(&with(written(), &[(name, value.clone())]))).unwrap();
        assert_eq!(read, sale(), "{name}: {value}");
    }
    for (name, value) in [
        ("price", json!({ "S": "" })),
        ("price", json!({ "S": "9,95" })),
        ("price", json!({ "BOOL": true })),
        ("tax", json!({ "S": "NaN" })),
        ("paid", json!({ "N": "2" })),
        ("gift", json!({ "S": "yes" })),
        ("sold_at", json!({ "S": "31.01.2026" })),
        ("due_on", json!({ "S": "31.02.2026" })),
        ("tags", json!({ "L": [{ "N": "1" }] })),
        ("notes", json!({ "S": "{" })),
        ("state", json!({ "S": "so ld" })),
    ] {
        let read = read_model::<Sale>(item(&with(written(), &[(name, value.clone())])));
        assert!(read.unwrap_err().path().to_string().starts_with(name), "{name}: {value}");
    }
}

#[tokio::test]
async fn items_are_found_changed_and_compared_in_their_forms() {
    let db = db().await;
    let mut sale = sale();
    sale.save(&db).await.unwrap();
    let found = Sale::get(&db, ("s1", 42_u32)).await.unwrap();
    assert_eq!(found.price, 995);
    let after = Sale::query(&db, "s1").range(Sale::A.number.gt(9)).all().await.unwrap();
    assert_eq!(after.len(), 1, "000042 is after 000009");
    assert_eq!(Sale::since(&db, "s1", 43_u32).count().await.unwrap(), 0);
    let of_price = Sale::of_price(&db, 995_u32, at("2026-01-01T00:00:00Z"), at("2027-01-01T00:00:00Z"));
    assert_eq!(of_price.count().await.unwrap(), 1);
    assert_eq!(Sale::query_by_paid(&db, true).count().await.unwrap(), 1);

    let condition = Sale::A.price.eq(995) & Sale::A.gift.eq(false) & Sale::A.tags.contains("a");
    let moved = (
        Sale::A.price.set(5),
        Sale::A.paid.set(false),
        Sale::A.due_on.set("2026-03-01".parse::<dyntastic::chrono::NaiveDate>().unwrap()),
        Sale::A.notes.set(json!([])),
        Sale::A.parcel.then(Parcel::A.weight).set(2.0),
        Sale::A.tags.set(std::collections::BTreeSet::from(["c".to_owned()])),
    );
    sale.update(&db, moved).condition(condition & Sale::A.sold_at.gt(at("2026-01-01T00:00:00Z"))).await.unwrap();
    let stored = Sale::get(&db, &sale).into_inner().unwrap().send().await.unwrap().item.unwrap();
    let expected = item(&with(
        written(),
        &[
            ("price", json!({ "S": "5" })),
            ("paid", json!({ "N": "0" })),
            ("due_on", json!({ "S": "01.03.2026" })),
            ("notes", json!({ "S": "[]" })),
            ("tags", json!({ "L": [{ "S": "c" }] })),
            ("parcel", json!({ "M": { "w": { "S": "2" }, "sentAt": { "S": "2026-01-31T12:30:00.250Z" } } })),
        ],
    ));
    let of = |item: &AttributeMap| {
        let mut item = item.clone();
        item.remove("updated_at").map(|_| item)
    };
    assert_eq!(of(&stored), of(&expected));

    let patch: SalePatch =
        dyntastic::serde_json::from_value(json!({ "price": 6, "gift": null, "sold_at": "2026-02-01T00:00:00Z" }))
            .unwrap();
    sale.update(&db, patch).await.unwrap();
    assert_eq!((sale.price, sale.gift), (6, None));
}

#[tokio::test]
async fn values_are_checked_as_they_are() {
    let db = db().await;
    let violations = |error: Error| match error {
        Error::Invalid(violations) => violations.to_string(),
        other => panic!("{other:?}"),
    };
    let mut sale = sale();
    let finer = at("2026-01-31T12:30:00.0000001Z");
    let mut bad = Sale { price: 1_000_001, number: 1_000_000, sold_at: finer, ..sale.clone() };
    let found = violations(bad.save(&db).await.unwrap_err());
    for part in ["number: at most 999999", "price: at most 1000000", "sold_at: whole microseconds"] {
        assert!(found.contains(part), "{found}");
    }
    sale.save(&db).await.unwrap();
    let found = violations(sale.update(&db, Sale::A.price.set(1_000_001)).await.unwrap_err());
    assert!(found.contains("price: at most 1000000"), "{found}");
}

#[tokio::test]
async fn key_templates_have_the_stored_texts() {
    let db = db().await;
    let visit =
        Visit::builder().user(7_u64).number(12_u16).at(at("2026-01-31T12:30:00.1239Z")).place(true).rank(3).build();
    let mut visit = visit.unwrap();
    let stored = write_model(&visit).unwrap();
    let expected = [
        ("pk", "V#7"),
        ("sk", "N#0012#2026-01-31T12:30:00.123Z"),
        ("gsi1pk", "P#true"),
        ("gsi1sk", "R#003"),
        ("user", "7"),
        ("place", "true"),
        ("rank", "003"),
    ];
    for (name, text) in expected {
        assert_eq!(stored[name].as_s().unwrap(), text, "{name}");
    }
    visit.save(&db).await.unwrap();
    let found = Visit::query(&db, 7_u64).all().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].number, 12);
    visit.update(&db, (Visit::A.place.set(false), Visit::A.rank.set(40))).await.unwrap();
    assert_eq!(Visit::query_by_place(&db, false).count().await.unwrap(), 1);
    assert_eq!(Visit::query_by_place(&db, true).count().await.unwrap(), 0);
}
