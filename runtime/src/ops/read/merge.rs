//! Reading the shards of a hash key side by side, merged in the order of the range key.
//!
//! An item is taken when no shard can have one before it: each other shard has an item that was fetched, has ended, or
//! was read up to a later place.

use super::cursor::Place;
use super::read_plan::{RawPage, ReadPlan};
use super::sharded::ShardedPlan;
use crate::codec::{Number, RawItem, RawItems};
use crate::ground::AttributeMap;
use crate::ops::{Error, Result, Running};
use aws_sdk_dynamodb::types::AttributeValue;
use std::cmp::Ordering;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::{Context, Poll};

/// The number of requests that run at the same time.
pub(super) const MAX_FETCHES: usize = 16;

pub(super) struct Merge {
    shards: Vec<Shard>,
    key_names: Vec<&'static str>,
    /// The attributes that order the items: those of the source's keys after the hash key.
    range_names: Vec<&'static str>,
    is_descending: bool,
    /// Whether each shard is asked once.
    is_one_response: bool,
    /// The keys of the first and the last item that was taken.
    taken: Option<(AttributeMap, AttributeMap)>,
    failed: Option<Error>,
}

struct Shard {
    plan: ReadPlan,
    fetch: Option<Running<'static, RawPage>>,
    /// The items that were fetched and not taken.
    fetched: VecDeque<Entry>,
    /// The place of the first request.
    start: Place,
    /// The place after the responses.
    after: Place,
    /// The keys of the first and the last item that was taken from it.
    taken: Option<(AttributeMap, AttributeMap)>,
    responses: usize,
    scanned: u64,
}

struct Entry {
    key: AttributeMap,
    item: RawItem,
}

impl Merge {
    /// Reads all items of the shards.
    pub(super) fn of_all(plan: &ShardedPlan) -> Self {
        Self::new(plan, false)
    }

    /// Reads one response of each shard.
    pub(super) fn of_one_response(plan: &ShardedPlan) -> Self {
        Self::new(plan, true)
    }

    fn new(plan: &ShardedPlan, is_one_response: bool) -> Self {
        let shards = plan.shards.iter().zip(&plan.start.places).map(|(plan, place)| Shard {
            plan: plan.clone(),
            fetch: None,
            fetched: VecDeque::new(),
            start: place.clone(),
            after: place.clone(),
            taken: None,
            responses: 0,
            scanned: 0,
        });
        Self {
            shards: shards.collect(),
            key_names: plan.key_names.clone(),
            range_names: plan.range_names.clone(),
            is_descending: plan.is_descending,
            is_one_response,
            taken: None,
            failed: None,
        }
    }

    pub(super) fn key_names(&self) -> &[&'static str] {
        &self.key_names
    }

    /// The number of items that DynamoDB has read.
    pub(super) fn scanned(&self) -> u64 {
        self.shards.iter().map(|shard| shard.scanned).sum()
    }

    /// Continues to fetch what the shards lack.
    pub(super) fn advance(&mut self, cx: &mut Context<'_>) {
        let mut running = self.shards.iter().filter(|shard| shard.fetch.is_some()).count();
        loop {
            let (mut waits_for_another, mut has_ended) = (false, false);
            for shard in &mut self.shards {
                while shard.lacks(self.is_one_response) && self.failed.is_none() {
                    if shard.fetch.is_none() {
                        if running == MAX_FETCHES {
                            waits_for_another = true;
                            break;
                        }
                        running += 1;
                    }
                    let Poll::Ready(page) = shard.poll(cx) else { break };
                    running -= 1;
                    has_ended = true;
                    match page {
                        Ok(page) => shard.add(page, &self.key_names),
                        Err(error) => self.failed = Some(error),
                    }
                }
            }
            if !(waits_for_another && has_ended) {
                return;
            }
        }
    }

    /// The next items in the order of reading, at most `limit`, if they are known.
    pub(super) fn poll(&mut self, limit: Option<usize>) -> Poll<Option<Result<RawItems>>> {
        if let Some(error) = self.failed.take() {
            return Poll::Ready(Some(Err(error)));
        }
        let items = self.take(limit);
        match items.is_empty() {
            false => Poll::Ready(Some(Ok(RawItems::Raw(items)))),
            true if self.shards.iter().any(|shard| shard.lacks(self.is_one_response)) => Poll::Pending,
            true => Poll::Ready(None),
        }
    }

    /// Waits until each shard has an item that was fetched, or was asked as often as it may. Returns whether one has.
    ///
    /// # Errors
    ///
    /// A request failed.
    pub(super) async fn wait(&mut self) -> Result<bool> {
        poll_fn(|cx| {
            self.advance(cx);
            match self.failed.take() {
                Some(error) => Poll::Ready(Err(error)),
                None if self.shards.iter().any(|shard| shard.lacks(self.is_one_response)) => Poll::Pending,
                None => Poll::Ready(Ok(self.shards.iter().any(|shard| !shard.fetched.is_empty()))),
            }
        })
        .await
    }

    /// Takes the items that no other one can be before, at most `limit`.
    pub(super) fn take(&mut self, limit: Option<usize>) -> Vec<RawItem> {
        let mut items = Vec::new();
        while limit.is_none_or(|limit| items.len() < limit)
            && let Some(entry) = self.take_first()
        {
            items.push(entry);
        }
        items
    }

    fn take_first(&mut self) -> Option<RawItem> {
        let mut first: Option<(usize, &AttributeMap)> = None;
        for (number, shard) in self.shards.iter().enumerate() {
            if let Some(entry) = shard.fetched.front()
                && first.is_none_or(|(_, key)| self.is_before(&entry.key, key))
            {
                first = Some((number, &entry.key));
            }
        }
        let (number, key) = first?;
        let may_be_first = |shard: &Shard| match &shard.after {
            Place::End => false,
            _ if !shard.fetched.is_empty() => false,
            Place::Start => true,
            Place::After(after) => self.compare(after, key) == Ordering::Less,
        };
        if self.shards.iter().any(may_be_first) {
            return None;
        }
        let shard = self.shards.get_mut(number)?;
        let Entry { key, item } = shard.fetched.pop_front()?;
        for taken in [&mut shard.taken, &mut self.taken] {
            match taken {
                Some((_, last)) => last.clone_from(&key),
                None => *taken = Some((key.clone(), key.clone())),
            }
        }
        Some(item)
    }

    /// Whether an item of a later shard is before one of an earlier shard. Equal ones have the order of the shards, and
    /// the reverse one if the items are read in reverse.
    fn is_before(&self, later: &AttributeMap, earlier: &AttributeMap) -> bool {
        match self.compare(later, earlier) {
            Ordering::Less => true,
            Ordering::Equal => self.is_descending,
            Ordering::Greater => false,
        }
    }

    /// Compares two keys in the order of reading.
    fn compare(&self, one: &AttributeMap, other: &AttributeMap) -> Ordering {
        let mut names = self.range_names.iter();
        let ordering = names.find_map(|name| match compare(one.get(*name)?, other.get(*name)?) {
            Ordering::Equal => None,
            ordering => Some(ordering),
        });
        let ordering = ordering.unwrap_or(Ordering::Equal);
        if self.is_descending { ordering.reverse() } else { ordering }
    }

    /// The key up to which all shards were read; `None` at the end, and without attributes at the start.
    pub(super) fn key(&self) -> Option<AttributeMap> {
        let read_up_to = |shard: &Shard| match &shard.after {
            Place::Start => Some(AttributeMap::new()),
            Place::After(key) => Some(key.clone()),
            Place::End => None,
        };
        let lacking = self.shards.iter().filter(|shard| shard.fetched.is_empty()).filter_map(read_up_to);
        let least = lacking.min_by(|one, other| self.compare(one, other));
        let is_left = self.shards.iter().any(|shard| !shard.fetched.is_empty());
        least.or_else(|| self.taken.as_ref().filter(|_| is_left).map(|(_, last)| last.clone()))
    }

    /// The key before the items that were taken, for reading in the other direction; without attributes, it is the start.
    pub(super) fn key_back(&self) -> AttributeMap {
        let first = self.taken.as_ref().map(|(first, _)| first.clone());
        first.or_else(|| self.key()).unwrap_or_default()
    }

    /// The places after the items that were taken.
    pub(super) fn places(&self) -> Vec<Place> {
        let place = |shard: &Shard| match &shard.taken {
            _ if shard.fetched.is_empty() => shard.after.clone(),
            Some((_, last)) => Place::After(last.clone()),
            None => shard.start.clone(),
        };
        self.shards.iter().map(place).collect()
    }

    /// The places before the items that were taken, for reading in the other direction.
    pub(super) fn places_back(&self) -> Vec<Place> {
        let place = |shard: &Shard| match (&shard.taken, shard.fetched.front()) {
            (Some((first, _)), _) => Place::After(first.clone()),
            (None, Some(next)) => Place::After(next.key.clone()),
            (None, None) => match &shard.after {
                Place::End => Place::Start,
                after => after.clone(),
            },
        };
        self.shards.iter().map(place).collect()
    }
}

impl Shard {
    /// Whether a response is needed.
    fn lacks(&self, is_one_response: bool) -> bool {
        self.fetched.is_empty() && self.after != Place::End && !(is_one_response && self.responses > 0)
    }

    /// Continues the request, or starts it.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<RawPage>> {
        let fetch = self.fetch.get_or_insert_with(|| {
            let start = if let Place::After(key) = &self.after { Some(key.clone()) } else { None };
            self.plan.fetch(start, self.plan.is_backwards(), None)
        });
        let polled = fetch.as_mut().poll(cx);
        if polled.is_ready() {
            self.fetch = None;
        }
        polled
    }

    fn add(&mut self, page: RawPage, names: &[&'static str]) {
        self.responses += 1;
        self.scanned += page.scanned;
        self.after = page.last.map_or(Place::End, Place::After);
        let items = page.items.into_raw_with(names).into_iter();
        self.fetched = items.map(|(key, item)| Entry { key, item }).collect();
    }
}

/// The order of DynamoDB: that of UTF-8 bytes for texts.
fn compare(one: &AttributeValue, other: &AttributeValue) -> Ordering {
    match (one, other) {
        (AttributeValue::S(one), AttributeValue::S(other)) => one.cmp(other),
        (AttributeValue::N(one), AttributeValue::N(other)) => {
            let numbers = Number::parse(one).zip(Number::parse(other));
            numbers.and_then(|(one, other)| one.partial_cmp(&other)).unwrap_or(Ordering::Equal)
        }
        (AttributeValue::B(one), AttributeValue::B(other)) => one.as_ref().cmp(other.as_ref()),
        _ => Ordering::Equal,
    }
}
