//! Checks that searches return items as they were stored, with the scores of their vectors.

use super::claims::states;
use super::is_same;
use crate::claim::Search;
use crate::names;
use crate::run::{Ended, Record};
use crate::store::search::{MOST_LAG, distance, vector};
use crate::store::value::{Item, Value};
use std::collections::BTreeSet;

const RULE: &str = "searches find items as they were stored, with their scores";

pub(super) fn contradiction(ended: &Ended, record: &Record, search: &Search) -> Option<(&'static str, String)> {
    let Search { album, top, is_whole, found, since, .. } = search;
    let is_scored = |item: &Item, score: f64| {
        let shape = item.get("shape").and_then(vector);
        shape.is_some_and(|shape| (distance(&shape, &search.shape) - score).abs() < 1e-9)
    };
    let is_in_album = |item: &Item| item.get("album").and_then(Value::text).unwrap_or("none") == album;
    for (place, item, score) in found {
        // The index follows the table with a delay.
        let entries = states(ended, place, since.saturating_sub(MOST_LAG), record.ended);
        let is_entry = |state: &Item| is_in_album(state) && is_scored(state, *score);
        let is_stored = match is_whole {
            false => entries.iter().flatten().any(|state| is_entry(state) && is_same(item, state)),
            true => {
                let read = states(ended, place, *since, record.ended);
                entries.iter().flatten().any(|state| is_entry(state))
                    && read.iter().flatten().any(|state| is_same(item, state))
            }
        };
        if !is_stored {
            return Some((RULE, format!("{place:?} was found as {item} with {score}; it was {entries:?}")));
        }
    }
    let places: BTreeSet<_> = found.iter().map(|(place, ..)| place).collect();
    if places.len() != found.len() || found.len() > *top || !found.is_sorted_by_key(|(.., score)| *score) {
        return Some((RULE, format!("{found:?} are not the {top} most similar items, each once and in order")));
    }
    // An item that was the same all the time is found, if there is room for all.
    let is_all = *top >= usize::try_from(names::EACH).unwrap_or(usize::MAX);
    let missed = (0..names::EACH).filter(|_| is_all).find_map(|id| {
        let place = names::sketch(names::id(u8::try_from(id).unwrap_or_default()));
        let states = states(ended, &place, since.saturating_sub(MOST_LAG), record.ended);
        let [Some(state)] = states.as_slice() else { return None };
        let is_there = is_in_album(state) && state.contains_key("shape");
        (is_there && !places.contains(&place)).then_some(place)
    });
    missed.map(|place| (RULE, format!("{place:?} was in the album all the time, and was not found")))
}
