//! The spans of requests, with OpenTelemetry's names for databases.

use super::request::Reach;
use super::target::Target;
use crate::observe::ObservedRequest;
use aws_sdk_dynamodb::types::{Capacity, ConsumedCapacity};
use std::cell::OnceCell;
use std::collections::HashMap;
use std::fmt::Write;
use tracing::{Span, field};

impl Target {
    /// The span of an operation on this target. It has no keys and no values.
    pub(crate) fn span(&self, operation: &'static str) -> Span {
        let once = OnceCell::new();
        self.span_of(operation, || once.get_or_init(|| Reach { tables: vec![self.table.clone()], ..Reach::default() }))
    }

    /// The span of a request. `reach` is called if the span is enabled.
    pub(super) fn span_of<'r>(&self, operation: &'static str, reach: impl Fn() -> &'r Reach) -> Span {
        let name = || match reach().only_table() {
            Some(table) => format!("{operation} {table}"),
            None => operation.to_owned(),
        };
        tracing::info_span!(
            "dyntastic",
            otel.name = name(),
            otel.kind = "client",
            otel.status_code = field::Empty,
            db.system.name = "aws.dynamodb",
            db.operation.name = operation,
            db.operation.batch.size = reach().batch_size,
            db.collection.name = reach().only_table(),
            cloud.region = self.sdk.config().region().map(AsRef::<str>::as_ref),
            aws.dynamodb.table_names = reach().several_tables().map(field::debug),
            aws.dynamodb.index_name = reach().index,
            aws.dynamodb.consumed_capacity = field::Empty,
            aws.dynamodb.count = field::Empty,
            aws.dynamodb.scanned_count = field::Empty,
            aws.request_id = field::Empty,
            db.response.returned_rows = field::Empty,
            db.response.status_code = field::Empty,
            "error.type" = field::Empty,
            dyntastic.model = self.model,
            dyntastic.attempts = field::Empty,
            dyntastic.throttling = field::Empty,
            dyntastic.capacity_units = field::Empty,
        )
    }
}

/// Records the end of a request in its span.
pub(super) fn record(
    span: &Span,
    request: &ObservedRequest<'_>,
    consumed: &[ConsumedCapacity],
    request_id: Option<&str>,
    code: Option<&str>,
) {
    span.record("dyntastic.attempts", request.attempts());
    span.record("aws.request_id", request_id);
    if !consumed.is_empty() {
        span.record("aws.dynamodb.consumed_capacity", consumed_json(consumed));
        span.record("dyntastic.capacity_units", request.capacity().total());
    }
    span.record("db.response.returned_rows", request.returned());
    if let Some(scanned) = request.scanned() {
        span.record("aws.dynamodb.count", request.returned());
        span.record("aws.dynamodb.scanned_count", scanned);
    }
    if !request.throttling().is_empty() {
        let reasons: Vec<String> = request.throttling().iter().map(ToString::to_string).collect();
        span.record("dyntastic.throttling", reasons.join("; "));
    }
    if let Some(error) = request.error() {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error);
        span.record("db.response.status_code", code);
    }
}

/// The capacity of each table as DynamoDB's JSON. The names of tables and indexes need no escapes.
fn consumed_json(all: &[ConsumedCapacity]) -> String {
    let mut json = String::from("[");
    for (position, consumed) in all.iter().enumerate() {
        json.push_str(if position == 0 { "{" } else { ",{" });
        let table = consumed.table_name().unwrap_or_default();
        let _ = write!(json, "\"TableName\":\"{table}\",\"CapacityUnits\":{}", units(consumed.capacity_units()));
        if let Some(own) = consumed.table() {
            let _ = write!(json, ",\"Table\":{}", capacity_json(own));
        }
        push_indexes(&mut json, "GlobalSecondaryIndexes", consumed.global_secondary_indexes());
        push_indexes(&mut json, "LocalSecondaryIndexes", consumed.local_secondary_indexes());
        json.push('}');
    }
    json.push(']');
    json
}

fn push_indexes(json: &mut String, name: &str, indexes: Option<&HashMap<String, Capacity>>) {
    let Some(indexes) = indexes.filter(|indexes| !indexes.is_empty()) else { return };
    let indexes: Vec<String> =
        indexes.iter().map(|(index, capacity)| format!("\"{index}\":{}", capacity_json(capacity))).collect();
    let _ = write!(json, ",\"{name}\":{{{}}}", indexes.join(","));
}

fn capacity_json(of: &Capacity) -> String {
    format!("{{\"CapacityUnits\":{}}}", units(of.capacity_units()))
}

fn units(of: Option<f64>) -> f64 {
    of.unwrap_or_default()
}
