//! Reading the parts of a read side by side, page by page: the segments of a scan, or the shards of a query.

use super::cursor::Place;
use super::items::damaged;
use super::read_plan::{RawPage, ReadPlan};
use super::read_state::BoundTo;
use super::reading::Reading;
use crate::codec::{ReadInPlace, Reads};
use crate::ops::{Error, Result, Running};
use std::collections::VecDeque;
use std::task::{Context, Poll, ready};

/// The pages of all parts, each page once.
///
/// The next page of a part is fetched while its last page is used. A part that is ahead waits.
pub(in crate::ops) struct SideBySide<T> {
    stage: Stage,
    model: &'static str,
    remaining: Option<usize>,
    reads: Reads<T>,
    /// The items of the next page that cannot be read, and the page.
    damaged: VecDeque<Error>,
    page: Option<PartPage<T>>,
}

/// The items of one response.
#[derive(Debug)]
pub(in crate::ops) struct PartPage<T> {
    /// The number of the part.
    pub(in crate::ops) part: usize,
    pub(in crate::ops) items: Vec<T>,
    /// The number of items that DynamoDB has read.
    pub(in crate::ops) scanned: u64,
}

enum Stage {
    Preparing(Running<'static, Parts>),
    Reading(Parts),
    /// After an error.
    Ended(Option<Error>),
}

/// The parts of a read, with the place in each of them.
pub(in crate::ops) struct Parts {
    parts: Vec<Part>,
    bound_to: BoundTo,
    turn: usize,
}

struct Part {
    plan: ReadPlan,
    /// The place after the pages that were taken.
    place: Place,
    fetch: Option<Running<'static, RawPage>>,
    fetched: Option<Result<RawPage>>,
}

impl Stage {
    fn new(parts: Result<Parts>) -> Self {
        match parts {
            Ok(parts) => Stage::Reading(parts),
            Err(error) => Stage::Ended(Some(error)),
        }
    }
}

impl Parts {
    /// The parts at their places, or at those of a state.
    ///
    /// # Errors
    ///
    /// The state is of another read, or was changed.
    pub(super) fn new(parts: Vec<(ReadPlan, Place)>, state: Option<&str>) -> Result<Self> {
        let Some((plan, _)) = parts.first() else { return Err(Error::invalid("Scan", "it reads no segment")) };
        let bound_to = BoundTo::of(plan);
        let places = state.map(|state| bound_to.decode(state, parts.len())).transpose()?;
        let mut places = places.into_iter().flatten();
        let part = |(plan, place)| Part { plan, place: places.next().unwrap_or(place), fetch: None, fetched: None };
        Ok(Self { parts: parts.into_iter().map(part).collect(), bound_to, turn: 0 })
    }

    /// The places after the pages that were taken, as text.
    fn state(&self) -> String {
        self.bound_to.encode(self.parts.iter().map(|part| &part.place))
    }

    /// Continues to fetch the next page of each part.
    fn advance(&mut self, cx: &mut Context<'_>, in_place: Option<ReadInPlace>) {
        self.parts.iter_mut().for_each(|part| part.advance(cx, in_place));
    }

    /// The next page that was fetched, with the number of its part. The parts take turns.
    fn take(&mut self) -> Option<(usize, Result<RawPage>)> {
        let count = self.parts.len();
        let mut at = (0..count).map(|step| (self.turn + step) % count);
        let at = at.find(|at| self.parts.get(*at).is_some_and(|part| part.fetched.is_some()))?;
        self.turn = at + 1;
        let page = self.parts.get_mut(at)?.fetched.take()?;
        Some((at, page))
    }

    fn is_finished(&self) -> bool {
        self.parts.iter().all(|part| part.place == Place::End)
    }
}

impl Part {
    fn advance(&mut self, cx: &mut Context<'_>, in_place: Option<ReadInPlace>) {
        if self.fetched.is_some() || self.place == Place::End {
            return;
        }
        let fetch = self.fetch.get_or_insert_with(|| {
            let start = if let Place::After(key) = &self.place { Some(key.clone()) } else { None };
            self.plan.fetch(start, self.plan.is_backwards(), in_place)
        });
        if let Poll::Ready(page) = fetch.as_mut().poll(cx) {
            self.fetch = None;
            self.fetched = Some(page);
        }
    }
}

impl<T> SideBySide<T> {
    /// The pages of a read, whose parts are made after the hashes that it compares.
    pub(in crate::ops) fn new(
        reading: &Reading,
        parts: impl FnOnce(&Reading) -> Result<Parts> + Send + 'static,
        reads: Reads<T>,
    ) -> Self {
        let stage = match reading.is_unsealed() {
            false => Stage::new(parts(reading)),
            true => {
                let mut reading = reading.clone();
                Stage::Preparing(Box::pin(async move {
                    reading.seal().await?;
                    parts(&reading)
                }))
            }
        };
        let (model, remaining) = (reading.model(), reading.limit);
        Self { stage, model, remaining, reads, damaged: VecDeque::new(), page: None }
    }

    pub(super) fn model(&self) -> &'static str {
        self.model
    }

    /// The state after the pages that were returned.
    pub(in crate::ops) fn state(&self) -> String {
        match &self.stage {
            Stage::Reading(parts) => parts.state(),
            Stage::Preparing(_) | Stage::Ended(_) => String::new(),
        }
    }

    /// Whether an error has ended the reading, or it could not begin.
    pub(in crate::ops) fn has_ended(&self) -> bool {
        matches!(self.stage, Stage::Ended(_))
    }

    /// Ends the reading after an error.
    pub(super) fn end(&mut self) {
        self.stage = Stage::Ended(None);
    }

    /// The next page; before it, each of its items that cannot be read is an error of its own. After another error, the
    /// next call requests the page again.
    pub(in crate::ops) fn poll_page(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<PartPage<T>>>> {
        if let Stage::Preparing(parts) = &mut self.stage {
            self.stage = Stage::new(ready!(parts.as_mut().poll(cx)));
        }
        if let Some(error) = self.damaged.pop_front() {
            return Poll::Ready(Some(Err(error)));
        }
        if let Some(page) = self.page.take() {
            return Poll::Ready(Some(Ok(page)));
        }
        let parts = match &mut self.stage {
            Stage::Reading(parts) => parts,
            Stage::Ended(error) => return Poll::Ready(error.take().map(Err)),
            Stage::Preparing(_) => return Poll::Pending,
        };
        if self.remaining == Some(0) {
            return Poll::Ready(None);
        }
        let in_place = self.reads.in_place();
        parts.advance(cx, in_place);
        let names = parts.bound_to.names.clone();
        let (number, page) = match parts.take() {
            Some((number, page)) => (number, page?),
            None if parts.is_finished() => return Poll::Ready(None),
            None => return Poll::Pending,
        };
        let Some(part) = parts.parts.get_mut(number) else { return Poll::Ready(None) };
        let RawPage { mut items, scanned, last, .. } = page;
        part.place = match self.remaining {
            Some(remaining) if items.len() > remaining => {
                items.truncate(remaining);
                Place::After(items.attributes(remaining - 1, &names))
            }
            _ => last.map_or(Place::End, Place::After),
        };
        self.remaining = self.remaining.map(|remaining| remaining - items.len());
        if self.remaining != Some(0) {
            part.advance(cx, in_place);
        }
        let mut read = Vec::with_capacity(items.len());
        let mut items = items.read(&self.reads);
        while let Some(item) = items.next(&self.reads, &names) {
            match item {
                Ok(item) => read.push(item),
                Err((error, key)) => self.damaged.push_back(damaged(error, key, self.model)),
            }
        }
        let page = PartPage { part: number, items: read, scanned };
        match self.damaged.pop_front() {
            Some(error) => {
                self.page = Some(page);
                Poll::Ready(Some(Err(error)))
            }
            None => Poll::Ready(Some(Ok(page))),
        }
    }
}
