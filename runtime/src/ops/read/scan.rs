//! Reading all items of a table or an index.

use super::items;
use super::read_builder::Read;
use super::reading::Reading;
use super::segments::{SegmentPages, Segments};
use super::side_by_side::SideBySide;
use super::source::Source;
use crate::codec::Reads;
use crate::ground::IntoField;
use crate::ops::write::at_once;
use crate::ops::{Result, Running};
use crate::transport::Client;
use aws_sdk_dynamodb::operation::scan::builders::ScanFluentBuilder;
use std::marker::PhantomData;

/// Reads all items of `S`, a table or an index, in no order. In a shared table, DynamoDB reads the items of other
/// models as well and leaves them out of the response.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let users = User::scan(&db).filter(User::A.age.ge(5)).all().await?;
/// # Ok(())
/// # }
/// ```
pub type Scan<S, T = <S as Source>::Item> = Read<S, AllItems, T>;

/// Marks a [`Read`] as a [`Scan`].
#[derive(Debug)]
pub enum AllItems {}

/// Reads all items of `S` in several segments concurrently.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let users = User::scan(&db).segments(4).all().await?;
/// # Ok(())
/// # }
/// ```
///
/// A job that may end early reads [`pages`](Self::pages), and keeps the state after each of them.
#[derive(Debug)]
#[must_use = "a scan runs when its items are requested"]
pub struct ParallelScan<S: Source> {
    pub(in crate::ops) reading: Reading,
    pub(in crate::ops) segments: u32,
    pub(in crate::ops) state: Option<String>,
    source: PhantomData<fn() -> S>,
}

impl<S: Source> Scan<S> {
    #[doc(hidden)]
    pub fn new(client: &Client) -> Self {
        Self::of(client, None)
    }

    /// Reads this many segments, 1 to 1,000,000, at most 64 of them at the same time, and merges them into one stream. It
    /// uses capacity as fast as DynamoDB provides it ("Parallel scan").
    pub fn segments(self, segments: u32) -> ParallelScan<S> {
        ParallelScan { reading: self.reading, segments: segments.max(1), state: None, source: PhantomData }
    }
}

impl<S: Source, T: Send + 'static> Scan<S, T> {
    /// The SDK's builder of Scan, filled.
    ///
    /// # Errors
    ///
    /// The table's settings, an expression or the cursor is wrong.
    pub fn into_inner(mut self) -> Result<ScanFluentBuilder> {
        at_once(self.reading.seal())?;
        let plan = self.sdk_plan()?;
        Ok(plan.scan(plan.start_key()))
    }
}

impl<S: Source> ParallelScan<S> {
    /// Goes on after the page with this state ([`SegmentPage::state`](super::SegmentPage::state)), instead of at the beginning. `None` is the
    /// beginning. The state of another model, table, index or number of segments is
    /// [`Error::Resume`](crate::ops::Error::Resume). The filter is
    /// not a part of it: give the scan the same one.
    pub fn resume(mut self, state: impl IntoField<Option<String>>) -> Self {
        self.state = state.into_field();
        self
    }

    /// A stream of the items of all segments. A segment that is ahead waits until its items are used.
    pub fn stream(&self) -> Segments<S::Item> {
        Segments { pages: self.side_by_side(Reads::whole()), items: Vec::new().into_iter() }
    }

    /// A stream of the pages of all segments, each with the state after it, so that another process can go on from
    /// there.
    pub fn pages(&self) -> SegmentPages<S::Item> {
        SegmentPages { pages: self.side_by_side(Reads::whole()) }
    }

    /// All items.
    pub fn all(self) -> Running<'static, Vec<S::Item>> {
        Box::pin(items::all(self.stream()))
    }

    fn side_by_side<T>(&self, reads: Reads<T>) -> SideBySide<T> {
        let (segments, state) = (self.segments, self.state.clone());
        SideBySide::new(&self.reading, move |reading| reading.parts(Some(segments), None, state.as_deref()), reads)
    }
}
