//! The shape of `services:`.

use super::keys::{Keys, What};
use super::reader::{Reader, value_span, wrong_kind};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{FieldsDecl, ServiceDecl, Spanned, UseDecl};
use crate::text::show;

const FORM: &str = "models: { Order: [get, insert] }";

/// An entry of `services:`.
pub(super) fn service(entry: &Entry, reader: &mut Reader) -> Option<ServiceDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Other, "service", entry);
    let mut keys = Keys::of(&entry.value, what, name.span, "checkout: { models: { Order: [get, insert] } }", reader)?;
    let doc = keys.text("doc");
    let models = keys.take("models").map(|entry| models(entry, keys.reader)).unwrap_or_default();
    let collections = some(&mut keys, "collections");
    let streams = some(&mut keys, "streams");
    let auto_create = keys.value("auto_create").is_some_and(|said| said.value);
    let ensure_tables = keys.value("ensure_tables").is_some_and(|said| said.value);
    keys.finish();
    Some(ServiceDecl { name, doc, models, collections, streams, auto_create, ensure_tables })
}

/// The names under an optional key. An empty list would be no limit, where its writer means nothing.
fn some(keys: &mut Keys<'_, '_>, key: &'static str) -> Vec<Spanned<String>> {
    if let Some(entry) = keys.take(key) {
        refuse_empty(entry, keys.reader);
    }
    keys.texts(key)
}

fn refuse_empty(entry: &Entry, reader: &mut Reader) {
    let is_empty = match &entry.value.kind {
        Kind::List(items) => items.is_empty(),
        Kind::Map(entries) => entries.is_empty(),
        Kind::Scalar { .. } => entry.value.is_null(),
    };
    if is_empty {
        let diagnostic = Diagnostic::new(Code::BadService, format!("`{}` names nothing", show(&entry.key)))
            .at(value_span(entry), "it is empty")
            .help(
                "leave the service out; one without `models`, `collections`, `streams` and `ensure_tables` reads and \
                 writes everything",
            );
        reader.report(diagnostic);
    }
}

/// `[Order, Customer]`, or a map of models to their operations.
fn models(entry: &Entry, reader: &mut Reader) -> Vec<UseDecl> {
    refuse_empty(entry, reader);
    match &entry.value.kind {
        Kind::Map(entries) => entries.iter().filter_map(|entry| used(entry, reader)).collect(),
        Kind::List(items) => {
            let name = |item| reader.text(&Entry { value: item, ..entry.clone() });
            let names = items.iter().cloned().filter_map(name);
            names.map(|model| UseDecl { model, operations: None, fields: None }).collect()
        }
        Kind::Scalar { .. } => {
            reader.report(wrong_kind(entry, "a map of models").help(format!("such as `{FORM}`")));
            Vec::new()
        }
    }
}

/// `Order: [get, insert]`, `Order: all`, or `Order: { operations: [get], fields: [status] }`.
fn used(entry: &Entry, reader: &mut Reader) -> Option<UseDecl> {
    let model = Spanned { value: entry.key.clone(), span: entry.key_span };
    if !matches!(entry.value.kind, Kind::Map(_)) {
        return Some(UseDecl { model, operations: operations(entry, reader), fields: None });
    }
    let what = What::named(Place::Other, "model", entry);
    let form = "Order: { operations: [get], fields: [status] }";
    let mut keys = Keys::of(&entry.value, what, model.span, form, reader)?;
    let operations = keys.take("operations").and_then(|entry| operations(entry, keys.reader));
    let span = keys.take("fields").map(|entry| entry.key_span);
    let fields = span.map(|span| FieldsDecl { span, names: keys.texts("fields") });
    keys.finish();
    Some(UseDecl { model, operations, fields })
}

/// One operation or a list of them; nothing is all.
fn operations(entry: &Entry, reader: &mut Reader) -> Option<Vec<Spanned<String>>> {
    let of = |value| Entry { value, ..entry.clone() };
    match &entry.value.kind {
        Kind::Scalar { .. } if entry.value.is_null() => None,
        Kind::List(items) if items.is_empty() => {
            refuse_empty(entry, reader);
            None
        }
        Kind::List(items) => Some(items.iter().cloned().filter_map(|item| reader.text(&of(item))).collect()),
        _ => Some(reader.text(entry).into_iter().collect()),
    }
}
