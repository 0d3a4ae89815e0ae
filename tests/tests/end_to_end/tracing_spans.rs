//! What operations tell `tracing`: their names and tables, never keys or values.

use crate::engine::{db, table_name};
use dyntastic::prelude::*;
use dyntastic_tests::tables::SharesPlain;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber, subscriber};

/// Writes down every span and event of this crate.
#[derive(Clone, Default)]
struct Recorder(Arc<Mutex<String>>);

struct Line<'l>(&'l mut String);

impl Visit for Line<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0, " {}={value:?}", field.name()).unwrap();
    }
}

impl Recorder {
    fn record(&self, metadata: &Metadata<'_>, visit: impl FnOnce(&mut Line<'_>)) {
        let mut text = self.0.lock().unwrap();
        write!(text, "{} {}", metadata.level(), metadata.name()).unwrap();
        visit(&mut Line(&mut text));
        text.push('\n');
    }
}

impl Subscriber for Recorder {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("dyntastic")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        self.record(span.metadata(), |line| span.record(line));
        Id::from_u64(1)
    }

    fn event(&self, event: &Event<'_>) {
        self.record(event.metadata(), |line| event.record(line));
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn spans_name_operation_and_table_and_keep_values_to_themselves() {
    let db = db().await;
    let recorder = Recorder::default();
    let _guard = subscriber::set_default(recorder.clone());
    let item = SharesPlain::builder().key("secret key").note("secret note").build().unwrap();
    item.save(&db).await.unwrap();
    SharesPlain::get(&db, "secret key").await.unwrap();
    item.delete(&db).await.unwrap();

    let text = recorder.0.lock().unwrap().clone();
    let table = table_name::<SharesPlain>(&db);
    for operation in ["PutItem", "GetItem", "DeleteItem"] {
        let span = format!("INFO dyntastic operation=\"{operation}\" model=\"SharesPlain\" table=\"{table}\"");
        assert!(text.contains(&span), "{span} is not in:\n{text}");
    }
    assert_eq!(text.matches("WARN").count(), 1, "the creation of the table is told once:\n{text}");
    assert!(text.contains("the table is missing: the first write creates it"), "{text}");
    assert!(!text.contains("secret"), "{text}");
}

#[tokio::test]
async fn a_writer_that_is_dropped_tells_how_many_writes_are_not_acknowledged() {
    let db = db().await;
    let recorder = Recorder::default();
    let _guard = subscriber::set_default(recorder.clone());
    let item = |number: u32| SharesPlain::builder().key(format!("secret {number}")).note("secret").build().unwrap();
    let mut writer = db.batch_writer();
    for number in 0..3 {
        writer.put(&item(number)).await.unwrap();
    }
    // The future of a flush is dropped when it has begun.
    assert!(futures_util::FutureExt::now_or_never(writer.flush()).is_none());
    drop(writer);
    let text = recorder.0.lock().unwrap().clone();
    assert!(text.contains("writes=3"), "{text}");
    assert!(!text.contains("secret"), "{text}");

    let before = text.matches("WARN").count();
    let mut writer = db.batch_writer();
    writer.put(&item(1)).await.unwrap();
    writer.flush().await.unwrap();
    drop(writer);
    let warnings = recorder.0.lock().unwrap().matches("batch writer").count();
    assert_eq!((before, warnings), (1, 1), "nothing is pending after a flush: no warning");
}
