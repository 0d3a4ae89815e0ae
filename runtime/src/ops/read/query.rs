//! Reading the items of one hash key, in the order of their range key.

use super::items::{Items, Page};
use super::projected::Projected;
use super::reading::{Plan, Reading};
use super::source::{ConsistentSource, Full, Source};
use crate::codec::{Item, Reads, ToAttribute};
use crate::expr::{Attribute, Condition, IntoRange, IntoStruct, KeyCondition, Node, Operand, Projection};
use crate::ground::{IntoField, ReadError, ReadErrorKind};
use crate::ops::model::{Collection, Expiring, PartialItem};
use crate::ops::read::items;
use crate::ops::{Result, Running};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::query::builders::QueryFluentBuilder;

/// Reads the items of one hash key from `S`, a table or an index, in the order of the range key. In a table of several
/// models, those of the model alone.
#[derive(Debug)]
#[must_use = "a query runs when its items are asked for"]
pub struct Query<S: Source> {
    reading: Reading<S>,
}

impl<S: Source> Query<S> {
    #[doc(hidden)]
    pub fn new<T: ToAttribute, R>(
        client: &Client,
        hash_key: Attribute<S::Model, T, R>,
        value: impl IntoField<T>,
    ) -> Self {
        Self::constant(client).and_hash_key(hash_key, value)
    }

    /// A query by a hash key that no field is in.
    #[doc(hidden)]
    pub fn constant(client: &Client) -> Self {
        Self { reading: Reading::new(client, Some(KeyCondition::default())) }
    }

    #[doc(hidden)]
    pub fn and_hash_key<T: ToAttribute, R>(
        mut self,
        hash_key: Attribute<S::Model, T, R>,
        value: impl IntoField<T>,
    ) -> Self {
        let value = Operand::<S::Model, T, _>::term(value.into_field());
        let equals = Node::key_equals(hash_key.path(), value);
        self.reading.key_condition.get_or_insert_default().hash.push(equals);
        self
    }

    /// Asks for items whose range key fulfils this; another range condition takes its place. Where the range key
    /// of an index has several attributes, a tuple compares them in their order, each but the last with `eq`.
    pub fn range(mut self, condition: impl IntoRange<S, S::Model>) -> Self {
        self.reading.key_condition.get_or_insert_default().range = condition.into_range().0;
        self
    }

    /// Asks for items that fulfil this too. DynamoDB reads the others as well, and leaves them out of its
    /// answer: a filter saves no capacity.
    pub fn filter(mut self, filter: impl Into<Condition<S::Model>>) -> Self {
        self.reading.filter(filter.into());
        self
    }

    /// Reads from the largest range key to the smallest.
    pub fn descending(mut self) -> Self {
        self.reading.descending = true;
        self
    }

    /// Reads from the smallest range key to the largest, which is how it is if nothing is said.
    pub fn ascending(mut self) -> Self {
        self.reading.descending = false;
        self
    }

    /// Reads at most this many items in all, whatever the pages and the filter.
    pub fn limit(mut self, items: usize) -> Self {
        self.reading.limit = Some(items);
        self
    }

    /// Has DynamoDB look at no more than this many items for one page, at least 1; a page has at most 1 MB in
    /// any case.
    pub fn page_size(mut self, items: u32) -> Self {
        self.reading.page_size = Some(items);
        self
    }

    /// Goes on from a page's cursor ([`Page::next`], [`Page::previous`]). From the cursor of a page before,
    /// [`page`](Self::page) gives that page, and a stream the items before from the last to the first. The cursor of another table, index or
    /// key, and one that was changed, is [`Error::Cursor`](crate::ops::Error::Cursor).
    pub fn cursor(mut self, cursor: impl Into<String>) -> Self {
        self.reading.cursor = Some(cursor.into());
        self
    }

    /// Reads what every write before has left, at twice the cost; without it, writes of the last moment may be
    /// missed ("DynamoDB read consistency").
    pub fn consistent_read(mut self) -> Self
    where
        S: ConsistentSource,
    {
        self.reading.consistent = true;
        self
    }

    /// Leaves out items whose time to live has ended: DynamoDB removes them within a few days of that ("Using time to
    /// live (TTL) in DynamoDB"). Like a filter, it saves no capacity.
    pub fn skip_expired(mut self) -> Self
    where
        S::Model: Expiring,
    {
        self.reading.skip_expired = true;
        self
    }

    /// Asks for the values of these attributes alone: `.project((User::A.name, User::A.age))` gives tuples.
    pub fn project<P: Projection<S::Model>>(self, attributes: P) -> Projected<S, P, QueryFluentBuilder> {
        Projected::new(self.reading, attributes, request)
    }

    /// Asks for the attributes of `P` alone, a struct that the schema names under `projections:`.
    pub fn project_into<P: PartialItem<Model = S::Model>>(self) -> Projected<S, IntoStruct<P>, QueryFluentBuilder> {
        Projected::new(self.reading, IntoStruct::new(), request)
    }

    /// Fetches each item whole from the table (BatchGetItem, up to 100 at a time), in the order of the index;
    /// items that were deleted meanwhile are left out. For indexes that do not hold whole items.
    pub fn full(self) -> Query<Full<S>> {
        Query { reading: self.reading.full() }
    }

    /// The items one after the other, with the next page fetched meanwhile.
    pub fn stream(&self) -> Items<S::Item> {
        Items::of::<S::Model>(self.reading.plan())
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<S::Item>> {
        Box::pin(items::all(self.stream()))
    }

    /// The first item; `None` where there is none.
    pub fn first(self) -> Running<'static, Option<S::Item>> {
        Box::pin(async move { Ok(self.limit(1).all().await?.pop()) })
    }

    /// The only item; `None` where there is none, and [`Error::NotOne`](crate::ops::Error::NotOne) where there are more.
    pub fn one(self) -> Running<'static, Option<S::Item>> {
        Box::pin(async move {
            let found = self.limit(2).all().await?;
            items::one(found, S::Model::NAME)
        })
    }

    /// How many items there are. DynamoDB reads them all the same, and sends none.
    pub fn count(mut self) -> Running<'static, u64> {
        self.reading.filters_model = true;
        Box::pin(async move { items::count(self.reading.plan()?).await })
    }

    /// One page: what DynamoDB gives at once, which a filter may leave with few items or none, or with a
    /// [`limit`](Self::limit) exactly that many items, as long as there are.
    pub fn page(self) -> Running<'static, Page<S::Item>> {
        Box::pin(
            async move { items::page(self.reading.plan_page(None)?, S::Model::NAME, Reads::whole::<S::Model>()).await },
        )
    }

    /// The reading of the keys alone.
    pub(in crate::ops) fn plan_keys(mut self) -> Result<Plan> {
        self.reading.filters_model = true;
        self.reading.plan_projected(Some(&[]))
    }

    /// The SDK's builder of Query, filled. In a table of several models, its filter leaves out other models' items.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor are wrong.
    pub fn into_inner(mut self) -> Result<QueryFluentBuilder> {
        self.reading.filters_model = true;
        Ok(request(&self.reading.plan()?))
    }
}

impl<S: Collection> Query<S> {
    /// Has an item that no model of the schema claims be an error, rather than one of the others.
    pub fn deny_unknown(mut self) -> Self {
        self.reading.deny_unknown = true;
        self
    }
}

/// Gathers all items of a collection.
impl<S: Collection> IntoFuture for Query<S> {
    type Output = Result<S>;
    type IntoFuture = Running<'static, S>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            let deny_unknown = self.reading.deny_unknown;
            let mut collection = S::default();
            for item in self.all().await? {
                if deny_unknown && S::is_unknown(&item) {
                    return Err(ReadError::new(ReadErrorKind::NoModel).of(S::Model::NAME).into());
                }
                collection.add(item);
            }
            Ok(collection)
        })
    }
}

fn request(plan: &Plan) -> QueryFluentBuilder {
    plan.query(plan.start_key(), plan.is_backwards())
}
