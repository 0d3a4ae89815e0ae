//! Queries in all shards of a hash key.

use super::count::count_one;
use super::cursor::{Place, Position, ShardedPosition};
use super::merge::{MAX_FETCHES, Merge};
use super::page::Page;
use super::read_plan::ReadPlan;
use crate::codec::RawItems;
use crate::ground::{AttributeMap, Concurrent};
use crate::ops::{Error, Result};
use aws_sdk_dynamodb::types::AttributeValue;

/// A query or scan that is ready to be sent.
#[derive(Clone)]
pub(in crate::ops) enum Plan {
    One(Box<ReadPlan>),
    Sharded(ShardedPlan),
}

/// A query that reads the items with one hash key from all its shards.
#[derive(Clone)]
pub(in crate::ops) struct ShardedPlan {
    /// The query of each shard.
    pub(super) shards: Vec<ReadPlan>,
    pub(super) start: ShardedPosition,
    pub(super) key_names: Vec<&'static str>,
    /// The attributes that order the items.
    pub(super) range_names: Vec<&'static str>,
    pub(super) limit: Option<usize>,
    /// Whether the items are read from the largest range key to the smallest.
    pub(super) is_descending: bool,
    /// Whether it reads the table. Then no two items have the same range key, and a cursor is the key of one item. In an
    /// index, it is one of each shard.
    is_table: bool,
    /// The attribute of the hash key.
    hash: &'static str,
    binding: u64,
}

impl Plan {
    pub(super) fn limit(&self) -> Option<usize> {
        match self {
            Plan::One(plan) => plan.limit,
            Plan::Sharded(plan) => plan.limit,
        }
    }

    pub(super) fn key_names(&self) -> &[&'static str] {
        match self {
            Plan::One(plan) => &plan.key_names,
            Plan::Sharded(plan) => &plan.key_names,
        }
    }

    pub(super) fn is_backwards(&self) -> bool {
        match self {
            Plan::One(plan) => plan.is_backwards(),
            Plan::Sharded(plan) => plan.start.backwards,
        }
    }

    /// The plan of each shard, with the place to start at.
    pub(super) fn into_parts(self) -> Vec<(ReadPlan, Place)> {
        match self {
            Plan::One(plan) => {
                let place = plan.start_key().map_or(Place::Start, Place::After);
                vec![(*plan, place)]
            }
            Plan::Sharded(ShardedPlan { shards, start, .. }) => shards.into_iter().zip(start.places).collect(),
        }
    }

    /// The plan, if it is one request for each page.
    ///
    /// # Errors
    ///
    /// It reads several shards.
    pub(super) fn one(self) -> Result<ReadPlan> {
        match self {
            Plan::One(plan) => Ok(*plan),
            Plan::Sharded(plan) => {
                let shards = plan.shards.len();
                let reason = format!("a query of {shards} shards is {shards} requests: use `stream`, `all` or `page`");
                Err(Error::invalid("Query", reason))
            }
        }
    }
}

impl ShardedPlan {
    /// `shards` are the queries of the shards, `range_names` are the attributes that order the items, and `cursor` is the
    /// place to start at.
    ///
    /// # Errors
    ///
    /// The cursor is wrong.
    pub(super) fn new(mut shards: Vec<ReadPlan>, range_names: Vec<&'static str>, cursor: Option<&str>) -> Result<Self> {
        let first = shards.first().and_then(|plan| Some((plan, plan.shard.as_ref()?.0)));
        let Some((first, hash)) = first else { return Err(Error::invalid("Query", "the hash key has no shards")) };
        let (key_names, limit, binding) = (first.key_names.clone(), first.limit, first.binding);
        let is_table = first.index.is_none();
        let hashes = shards.iter().filter_map(|plan| Some(&plan.shard.as_ref()?.1));
        let start = match cursor {
            Some(text) if is_table => {
                let Position { backwards, key } = Position::decode_of(text, &key_names, binding)?;
                let place = |value: &AttributeValue| match key.is_empty() {
                    true => Place::Start,
                    false => {
                        let mut key = key.clone();
                        key.insert(hash.to_owned(), value.clone());
                        Place::After(key)
                    }
                };
                ShardedPosition { backwards, places: hashes.map(place).collect() }
            }
            Some(text) => ShardedPosition::decode(text, &key_names, (hash, hashes), binding)?,
            None => ShardedPosition { backwards: false, places: vec![Place::Start; shards.len()] },
        };
        let is_descending = first.descending != start.backwards;
        for (plan, place) in shards.iter_mut().zip(&start.places) {
            let key = if let Place::After(key) = place { key.clone() } else { AttributeMap::new() };
            plan.start = Some(Position { backwards: start.backwards, key });
        }
        Ok(Self { start, key_names, range_names, limit, is_descending, is_table, hash, binding, shards })
    }

    /// Reads one page: exactly as many items as the limit is, if there are enough; without a limit, what one response of
    /// each shard determines.
    pub(super) async fn page(&self) -> Result<Page<RawItems>> {
        let backwards = self.start.backwards;
        let began = self.start.places.iter().any(|place| *place != Place::Start) && self.limit != Some(0);
        let mut merge = match self.limit {
            Some(_) => Merge::of_all(self),
            None => Merge::of_one_response(self),
        };
        let mut items = Vec::new();
        loop {
            // One more item decides whether there is a next page.
            let wanted = self.limit.map(|limit| limit - items.len());
            if self.limit == Some(0) || !merge.wait().await? || wanted == Some(0) {
                break;
            }
            let taken = merge.take(wanted);
            if taken.is_empty() {
                break;
            }
            items.extend(taken);
        }
        let last = self.cursor(backwards, merge.key(), merge.places());
        let back = self.cursor(!backwards, Some(merge.key_back()), merge.places_back()).filter(|_| began);
        let (next, previous) = if backwards { (back, last) } else { (last, back) };
        Ok(Page { items: vec![RawItems::Raw(items)], scanned: merge.scanned(), next, previous })
    }

    /// A cursor at the key up to which the table was read, or at the places in the shards of an index; `None` at the end.
    fn cursor(&self, backwards: bool, key: Option<AttributeMap>, places: Vec<Place>) -> Option<String> {
        if self.is_table {
            return Some(Position { backwards, key: key? }.encode(&self.key_names, self.binding));
        }
        let is_end = places.iter().all(|place| *place == Place::End);
        (!is_end).then(|| ShardedPosition { backwards, places }.encode(&self.key_names, self.hash, self.binding))
    }

    /// Counts the items of all shards side by side.
    pub(super) async fn count(&self) -> Result<u64> {
        let limit = self.limit.map(|limit| u64::try_from(limit).unwrap_or(u64::MAX));
        let mut total: u64 = 0;
        let places = self.shards.iter().zip(&self.start.places);
        let mut shards = places.filter(|(_, place)| **place != Place::End).map(|(plan, _)| plan);
        let mut running = Concurrent::new();
        loop {
            while running.len() < MAX_FETCHES
                && let Some(shard) = shards.next()
            {
                running.push(count_one(shard));
            }
            match running.next().await {
                Some(count) => total = total.saturating_add(count?),
                None => return Ok(total.min(limit.unwrap_or(u64::MAX))),
            }
            if limit.is_some_and(|limit| total >= limit) {
                return Ok(limit.unwrap_or(total));
            }
        }
    }
}
