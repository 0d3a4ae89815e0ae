//! What a consumer knows of the shards of a stream.

use super::source::Shard;
use crate::ground::AttributeMap;
use crate::ops::lease::{Seen, Work};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;

/// How far the records of a shard are handled.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Place {
    /// The last record that is handled; `None` at the beginning.
    pub(super) after: Option<String>,
}

const AFTER: &str = "after";

impl Work for Place {
    fn write(&self) -> AttributeMap {
        let after = self.after.clone().map(|after| (AFTER.to_owned(), AttributeValue::S(after)));
        after.into_iter().collect()
    }

    fn read(item: &AttributeMap) -> Self {
        Self { after: item.get(AFTER).and_then(|after| after.as_s().ok()).cloned() }
    }
}

/// The shards that the stream has, and what is known of their progress.
#[derive(Default)]
pub(super) struct Shards {
    listed: Vec<Shard>,
    seen: HashMap<String, Seen<Place>>,
}

impl Shards {
    /// Takes the shards that the stream has now. Returns those that are finished and gone.
    pub(super) fn list(&mut self, listed: Vec<Shard>) -> Vec<String> {
        self.listed = listed;
        let is_listed = |id: &str| self.listed.iter().any(|shard| shard.id == id);
        let gone: Vec<_> = self.seen.iter().filter(|(id, seen)| !seen.is_own && !is_listed(id)).collect();
        let gone: Vec<_> = gone.into_iter().map(|(id, seen)| (id.clone(), seen.state.is_finished)).collect();
        gone.iter().for_each(|(id, _)| drop(self.seen.remove(id)));
        gone.into_iter().filter_map(|(id, is_finished)| is_finished.then_some(id)).collect()
    }

    /// The shards that may be worked on: nobody in this process has them, and they are not finished.
    pub(super) fn candidates(&self) -> Vec<Shard> {
        let is_open =
            |shard: &&Shard| self.seen.get(&shard.id).is_none_or(|seen| !seen.is_own && !seen.state.is_finished);
        self.listed.iter().filter(is_open).cloned().collect()
    }

    /// Whether the shard from which this one was split still has records that are not handled.
    pub(super) fn waits_for_parent(&self, shard: &Shard) -> bool {
        let Some(parent) = &shard.parent else { return false };
        match self.seen.get(parent) {
            Some(seen) => !seen.state.is_finished,
            None => self.listed.iter().any(|other| other.id == *parent),
        }
    }

    /// Whether all shards that the stream has are finished.
    pub(super) fn are_finished(&self) -> bool {
        self.listed.iter().all(|shard| self.seen.get(&shard.id).is_some_and(|seen| seen.state.is_finished))
    }

    pub(super) fn seen(&mut self, shard: &Shard) -> &mut Seen<Place> {
        self.seen.entry(shard.id.clone()).or_insert_with(Seen::new)
    }
}
