//! What requests of the SDK reach, and the capacity that they ask for.

use super::payload::SdkRequest;
use super::response::Response;
use aws_sdk_dynamodb::operation::batch_get_item::BatchGetItemOutput;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::BatchWriteItemOutput;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
use aws_sdk_dynamodb::operation::delete_item::DeleteItemOutput;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::get_item::GetItemOutput;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::PutItemOutput;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::QueryOutput;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::ScanOutput;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::operation::search_vectors::SearchVectorsOutput;
use aws_sdk_dynamodb::operation::search_vectors::builders::SearchVectorsFluentBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::TransactGetItemsOutput;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsOutput;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::UpdateItemOutput;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{KeysAndAttributes, ReturnConsumedCapacity, TransactWriteItem};
use std::collections::BTreeSet;

/// What a request reaches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// The names of its tables, without repetitions.
    pub(crate) tables: Vec<String>,
    pub(crate) index: Option<String>,
    /// The number of items that a batch or a transaction reads, writes or checks.
    pub(crate) batch_size: Option<usize>,
}

/// A request that can be watched.
pub(crate) trait Watchable: SdkRequest + Sized {
    /// DynamoDB's name of the operation.
    const OPERATION: &'static str;

    type Response: Response;

    fn reach(&self) -> Reach;

    /// The same request, which asks for the consumed capacity.
    fn returning_capacity(self) -> Self;
}

impl Reach {
    fn of_table(table: &Option<String>, index: Option<&String>) -> Self {
        Self { tables: table.iter().cloned().collect(), index: index.cloned(), batch_size: None }
    }

    /// The reach of a batch or a transaction: its tables, each with a number of its items.
    fn of_tables<'t>(tables: impl Iterator<Item = (&'t str, usize)>) -> Self {
        let (mut names, mut size) = (BTreeSet::new(), 0);
        for (table, items) in tables {
            names.insert(table);
            size += items;
        }
        Self { tables: names.into_iter().map(str::to_owned).collect(), index: None, batch_size: Some(size) }
    }

    /// The first of the tables.
    pub(super) fn table(&self) -> &str {
        self.tables.first().map_or("", String::as_str)
    }

    pub(super) fn only_table(&self) -> Option<&str> {
        Some(self.table()).filter(|_| self.tables.len() == 1)
    }

    pub(super) fn several_tables(&self) -> Option<&[String]> {
        Some(self.tables.as_slice()).filter(|tables| tables.len() > 1)
    }
}

/// The table of an action of a transaction.
fn table_of(action: &TransactWriteItem) -> Option<&str> {
    let put = || Some(action.put()?.table_name());
    let update = || Some(action.update()?.table_name());
    let delete = || Some(action.delete()?.table_name());
    put().or_else(update).or_else(delete).or_else(|| Some(action.condition_check()?.table_name()))
}

macro_rules! watchable {
    ($builder:ident, $response:ident, $operation:literal, $reach:expr) => {
        impl Watchable for $builder {
            const OPERATION: &'static str = $operation;

            type Response = $response;

            fn reach(&self) -> Reach {
                let reach: fn(&Self) -> Reach = $reach;
                reach(self)
            }

            fn returning_capacity(self) -> Self {
                self.return_consumed_capacity(ReturnConsumedCapacity::Indexes)
            }
        }
    };
}

watchable!(GetItemFluentBuilder, GetItemOutput, "GetItem", |request| Reach::of_table(request.get_table_name(), None));
watchable!(PutItemFluentBuilder, PutItemOutput, "PutItem", |request| Reach::of_table(request.get_table_name(), None));
watchable!(UpdateItemFluentBuilder, UpdateItemOutput, "UpdateItem", |request| Reach::of_table(
    request.get_table_name(),
    None
));
watchable!(DeleteItemFluentBuilder, DeleteItemOutput, "DeleteItem", |request| Reach::of_table(
    request.get_table_name(),
    None
));
watchable!(QueryFluentBuilder, QueryOutput, "Query", |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(ScanFluentBuilder, ScanOutput, "Scan", |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(SearchVectorsFluentBuilder, SearchVectorsOutput, "SearchVectors", |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(BatchGetItemFluentBuilder, BatchGetItemOutput, "BatchGetItem", |request| {
    let tables = request.get_request_items().iter().flatten();
    Reach::of_tables(tables.map(|(table, of): (_, &KeysAndAttributes)| (table.as_str(), of.keys().len())))
});
watchable!(BatchWriteItemFluentBuilder, BatchWriteItemOutput, "BatchWriteItem", |request| {
    let tables = request.get_request_items().iter().flatten();
    Reach::of_tables(tables.map(|(table, writes)| (table.as_str(), writes.len())))
});
watchable!(TransactGetItemsFluentBuilder, TransactGetItemsOutput, "TransactGetItems", |request| {
    let items = request.get_transact_items().iter().flatten();
    Reach::of_tables(items.filter_map(|item| Some((item.get()?.table_name(), 1))))
});
watchable!(TransactWriteItemsFluentBuilder, TransactWriteItemsOutput, "TransactWriteItems", |request| {
    let actions = request.get_transact_items().iter().flatten();
    Reach::of_tables(actions.filter_map(|action| Some((table_of(action)?, 1))))
});
