//! Constraints: what breaks them is told before anything is sent.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{NaiveDate, TimeDelta, Utc};
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::{Error, Violations};
use dyntastic_tests::constraints::{Account, Address, Contact, ContactMail, Node, Plain, Strict};

fn address() -> Address {
    Address { street: "High Street".to_owned(), zip: "0150".to_owned(), lines: vec![] }
}

fn account() -> Account {
    Account::builder()
        .account_id("a1")
        .kind("user")
        .name("  Alice ")
        .email(" Alice@Example.COM")
        .tags(["rye", "spelt"])
        .stock([("oslo", 3)])
        .born(NaiveDate::from_ymd_opt(1990, 1, 1))
        .expires(Utc::now() + TimeDelta::days(1))
        .address(address())
        .build()
        .unwrap()
}

/// The violations' lines, without the model's name.
fn lines(violations: &Violations) -> Vec<String> {
    violations.to_string().lines().map(|line| line.trim_start_matches("Account.").to_owned()).collect()
}

#[test]
fn a_builder_transforms_and_then_checks() {
    let account = account();
    assert_eq!((account.name.as_str(), account.email.as_deref()), ("Alice", Some("alice@example.com")));
    assert_eq!(account.code, "RED");
    assert_eq!(Account { ..account.clone() }.validate(), Ok(()));
    let refused = Account::builder().account_id("a1").kind("k").name(" x ").address(address()).tags(["rye"]).build();
    assert_eq!(lines(&refused.unwrap_err()), ["name: at least 2 characters, this has 1"]);
}

#[test]
fn every_violation_is_told_at_once_with_its_place() {
    let now = dyntastic::factory::now();
    let text = |text: &str| Some(text.to_owned());
    let broken = Account {
        account_id: "b1".to_owned(),
        kind: String::new(),
        name: "much too long a name".to_owned(),
        email: text("nobody"),
        code: "BLUE".to_owned(),
        site: text("example.com"),
        host: text("-"),
        r#ref: text("1"),
        v4: text("::1"),
        v6: text("10.0.0.1"),
        slug: text("No Slug"),
        phone: text("112"),
        age: 17,
        ratio: 1.0,
        price: Decimal::new(101, 2),
        seats: Some(3),
        tags: ["a", "No", "ok", "fine"].map(str::to_owned).into(),
        notes: vec![text("x"), text("x"), text(""), None],
        stock: [("a", 1), ("B", 100), ("c", 2)].map(|(name, count)| (name.to_owned(), count)).into(),
        born: Some(now.date_naive() + TimeDelta::days(2)),
        expires: Some(now - TimeDelta::days(1)),
        starts: Some(now),
        ends: Some(now),
        odd: Some(2),
        address: Address {
            street: String::new(),
            zip: "x".to_owned(),
            lines: vec!["1".into(), "2".into(), "3".into()],
        },
        addresses: vec![address(), Address { zip: "1".to_owned(), ..address() }],
        by_name: [("home office".to_owned(), Some(Address { street: "x".repeat(21), ..address() }))].into(),
        contact: Some(Contact::Mail(ContactMail { to: "x".to_owned() })),
        tree: Some(Node {
            name: "root".to_owned(),
            next: Some(Box::new(Node { name: String::new(), next: None, others: [].into() })),
            others: [].into(),
        }),
        plain: Some(Plain { text: String::new() }),
        region: text(""),
    };
    let violations = broken.validate().unwrap_err();
    let expected = [
        "account_id: it matches ^a",
        "kind: a range key must not be empty",
        "name: at most 10 characters, this has 20",
        "email: it is an e-mail address",
        "code: one of RED, GREEN",
        "site: it is a URL",
        "host: it is the name of a host",
        "ref: it is a UUID",
        "v4: it is an IPv4 address",
        "v6: it is an IPv6 address",
        "slug: it is a slug: words of lower-case letters and digits, joined by hyphens",
        "phone: it is a telephone number such as +4722334455",
        "age: at least 18",
        "ratio: less than 1",
        "price: a multiple of 0.05",
        "seats: a multiple of 4",
        "tags: at most 3 elements, this has 4",
        "tags[0]: it is a slug: words of lower-case letters and digits, joined by hyphens",
        "tags[1]: at least 2 characters, this has 1",
        "notes: no two elements are equal",
        "notes[2]: at least 1 character, this has 0",
        "stock: at most 2 elements, this has 3",
        "stock.B: it matches ^[a-z]+$",
        "stock.B: at most 99",
        "born: in the past",
        "expires: in the future",
        "odd: it is odd",
        "address.street: at least 1 character, this has 0",
        "address[\"zip code\"]: it matches ^\\d{4}$",
        "address.lines: at most 2 elements, this has 3",
        "addresses[1][\"zip code\"]: it matches ^\\d{4}$",
        "by_name[\"home office\"].street: at most 20 characters, this has 21",
        "contact.to: it is an e-mail address",
        "tree.next.name: at least 1 character, this has 0",
        "region: a hash key must not be empty",
        "starts: before `ends`",
        "ends: after `starts`",
    ];
    assert_eq!(lines(&violations), expected);
    let first = violations.iter().next().unwrap();
    assert_eq!((first.code(), first.parameters().collect::<Vec<_>>()), ("pattern", vec![("pattern", "^a")]));
}

#[test]
fn functions_of_the_apps_own_check_values_and_structs() {
    let mut account = account();
    account.name = "a1".to_owned();
    account.address.lines = vec![account.address.street.clone()];
    let violations = account.validate().unwrap_err();
    let expected = [
        "address.lines[0]: at most 10 characters, this has 11",
        "address: no line repeats the street",
        "name: it is not the id",
    ];
    assert_eq!(lines(&violations), expected);
    // Checks see what a write stores: the transformed values.
    account = self::account();
    account.code = "red".to_owned();
    assert_eq!(account.validate(), Ok(()));
}

#[test]
fn violations_are_json_for_an_api() {
    let violations = Account { age: 3, ..account() }.validate().unwrap_err();
    let json = dyntastic::serde_json::to_value(&violations).unwrap();
    let expected = dyntastic::serde_json::json!([
        { "path": "age", "code": "minimum", "message": "at least 18", "parameters": { "minimum": "18" } }
    ]);
    assert_eq!(json, expected);
}

#[tokio::test]
async fn nothing_that_breaks_a_constraint_is_written() {
    let db = db().await;
    let good = account();
    good.save(&db).await.unwrap();
    let bad = Account { age: 3, ..good.clone() };
    assert!(matches!(bad.save(&db).await, Err(Error::Invalid(_))));
    assert!(matches!(bad.insert(&db).await, Err(Error::Invalid(_))));
    assert!(matches!(bad.replace(&db).await, Err(Error::Invalid(_))));
    assert_eq!(Account::get(&db, ("a1", "user")).await.unwrap().age, 18);
}

#[tokio::test]
async fn updates_check_and_transform_what_they_set() {
    let db = db().await;
    let mut item = account();
    item.save(&db).await.unwrap();
    let a = Account::A;
    item.update(&db, (a.name.set("  Bob "), a.email.set(Some(" BOB@example.com".to_owned())), a.age.set(20)))
        .await
        .unwrap();
    assert_eq!((item.name.as_str(), item.email.as_deref()), ("Bob", Some("bob@example.com")));
    let refused = [
        (a.name.set("x"), "name: at least 2 characters, this has 1"),
        (a.age.set(3), "age: at least 18"),
        (a.site.set_default("nowhere"), "site: it is a URL"),
        (a.tags.set(["x"]), "tags[0]: at least 2 characters, this has 1"),
        (a.tags.add("x"), "tags[0]: at least 2 characters, this has 1"),
        (a.notes.append([""]), "notes[0]: at least 1 character, this has 0"),
        (a.address.then(Address::A.zip).set("x"), "address[\"zip code\"]: it matches ^\\d{4}$"),
        (
            a.address.set(Address { street: String::new(), ..address() }),
            "address.street: at least 1 character, this has 0",
        ),
        (
            a.tree.set(Node { name: String::new(), next: None, others: [].into() }),
            "tree.name: at least 1 character, this has 0",
        ),
        (a.expires.set(Utc::now() - TimeDelta::days(2)), "expires: in the future"),
        (a.seats.set(Some(5)), "seats: a multiple of 4"),
    ];
    for (update, expected) in refused {
        let both = (a.ratio.set(0.25), update);
        let Err(Error::Invalid(violations)) = item.update(&db, both).await else { unreachable!("{expected}") };
        assert_eq!(violations.to_string(), format!("Account.{expected}"));
    }
    let several = vec![a.age.set(3), a.name.set("x")];
    let Err(Error::Invalid(violations)) = item.update(&db, several).await else { unreachable!() };
    assert_eq!(violations.iter().count(), 2);
    // What an update adds to is not seen by it: DynamoDB is asked whether the set stays within its size.
    let error = item.update(&db, a.tags.add(["more", "and-more"])).await.unwrap_err();
    match error {
        Error::OutOfBounds(violations) => {
            assert_eq!(violations.to_string(), "Account.tags: at most 3 elements, this has 4");
        }
        error => assert!(error.is_not_found() && !Engine::current().returns_existing(), "{error:?}"),
    }
    item.update(&db, a.tags.add("more")).await.unwrap();
    assert_eq!((item.tags.len(), item.ratio), (3, 0.5));
    item.update(&db, (a.email.set(None), a.seats.set(Some(8)))).await.unwrap();
    assert_eq!((item.email, item.seats), (None, Some(8)));
}

#[tokio::test]
async fn reads_check_types_alone_unless_the_model_says_more() {
    let db = db().await;
    account().save(&db).await.unwrap();
    Strict::builder().id("s").size(3).build().unwrap().save(&db).await.unwrap();
    let put = async |table: String, item: std::collections::HashMap<String, AttributeValue>| {
        db.sdk().put_item().table_name(table).set_item(Some(item)).send().await.unwrap();
    };
    let found = db.sdk().scan().table_name(table_name::<Account>(&db)).send().await.unwrap().items.unwrap().remove(0);
    let mut young = found.clone();
    young.insert("age".to_owned(), AttributeValue::N("3".to_owned()));
    put(table_name::<Account>(&db), young).await;
    assert_eq!(Account::get(&db, ("a1", "user")).await.unwrap().age, 3);

    let item = [("id", AttributeValue::S("s".to_owned())), ("size", AttributeValue::N("11".to_owned()))];
    put(table_name::<Strict>(&db), item.map(|(name, value)| (name.to_owned(), value)).into()).await;
    let error = Strict::get(&db, "s").await.unwrap_err();
    assert_eq!(error.to_string(), "Strict: the item breaks its constraints:\nsize: at most 10");
}
