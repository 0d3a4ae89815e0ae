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

/// DynamoDB's maximum of segments.
const MAX_SEGMENTS: u32 = 1_000_000;
/// The maximum of parts that are read at the same time, each with a page at most.
const AT_ONCE: usize = 64;

/// The parts of a read, with the place in each of them. Those that are being read take turns; as one ends, the next one
/// begins.
pub(in crate::ops) struct Parts {
    /// The plans of the shards, and the number of segments of each.
    plans: Vec<ReadPlan>,
    segments: Option<u32>,
    /// The places after the pages that were taken.
    places: Vec<Place>,
    bound_to: BoundTo,
    reading: VecDeque<Part>,
    /// The first part that was not begun.
    next: usize,
}

/// A part that is being read.
struct Part {
    number: usize,
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
    pub(super) fn new(
        (plans, places): (Vec<ReadPlan>, Vec<Place>),
        segments: Option<u32>,
        is_dry: bool,
        state: Option<&str>,
    ) -> Result<Self> {
        let Some(plan) = plans.first() else { return Err(Error::invalid("Scan", "it reads no segment")) };
        if segments.is_some_and(|segments| segments > MAX_SEGMENTS) {
            return Err(Error::invalid("Scan", format_args!("a scan has at most {MAX_SEGMENTS} segments")));
        }
        let bound_to = BoundTo::of(plan, is_dry);
        let of_plan = |place| std::iter::repeat_n(place, segments.unwrap_or(1) as usize);
        let mut places: Vec<Place> = places.into_iter().flat_map(of_plan).collect();
        if let Some(state) = state {
            places = bound_to.decode(state, places.len())?;
        }
        Ok(Self { plans, segments, places, bound_to, reading: VecDeque::new(), next: 0 })
    }

    /// The places after the pages that were taken, as text.
    fn state(&self) -> String {
        self.bound_to.encode(self.places.iter())
    }

    /// Continues to fetch the next pages, and begins more parts.
    fn advance(&mut self, cx: &mut Context<'_>, in_place: Option<ReadInPlace>) {
        while self.reading.len() < AT_ONCE
            && let Some(place) = self.places.get(self.next)
        {
            if *place != Place::End {
                self.reading.push_back(Part { number: self.next, fetch: None, fetched: None });
            }
            self.next += 1;
        }
        let mut reading = std::mem::take(&mut self.reading);
        for part in &mut reading {
            let number = part.number;
            part.advance(cx, || self.fetch(number, in_place));
        }
        self.reading = reading;
    }

    /// Fetches the next page of a part.
    fn fetch(&self, number: usize, in_place: Option<ReadInPlace>) -> Option<Running<'static, RawPage>> {
        let segments = self.segments.unwrap_or(1);
        let plan = self.plans.get(number / segments as usize)?;
        let start = if let Some(Place::After(key)) = self.places.get(number) { Some(key.clone()) } else { None };
        let segment = u32::try_from(number).ok().zip(self.segments);
        Some(plan.fetch_of(segment, start, plan.is_backwards(), in_place))
    }

    /// The first part with a page that was fetched.
    fn take(&mut self) -> Option<(Part, Result<RawPage>)> {
        let at = self.reading.iter().position(|part| part.fetched.is_some())?;
        let mut part = self.reading.remove(at)?;
        let page = part.fetched.take()?;
        Some((part, page))
    }

    fn is_finished(&self) -> bool {
        self.reading.is_empty() && self.next == self.places.len()
    }
}

impl Part {
    fn advance(&mut self, cx: &mut Context<'_>, fetch: impl FnOnce() -> Option<Running<'static, RawPage>>) {
        if self.fetched.is_some() {
            return;
        }
        if self.fetch.is_none() {
            self.fetch = fetch();
        }
        if let Some(fetch) = &mut self.fetch
            && let Poll::Ready(page) = fetch.as_mut().poll(cx)
        {
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
        let (part, page) = match parts.take() {
            Some((part, Ok(page))) => (part, page),
            Some((part, Err(error))) => {
                parts.reading.push_back(part);
                return Poll::Ready(Some(Err(error)));
            }
            None if parts.is_finished() => return Poll::Ready(None),
            None => return Poll::Pending,
        };
        let number = part.number;
        let RawPage { mut items, scanned, last, .. } = page;
        let place = match self.remaining {
            Some(remaining) if items.len() > remaining => {
                items.truncate(remaining);
                Place::After(items.attributes(remaining - 1, &names))
            }
            _ => last.map_or(Place::End, Place::After),
        };
        self.remaining = self.remaining.map(|remaining| remaining - items.len());
        if place != Place::End {
            parts.reading.push_back(part);
        }
        if let Some(of_part) = parts.places.get_mut(number) {
            *of_part = place;
        }
        if self.remaining != Some(0) {
            parts.advance(cx, in_place);
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
