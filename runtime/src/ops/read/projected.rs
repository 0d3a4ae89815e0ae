//! The items of a query or scan, of which some values are asked for.

use super::items::{Items, Page};
use super::reading::{Plan, Reading};
use super::source::Source;
use crate::codec::{Item, Reads};
use crate::expr::Projection;
use crate::ops::read::items;
use crate::ops::{Result, Running};
use std::sync::Arc;

/// A query or scan of `S` that asks for the values of `P`, a tuple of attributes or a struct; `B` is
/// the SDK's builder of it. DynamoDB reads whole items all
/// the same: a projection saves traffic, not capacity.
#[must_use = "a query runs when its items are asked for"]
pub struct Projected<S: Source, P, B> {
    reading: Reading<S>,
    projection: Arc<P>,
    request: fn(&Plan) -> B,
}

impl<S: Source, P: Projection<S::Model>, B: 'static> Projected<S, P, B> {
    pub(in crate::ops) fn new(reading: Reading<S>, projection: P, request: fn(&Plan) -> B) -> Self {
        Self { reading, projection: Arc::new(projection), request }
    }

    fn reads(&self) -> Reads<P::Output> {
        let projection = self.projection.clone();
        Reads::each(move |item| projection.read(item.into_map()?))
    }

    /// The values of one item after the other, with the next page fetched meanwhile.
    pub fn stream(&self) -> Items<P::Output> {
        let plan = self.reading.plan_projected(Some(&self.projection.paths()));
        Items::reading(S::Model::NAME, plan, self.reads())
    }

    /// The values of all items.
    pub fn all(self) -> Running<'static, Vec<P::Output>> {
        Box::pin(items::all(self.stream()))
    }

    /// The values of the first item; `None` where there is none.
    pub fn first(mut self) -> Running<'static, Option<P::Output>> {
        self.reading.limit = Some(1);
        Box::pin(async move { Ok(self.all().await?.pop()) })
    }

    /// The values of the only item; `None` where there is none, and [`Error::NotOne`](crate::ops::Error::NotOne) where
    /// there are more.
    pub fn one(mut self) -> Running<'static, Option<P::Output>> {
        self.reading.limit = Some(2);
        Box::pin(async move {
            let found = self.all().await?;
            items::one(found, S::Model::NAME)
        })
    }

    /// The values of one page of items: what [`Query::page`](super::Query::page) gives.
    pub fn page(self) -> Running<'static, Page<P::Output>> {
        Box::pin(async move {
            let plan = self.reading.plan_page(Some(&self.projection.paths()))?;
            items::page(plan, S::Model::NAME, self.reads()).await
        })
    }

    /// The SDK's builder of Query or Scan, filled. In a table of several models, its filter leaves out other models' items.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor are wrong.
    pub fn into_inner(mut self) -> Result<B> {
        self.reading.filters_model = true;
        let plan = self.reading.plan_projected(Some(&self.projection.paths()))?;
        Ok((self.request)(&plan))
    }
}

debug_without_values!([S: Source, P, B] Projected<S, P, B>, "Projected", S::Model);
