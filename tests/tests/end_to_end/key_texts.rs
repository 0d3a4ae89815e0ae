//! Keys that are read are those that are written: a key of another text is an error, and a value that no key may hold is the same
//! violation everywhere.

use crate::engine::{config, db, isolated};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::codec::AttributeMap;
use dyntastic::codec::ReadErrorKind;
use dyntastic::codec::{read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::uuid::Uuid;
use dyntastic::{Client, Codec, Error, Model, ReadError, Violations};
use dyntastic_tests::key_texts::*;
use dyntastic_tests::keys::ByTextAndBytes;
use futures_util::StreamExt;

fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

fn id() -> Uuid {
    Uuid::from_u128(0xABC)
}

fn visit() -> Visit {
    let at: DateTime<Utc> = "2022-02-12T18:27:55Z".parse().unwrap();
    Visit::builder().site(id()).at(at).count(7).note("n").build().unwrap()
}

/// Stores an item as another writer might: with other attributes than the model writes.
async fn put<M: Model>(db: &Client, item: &M, others: &[(&str, &str)]) {
    let request = dyntastic::ops::Save::new(db, item).into_inner().unwrap();
    let request = others.iter().fold(request, |request, (name, value)| request.item(*name, text(*value)));
    request.send().await.unwrap();
}

/// The attribute, and the two texts.
fn other_key(error: &ReadError) -> (String, &str, &str) {
    match error.kind() {
        ReadErrorKind::OtherKey { stored, written } => (error.path().to_string(), stored, written),
        other => unreachable!("{other:?}"),
    }
}

async fn clients() -> [Client; 2] {
    [db().await, isolated().codec(Codec::Map).from_conf(config().await)]
}

#[tokio::test]
async fn a_key_of_another_text_is_an_error_that_shows_both() {
    for db in clients().await {
        Device::create_table(&db).await.unwrap();
        let device = Device::builder().id(id()).address("2001:db8::1".parse::<std::net::Ipv6Addr>().unwrap());
        let device = device.build().unwrap();
        put(&db, &device, &[("address", "2001:0DB8::1")]).await;
        let found = Device::query(&db, id()).stream().next().await.unwrap();
        let Err(Error::Damaged(damaged)) = found else { unreachable!("{found:?}") };
        assert_eq!(other_key(damaged.error()), ("address".to_owned(), "2001:0DB8::1", "2001:db8::1"));
        assert_eq!(damaged.key().get("address"), Some(&text("2001:0DB8::1")), "by which it can be repaired");
        let message = damaged.to_string();
        assert!(
            message.starts_with("Device.address: the stored key differs from the key that the model makes"),
            "{message}"
        );
        assert!(message.contains("`2001:0DB8::1` rather than `2001:db8::1`"), "{message}");
        assert!(message.contains("`check_keys_on_read: false`"), "{message}");

        // With a model that lets it through, the key that is read finds nothing still.
        let lenient = AnyDevice::query(&db, id()).stream().next().await.unwrap().unwrap();
        assert_eq!(AnyDevice::find(&db, &lenient).await.unwrap(), None);

        device.save(&db).await.unwrap();
        assert_eq!(Device::get(&db, &device).await.unwrap(), device);
    }
}

#[tokio::test]
async fn a_key_that_the_fields_do_not_make_is_an_error() {
    let written = ("SITE#00000000-0000-0000-0000-000000000abc", "VISIT#2022-02-12T18:27:55.000000Z#007");
    for db in clients().await {
        for (attribute, stored, made) in [
            ("sk", "VISIT#2022-02-12T18:27:55Z#007", written.1),
            ("sk", "VISIT#2022-02-12T18:27:55.000000Z#7", written.1),
            ("sk", "visit#2022-02-12T18:27:55.000000Z#007", written.1),
            ("pk", "SITE#00000000-0000-0000-0000-000000000ABC", written.0),
            ("pk", "SITE#00000000-0000-0000-0000-000000000def", written.0),
            ("pk", "SITE#", written.0),
        ] {
            Visit::create_table(&db).await.unwrap();
            put(&db, &visit(), &[(attribute, stored)]).await;
            let found = Visit::scan(&db).stream().next().await.unwrap();
            let Err(Error::Damaged(damaged)) = found else { unreachable!("{found:?}") };
            assert_eq!(other_key(damaged.error()), (attribute.to_owned(), stored, made));
            assert_eq!(AnyVisit::scan(&db).stream().next().await.unwrap().unwrap().note.as_deref(), Some("n"));
            Visit::delete_table(&db).await.unwrap();
        }
        // The fields' own texts may be others, as long as the key is the one that they make.
        Visit::create_table(&db).await.unwrap();
        put(&db, &visit(), &[("at", "2022-02-12T19:27:55+01:00")]).await;
        assert_eq!(Visit::get(&db, &visit()).await.unwrap(), visit());
    }
}

#[tokio::test]
async fn items_under_other_keys_are_repaired_by_a_scan() {
    let db = db().await;
    Visit::create_table(&db).await.unwrap();
    put(&db, &visit(), &[("sk", "VISIT#2022-02-12T18:27:55Z#007")]).await;
    put(&db, &visit(), &[("pk", "site#abc")]).await;
    let mut items = Visit::scan(&db).stream();
    let mut repaired = 0;
    while let Some(item) = items.next().await {
        let Err(Error::Damaged(damaged)) = item else { continue };
        let key = damaged.key().clone();
        let read = AnyVisit::get(&db, (id(), visit().at, 7)).into_inner().unwrap().set_key(Some(key.clone()));
        let item: AnyVisit = read_model(read.send().await.unwrap().item.unwrap()).unwrap();
        Visit { site: item.site, at: item.at, count: item.count, note: item.note }.save(&db).await.unwrap();
        let delete = Visit::delete_by_key(&db, (id(), visit().at, 7)).into_inner().unwrap().set_key(Some(key));
        delete.send().await.unwrap();
        repaired += 1;
    }
    assert_eq!(repaired, 2);
    let all: Vec<_> = Visit::scan(&db).stream().collect().await;
    assert_eq!(all.into_iter().collect::<Result<Vec<_>, _>>().unwrap(), [visit()]);
    assert_eq!(Visit::find(&db, &visit()).await.unwrap(), Some(visit()));
}

#[test]
fn every_key_type_of_several_texts_is_checked() {
    fn check<M: Model + std::fmt::Debug>(a: (&AttributeValue, &str), b: (&str, &str)) {
        let key = |b: &str| AttributeMap::from([("a".to_owned(), a.0.clone()), ("b".to_owned(), text(b))]);
        let item: M = read_model(key(b.1)).unwrap();
        assert_eq!(write_model(&item).unwrap(), key(b.1));
        assert_eq!(other_key(&read_model::<M>(key(b.0)).unwrap_err()), ("b".to_owned(), b.0, b.1));
        if !a.1.is_empty() {
            let mut item = key(b.1);
            item.insert("a".to_owned(), text(a.1));
            let error = read_model::<M>(item).unwrap_err();
            assert_eq!((other_key(&error).0.as_str(), other_key(&error).1), ("a", a.1));
        }
    }
    check::<Nets>((&text("fe80::/10"), "FE80::/10"), ("HTTPS://example.com", "https://example.com/"));
    check::<Addresses>((&text("::1"), "0::1"), ("01arz3ndektsv4rrffq69g5fav", "01ARZ3NDEKTSV4RRFFQ69G5FAV"));
    check::<Moments>((&text("2024-01-31T12:00:00.000000"), "2024-01-31T12:00:00"), ("12:30", "12:30:00.000000"));
    check::<Seconds>((&AttributeValue::N("5".to_owned()), ""), ("10.1.2.3", "10.1.2.3/32"));
    let fraction = AttributeMap::from([
        ("a".to_owned(), AttributeValue::N("5.5".to_owned())),
        ("b".to_owned(), text("10.0.0.0/8")),
    ]);
    assert_eq!(other_key(&read_model::<Seconds>(fraction).unwrap_err()), ("a".to_owned(), "5.5", "5"));
}

#[test]
fn a_sensitive_key_is_in_no_error() {
    let upper = "00000000-0000-0000-0000-000000000ABC";
    let field = AttributeMap::from([("id".to_owned(), text(upper))]);
    let part = AttributeMap::from([("id".to_owned(), text(upper)), ("pk".to_owned(), text(upper))]);
    for error in [read_model::<Hidden>(field).unwrap_err(), read_model::<HiddenPart>(part).unwrap_err()] {
        let (_, stored, written) = other_key(&error);
        assert_eq!((stored, written), ("", ""));
        assert!(!format!("{error} {error:?}").to_lowercase().contains("abc"), "{error}");
    }
}

/// What is said of a value, wherever it is.
fn said(error: &Violations) -> (String, &str, &str) {
    let violation = error.iter().next().unwrap();
    (violation.path().to_string(), violation.code(), violation.message())
}

fn violations<T: std::fmt::Debug>(result: dyntastic::Result<T>) -> Violations {
    match result {
        Err(Error::Invalid(violations)) => violations,
        other => unreachable!("{other:?}"),
    }
}

async fn in_transaction<M: Model>(db: &Client, key: M::Key) -> dyntastic::Result<()> {
    let transaction = db.transaction().delete::<M>(key);
    transaction.await
}

macro_rules! refused_everywhere {
    ($db:ident, $model:ident, $item:expr, $key:expr, $hash_key:expr, $set:expr) => {{
        let expected = $item.validate().unwrap_err();
        let (item, key) = ($item, $key);
        let found = [
            violations(item.save(&$db).await),
            violations(item.insert(&$db).await),
            violations(item.delete(&$db).await),
            violations(item.update_without_refresh(&$db, $set).await.map(drop)),
            violations($model::get(&$db, key.clone()).await),
            violations($model::find(&$db, key.clone()).await),
            violations($model::update_by_key(&$db, key.clone(), $set).await),
            violations($model::delete_by_key(&$db, key.clone()).await),
            violations($model::batch_get(&$db, [key.clone()]).await.map(drop)),
            violations(in_transaction::<$model>(&$db, key.clone().into()).await),
            violations($model::query(&$db, $hash_key).all().await),
        ];
        for (number, found) in found.iter().enumerate() {
            assert_eq!(said(found), said(&expected), "{number}");
        }
        said(&expected).1.to_owned()
    }};
}

#[tokio::test]
async fn a_value_that_no_key_may_hold_is_the_same_violation_everywhere() {
    let db = db().await;
    let title = || Project::A.title.set("t");
    for (org, code) in
        [("", "key_empty"), ("a#b", "key_part"), ("a\n", "key_part"), (&"x".repeat(2_048), "key_too_long")]
    {
        let item = || Project { org: org.to_owned(), project: "p".to_owned(), title: None };
        assert_eq!(Project::builder().org(org).project("p").build().unwrap_err(), item().validate().unwrap_err());
        assert_eq!(refused_everywhere!(db, Project, item(), (org, "p"), org, title()), code);
    }
    let title = || Whole::A.title.set("t");
    for (pk, code) in [("", "key_empty"), (&"x".repeat(2_049), "key_too_long")] {
        let item = || Whole { pk: pk.to_owned(), sk: "s".to_owned(), title: None };
        assert_eq!(refused_everywhere!(db, Whole, item(), (pk, "s"), pk, title()), code);
    }
    let title = || Own::A.title.set("t");
    for (id, code) in [("", "key_empty"), (&"x".repeat(2_049), "key_too_long")] {
        let item = || Own { id: id.to_owned(), title: None };
        assert_eq!(refused_everywhere!(db, Own, item(), id, id, title()), code);
    }
}

#[tokio::test]
async fn a_range_of_values_that_no_key_may_hold_is_refused() {
    let db = db().await;
    Project::builder().org("o").project("p").build().unwrap().save(&db).await.unwrap();
    let refused = |range| async { said(&violations(Project::query(&db, "o").range(range).all().await)).1.to_owned() };
    assert_eq!(refused(Project::A.project.eq("")).await, "key_empty");
    assert_eq!(refused(Project::A.project.eq("a#")).await, "key_part");
    assert_eq!(refused(Project::A.project.ge("a#")).await, "key_part");
    assert_eq!(refused(Project::A.project.eq("x".repeat(1_024))).await, "key_too_long");
    // A beginning, and where a range begins, may be empty.
    for range in [Project::A.project.begins_with(""), Project::A.project.ge("")] {
        assert_eq!(Project::query(&db, "o").range(range).all().await.unwrap().len(), 1);
    }
    for range in
        [Whole::A.sk.ge(""), Whole::A.sk.begins_with(""), Whole::A.sk.between("", "x"), Whole::A.sk.between("x", "")]
    {
        let refused = violations(Whole::query(&db, "o").range(range).all().await);
        assert_eq!(said(&refused), ("sk".to_owned(), "key_empty", "a range key must not be empty"));
    }
    let long = violations(ByTextAndBytes::query(&db, "t").range(ByTextAndBytes::A.part.ge(vec![0; 1_025])).all().await);
    assert_eq!(
        said(&long),
        ("part".to_owned(), "key_too_long", "a range key has at most 1024 bytes, this one has 1025")
    );
    // A time that its text does not hold is what is wrong, rather than the key.
    let late = Visit::query(&db, id()).range(Visit::A.at.ge(DateTime::<Utc>::MAX_UTC)).all().await.unwrap_err();
    assert!(matches!(late, Error::Write(_)) && late.to_string().starts_with("Visit.at: "), "{late:?} {late}");
}

#[tokio::test]
async fn a_key_of_several_fields_may_begin_with_one() {
    let db = db().await;
    for (row, column) in [(1, 1), (1, 2), (2, 1), (3, 1)] {
        Cell::builder().pk("g").row(row).column(column).build().unwrap().save(&db).await.unwrap();
    }
    let cells = async |range| {
        let read = Cell::query(&db, "g").range(range).all().await.unwrap();
        read.iter().map(|cell| (cell.row, cell.column)).collect::<Vec<_>>()
    };
    let row = &Cell::A.row;
    assert_eq!(cells(row.le(2)).await, [(1, 1), (1, 2), (2, 1)]);
    assert_eq!(cells(row.lt(2)).await, [(1, 1), (1, 2)]);
    assert_eq!(cells(row.gt(1)).await, [(2, 1), (3, 1)]);
    assert_eq!(cells(row.between(2, 3)).await, [(2, 1), (3, 1)]);
    // The field that is the hash key stands in the key already, and the others do not.
    let made = Cell::update_by_key(&db, ("g", 4, 1), Cell::A.note.set("n")).upsert().await.unwrap();
    assert_eq!(Cell::get(&db, ("g", 4, 1)).consistent_read().await.unwrap(), made);
}
