//! Operations on sequences, whose numbers nobody else gets.

use super::{Session, json};
use crate::claim::{Claim, Report};
use crate::models::Numbers;
use crate::names;
use dyntastic::ops::Sequence;
use dyntastic::prelude::*;

/// The handles that all tasks of a run share: some of one item each, and some of the same.
const HANDLES: [u8; 3] = [0, 0, 1];

impl Session {
    pub(super) fn handles(db: &Client) -> Vec<Sequence<Numbers, u64>> {
        HANDLES.iter().map(|id| Numbers::last_sequence(db, names::id(*id))).collect()
    }

    pub(super) async fn take_numbers(&self, handle: u8, count: u8) -> Report {
        let handle = usize::from(handle) % HANDLES.len();
        let (Some(numbers), Some(id)) = (self.numbers.get(handle), HANDLES.get(handle)) else {
            return Report::nothing();
        };
        let mut taken = Vec::new();
        for _ in 0..count {
            match numbers.next().await {
                Ok(number) => taken.push(number),
                // Some were reserved before, or by the request of another operation.
                Err(error) => return Report { claims: vec![Claim::Took(*id, taken)], ..Report::unknown(&error) },
            }
        }
        Report::done([Claim::Took(*id, taken)])
    }

    /// Saves the item of a sequence: one that was read, or a new one.
    pub(super) async fn save_numbers(&self, id: u8, is_new: bool) -> Report {
        let since = self.world.changes();
        let found = match is_new {
            true => Ok(Numbers::builder().id(names::id(id)).build().ok()),
            false => Numbers::find(&self.db, names::id(id)).consistent_read().await,
        };
        let numbers = match found {
            Ok(Some(numbers)) => numbers,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        match numbers.save(&self.db).await {
            Ok(()) => Report::done([Claim::Wrote(names::numbers(id), json(&numbers))]),
            Err(error) if is_new => Report::failed(&error, []),
            Err(error) => {
                let conflict =
                    super::is_refusal(&error).then_some(Claim::Conflict { place: names::numbers(id), since });
                Report::failed(&error, conflict)
            }
        }
    }
}
