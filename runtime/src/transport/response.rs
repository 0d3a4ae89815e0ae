//! What responses of the SDK say about the work that DynamoDB did.

use super::request::Reach;
use crate::observe::{Access, Capacity};
use aws_sdk_dynamodb::operation::RequestId;
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

/// A response to a request that can be watched.
pub(crate) trait Response: RequestId {
    const ACCESS: Access;

    /// The consumed capacity of each table.
    fn consumed(&self) -> &[ConsumedCapacity];

    fn capacity(&self, reach: &Reach) -> Capacity {
        let mut capacity = Capacity::default();
        for consumed in self.consumed() {
            capacity.add(consumed, Self::ACCESS, reach.table());
        }
        capacity
    }

    /// The number of items, without those that went past the SDK; `None` for writes.
    fn returned(&self) -> Option<usize>;

    /// The number of items that a query or scan found and that it read.
    fn counts(&self) -> Option<(i32, i32)> {
        None
    }

    /// The tables of which DynamoDB throttled a part of a batch of writes. Reads may also be left because the response
    /// is full.
    fn throttled(&self) -> Vec<&str> {
        Vec::new()
    }
}

impl Response for GetItemOutput {
    const ACCESS: Access = Access::Read;

    fn consumed(&self) -> &[ConsumedCapacity] {
        self.consumed_capacity().map_or(&[], slice::from_ref)
    }

    fn returned(&self) -> Option<usize> {
        Some(self.item().map_or(0, |_| 1))
    }
}

macro_rules! pages {
    ($($response:ty)*) => {$(
        impl Response for $response {
            const ACCESS: Access = Access::Read;

            fn consumed(&self) -> &[ConsumedCapacity] {
                self.consumed_capacity().map_or(&[], slice::from_ref)
            }

            fn returned(&self) -> Option<usize> {
                Some(self.items().len())
            }

            fn counts(&self) -> Option<(i32, i32)> {
                Some((self.count(), self.scanned_count()))
            }
        }
    )*};
}

pages! { QueryOutput ScanOutput }

macro_rules! writes {
    ($($response:ty, |$of:ident| $consumed:expr;)*) => {$(
        impl Response for $response {
            const ACCESS: Access = Access::Write;

            fn consumed(&self) -> &[ConsumedCapacity] {
                let $of = self;
                $consumed
            }

            fn returned(&self) -> Option<usize> {
                None
            }
        }
    )*};
}

writes! {
    PutItemOutput, |of| of.consumed_capacity().map_or(&[], slice::from_ref);
    UpdateItemOutput, |of| of.consumed_capacity().map_or(&[], slice::from_ref);
    DeleteItemOutput, |of| of.consumed_capacity().map_or(&[], slice::from_ref);
    TransactWriteItemsOutput, |of| of.consumed_capacity();
}

impl Response for BatchWriteItemOutput {
    const ACCESS: Access = Access::Write;

    fn consumed(&self) -> &[ConsumedCapacity] {
        self.consumed_capacity()
    }

    fn returned(&self) -> Option<usize> {
        None
    }

    fn throttled(&self) -> Vec<&str> {
        self.unprocessed_items().into_iter().flatten().map(|(table, _)| table.as_str()).collect()
    }
}

impl Response for BatchGetItemOutput {
    const ACCESS: Access = Access::Read;

    fn consumed(&self) -> &[ConsumedCapacity] {
        self.consumed_capacity()
    }

    fn returned(&self) -> Option<usize> {
        Some(self.responses().into_iter().flatten().map(|(_, items)| items.len()).sum())
    }
}

impl Response for TransactGetItemsOutput {
    const ACCESS: Access = Access::Read;

    fn consumed(&self) -> &[ConsumedCapacity] {
        self.consumed_capacity()
    }

    fn returned(&self) -> Option<usize> {
        Some(self.responses().iter().filter(|response| response.item().is_some()).count())
    }
}

impl Response for SearchVectorsOutput {
    const ACCESS: Access = Access::Read;

    fn consumed(&self) -> &[ConsumedCapacity] {
        &[]
    }

    fn capacity(&self, reach: &Reach) -> Capacity {
        let mut capacity = Capacity::default();
        if let (Some(consumed), Some(index)) = (self.consumed_capacity(), &reach.index) {
            capacity.add_search(consumed, reach.table(), index);
        }
        capacity
    }

    fn returned(&self) -> Option<usize> {
        Some(self.search_results().len())
    }
}
