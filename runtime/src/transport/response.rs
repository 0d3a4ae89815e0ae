//! What responses of the SDK say about the work that DynamoDB did.

use super::request::Reach;
use crate::observe::{Access, Capacity};
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_sdk_dynamodb::operation::search_vectors::SearchVectorsOutput;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::slice;

/// A response to a request that was watched.
pub(crate) trait Response {
    /// The consumed capacity.
    fn capacity(&self, reach: &Reach) -> Capacity;
}

fn capacity(all: &[ConsumedCapacity], access: Access, reach: &Reach) -> Capacity {
    let mut capacity = Capacity::default();
    for consumed in all {
        capacity.add(consumed, access, reach.table());
    }
    capacity
}

macro_rules! response {
    ($($output:ty, $access:ident, |$response:ident| $consumed:expr;)*) => {$(
        impl Response for $output {
            fn capacity(&self, reach: &Reach) -> Capacity {
                let $response = self;
                capacity($consumed, Access::$access, reach)
            }
        }
    )*};
}

response! {
    GetItemOutput, Read, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    QueryOutput, Read, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    ScanOutput, Read, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    BatchGetItemOutput, Read, |response| response.consumed_capacity();
    TransactGetItemsOutput, Read, |response| response.consumed_capacity();
    PutItemOutput, Write, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    UpdateItemOutput, Write, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    DeleteItemOutput, Write, |response| response.consumed_capacity().map_or(&[], slice::from_ref);
    BatchWriteItemOutput, Write, |response| response.consumed_capacity();
    TransactWriteItemsOutput, Write, |response| response.consumed_capacity();
}

impl Response for SearchVectorsOutput {
    fn capacity(&self, reach: &Reach) -> Capacity {
        let mut capacity = Capacity::default();
        if let (Some(consumed), Some(index)) = (self.consumed_capacity(), &reach.index) {
            capacity.add_search(consumed, reach.table(), index);
        }
        capacity
    }
}
