//! What requests of the SDK reach, and the capacity that they ask for.

use super::payload::SdkRequest;
use aws_sdk_dynamodb::operation::batch_get_item::builders::BatchGetItemFluentBuilder;
use aws_sdk_dynamodb::operation::batch_write_item::builders::BatchWriteItemFluentBuilder;
use aws_sdk_dynamodb::operation::delete_item::builders::DeleteItemFluentBuilder;
use aws_sdk_dynamodb::operation::get_item::builders::GetItemFluentBuilder;
use aws_sdk_dynamodb::operation::put_item::builders::PutItemFluentBuilder;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use aws_sdk_dynamodb::operation::search_vectors::builders::SearchVectorsFluentBuilder;
use aws_sdk_dynamodb::operation::transact_get_items::builders::TransactGetItemsFluentBuilder;
use aws_sdk_dynamodb::operation::transact_write_items::builders::TransactWriteItemsFluentBuilder;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::types::{ReturnConsumedCapacity, TransactWriteItem};

/// What a request reaches.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reach {
    /// The names of its tables, without repetitions.
    pub(crate) tables: Vec<String>,
    pub(crate) index: Option<String>,
}

/// A request that can be watched.
pub(crate) trait Watchable: SdkRequest + Sized {
    fn reach(&self) -> Reach;

    /// The same request, which asks for the consumed capacity.
    fn returning_capacity(self) -> Self;
}

impl Reach {
    fn of_table(table: &Option<String>, index: Option<&String>) -> Self {
        Self { tables: table.iter().cloned().collect(), index: index.cloned() }
    }

    /// The reach of a batch or a transaction.
    fn of_tables<'t>(tables: impl Iterator<Item = &'t str>) -> Self {
        let mut tables: Vec<String> = tables.map(str::to_owned).collect();
        tables.sort_unstable();
        tables.dedup();
        Self { tables, index: None }
    }

    /// The first of the tables.
    pub(crate) fn table(&self) -> &str {
        self.tables.first().map_or("", String::as_str)
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
    ($builder:ident, $reach:expr) => {
        impl Watchable for $builder {
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

watchable!(GetItemFluentBuilder, |request| Reach::of_table(request.get_table_name(), None));
watchable!(PutItemFluentBuilder, |request| Reach::of_table(request.get_table_name(), None));
watchable!(UpdateItemFluentBuilder, |request| Reach::of_table(request.get_table_name(), None));
watchable!(DeleteItemFluentBuilder, |request| Reach::of_table(request.get_table_name(), None));
watchable!(QueryFluentBuilder, |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(ScanFluentBuilder, |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(SearchVectorsFluentBuilder, |request| {
    Reach::of_table(request.get_table_name(), request.get_index_name().as_ref())
});
watchable!(BatchGetItemFluentBuilder, |request| {
    let tables = request.get_request_items().iter().flatten();
    Reach::of_tables(tables.map(|(table, _)| table.as_str()))
});
watchable!(BatchWriteItemFluentBuilder, |request| {
    let tables = request.get_request_items().iter().flatten();
    Reach::of_tables(tables.map(|(table, _)| table.as_str()))
});
watchable!(TransactGetItemsFluentBuilder, |request| {
    let items = request.get_transact_items().iter().flatten();
    Reach::of_tables(items.filter_map(|item| Some(item.get()?.table_name())))
});
watchable!(TransactWriteItemsFluentBuilder, |request| {
    let actions = request.get_transact_items().iter().flatten();
    Reach::of_tables(actions.filter_map(table_of))
});
