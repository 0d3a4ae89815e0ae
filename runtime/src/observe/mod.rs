//! What requests consume, why they are throttled, and who watches them.
//!
//! ```no_run
//! # use dyntastic::Client;
//! # use dyntastic::prelude::*;
//! # use example_models::*;
//! # async fn example(db: Client) -> dyntastic::Result<()> {
//! let (user, used) = User::get(&db, "user123").with_capacity().await?;
//! println!("{} read units, {} of them of the table itself", used.read_units(), used.table("users").own().total());
//! # Ok(())
//! # }
//! ```
//!
//! # Spans
//!
//! Each request on items has a span of the crate `tracing` with the name `dyntastic`, on the level INFO. Its fields
//! have OpenTelemetry's names for databases; `tracing-opentelemetry` makes them attributes. While a subscriber takes
//! the spans, requests ask DynamoDB for the consumed capacity; the filter `dyntastic=warn` turns both off.
//!
//! | field | value |
//! |---|---|
//! | `otel.name`, `otel.kind`, `otel.status_code` | the operation with its table, `client`, and `ERROR` after an error |
//! | `db.system.name`, `cloud.region` | `aws.dynamodb`; the region |
//! | `db.operation.name`, `db.operation.batch.size` | DynamoDB's operation; the number of items of a batch or a transaction |
//! | `db.collection.name`, `aws.dynamodb.table_names` | the table; the tables, if there are several |
//! | `aws.dynamodb.index_name` | the index that is read |
//! | `dyntastic.model` | the model; that of the first item, if there are several |
//! | `dyntastic.attempts`, `dyntastic.throttling` | the number of attempts; why attempts were throttled |
//! | `aws.dynamodb.consumed_capacity`, `dyntastic.capacity_units` | the consumed capacity by table and index, as JSON; its sum |
//! | `db.response.returned_rows`, `aws.dynamodb.count`, `aws.dynamodb.scanned_count` | the number of items in the response; of a query or scan, also that of the read items |
//! | `aws.request_id` | the id of the request, which AWS support asks for |
//! | `db.response.status_code`, `error.type` | the code of an error; its kind ([`ObservedRequest::error`]) |
//!
//! Spans, observers and errors have no keys and no values of items.

mod capacity;
mod meter;
#[cfg(feature = "metrics")]
mod metrics;
mod observer;
mod throttling;

pub use self::capacity::{Capacity, TableCapacity, Units, VectorBytes};
pub use self::meter::{Metered, WithCapacity};
#[cfg(feature = "metrics")]
pub use self::metrics::Metrics;
pub use self::observer::{ObservedRequest, Observer};
pub use self::throttling::{Access, Limit, Throttling};

pub(crate) use self::meter::{Meter, meters};
pub(crate) use self::observer::SharedObserver;
pub(crate) use self::throttling::{is_canceled, is_throttled};
