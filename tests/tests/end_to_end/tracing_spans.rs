//! What requests tell `tracing`, by OpenTelemetry's names, and never keys or values.

use crate::all_operations::{self, NUMBER, SECRET};
use crate::between::Between;
use crate::engine::{Engine, db, table_name};
use dyntastic::prelude::*;
use dyntastic_tests::queries::Entry;
use dyntastic_tests::tables::SharesPlain;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::{Debug, Write};
use std::sync::Once;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::{self, Interest};
use tracing::{Event, Metadata, Subscriber};

thread_local! {
    static RECORDED: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Writes down every span and event of this crate that the thread of a [`Recording`] makes.
///
/// It is the process's only subscriber: with one for each test, a place in the code that another test's thread reaches
/// first may be taken for one that nobody listens to.
struct Recorder;

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Recorder {
    fn record(&self, metadata: &Metadata<'_>, visit: impl FnOnce(&mut Line<'_>)) {
        append(|text| {
            write!(text, "{} {}", metadata.level(), metadata.name()).unwrap();
            visit(&mut Line(text));
        });
    }
}

fn append(line: impl FnOnce(&mut String)) {
    RECORDED.with_borrow_mut(|recorded| {
        let text = recorded.as_mut().unwrap();
        line(text);
        text.push('\n');
    });
}

impl Subscriber for Recorder {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if metadata.target().starts_with("dyntastic") { Interest::sometimes() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dyntastic") && RECORDED.with_borrow(Option::is_some)
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.record(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.record(event.metadata(), |line| event.record(line));
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        append(|text| {
            text.push_str("  ");
            values.record(&mut Line(text));
        });
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// What this thread tells `tracing` from now on.
struct Recording;

impl Recording {
    fn start() -> Self {
        static RECORDER: Once = Once::new();
        RECORDER.call_once(|| subscriber::set_global_default(Recorder).unwrap());
        RECORDED.set(Some(String::new()));
        Self
    }

    fn text(&self) -> String {
        RECORDED.with_borrow(|recorded| recorded.clone().unwrap())
    }

    /// What was recorded since the last call.
    fn take(&self) -> String {
        RECORDED.with_borrow_mut(|recorded| std::mem::take(recorded.as_mut().unwrap()))
    }
}

impl Drop for Recording {
    fn drop(&mut self) {
        RECORDED.set(None);
    }
}

#[tokio::test]
async fn spans_name_operation_and_table_and_keep_values_to_themselves() {
    let db = db().await;
    let recording = Recording::start();
    let item = SharesPlain::builder().key("secret key").note("secret note").build().unwrap();
    item.save(&db).await.unwrap();
    SharesPlain::get(&db, "secret key").await.unwrap();
    item.delete(&db).await.unwrap();

    let text = recording.text();
    let table = table_name::<SharesPlain>(&db);
    for operation in ["PutItem", "GetItem", "DeleteItem"] {
        let span = format!("INFO dyntastic otel.name=\"{operation} {table}\" otel.kind=\"client\"");
        assert!(text.contains(&span), "{span} is not in:\n{text}");
        let fields = format!("db.operation.name=\"{operation}\" db.collection.name=\"{table}\"");
        assert!(text.contains(&fields), "{fields} is not in:\n{text}");
    }
    assert!(text.contains("dyntastic.model=\"SharesPlain\""), "{text}");
    assert_eq!(text.matches("WARN").count(), 1, "the creation of the table is told once:\n{text}");
    assert!(text.contains("the table is missing: the first write creates it"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

/// The fields of the spans of an operation, the first value of each.
fn fields(text: &str) -> BTreeMap<&str, &str> {
    let all = text.split_whitespace().filter_map(|field| field.split_once('='));
    all.fold(BTreeMap::new(), |mut fields, (name, value)| {
        fields.entry(name).or_insert(value.trim_matches('"'));
        fields
    })
}

#[tokio::test]
async fn spans_have_opentelemetrys_fields() {
    let db = db().await;
    let table = table_name::<Entry>(&db);
    let entry = |number: u32| Entry::builder().book("b").number(number).note("n").build().unwrap();
    db.batch_write().put_all(&[entry(1), entry(2), entry(3)]).await.unwrap();
    let recording = Recording::start();
    let take = || recording.take();

    Entry::query_by_note(&db, "n").page_size(9).all().await.unwrap();
    let text = take();
    let of_query = fields(&text);
    for (name, value) in [
        ("db.system.name", "aws.dynamodb"),
        ("db.operation.name", "Query"),
        ("db.collection.name", table.as_str()),
        ("cloud.region", "us-east-1"),
        ("aws.dynamodb.index_name", "note_length-index"),
        ("aws.dynamodb.count", "3"),
        ("aws.dynamodb.scanned_count", "3"),
        ("db.response.returned_rows", "3"),
        ("dyntastic.attempts", "1"),
        ("dyntastic.capacity_units", "0.5"),
    ] {
        assert_eq!(of_query.get(name), Some(&value), "{name} in:\n{text}");
    }
    assert!(text.contains(&format!("\\\"TableName\\\":\\\"{table}\\\",\\\"CapacityUnits\\\":0.5")), "{text}");
    assert!(!of_query.contains_key("error.type") && !of_query.contains_key("otel.status_code"), "{text}");

    entry(1).insert(&db).await.unwrap_err();
    let text = take();
    let of_insert = fields(&text);
    for (name, value) in [
        ("otel.status_code", "ERROR"),
        ("error.type", "ConditionalCheckFailedException"),
        ("db.response.status_code", "ConditionalCheckFailedException"),
    ] {
        assert_eq!(of_insert.get(name), Some(&value), "{name} in:\n{text}");
    }

    let other = SharesPlain::builder().key("k").note("n").build().unwrap();
    other.save(&db).await.unwrap();
    take();
    db.batch_write().put(&entry(1)).put(&other).await.unwrap();
    let text = take();
    let of_batch = fields(&text);
    assert_eq!(of_batch.get("db.operation.batch.size"), Some(&"2"), "{text}");
    assert!(!of_batch.contains_key("db.collection.name"), "{text}");
    assert!(text.contains("aws.dynamodb.table_names=[") && text.contains(&table), "{text}");
}

#[tokio::test]
async fn throttled_attempts_are_in_the_span() {
    let (db, between) = Between::client(2, |builder| builder).await;
    Entry::create_table(&db).await.unwrap();
    let recording = Recording::start();
    Entry::find(&db, ("b", 1)).await.unwrap();
    Entry::find(&db, ("b", 1)).await.unwrap();
    assert!(between.take().throttled > 0);
    let text = recording.text();
    assert!(text.contains("dyntastic.attempts=2"), "{text}");
    assert!(text.contains("dyntastic.throttling=\"writes of the index by_heat of the table hot exceed"), "{text}");
}

#[tokio::test]
async fn spans_and_events_of_all_operations_have_no_values() {
    let (db, _) = Between::client(5, |builder| builder).await;
    let recording = Recording::start();
    for operation in all_operations::all(&db) {
        operation.run.await.unwrap_or_else(|error| panic!("{}: {error:?}", operation.name));
    }
    let text = recording.text();
    let spans = if Engine::current().has_transactions() { 60 } else { 40 };
    assert!(text.matches("db.system.name").count() >= spans, "{text}");
    assert!(!text.contains(SECRET) && !text.contains(&NUMBER.to_string()), "{text}");
}

#[tokio::test]
async fn a_writer_that_is_dropped_tells_how_many_writes_are_not_acknowledged() {
    let db = db().await;
    let recording = Recording::start();
    let item = |number: u32| SharesPlain::builder().key(format!("secret {number}")).note("secret").build().unwrap();
    let mut writer = db.batch_writer();
    for number in 0..3 {
        writer.put(&item(number)).await.unwrap();
    }
    // The future of a flush is dropped when it has begun.
    assert!(futures_util::FutureExt::now_or_never(writer.flush()).is_none());
    drop(writer);
    let text = recording.text();
    assert!(text.contains("writes=3"), "{text}");
    assert!(!text.contains("secret"), "{text}");

    let before = text.matches("WARN").count();
    let mut writer = db.batch_writer();
    writer.put(&item(1)).await.unwrap();
    writer.flush().await.unwrap();
    drop(writer);
    let warnings = recording.text().matches("batch writer").count();
    assert_eq!((before, warnings), (1, 1), "nothing is pending after a flush: no warning");
}
