//! The items of a query or scan, of which some values are asked for.

use super::Running;
use super::items::{self, Items};
use super::reading::Reading;
use super::source::Source;
use crate::Model;
use crate::expr::Projection;
use std::sync::Arc;

/// A query or scan of `S` that asks for the values of `P`, a tuple of attributes. DynamoDB reads whole items all
/// the same: a projection saves traffic, not capacity.
#[derive(Debug)]
#[must_use = "a query runs when its items are asked for"]
pub struct Projected<S: Source, P> {
    reading: Reading<S>,
    projection: Arc<P>,
}

impl<S: Source, P: Projection<S::Model>> Projected<S, P> {
    pub(super) fn new(reading: Reading<S>, projection: P) -> Self {
        Self { reading, projection: Arc::new(projection) }
    }

    /// The values of one item after the other, with the next page fetched meanwhile.
    pub fn stream(&self) -> Items<P::Output> {
        let plan = self.reading.plan_projected(Some(&self.projection.paths()));
        let projection = self.projection.clone();
        Items::reading(S::Model::NAME, plan, Arc::new(move |item| projection.read(&item)))
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
}
