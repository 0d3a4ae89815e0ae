//! Encrypted fields that are searchable: conditions and indexes compare keyed hashes of their values.

use crate::engine::{Engine, config, isolated, table_name};
use dyntastic::aws_sdk_dynamodb::primitives::Blob;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::AttributeMap;
use dyntastic::jiff::civil::date;
use dyntastic::keys::LocalKeys;
use dyntastic::prelude::*;
use dyntastic::rust_decimal::Decimal;
use dyntastic::{Client, ClientBuilder, Error, Patch};
use dyntastic_tests::seals::{Account, AccountPatch, Card, Level};

const A: dyntastic_tests::seals::AccountAttributes = Account::A;

/// A client whose search keys are made of a byte; none has a search key without one.
async fn client(builder: ClientBuilder, search: Option<u8>) -> Client {
    let keys = |byte: u8| {
        let keys = LocalKeys::new("1", [byte; 32]).unwrap();
        match search {
            Some(search) => keys.and_search([search + byte; 32]).unwrap(),
            None => keys,
        }
    };
    let names = ["personal", "medical", "cards"].into_iter().zip(1..);
    let with = |builder: ClientBuilder, (name, byte)| builder.encryption_key(name, keys(byte));
    names.fold(builder, with).from_conf(config().await)
}

async fn db() -> Client {
    client(isolated(), Some(100)).await
}

fn account(id: &str, email: &str) -> Account {
    let account = Account::builder().id(id).tax(Decimal::new(4711, 2)).level(Level::Low).opened(2026_u32);
    account.email(email.to_owned()).build().unwrap()
}

async fn stored(db: &Client, id: &str) -> AttributeMap {
    let request = db.sdk().get_item().table_name(table_name::<Account>(db)).key("id", AttributeValue::S(id.to_owned()));
    request.consistent_read(true).send().await.unwrap().item.unwrap()
}

async fn put(db: &Client, item: AttributeMap) {
    db.sdk().put_item().table_name(table_name::<Account>(db)).set_item(Some(item)).send().await.unwrap();
}

fn bytes(item: &AttributeMap, name: &str) -> Vec<u8> {
    item[name].as_b().unwrap().clone().into_inner()
}

fn ids(items: &[Account]) -> Vec<&str> {
    let mut ids: Vec<&str> = items.iter().map(|item| item.id.as_str()).collect();
    ids.sort_unstable();
    ids
}

async fn found(db: &Client, email: &str) -> Vec<String> {
    let items = Account::query_by_email(db, email).all().await.unwrap();
    ids(&items).into_iter().map(str::to_owned).collect()
}

#[tokio::test]
async fn equal_values_have_equal_hashes_and_nothing_else_is_stored_of_them() {
    let db = db().await;
    for (id, email) in [("a", "ada@example.org"), ("b", " Ada@Example.org "), ("c", "bob@example.org")] {
        account(id, email).save(&db).await.unwrap();
    }
    let (a, b, c) = (stored(&db, "a").await, stored(&db, "b").await, stored(&db, "c").await);
    assert_eq!(bytes(&a, "email_hash").len(), 32);
    assert_eq!(bytes(&a, "email_hash"), bytes(&b, "email_hash"), "transforms come first");
    assert_ne!(bytes(&a, "email_hash"), bytes(&c, "email_hash"));
    assert_eq!(bytes(&a, "tax"), bytes(&c, "tax"));
    assert_ne!(bytes(&a, "level_hash"), bytes(&a, "email_hash"));
    assert_ne!(bytes(&a, "email"), bytes(&b, "email"));
    assert!(!a.contains_key("born") && !a.contains_key("born_hash"), "no value has no hash");
    // A model that keeps unknown attributes does not read hashes as such.
    let read = Account::get(&db, "a").await.unwrap();
    assert_eq!(read.unknown, dyntastic::codec::UnknownAttributes::default());
    assert_eq!(read.email.as_deref(), Some("ada@example.org"));
}

#[tokio::test]
async fn conditions_and_filters_compare_hashes() {
    let db = db().await;
    account("a", "ada@example.org").save(&db).await.unwrap();
    account("b", "bob@example.org").save(&db).await.unwrap();
    let mut none = account("c", "");
    none.email = None;
    none.born = Some(date(1815, 12, 10));
    none.tax = Decimal::new(471_100, 4);
    none.save(&db).await.unwrap();

    let scan = async |filter| ids(&Account::scan(&db).filter(filter).consistent_read().all().await.unwrap()).join("");
    assert_eq!(scan(A.email.eq("ADA@example.org")).await, "a");
    assert_eq!(scan(A.email.ne("ada@example.org")).await, "bc");
    assert_eq!(scan(A.email.is_in(["ada@example.org", "bob@example.org", "x"])).await, "ab");
    assert_eq!(scan(A.email.eq("ada@example.org") | A.born.eq(date(1815, 12, 10))).await, "ac");
    assert_eq!(scan(!A.email.eq("ada@example.org") & A.level.eq(Level::Low)).await, "bc");
    assert_eq!(scan(A.tax.eq(Decimal::new(4711, 2))).await, "abc", "numbers are compared by their value");
    assert_eq!(scan(A.email.not_exists()).await, "c");

    let matching =
        async |condition: dyntastic::Condition<Account>| match Account::update_by_key(&db, "a", A.opened.set(2027_u32))
            .condition(condition)
            .if_matches()
            .await
        {
            Ok(updated) => updated.is_some(),
            Err(Error::NotFound { .. }) if !Engine::current().returns_existing() => false,
            Err(error) => panic!("{error}"),
        };
    assert!(matching(A.email.eq("ada@example.org")).await);
    assert!(!matching(A.email.eq("bob@example.org")).await);
    let mut ada = Account::get(&db, "a").await.unwrap();
    if Engine::current().returns_existing() {
        assert!(!ada.save(&db).condition(A.tax.eq(Decimal::ONE)).if_matches().await.unwrap());
        assert!(!ada.delete(&db).condition(A.level.is_in([Level::High])).if_matches().await.unwrap());
    }
    assert!(ada.replace(&db).condition(A.level.eq(Level::Low)).if_matches().await.unwrap());
    let put = ada.clone().save(&db).condition(A.email.eq("ada@example.org")).into_inner().unwrap();
    let values = format!("{:?}", put.get_expression_attribute_values());
    assert!(!values.contains("ada@") && values.contains("B(Blob"), "{values}");
    if Engine::current().has_transactions() {
        let checked = async |email: &str| {
            let mut other = account("d", "d@example.org");
            db.transaction().check::<Account>("a", A.email.eq(email)).put(&mut other).await.map(drop)
        };
        assert!(matches!(checked("bob@example.org").await, Err(Error::TransactionCanceled(_))));
        checked("ada@example.org").await.unwrap();
    }
    let of_attribute = A.email.eq(A.id);
    let error = Account::scan(&db).filter(of_attribute).all().await.unwrap_err();
    assert!(error.to_string().contains("email: a searchable field can be compared with values"), "{error}");
    for number in [0, 101] {
        let emails = vec!["ada@example.org"; number];
        let error = Account::scan(&db).filter(A.email.is_in(emails)).all().await.unwrap_err();
        assert!(error.to_string().contains(&format!("email: is_in takes 1 to 100 values, not {number}")), "{error}");
    }
}

#[tokio::test]
async fn an_index_finds_items_by_the_hash() {
    let db = db().await;
    for number in 0..7 {
        account(&format!("a{number}"), "ada@example.org").save(&db).await.unwrap();
    }
    account("b", "bob@example.org").save(&db).await.unwrap();
    assert_eq!(found(&db, "Ada@example.org").await.len(), 7);
    assert_eq!(found(&db, "bob@example.org").await, ["b"]);
    assert_eq!(found(&db, "ad").await, Vec::<String>::new());
    assert_eq!(Account::with_email(&db, "ada@example.org").all().await.unwrap().len(), 2);
    assert_eq!(Account::query_by_email(&db, "ada@example.org").count().await.unwrap(), 7);
    let bob = Account::query_by_email(&db, "bob@example.org").one().await.unwrap().unwrap();
    assert_eq!(bob.email.as_deref(), Some("bob@example.org"));

    let mut cursor = None;
    let mut pages = Vec::new();
    for _ in 0..3 {
        let page = Account::query_by_email(&db, "ada@example.org").limit(3).cursor(cursor).page().await.unwrap();
        pages.push(page.items.len());
        cursor = page.next;
    }
    assert_eq!((pages, cursor), (vec![3, 3, 1], None));
    let first = Account::query_by_email(&db, "ada@example.org").limit(3).page().await.unwrap();
    let of_other = Account::query_by_email(&db, "bob@example.org").cursor(first.next).all().await;
    assert!(matches!(of_other, Err(Error::Cursor)), "{of_other:?}");

    let by_tax = Account::query_by_tax(&db, Decimal::new(4711, 2)).all().await.unwrap();
    assert_eq!((by_tax.len(), by_tax[0].opened), (8, 2026));
    let from = Account::query_by_tax(&db, Decimal::new(4711, 2))
        .range(dyntastic_tests::seals::AccountByTax::A.opened.ge(2027));
    assert_eq!(from.full().all().await.unwrap(), []);
    let request = Account::query_by_email(&db, "ada@example.org").into_inner().unwrap();
    assert!(!format!("{request:?}").contains("ada@"), "{request:?}");
    if !Engine::current().has_transactions() || !Engine::current().has_time_to_live() {
        return;
    }
    // A shared table.
    let mut card = Card::builder().card_id("c").number(1).owner("o").title("t").build().unwrap();
    card.digits = Some("4711".to_owned());
    card.save(&db).await.unwrap();
    assert_eq!(Card::query_by_digits(&db, "4711").all().await.unwrap(), [card.clone()]);
    let moved = Card { number: 2, ..card.clone() };
    Card::rekey(&db, ("c", 1), &moved).await.unwrap();
    assert_eq!(Card::query_by_digits(&db, "4711").all().await.unwrap(), [moved]);
}

#[tokio::test]
async fn updates_and_patches_change_the_hash_with_the_value() {
    let db = db().await;
    let mut ada = account("a", "ada@example.org");
    ada.save(&db).await.unwrap();
    ada.update(&db, (A.email.set(" Ada@Home.org"), A.opened.add(1))).await.unwrap();
    assert_eq!(found(&db, "ada@example.org").await, Vec::<String>::new());
    assert_eq!(found(&db, "ada@home.org").await, ["a"]);
    let patch = AccountPatch { level: Some(Level::High), email: Patch::Remove, ..AccountPatch::default() };
    ada.update(&db, patch).await.unwrap();
    let item = stored(&db, "a").await;
    assert!(!item.contains_key("email") && !item.contains_key("email_hash"));
    assert_eq!(Account::scan(&db).filter(A.level.eq(Level::High)).count().await.unwrap(), 1);
    Account::update_by_key(&db, "a", A.email.set(Some("x@y".to_owned()))).await.unwrap();
    assert_eq!(found(&db, "x@y").await, ["a"]);
    Account::update_by_key(&db, "a", A.email.set(None::<String>)).await.unwrap();
    assert!(!stored(&db, "a").await.contains_key("email_hash"));
    let set = (A.email.set("new@y"), A.tax.set(Decimal::ONE), A.level.set(Level::Low), A.opened.set(1_u32));
    Account::update_by_key(&db, "n", set).upsert().await.unwrap();
    assert_eq!(found(&db, "new@y").await, ["n"]);
    let changed = Account::update_by_key(&db, "n", A.email.set("last@y")).return_updated().await.unwrap();
    assert_eq!(changed.get(&A.opened).unwrap(), None);
    if Engine::current().has_transactions() {
        db.transaction().update::<Account>("n", A.email.set("moved@y")).await.unwrap();
        assert_eq!(found(&db, "moved@y").await, ["n"]);
    }
}

#[tokio::test]
async fn without_a_search_key_nothing_is_written_and_nothing_is_searched() {
    let builder = isolated();
    let (db, without) = (client(builder.clone(), Some(100)).await, client(builder, None).await);
    let mut ada = account("a", "ada@example.org");
    ada.save(&db).await.unwrap();
    let fix = "the encryption key `personal` has no search key: give its provider one, such as with \
               `LocalKeys::and_search`";
    let refused = |what: &str, error: Error| {
        assert!(matches!(error, Error::Write(_)), "{what}: {error:?}");
        let text = error.to_string();
        assert!(text.contains(fix) || text.contains(&fix.replace("personal", "medical")), "{what}: {text}");
        assert!(!format!("{error:?} {text}").contains("ada@"), "{what}: {error:?}");
    };
    refused("save", account("b", "ada@example.org").save(&without).await.unwrap_err());
    refused("update", Account::update_by_key(&without, "a", A.email.set("b")).await.unwrap_err());
    let condition = || A.email.eq("ada@example.org");
    let update = Account::update_by_key(&without, "a", A.opened.set(1_u32));
    refused("condition", update.condition(condition()).await.unwrap_err());
    refused("delete", Account::delete_by_key(&without, "a").condition(condition()).await.unwrap_err());
    refused("query", Account::query_by_email(&without, "ada@example.org").all().await.unwrap_err());
    refused("page", Account::query_by_email(&without, "ada@example.org").page().await.map(drop).unwrap_err());
    refused("count", Account::scan(&without).filter(condition()).count().await.unwrap_err());
    refused("SDK's request", Account::scan(&without).filter(condition()).into_inner().map(drop).unwrap_err());
    let migrated = dyntastic::migrate::<Account>(&without, "m").progress_table("progress").await;
    refused("migration", migrated.map(drop).unwrap_err());
    // What needs no hash works.
    assert_eq!(Account::get(&without, "a").await.unwrap(), ada);
    ada.update(&without, A.opened.set(5_u32)).await.unwrap();
    assert_eq!(Account::scan(&db).count().await.unwrap(), 1);
    assert_eq!(found(&db, "ada@example.org").await, ["a"]);
}

#[tokio::test]
async fn a_migration_adds_missing_hashes_and_replaces_those_of_another_search_key() {
    let builder = isolated();
    let (db, next) = (client(builder.clone(), Some(100)).await, client(builder, Some(200)).await);
    for id in ["a", "b", "c", "d"] {
        account(id, "ada@example.org").save(&db).await.unwrap();
    }
    let (mut lacking, mut stale) = (stored(&db, "a").await, stored(&db, "b").await);
    lacking.retain(|name, _| !name.ends_with("_hash") && name != "tax");
    stale.remove("email");
    put(&db, lacking).await;
    put(&db, stale).await;
    assert_eq!(found(&db, "ada@example.org").await, ["b", "c", "d"]);
    assert_eq!(Account::get(&db, "b").await.unwrap().email, None);
    let migrate = async |db: &Client, name: &str| {
        let done = dyntastic::migrate::<Account>(db, name).progress_table("progress").await.unwrap();
        (done.counts.written, done.counts.unchanged)
    };
    assert_eq!(migrate(&db, "add").await, (2, 2));
    assert_eq!(migrate(&db, "again").await, (0, 4));
    assert_eq!(found(&db, "ada@example.org").await, ["a", "c", "d"]);

    // Another search key: until the end of the migration, each client finds the items that it knows the hashes of.
    assert_eq!(found(&next, "ada@example.org").await, Vec::<String>::new());
    let mut ada = Account::get(&next, "c").await.unwrap();
    ada.save(&next).await.unwrap();
    assert_eq!((found(&db, "ada@example.org").await.len(), found(&next, "ada@example.org").await.len()), (2, 1));
    assert_eq!(migrate(&next, "rotate").await, (3, 1));
    assert_eq!(found(&next, "ada@example.org").await, ["a", "c", "d"]);
    assert_eq!(found(&db, "ada@example.org").await, Vec::<String>::new());
}

/// A hash that somebody has put into an item is found, and read without a complaint: the app compares what it finds.
#[tokio::test]
async fn a_hash_that_was_moved_finds_an_item_whose_value_is_another() {
    let db = db().await;
    account("a", "ada@example.org").save(&db).await.unwrap();
    account("b", "bob@example.org").save(&db).await.unwrap();
    let mut moved = stored(&db, "b").await;
    moved.insert("email_hash".to_owned(), AttributeValue::B(Blob::new(bytes(&stored(&db, "a").await, "email_hash"))));
    put(&db, moved).await;
    let items = Account::query_by_email(&db, "ada@example.org").all().await.unwrap();
    let own: Vec<_> = items.iter().filter(|item| item.email.as_deref() == Some("ada@example.org")).collect();
    assert_eq!((items.len(), own.len()), (2, 1));
}

#[tokio::test]
async fn bulk_writes_compare_hashes_when_they_read_and_when_they_write() {
    let db = db().await;
    for (id, email) in [("1", "a@x"), ("2", "b@x"), ("3", "a@x")] {
        account(id, email).save(&db).await.unwrap();
    }
    let report = Account::scan(&db).segments(2).update_where(A.email.eq("a@x"), A.email.set("c@x")).await.unwrap();
    assert_eq!((report.counts.written, report.counts.skipped), (2, 0));
    assert_eq!(found(&db, "c@x").await, ["1", "3"]);
    let report = Account::query_by_email(&db, "c@x").delete_where(A.level.eq(Level::Low)).await.unwrap();
    assert_eq!((report.counts.written, report.counts.skipped), (2, 0));
    assert_eq!(ids(&Account::scan(&db).all().await.unwrap()), ["2"]);
}
