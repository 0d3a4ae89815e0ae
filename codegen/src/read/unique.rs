//! A model's unique combinations of fields.

use super::model::names;
use super::reader::{Reader, wrong_kind};
use crate::node::{Entry, Kind, Node};
use crate::schema::{Spanned, UniqueDecl};
use crate::sources::Span;

/// `unique: [tenant, email]`, or a list of such lists.
pub(super) fn unique(entry: &Entry, reader: &mut Reader) -> Vec<UniqueDecl> {
    let Kind::List(items) = &entry.value.kind else {
        let help = "such as `unique: [tenant, email]`; a field alone is unique with `unique: true` in its settings";
        reader.report(wrong_kind(entry, "a list of fields").help(help));
        return Vec::new();
    };
    let combination = |fields: Vec<Spanned<String>>, span: Span| UniqueDecl { span, fields };
    let is_list = |item: &Node| matches!(item.kind, Kind::List(_));
    if items.iter().any(is_list) {
        let inner = items.iter().map(|item| match &item.kind {
            Kind::List(inner) => combination(names(inner, entry, reader), item.span),
            _ => combination(names(std::slice::from_ref(item), entry, reader), item.span),
        });
        inner.collect()
    } else {
        vec![combination(names(items, entry, reader), entry.key_span)]
    }
}
