//! Hooks: each item is changed before it is written, and after it is read, once in every operation.

use crate::engine::{Engine, db, table_name};
use crate::round_trip::attributes;
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::codec::{AttributeMap, ReadErrorKind, WriteErrorKind, read_model, write_model};
use dyntastic::ops::WhyUnmigrated;
use dyntastic::prelude::*;
use dyntastic::serde_json::{self, Value, json};
use dyntastic::streams::{Change, Event};
use dyntastic::{Capacity, Client, Error};
use dyntastic_tests::hooked::{Hook, calls};
use dyntastic_tests::hooks::{Contact, CrmFile, Label, Page, PageHeading, PageKey};
use futures_util::{TryStreamExt, stream};

/// A page as code has it. Its id is that of one test alone, since all tests count in one place.
fn page(id: &str, title: &str) -> Page {
    Page::builder().page_id(id).at(1_u32).title(title).words(9_u32).shown("stale".to_owned()).build().unwrap()
}

async fn put<M: Model>(db: &Client, item: &Value) {
    db.sdk().put_item().table_name(table_name::<M>(db)).set_item(Some(attributes(item))).send().await.unwrap();
}

async fn stored(db: &Client, id: &str, at: u32) -> Option<AttributeMap> {
    let key = attributes(&json!({ "page_id": {"S": id}, "at": {"N": at.to_string()} }));
    let request = db.sdk().get_item().table_name(table_name::<Page>(db)).set_key(Some(key));
    request.consistent_read(true).send().await.unwrap().item
}

/// What a write of a page with a title stores.
fn written(id: &str, at: u32, title: &str, words: u32) -> AttributeMap {
    attributes(&json!({
        "page_id": {"S": id}, "at": {"N": at.to_string()}, "title": {"S": title}, "words": {"N": words.to_string()},
        "schema": {"N": "2"},
    }))
}

/// Stores another page with the key.
async fn old(db: &Client, id: &str, at: u32) {
    put::<Page>(
        db,
        &json!({ "page_id": {"S": id}, "at": {"N": at.to_string()}, "title": {"S": "old"}, "schema": {"N": "2"} }),
    )
    .await;
}

/// Writes a page by each operation. The stored item is as the hook makes it, and the hook was called once.
macro_rules! writes {
    ($db:ident, $page:ident, $($name:literal => $write:expr;)*) => {
        $({
            let name = concat!("written by ", $name);
            #[allow(unused_mut)]
            let mut $page = page(name, " two words ");
            let done: dyntastic::Result<_> = async { $write.await }.await;
            done.map(drop).unwrap_or_else(|error| unreachable!("{name}: {error}"));
            assert_eq!(stored(&$db, name, 1).await, Some(written(name, 1, "two words", 2)), "{name}");
            assert_eq!(calls(Hook::BeforeWrite, name), 1, "{name}");
        })*
    };
}

#[tokio::test]
async fn every_write_stores_what_before_write_makes_and_calls_it_once() {
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    writes!(db, page,
        "save" => page.save(&db);
        "insert" => page.insert(&db);
        "replace" => async {
            old(&db, &page.page_id, 1).await;
            page.replace(&db).await
        };
        "a save with a condition" => page.save(&db).condition(Page::A.title.not_exists());
        "a save if it matches" => page.save(&db).if_matches();
        "the SDK's request" => async {
            page.save(&db).into_inner()?.send().await.unwrap();
            Ok(())
        };
        "the SDK's item" => async {
            let request = db.sdk().put_item().table_name(table_name::<Page>(&db));
            request.set_item(Some(write_model(&page).unwrap())).send().await.unwrap();
            Ok(())
        };
        "a batch" => db.batch_write().put(&page);
        "a batch of all" => db.batch_write().put_all([&page]);
        "a batch writer" => async {
            let mut writer = db.batch_writer();
            writer.put(&page).await?;
            writer.flush().await
        };
        "a batch writer of a stream" => async {
            let mut writer = db.batch_writer();
            writer.put_stream(stream::iter([page.clone()])).await?;
            writer.flush().await
        };
    );
    if !Engine::current().has_transactions() {
        return;
    }
    writes!(db, page,
        "a transaction's put" => db.transaction().put(&page);
        "a transaction's put with a condition" => db.transaction().put_if(&page, Page::A.title.not_exists());
        "a transaction's insert" => db.transaction().insert(&page);
        "a transaction's replace" => async {
            old(&db, &page.page_id, 1).await;
            db.transaction().replace(&page).await
        };
        "a function of a transaction" => db.transact(async |actions| {
            actions.put(&page);
            Ok::<_, Error>(())
        });
        "a move" => async {
            old(&db, &page.page_id, 2).await;
            Page::rekey(&db, (page.page_id.as_str(), 2), &page).await
        };
        "a move to the same key" => async {
            old(&db, &page.page_id, 1).await;
            Page::rekey(&db, &page, &page).await
        };
    );
}

#[tokio::test]
async fn the_struct_of_a_shared_reference_stays_and_that_of_a_mutable_one_becomes_the_stored_item() {
    let db = db().await;
    let shared = page("shared", "one two");
    shared.save(&db).await.unwrap();
    assert_eq!(shared, page("shared", "one two"));
    if !Engine::current().has_transactions() {
        return;
    }
    let contact =
        || Contact::builder().contact_id("mutable").email(" Ada@X.org").company("acme").note("n").build().unwrap();
    let mut ada = contact();
    assert_eq!(
        (ada.email.as_str(), calls(Hook::BeforeWrite, "mutable")),
        (" Ada@X.org", 0),
        "a builder writes nothing"
    );
    ada.insert(&db).await.unwrap();
    assert_eq!((ada.email.as_str(), ada.company.as_str(), ada.version), ("ada@x.org", "ACME", 1));
    assert_eq!(calls(Hook::BeforeWrite, "mutable"), 1);
    // The guard, the index and the stored item have what the hook made.
    let mut other = Contact::builder().contact_id("other").email("ADA@x.org").build().unwrap();
    assert!(matches!(other.insert(&db).await, Err(Error::NotUnique { field: "email", .. })));
    assert_eq!(Contact::query_by_company(&db, "ACME").all().await.unwrap(), [ada.clone()]);
    ada.email = "Eve@X.org".to_owned();
    db.transaction().put(&mut ada).await.unwrap();
    assert_eq!((ada.email.as_str(), ada.version), ("eve@x.org", 2));
    ada.company = "other".to_owned();
    ada.save(&db).await.unwrap();
    ada.replace(&db).await.unwrap();
    Contact::rekey(&db, "mutable", &mut ada).await.unwrap();
    assert_eq!((ada.company.as_str(), ada.version), ("OTHER", 5));
    assert_eq!(calls(Hook::BeforeWrite, "mutable"), 4);
    assert_eq!(Contact::get(&db, "mutable").await.unwrap(), ada);
    let failed = contact().insert(&db).await;
    assert!(matches!(failed, Err(Error::AlreadyExists { .. })), "{failed:?}");
}

#[tokio::test]
async fn before_write_must_not_change_the_key_or_the_version_and_what_it_makes_is_checked() {
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    let refused = |id: &str, of: &str| {
        let (id, of) = (id.to_owned(), of.to_owned());
        move |error: Error| {
            let Error::Write(error) = error else { unreachable!("{error:?}") };
            assert!(matches!(error.kind(), WriteErrorKind::ChangedBeforeWrite { .. }), "{error:?}");
            let text = error.to_string();
            assert!(text.starts_with(&format!("{id}: the model's `before_write` has changed the {of}")), "{text}");
        }
    };
    for (title, attribute) in [("key", "Page.page_id"), ("range", "Page.at")] {
        let page = page("refused", title);
        assert_eq!(page.validate(), Ok(()), "it writes nothing");
        let (saved, used) = Capacity::of(async { page.save(&db).await }).await;
        refused(attribute, "key")(saved.unwrap_err());
        assert_eq!((used.total(), stored(&db, "refused", 1).await), (0.0, None));
        refused(attribute, "key")(page.save(&db).into_inner().map(drop).unwrap_err());
        refused(attribute, "key")(db.transaction().put(&page).await.unwrap_err());
        assert!(db.batch_write().put(&page).await.is_err());
        assert!(write_model(&page).is_err());
        if Engine::current().has_transactions() {
            refused(attribute, "key")(Page::rekey(&db, ("refused", 2), &page).await.unwrap_err());
        }
    }
    let error = page("refused", "long").save(&db).await.unwrap_err();
    assert!(matches!(&error, Error::Invalid(_)) && error.to_string().contains("at most 40"), "{error}");
    assert_eq!(stored(&db, "refused", 1).await, None);
    let mut contact = Contact::builder().contact_id("refused").email("a@x.org").note("version").build().unwrap();
    refused("Contact.version", "version")(contact.insert(&db).await.unwrap_err());
    assert_eq!(contact.version, 0);
}

#[tokio::test]
async fn migrations_and_upgrades_of_stored_items_call_before_write() {
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    let first = |id: &str| json!({ "page_id": {"S": id}, "at": {"N": "1"}, "name": {"S": "three old words"} });
    put::<Page>(&db, &first("migrated")).await;
    put::<Page>(&db, &json!({ "page_id": {"S": "bad"}, "at": {"N": "1"}, "title": {"S": "key"} })).await;
    let migrated = dyntastic::migrate::<Page>(&db, "hooks").progress_table("progress").await;
    let Err(Error::Unmigrated(migrated)) = migrated else { unreachable!("{migrated:?}") };
    let [left] = migrated.unmigrated.as_slice() else { unreachable!("{migrated:?}") };
    assert!(
        left.why() == WhyUnmigrated::Invalid && left.to_string().contains("`before_write` has changed the key"),
        "{left:?}"
    );
    assert_eq!(stored(&db, "migrated", 1).await, Some(written("migrated", 1, "three old words", 3)));
    assert_eq!(calls(Hook::BeforeWrite, "migrated"), 1);
    // Its items are as a save stores them now.
    let again = dyntastic::migrate::<Page>(&db, "again").progress_table("progress").await;
    let Err(Error::Unmigrated(again)) = again else { unreachable!("{again:?}") };
    assert_eq!((again.counts.written, again.counts.unchanged), (0, 1));

    if !Engine::current().returns_existing() {
        return;
    }
    // A write with a condition brings the stored item into the current form first.
    put::<Page>(&db, &first("upgraded")).await;
    let deleted = Page::delete_by_key(&db, ("upgraded", 1)).condition(Page::A.words.eq(9_u32)).if_matches().await;
    assert!(!deleted.unwrap());
    assert_eq!(stored(&db, "upgraded", 1).await, Some(written("upgraded", 1, "three old words", 3)));
    assert_eq!(calls(Hook::BeforeWrite, "upgraded"), 1);
}

/// Reads a page by each operation. The struct is as the hook makes it, and the hook was called once.
macro_rules! reads {
    ($db:ident, $($name:literal => $read:expr;)*) => {
        $({
            let pages: Vec<Page> = $read;
            let [page] = pages.as_slice() else { unreachable!("{}: {pages:?}", $name) };
            assert_eq!(page.shown.as_deref(), Some("TWO WORDS"), "{}", $name);
            assert_eq!(calls(Hook::AfterRead, "read"), 1, "{}", $name);
        })*
    };
}

#[tokio::test]
async fn every_read_of_a_whole_item_returns_what_after_read_makes_and_calls_it_once() {
    let db = db().await;
    let page = page("read", "two words");
    page.save(&db).await.unwrap();
    let key = || Page::key(("read", 1_u32));
    let item = || written("read", 1, "two words", 2);
    reads!(db,
        "get" => vec![Page::get(&db, key()).await.unwrap()];
        "find" => Page::find(&db, key()).consistent_read().await.unwrap().into_iter().collect();
        "refresh" => {
            let mut page = page.clone();
            page.refresh(&db).await.unwrap();
            vec![page]
        };
        "query" => Page::query(&db, "read").all().await.unwrap();
        "page" => Page::query(&db, "read").limit(3).page().await.unwrap().items;
        "first" => Page::query(&db, "read").first().await.unwrap().into_iter().collect();
        "stream of a query" => Page::query(&db, "read").stream().try_collect().await.unwrap();
        "query of an index" => Page::query_by_words(&db, 2_u32).all().await.unwrap();
        "query of an index with whole items" => Page::query_by_words(&db, 2_u32).full().all().await.unwrap();
        "scan" => Page::scan(&db).all().await.unwrap();
        "parallel scan" => Page::scan(&db).segments(2).all().await.unwrap();
        "batch get" => Page::batch_get(&db, [key()]).await.unwrap();
        "batch get in order" => Page::batch_get(&db, [key()]).in_order().await.unwrap().into_iter().flatten().collect();
        "batch get of several models" => db.batch_get().keys::<Page>([key()]).await.unwrap().items::<Page>().unwrap();
        "an attribute map" => vec![read_model(item()).unwrap()];
        "an attribute map of a client" => vec![db.read_model(item()).await.unwrap()];
        "the item that a delete returns" => {
            let deleted = page.delete(&db).return_old().await.unwrap();
            page.save(&db).await.unwrap();
            deleted.into_iter().collect()
        };
    );
    if Engine::current().has_transactions() {
        reads!(db, "transaction" => db.transact_get([key()].to_vec()).await.unwrap().into_iter().flatten().collect(););
    }
    if Engine::current().returns_existing() {
        reads!(db, "failed condition" => {
            let failed = page.save(&db).condition(Page::A.words.eq(7_u32)).return_existing().await;
            let Err(Error::ConditionFailed(failed)) = failed else { unreachable!("{failed:?}") };
            failed.existing::<Page>().unwrap().into_iter().collect()
        };);
    }
    let heading: Vec<PageHeading> = Page::query(&db, "read").project_into::<PageHeading>().all().await.unwrap();
    assert_eq!((heading[0].title.as_str(), &heading[0].shown), ("two words", &None), "a part has the stored values");
    assert_eq!(calls(Hook::AfterRead, "read"), 0);
}

#[tokio::test]
async fn collections_and_streams_call_after_read_and_its_items_are_validated() {
    let contact = |note: Option<&str>, company: &str| {
        let mut item = json!({
            "pk": {"S": "CONTACT#seen"}, "sk": {"S": "CONTACT"}, "kind": {"S": "Contact"}, "contact_id": {"S": "seen"},
            "email": {"S": "a@x.org"}, "company": {"S": company}, "version": {"N": "1"},
            "updated_at": {"S": "2026-01-01T00:00:00.000000Z"},
        });
        if let Some(note) = note {
            item["note"] = json!({ "S": note });
        }
        item
    };
    let db = db().await;
    Contact::create_table(&db).await.unwrap();
    put::<Contact>(&db, &contact(None, "ACME")).await;
    let file = CrmFile::query(&db, "seen").await.unwrap();
    assert_eq!(file.contact.unwrap().note.as_deref(), Some("at ACME"));
    assert_eq!(calls(Hook::AfterRead, "seen"), 1);
    let event = |item: Value| {
        json!({ "Records": [{
            "eventID": "1", "eventName": "MODIFY", "eventVersion": "1.0", "eventSource": "aws:dynamodb",
            "awsRegion": "us-east-1", "userIdentity": { "type": "Service", "principalId": "dynamodb.amazonaws.com" },
            "dynamodb": {
                "Keys": { "pk": item["pk"], "sk": item["sk"] }, "SequenceNumber": "1", "SizeBytes": 1,
                "OldImage": item, "NewImage": contact(Some("n"), "ACME"), "StreamViewType": "NEW_AND_OLD_IMAGES",
            },
        }] })
    };
    let event: Event = serde_json::from_value(event(contact(None, "B"))).unwrap();
    let change = event.into_records().remove(0).unwrap().change::<Contact>().unwrap().unwrap();
    let Change::Modified { old, new } = change else { unreachable!("{change:?}") };
    assert_eq!((old.note.as_deref(), new.note.as_deref()), (Some("at B"), Some("n")));
    assert_eq!(calls(Hook::AfterRead, "seen"), 2);
    let error = read_model::<Contact>(attributes(&contact(None, "READ"))).unwrap_err();
    assert!(matches!(error.kind(), ReadErrorKind::Invalid(_)), "{error}");
}

#[tokio::test]
async fn after_read_must_not_change_the_key() {
    let item = written("changed on read", 1, "read", 1);
    let error = read_model::<Page>(item.clone()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Page.at: the model's `after_read` has changed the key, under which the item is stored: let it change other fields"
    );
    let db = db().await;
    Page::create_table(&db).await.unwrap();
    db.sdk().put_item().table_name(table_name::<Page>(&db)).set_item(Some(item)).send().await.unwrap();
    let key = PageKey { page_id: "changed on read".to_owned(), at: 1 };
    let Err(Error::Read(error)) = Page::get(&db, key).await else { unreachable!("it was read") };
    assert_eq!(error.kind(), &ReadErrorKind::KeyChangedAfterRead);
    assert_eq!(AttributeValue::N("1".to_owned()), stored(&db, "changed on read", 1).await.unwrap()["at"]);
}

#[tokio::test]
async fn after_read_must_not_change_what_writes_compare() {
    let contact = Contact::builder().contact_id("again").email("a@x").company("AGAIN").build().unwrap();
    let error = read_model::<Contact>(write_model(&contact).unwrap()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Contact.version: the model's `after_read` has changed the version, which a write compares with the stored one: \
         let it change other fields"
    );
    assert_eq!(error.kind(), &ReadErrorKind::ComparedChangedAfterRead { of: "version" });
}

/// What `after_read` shows goes neither into an upgrade nor into what an update makes of the other fields.
#[tokio::test]
async fn an_update_stores_nothing_that_after_read_has_made() {
    let db = db().await;
    Label::create_table(&db).await.unwrap();
    let stored = async |id: &str| {
        let request = db.sdk().get_item().table_name(table_name::<Label>(&db));
        let item = request.key("label_id", AttributeValue::S(id.to_owned())).send().await.unwrap().item.unwrap();
        ["name", "place", "line"].map(|name| item.get(name).and_then(|value| value.as_s().ok()).cloned())
    };
    let texts = |texts: [&str; 3]| texts.map(|text| Some(text.to_owned()));
    Label::builder().label_id("new").name("ann").build().unwrap().save(&db).await.unwrap();
    let mut label = Label::get(&db, "new").await.unwrap();
    assert_eq!(label.name, "ANN");
    let stale = label.update(&db, Label::A.place.set("desk")).await.unwrap_err();
    if Engine::current().returns_existing() {
        assert!(matches!(stale, Error::StaleIndexKey { .. }), "{stale:?}");
    }
    assert_eq!(stored("new").await, texts(["ann", "none", "ann/none"]));
    label.update(&db, (Label::A.place.set("desk"), Label::A.name.set("bob"))).await.unwrap();
    assert_eq!(stored("new").await, texts(["bob", "desk", "bob/desk"]));

    if !Engine::current().returns_existing() {
        return;
    }
    put::<Label>(&db, &json!({ "label_id": {"S": "old"}, "title": {"S": "ann"} })).await;
    assert_eq!(Label::increment_prints(&db, "old", 1).await.unwrap(), 1);
    assert_eq!(stored("old").await[0].as_deref(), Some("ann"));
}
