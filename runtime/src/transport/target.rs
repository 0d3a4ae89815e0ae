//! Where an operation goes.

use crate::codec::Codec;
use crate::description::Table;
use aws_sdk_dynamodb as sdk;

/// A region and a host of a table's own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub(crate) region: Option<String>,
    pub(crate) host: Option<String>,
}

/// A model's table as an operation reaches it.
#[derive(Debug, Clone)]
pub(crate) struct Target {
    pub(crate) sdk: sdk::Client,
    pub(crate) model: &'static str,
    /// The table's name, as DynamoDB knows it.
    pub(crate) table: String,
    pub(crate) description: Table,
    pub(crate) place: Place,
    pub(crate) codec: Codec,
}
