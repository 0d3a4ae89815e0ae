//! Reads values of the expected kinds.

use super::expected;
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::node::{Entry, Kind, Node};
use crate::schema::Spanned;
use crate::sources::Span;
use crate::text::show;
use serde::de::DeserializeOwned;

/// The reader of values, with the diagnostics found so far. A value of an unexpected kind is a mistake and is left out.
#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) found: Found,
}

impl Reader {
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// The entries of a map whose keys are the user's names. `form` is an example of such a map, for the help.
    pub(super) fn map_entries<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        name: Span,
        form: &str,
    ) -> Option<&'n [Entry]> {
        match &node.kind {
            Kind::Map(entries) => Some(entries),
            Kind::Scalar { .. } if node.is_null() => Some(&[]),
            _ => {
                let span = if node.span.start == node.span.end { name } else { node.span };
                let diagnostic = Diagnostic::new(Code::WrongKind, format!("{what} must be a map"))
                    .at(first_line(node, span), format!("expected a map, found {}", node.describe()))
                    .help(format!("write it as `{form}`"));
                self.report(diagnostic);
                None
            }
        }
    }

    /// An entry's value as text.
    pub(super) fn text(&mut self, entry: &Entry) -> Option<Spanned<String>> {
        let node = &entry.value;
        if let Some(text) = node.as_text() {
            return Some(Spanned { value: text.to_owned(), span: node.span });
        }
        let help = match &node.kind {
            Kind::Scalar { text, .. } if !node.is_null() => {
                format!("put it in quotes to make it text: `{}: \"{}\"`", show(&entry.key), show(text))
            }
            Kind::Scalar { .. } => format!("write a text after `{}:`, or leave the key out", show(&entry.key)),
            Kind::List(items) if entry.key == "type" && items.iter().any(|item| item.as_text() == Some("null")) => {
                let ty = items.iter().filter_map(Node::as_text).find(|ty| *ty != "null").unwrap_or("string");
                format!("a `?` after its type makes a field optional: `type: \"{}?\"`", show(ty))
            }
            Kind::List(items) if items.len() == 1 => one_text(&entry.key, items.first().and_then(Node::as_text)),
            Kind::Map(entries) if entries.len() == 1 => {
                one_text(&entry.key, entries.first().map(|entry| entry.key.as_str()))
            }
            _ => one_text(&entry.key, None),
        };
        self.report(wrong_kind(entry, "text").help(help));
        None
    }

    /// An entry's value as a `T`.
    pub(super) fn value<T: DeserializeOwned>(&mut self, entry: &Entry) -> Option<Spanned<T>> {
        match entry.value.to() {
            Some(value) => Some(Spanned { value, span: entry.value.span }),
            None => {
                let expected = expected::of::<T>();
                let message = format!("`{}` must be {expected}", show(&entry.key));
                let label = format!("expected {expected}, found {}", entry.value.describe());
                let diagnostic = Diagnostic::new(Code::BadValue, message).at(value_span(entry), label);
                self.report(diagnostic.help(expected.help(&entry.key, &entry.value)));
                None
            }
        }
    }
}

fn one_text(key: &str, text: Option<&str>) -> String {
    format!("write one text: `{}: {}`", show(key), show(text.unwrap_or("…")))
}

/// A diagnostic for a value of the wrong kind.
pub(super) fn wrong_kind(entry: &Entry, expected: &str) -> Diagnostic {
    let message = format!("`{}` must be {expected}", show(&entry.key));
    let label = format!("expected {expected}, found {}", entry.value.describe());
    Diagnostic::new(Code::WrongKind, message).at(value_span(entry), label)
}

/// The place of an entry's value, or of its key if the value is empty.
pub(super) fn value_span(entry: &Entry) -> Span {
    let span = entry.value.span;
    if span.start == span.end { entry.key_span } else { first_line(&entry.value, span) }
}

/// The place of a list or map is its first character: a label under its whole block would be unreadable.
fn first_line(node: &Node, span: Span) -> Span {
    match node.kind {
        Kind::Scalar { .. } => span,
        _ => Span { end: span.end.min(span.start + 1), ..span },
    }
}
