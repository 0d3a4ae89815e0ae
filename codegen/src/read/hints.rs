//! What a schema says about the use of its tables.

use super::keys::{Keys, What};
use super::model::names;
use super::reader::{Reader, value_span};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{RatesDecl, Spanned};
use std::ops::RangeInclusive;

/// The largest item, in bytes.
const LARGEST: u64 = 400 * 1024;

/// `rate: { get: 100, save: 5 }` of a model: its requests per second.
pub(super) fn rates(keys: &mut Keys<'_, '_>) -> RatesDecl {
    let Some(entry) = keys.take("rate") else { return RatesDecl::default() };
    let what = What::of(Place::Other, "`rate`");
    let Some(mut keys) = Keys::of(&entry.value, what, entry.key_span, "rate: { get: 100, save: 5 }", keys.reader)
    else {
        return RatesDecl::default();
    };
    let rates = RatesDecl {
        get: rate("get", &mut keys),
        insert: rate("insert", &mut keys),
        save: rate("save", &mut keys),
        update: rate("update", &mut keys),
        delete: rate("delete", &mut keys),
    };
    keys.finish();
    rates
}

/// The highest rate and number of items, so that what is calculated with them is a number.
const HIGHEST_RATE: f64 = 1e9;
const MOST_ITEMS: u64 = 10_000_000;

/// A number of requests per second.
pub(super) fn rate(key: &'static str, keys: &mut Keys<'_, '_>) -> Option<Spanned<f64>> {
    let entry = keys.take(key)?;
    let rate = entry.value.to::<f64>().filter(|rate| (0.0..=HIGHEST_RATE).contains(rate));
    if rate.is_none() {
        refuse(entry, "a number of requests per second, 0 to 1,000,000,000", "100", keys.reader);
    }
    rate.map(|rate| Spanned { value: rate, span: entry.value.span })
}

/// The bytes of a usual item.
pub(super) fn size(keys: &mut Keys<'_, '_>) -> Option<u64> {
    whole("size", 1..=LARGEST, "the bytes of an item, 1 to 409,600", "900", keys)
}

/// The number of items that a request reads.
pub(super) fn items(keys: &mut Keys<'_, '_>) -> Option<u64> {
    whole("items", 1..=MOST_ITEMS, "a number of items, 1 to 10,000,000", "20", keys)
}

/// The fields of an item that the app uses: one, or a list of them.
pub(super) fn reads(keys: &mut Keys<'_, '_>) -> Vec<Spanned<String>> {
    let Some(entry) = keys.take("reads") else { return Vec::new() };
    let Kind::List(items) = &entry.value.kind else { return keys.reader.text(entry).into_iter().collect() };
    if items.is_empty() {
        let diagnostic = Diagnostic::new(Code::BadValue, "`reads` lists no fields")
            .at(entry.value.span, "an empty list")
            .help("list those that the app uses, such as `reads: [name]`, or leave it out if it may use all");
        keys.reader.report(diagnostic);
    }
    names(items, entry, keys.reader)
}

fn whole(
    key: &'static str,
    allowed: RangeInclusive<u64>,
    what: &str,
    example: &str,
    keys: &mut Keys<'_, '_>,
) -> Option<u64> {
    let entry = keys.take(key)?;
    let number = entry.value.to::<u64>().filter(|number| allowed.contains(number));
    if number.is_none() {
        refuse(entry, what, example, keys.reader);
    }
    number
}

fn refuse(entry: &Entry, what: &str, example: &str, reader: &mut Reader) {
    let diagnostic = Diagnostic::new(Code::BadValue, format!("`{}` is {what}", entry.key))
        .at(value_span(entry), format!("found {}", entry.value.describe()))
        .help(format!("such as `{}: {example}`", entry.key));
    reader.report(diagnostic);
}
