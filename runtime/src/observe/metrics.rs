//! Metrics for the crate `metrics`.

use super::capacity::Units;
use super::observer::{ObservedRequest, Observer};
use metrics::{Label, Unit, counter, describe_counter, describe_histogram, histogram};

/// An [`Observer`] that records each request with the crate [`metrics`](::metrics), under OpenTelemetry's names where
/// it has any.
///
/// ```no_run
/// # use dyntastic::Client;
/// use dyntastic::observe::Metrics;
/// # async fn example() -> dyntastic::Result<()> {
/// let db = Client::builder().observer(Metrics::new()).from_env().await?;
/// # Ok(())
/// # }
/// ```
///
/// | metric | kind | labels beside those of every metric |
/// |---|---|---|
/// | `db.client.operation.duration` | histogram of seconds | `aws.dynamodb.index_name`, `error.type` |
/// | `db.client.response.returned_rows` | histogram of items | `aws.dynamodb.index_name` |
/// | `dyntastic.client.retries` | counter of the SDK's retries | |
/// | `dyntastic.client.read_units`, `dyntastic.client.write_units` | histograms of capacity units | `aws.dynamodb.index_name`, of an index |
/// | `dyntastic.client.throttled` | counter of throttled attempts | `aws.dynamodb.index_name`, `dyntastic.throttling.reason` |
///
/// Every metric has the labels `db.system.name`, `db.operation.name` and `db.collection.name`, which is the table.
#[derive(Debug, Clone, Copy)]
pub struct Metrics(());

const DURATION: &str = "db.client.operation.duration";
const RETURNED: &str = "db.client.response.returned_rows";
const RETRIES: &str = "dyntastic.client.retries";
const READ_UNITS: &str = "dyntastic.client.read_units";
const WRITE_UNITS: &str = "dyntastic.client.write_units";
const THROTTLED: &str = "dyntastic.client.throttled";

impl Metrics {
    /// Describes the metrics to the recorder of the app.
    #[expect(clippy::new_without_default, reason = "it has an effect")]
    pub fn new() -> Self {
        describe_histogram!(DURATION, Unit::Seconds, "Duration of requests to DynamoDB, with their retries.");
        describe_histogram!(RETURNED, Unit::Count, "Items in the response to a read.");
        describe_counter!(RETRIES, Unit::Count, "Attempts of requests after the first one.");
        describe_histogram!(READ_UNITS, Unit::Count, "Read capacity units of a table or an index in one request.");
        describe_histogram!(WRITE_UNITS, Unit::Count, "Write capacity units of a table or an index in one request.");
        describe_counter!(THROTTLED, Unit::Count, "Attempts that DynamoDB throttled, by the reason.");
        Self(())
    }
}

impl Observer for Metrics {
    fn observe(&self, request: &ObservedRequest<'_>) {
        let labels = |table: Option<&str>, index: Option<&str>| {
            let mut labels = vec![
                Label::from_static_parts("db.system.name", "aws.dynamodb"),
                Label::from_static_parts("db.operation.name", request.operation()),
            ];
            labels.extend(table.map(|table| Label::new("db.collection.name", table.to_owned())));
            labels.extend(index.map(|index| Label::new("aws.dynamodb.index_name", index.to_owned())));
            labels
        };
        let of_request = || labels(request.table(), request.index());
        let mut of_duration = of_request();
        of_duration.extend(request.error().map(|error| Label::new("error.type", error.to_owned())));
        histogram!(DURATION, of_duration).record(request.duration());
        if let Some(returned) = request.returned() {
            histogram!(RETURNED, of_request()).record(returned as f64);
        }
        if request.attempts() > 1 {
            counter!(RETRIES, labels(request.table(), None)).increment(u64::from(request.attempts() - 1));
        }
        let record = |table: &str, index: Option<&str>, units: Units| {
            for (name, units) in [(READ_UNITS, units.read_units()), (WRITE_UNITS, units.write_units())] {
                if units > 0.0 {
                    histogram!(name, labels(Some(table), index)).record(units);
                }
            }
        };
        for (table, of) in request.capacity().tables() {
            record(table, None, of.own());
            of.indexes().for_each(|(index, units)| record(table, Some(index), units));
        }
        for throttling in request.throttling() {
            let mut labels = labels(throttling.table(), throttling.index());
            labels.push(Label::new("dyntastic.throttling.reason", throttling.reason().to_owned()));
            counter!(THROTTLED, labels).increment(1);
        }
    }
}
