//! Requests of the SDK: their targets, their payloads, their retries and their fate.

mod attempts;
pub(crate) mod backoff;
mod call;
mod checksum;
mod client;
mod client_builder;
mod creation;
mod decoder;
mod embedded;
mod encoder;
mod environment;
mod error;
mod limits;
mod operation;
mod payload;
mod request;
mod response;
mod service_error;
mod span;
mod target;

pub(crate) use attempts::{Fate, WriteError};
pub(crate) use call::{Call, send, send_write};
pub use client::Client;
pub use client_builder::ClientBuilder;
pub(crate) use decoder::{Decoder, response_item, response_items, response_items_of_tables};
#[cfg(feature = "local")]
pub(crate) use embedded::Embedded;
pub(crate) use encoder::Encoder;
pub use error::ConfigError;
pub(crate) use operation::Operation;
pub(crate) use payload::SerdeOverride;
pub use service_error::ServiceError;
pub(crate) use target::{Place, Target};
