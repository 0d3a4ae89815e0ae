//! The metrics of requests, for the crate `metrics`.

use crate::between::Between;
use crate::engine::{Engine, table_name};
use dyntastic::observe::Metrics;
use dyntastic::prelude::*;
use dyntastic_tests::queries::Entry;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};

/// The recorded metrics as lines, in the order of their names and labels.
fn lines(snapshotter: &Snapshotter) -> Vec<String> {
    let line = |(key, _, _, value): (metrics_util::CompositeKey, _, _, DebugValue)| {
        let (_, key) = key.into_parts();
        let labels: Vec<String> =
            key.labels().skip(1).map(|label| format!("{}={}", label.key(), label.value())).collect();
        let value = match value {
            DebugValue::Histogram(_) if key.name().ends_with("duration") => "measured".to_owned(),
            DebugValue::Histogram(values) => format!("{:?}", values.iter().map(|value| value.0).collect::<Vec<f64>>()),
            other => format!("{other:?}"),
        };
        format!("{} {} {value}", key.name(), labels.join(","))
    };
    let mut lines: Vec<String> = snapshotter.snapshot().into_vec().into_iter().map(line).collect();
    lines.sort();
    lines
}

#[tokio::test]
async fn metrics_have_opentelemetrys_names() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (db, _) = Between::client(0, |builder| builder.observer(Metrics::new())).await;
    let table = table_name::<Entry>(&db);
    Entry::create_table(&db).await.unwrap();
    let entry = Entry::builder().book("b").number(1_u32).note("n").build().unwrap();
    entry.insert(&db).await.unwrap();
    entry.insert(&db).await.unwrap_err();
    Entry::get(&db, ("b", 1)).consistent_read().await.unwrap();
    Entry::query_by_note(&db, "n").all().await.unwrap();

    let of = |operation: &str| format!("db.operation.name={operation},db.collection.name={table}");
    let (put, get, query) = (of("PutItem"), of("GetItem"), of("Query"));
    let index = "aws.dynamodb.index_name=note_length-index";
    let mut expected = vec![
        format!("db.client.operation.duration {get} measured"),
        format!("db.client.operation.duration {put} measured"),
        format!("db.client.operation.duration {put},error.type=ConditionalCheckFailedException measured"),
        format!("db.client.operation.duration {query},{index} measured"),
        format!("db.client.response.returned_rows {get} [1.0]"),
        format!("db.client.response.returned_rows {query},{index} [1.0]"),
        format!("dyntastic.client.read_units {get} [1.0]"),
        format!("dyntastic.client.read_units {query},{index} [0.5]"),
        format!("dyntastic.client.write_units {put} [1.0]"),
        format!("dyntastic.client.write_units {put},{index} [1.0]"),
    ];
    let mut lines = lines(&snapshotter);
    if !Engine::current().reports_indexes() {
        lines.retain(|line| !line.contains("_units"));
        expected.retain(|line| !line.contains("_units"));
    }
    assert_eq!(lines, expected);
}

#[tokio::test]
async fn retries_and_their_reasons_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let (db, between) = Between::client(2, |builder| builder.observer(Metrics::new())).await;
    Entry::create_table(&db).await.unwrap();
    between.take();
    for _ in 0..6 {
        Entry::find(&db, ("b", 1)).await.unwrap();
    }
    let throttled = between.take().throttled;
    let lines = lines(&snapshotter);
    let counters: Vec<&String> = lines.iter().filter(|line| line.contains("Counter")).collect();
    let of_get = format!("db.operation.name=GetItem,db.collection.name={}", table_name::<Entry>(&db));
    let of_index = "db.operation.name=GetItem,db.collection.name=hot,aws.dynamodb.index_name=by_heat,\
                    dyntastic.throttling.reason=IndexWriteKeyRangeThroughputExceeded";
    let expected = [
        format!("dyntastic.client.retries {of_get} Counter({throttled})"),
        format!("dyntastic.client.throttled {of_index} Counter({throttled})"),
    ];
    assert_eq!(counters, expected.iter().collect::<Vec<_>>());
}
