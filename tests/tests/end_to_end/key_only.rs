//! Fields that items do not store, since the key of the table has them.

use crate::engine::{Engine, db, table_name};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::codec::{ReadErrorKind, read_model, write_model};
use dyntastic::prelude::*;
use dyntastic::uuid::Uuid;
use dyntastic::{Client, Error};
use dyntastic_tests::key_only::{ArchiveItem, Document, DocumentGsi1, Folder, Note, Organisation};
use std::collections::HashMap;

const ORG: Uuid = Uuid::from_u128(7);

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn document(seconds: i64, number: i32, slug: &str) -> Document {
    Document::builder().org(ORG).at(at(seconds)).number(number).slug(slug).title("t").build().unwrap()
}

fn note(text: &str) -> Note {
    Note::builder().name("n").text(text).build().unwrap()
}

/// The stored item of a document.
async fn stored(db: &Client, of: &Document) -> HashMap<String, AttributeValue> {
    let item = write_model(of).unwrap();
    let get = db.sdk().get_item().table_name(table_name::<Document>(db)).consistent_read(true);
    let get = get.key("pk", item["pk"].clone()).key("sk", item["sk"].clone());
    get.send().await.unwrap().item.unwrap()
}

fn names(item: &HashMap<String, AttributeValue>) -> Vec<&str> {
    let mut names: Vec<&str> = item.keys().map(String::as_str).collect();
    names.sort_unstable();
    names
}

const STORED: [&str; 8] = ["gsi1pk", "gsi1sk", "kind", "pk", "sk", "state", "title", "version"];

#[tokio::test]
async fn no_write_stores_the_field_and_every_read_has_it() {
    let db = db().await;
    let mut saved = document(-5, -3, "UPPER");
    saved.save(&db).await.unwrap();
    assert_eq!(names(&stored(&db, &saved).await), STORED);
    assert_eq!(saved.slug, "upper");
    let key = (ORG, at(-5), -3, "upper");
    assert_eq!(Document::get(&db, key).consistent_read().await.unwrap(), saved);

    saved.update(&db, Document::A.state.set("done")).await.unwrap();
    assert_eq!(names(&stored(&db, &saved).await), STORED);
    assert_eq!(stored(&db, &saved).await["gsi1pk"], AttributeValue::S("STATE#done".to_owned()));
    let by_key = Document::update_by_key(&db, key, Document::A.state.set("sent")).await.unwrap();
    assert_eq!((by_key.slug.as_str(), by_key.number, by_key.state.as_str()), ("upper", -3, "sent"));
    assert_eq!(stored(&db, &saved).await["gsi1sk"], write_model(&saved).unwrap()["gsi1sk"]);

    let fresh = (ORG, at(9), 1, "fresh");
    Document::update_by_key(&db, fresh, Document::A.title.set("made")).upsert().await.unwrap();
    let made = Document::get(&db, fresh).consistent_read().await.unwrap();
    assert_eq!((made.at, made.title.as_str()), (at(9), "made"));
    assert_eq!(names(&stored(&db, &made).await), STORED);

    let batch = [note("a"), note("b")];
    db.batch_write().put_all(&batch).await.unwrap();
    let mut found = Note::batch_get(&db, [("n", "a"), ("n", "b")]).consistent_read().await.unwrap();
    found.sort_by(|one, other| one.text.cmp(&other.text));
    assert_eq!(found, batch);
    if Engine::current().has_transactions() {
        let folder = Folder::builder().org(ORG).title("f").build().unwrap();
        db.transaction().insert(&folder).insert(&mut document(1, 1, "tx")).await.unwrap();
        assert_eq!(names(&stored(&db, &document(1, 1, "tx")).await), STORED);
        let (found, other) = db.transact_get((Folder::key(ORG), Document::key((ORG, at(1), 1, "tx")))).await.unwrap();
        assert_eq!(found, Some(folder));
        assert_eq!(other.unwrap().slug, "tx");
    }
    assert!(matches!(document(9, 1, "fresh").insert(&db).await, Err(Error::AlreadyExists(_))));
    Document::delete_by_key(&db, key).await.unwrap();
    assert!(Document::find(&db, key).await.unwrap().is_none());
}

#[tokio::test]
async fn queries_compare_it_in_the_key() {
    let db = db().await;
    for (seconds, number, slug) in [(-5, 1, "a"), (7, -1, "a"), (7, 1, "a"), (7, 1, "ab"), (7, 1, "b"), (8, 1, "c")] {
        document(seconds, number, slug).save(&db).await.unwrap();
    }
    let found = |query: dyntastic::ops::Query<Document>| async {
        let found = query.consistent_read().all().await.unwrap();
        found.iter().map(|of| format!("{} {} {}", of.at.timestamp(), of.number, of.slug)).collect::<Vec<_>>().join(", ")
    };
    let all = || Document::query(&db, ORG);
    let (of_at, number, slug) = (Document::A.at, Document::A.number, Document::A.slug);
    assert_eq!(found(Document::since(&db, ORG, at(8))).await, "8 1 c");
    assert_eq!(found(Document::before(&db, ORG, at(7))).await, "-5 1 a");
    assert_eq!(found(all().range((of_at.eq(at(7)), number.le(-1)))).await, "7 -1 a");
    assert_eq!(found(all().range((of_at.eq(at(7)), number.eq(1), slug.lt("ab")))).await, "7 1 a");
    assert_eq!(found(all().range((of_at.eq(at(7)), number.eq(1), slug.lt("b")))).await, "7 1 a, 7 1 ab");
    assert_eq!(found(all().range((of_at.eq(at(7)), number.eq(1), slug.gt("a")))).await, "7 1 ab, 7 1 b");
    assert_eq!(found(all().range((of_at.eq(at(7)), number.eq(1), slug.begins_with("a")))).await, "7 1 a, 7 1 ab");
    assert_eq!(found(all().filter(Document::A.title.eq("t")).descending().limit(1)).await, "8 1 c");

    let in_index =
        Document::query_gsi1(&db, "draft").range((DocumentGsi1::A.number.eq(1), DocumentGsi1::A.at.lt(at(7))));
    let in_index = in_index.all().await.unwrap();
    assert_eq!(in_index.len(), 1);
    assert_eq!((in_index[0].org, in_index[0].at, in_index[0].slug.as_str()), (ORG, at(-5), "a"));

    Folder::builder().org(ORG).title("f").build().unwrap().save(&db).await.unwrap();
    let organisation = Organisation::query(&db, ORG).consistent_read().await.unwrap();
    assert_eq!(organisation.folder.unwrap().org, ORG);
    assert_eq!(organisation.documents.len(), 6);
    let of_enum = ArchiveItem::scan(&db).all().await.unwrap();
    assert!(of_enum.iter().any(|item| matches!(item, ArchiveItem::Document(of) if of.slug == "ab")));
}

#[tokio::test]
async fn texts_before_another_one_are_found_whatever_follows_them() {
    let db = db().await;
    let long = "b".repeat(1023);
    let longest = "b".repeat(1024);
    let texts =
        ["a", "a\u{10FFFE}", "ab", "b", "b ", "b\u{D7FF}", "b\u{E000}", "b\u{E001}", "bc", &long, &longest, "c"];
    for text in texts {
        note(text).save(&db).await.unwrap();
    }
    for bound in texts {
        let found = Note::query(&db, "n").range(Note::A.text.lt(bound)).consistent_read().all().await.unwrap();
        let mut expected: Vec<&str> = texts.iter().copied().filter(|text| *text < bound).collect();
        expected.sort_unstable();
        assert_eq!(found.iter().map(|note| note.text.as_str()).collect::<Vec<_>>(), expected, "{bound:?}");
        let found = Note::query(&db, "n").range(Note::A.text.gt(bound)).consistent_read().count().await.unwrap();
        assert_eq!(found, texts.iter().filter(|text| **text > bound).count() as u64, "{bound:?}");
    }
}

#[tokio::test]
async fn an_attribute_that_another_writer_stores_is_no_value_and_is_not_kept() {
    let db = db().await;
    let mut written = document(1, 1, "a");
    written.save(&db).await.unwrap();
    let mut item = write_model(&written).unwrap();
    item.insert("org".to_owned(), AttributeValue::S("no uuid".to_owned()));
    item.insert("other".to_owned(), AttributeValue::Bool(true));
    db.sdk().put_item().table_name(table_name::<Document>(&db)).set_item(Some(item)).send().await.unwrap();
    written = Document::get(&db, (ORG, at(1), 1, "a")).consistent_read().await.unwrap();
    assert_eq!(written.org, ORG);
    written.save(&db).await.unwrap();
    let stored = stored(&db, &written).await;
    assert!(!stored.contains_key("org") && stored.contains_key("other"));
}

#[test]
fn a_key_that_is_none_of_the_model_is_an_error() {
    let item = write_model(&document(1, 1, "a")).unwrap();
    let with = |name: &str, text: &str| {
        let mut item = item.clone();
        item.insert(name.to_owned(), AttributeValue::S(text.to_owned()));
        read_model::<Document>(item).unwrap_err().to_string()
    };
    assert_eq!(
        with("sk", "DOC#1#1#a"),
        "Document.sk: the stored key `DOC#1#1#a` does not have the form `DOC#{at}#{number}#{slug_of_document}`, from which \
         the model reads fields"
    );
    let upper = "ORG#00000000-0000-0000-0000-00000000000A";
    assert!(with("pk", upper).contains(&upper.to_lowercase()[3..]), "{}", with("pk", upper));
    assert_eq!(with("pk", "ORG#x"), "Document.org: expected a uuid: the text has another form");
    let mut without = item.clone();
    without.remove("sk");
    assert_eq!(*read_model::<Document>(without).unwrap_err().kind(), ReadErrorKind::Missing);
    let mut of_note = write_model(&note("x")).unwrap();
    of_note.insert("pk".to_owned(), AttributeValue::S("secret".to_owned()));
    assert!(!read_model::<Note>(of_note).unwrap_err().to_string().contains("secret"));
}
