//! The shards of a hash key.

use super::keys::{Keys, What};
use super::model::names;
use super::reader::{Reader, value_span};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{ShardsDecl, Spanned};
use std::ops::RangeInclusive;

/// A query asks all shards at once.
const COUNTS: RangeInclusive<usize> = 2..=100;

/// `shards: 16`, or `{ count: 16, by: event_id }`.
pub(super) fn shards(entry: &Entry, reader: &mut Reader) -> Option<ShardsDecl> {
    let span = entry.key_span;
    let Kind::Map(_) = &entry.value.kind else {
        return Some(ShardsDecl { span, count: count(entry, reader)?, by: None });
    };
    let what = What::of(Place::Shards, "`shards`");
    let mut keys = Keys::of(&entry.value, what, span, "shards: { count: 16, by: event_id }", reader)?;
    let start = keys.reader.found.mark();
    let count_of = keys.require("count", "write the number of shards: `count: 16`");
    let count = count_of.and_then(|entry| count(entry, keys.reader));
    let by = keys.take("by").map(|entry| by(entry, keys.reader));
    keys.finish();
    reader.found.is_sound_since(start).then_some(ShardsDecl { span, count: count?, by })
}

fn count(entry: &Entry, reader: &mut Reader) -> Option<Spanned<usize>> {
    let count = entry.value.to::<usize>().filter(|count| COUNTS.contains(count));
    if count.is_none() {
        let message = format!("`{}` is a number of shards, {} to {}", entry.key, COUNTS.start(), COUNTS.end());
        let diagnostic = Diagnostic::new(Code::BadValue, message)
            .at(value_span(entry), format!("found {}", entry.value.describe()))
            .help(format!("such as `{}: 16`: a query asks all shards at once", entry.key));
        reader.report(diagnostic);
    }
    count.map(|value| Spanned { value, span: entry.value.span })
}

/// One field, or a list of fields.
fn by(entry: &Entry, reader: &mut Reader) -> Vec<Spanned<String>> {
    let Kind::List(items) = &entry.value.kind else { return reader.text(entry).into_iter().collect() };
    if items.is_empty() {
        let diagnostic = Diagnostic::new(Code::BadValue, "`by` lists no fields")
            .at(value_span(entry), "an empty list")
            .help("name the fields that choose an item's shard, such as `by: event_id`, or leave it out");
        reader.report(diagnostic);
    }
    names(items, entry, reader)
}
