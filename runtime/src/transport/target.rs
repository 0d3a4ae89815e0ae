//! The targets of operations.

use super::limits::TableLimits;
use crate::codec::Codec;
use crate::description::Table;
use crate::keys::Keys;
use crate::observe::SharedObserver;
use aws_sdk_dynamodb as sdk;

/// The region and the host of a table that has its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) region: Option<String>,
    pub(crate) host: Option<String>,
}

/// The SDK client and the table of a model's operations.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) sdk: sdk::Client,
    pub(crate) model: &'static str,
    /// The table's name in DynamoDB.
    pub(crate) table: String,
    pub(crate) description: Table,
    pub(crate) place: Place,
    pub(crate) codec: Codec,
    /// The keys of encrypted attributes.
    pub(crate) keys: Option<Keys>,
    pub(super) observer: Option<SharedObserver>,
    /// The limits of the client's tables.
    pub(super) limits: TableLimits,
}
