//! The SDK's operations whose items go past the SDK.

use crate::codec::Part;
use aws_sdk_dynamodb::operation as sdk;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_types::config_bag::FrozenLayer;
use std::sync::OnceLock;

/// An operation with items in its requests or responses.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Operation {
    GetItem,
    Query,
    Scan,
    UpdateItem,
    DeleteItem,
    BatchGetItem,
    TransactGetItems,
    PutItem,
    BatchWriteItem,
    TransactWriteItems,
}

impl Operation {
    /// The part of the response that holds items; `None` for operations that only write.
    pub(crate) fn part(self) -> Option<Part> {
        match self {
            Operation::GetItem => Some(Part::Item),
            Operation::Query | Operation::Scan => Some(Part::Items),
            Operation::UpdateItem | Operation::DeleteItem => Some(Part::Attributes),
            Operation::BatchGetItem => Some(Part::Responses),
            Operation::TransactGetItems => Some(Part::Transacted),
            Operation::PutItem | Operation::BatchWriteItem | Operation::TransactWriteItems => None,
        }
    }

    /// The SDK's configuration of the operation, which holds its serializer and its deserializer.
    pub(crate) fn config(self) -> Option<&'static FrozenLayer> {
        macro_rules! layer {
            ($operation:expr) => {{
                static LAYER: OnceLock<Option<FrozenLayer>> = OnceLock::new();
                LAYER.get_or_init(|| $operation.config()).as_ref()
            }};
        }
        match self {
            Operation::GetItem => layer!(sdk::get_item::GetItem::new()),
            Operation::Query => layer!(sdk::query::Query::new()),
            Operation::Scan => layer!(sdk::scan::Scan::new()),
            Operation::UpdateItem => layer!(sdk::update_item::UpdateItem::new()),
            Operation::DeleteItem => layer!(sdk::delete_item::DeleteItem::new()),
            Operation::BatchGetItem => layer!(sdk::batch_get_item::BatchGetItem::new()),
            Operation::TransactGetItems => layer!(sdk::transact_get_items::TransactGetItems::new()),
            Operation::PutItem => layer!(sdk::put_item::PutItem::new()),
            Operation::BatchWriteItem => layer!(sdk::batch_write_item::BatchWriteItem::new()),
            Operation::TransactWriteItems => layer!(sdk::transact_write_items::TransactWriteItems::new()),
        }
    }
}
