//! Reading the items with one hash key, in the order of their range key.

use super::items::Items;
use super::read_builder::Read;
use super::reading::Reading;
use super::source::Source;
use crate::codec::{Item, RawItem, Reads, ToAttribute};
#[cfg(feature = "dynamic")]
use crate::expr::Range;
use crate::expr::{Attribute, AttributeKind, IntoRange, KeyCondition, Node, Operand};
use crate::ground::{AttributeMap, IntoField, ReadError, ReadErrorKind};
use crate::ops::model::Collection;
use crate::ops::write::at_once;
use crate::ops::{Error, Result, Running};
use crate::transport::{Client, Target};
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

/// Reads the items with one hash key from `S`, a table or an index, in the order of the range key.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, yesterday: dyntastic::chrono::DateTime<dyntastic::chrono::Utc>) -> dyntastic::Result<()> {
/// let orders = Order::query(&db, "customer7").range(Order::A.placed_at.ge(yesterday)).all().await?;
/// # Ok(())
/// # }
/// ```
pub type Query<S, T = <S as Source>::Item> = Read<S, OneHashKey, T>;

/// Marks a [`Read`] as a [`Query`].
#[derive(Debug)]
pub enum OneHashKey {}

impl<S: Source> Query<S> {
    #[doc(hidden)]
    pub fn new<T: ToAttribute, R: AttributeKind>(
        client: &Client,
        hash_key: Attribute<S::Model, T, R>,
        value: impl IntoField<T>,
    ) -> Self {
        Self::constant(client).and_hash_key(hash_key, value)
    }

    /// A query for a hash key that has no fields.
    #[doc(hidden)]
    pub fn constant(client: &Client) -> Self {
        Self::of(client, Some(KeyCondition::default()))
    }

    #[doc(hidden)]
    pub fn and_hash_key<T: ToAttribute, R: AttributeKind>(
        mut self,
        hash_key: Attribute<S::Model, T, R>,
        value: impl IntoField<T>,
    ) -> Self {
        let value = Operand::<S::Model, T, _>::term(hash_key.transform(value.into_field()));
        self.reading.hash_key(Node::key_equals::<R>(hash_key.path(), value));
        self
    }

    /// A query with these conditions on the fields of its keys.
    #[cfg(feature = "dynamic")]
    pub(crate) fn with_key_condition(mut self, hash: Vec<Node>, range: Range) -> Self {
        self.reading.key_condition = Some(KeyCondition { hash, range: range.0 });
        self
    }

    /// The same query, consistent and with deleted items.
    pub(in crate::ops) fn of_all(mut self) -> Self {
        self.reading.consistent = true;
        self.reading.with_deleted = true;
        self
    }

    /// The keys of the items.
    pub(in crate::ops) fn keys(mut self) -> Items<AttributeMap> {
        self.reading.filters_model = true;
        let plan = |reading: &Reading| reading.plan_projected(Some(&[]));
        Items::planned(S::Model::model_name(), &self.reading, plan, Reads::each(RawItem::into_map))
    }
}

impl<S: Source, T: Send + 'static> Query<S, T> {
    /// Reads only the items whose range key fulfils this condition. A second range condition replaces the first. If
    /// the range key of an index has several attributes, a tuple compares them in their order, each but the last with
    /// `eq`.
    pub fn range(mut self, condition: impl IntoRange<S, S::Model>) -> Self {
        self.reading.key_condition.get_or_insert_default().range = condition.into_range().0;
        self
    }

    /// Reads from the largest range key to the smallest.
    pub fn descending(mut self) -> Self {
        self.reading.descending = true;
        self
    }

    /// Reads from the smallest range key to the largest, which is the default.
    pub fn ascending(mut self) -> Self {
        self.reading.descending = false;
        self
    }

    /// The SDK's builder of Query, filled. In a shared table, its filter leaves out the items of other models.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor is wrong.
    pub fn into_inner(mut self) -> Result<QueryFluentBuilder> {
        at_once(self.reading.seal())?;
        let plan = self.sdk_plan()?;
        Ok(plan.query(plan.start_key(), plan.is_backwards()))
    }
}

impl<S: Collection> Query<S> {
    /// Fails with an error if an item is of no model of the schema. By default, the collection keeps such items
    /// separately.
    pub fn deny_unknown(mut self) -> Self {
        self.reading.deny_unknown = true;
        self
    }

    /// Fails with [`Error::NotFound`] if no item has the hash key. By default, the collection is then empty.
    pub fn deny_empty(mut self) -> Self {
        self.reading.deny_empty = true;
        self
    }
}

/// Collects all items of a collection.
impl<S: Collection> IntoFuture for Query<S> {
    type Output = Result<S>;
    type IntoFuture = Running<'static, S>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let deny_unknown = self.reading.deny_unknown;
            let missing = if self.reading.deny_empty { Some(self.reading.client.target::<S::Model>()?) } else { None };
            let mut collection = S::default();
            let items = self.all().await?;
            if let Some(Target { model, table, .. }) = missing.filter(|_| items.is_empty()) {
                return Err(Error::NotFound { model, table, other_model: false });
            }
            for item in items {
                if deny_unknown && S::is_unknown(&item) {
                    return Err(ReadError::new(ReadErrorKind::NoModel).of(S::Model::model_name()).into());
                }
                collection.add(item);
            }
            Ok(collection)
        })
    }
}
