//! Reading a map key by key: what is not asked for is an unknown key, what is asked for and absent may be a
//! missing one.

use super::show;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::node::{Entry, Kind, Node};
use crate::schema::{ExtrasDecl, Spanned};
use crate::sources::Span;
use serde::de::DeserializeOwned;

/// The entries of one map while they are read.
pub(super) struct Fields<'n> {
    entries: &'n [Entry],
    asked: Vec<&'static str>,
    /// What the map is, such as "model `User`".
    what: String,
    /// Where a missing key is reported: the name of what the map is.
    name: Span,
}

impl<'n> Fields<'n> {
    /// The entries of a map; another kind of value is a mistake, and nothing (`key:` alone) is an empty map.
    pub(super) fn of(node: &'n Node, what: String, name: Span, diagnostics: &mut Vec<Diagnostic>) -> Option<Self> {
        let entries = map_entries(node, &what, name, diagnostics)?;
        Some(Self { entries, asked: Vec::new(), what, name })
    }

    /// The entry of a key, if it is there.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Entry> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The entry of a key that has to be there.
    pub(super) fn require(
        &mut self,
        key: &'static str,
        help: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<&'n Entry> {
        let entry = self.take(key);
        if entry.is_none() {
            let diagnostic = Diagnostic::new(Code::MissingKey, format!("{} has no `{key}`", self.what))
                .at(self.name, format!("`{key}` is missing"))
                .help(help);
            diagnostics.push(diagnostic);
        }
        entry
    }

    /// A key's text, if it is there.
    pub(super) fn text(&mut self, key: &'static str, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
        text(self.take(key)?, diagnostics)
    }

    /// A key's value as one of a type's values, if it is there.
    pub(super) fn value<T: DeserializeOwned>(
        &mut self,
        key: &'static str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Spanned<T>> {
        value(self.take(key)?, diagnostics)
    }

    /// A text or a list of texts, if it is there.
    pub(super) fn texts(&mut self, key: &'static str, diagnostics: &mut Vec<Diagnostic>) -> Vec<Spanned<String>> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let Kind::List(items) = &entry.value.kind else {
            return text(entry, diagnostics).into_iter().collect();
        };
        let of = |item: &Node| Entry { value: item.clone(), ..entry.clone() };
        items.iter().filter_map(|item| text(&of(item), diagnostics)).collect()
    }

    /// What the user adds to what is emitted.
    pub(super) fn extras(&mut self, diagnostics: &mut Vec<Diagnostic>) -> ExtrasDecl {
        ExtrasDecl { derive: self.texts("derive", diagnostics), attributes: self.texts("attributes", diagnostics) }
    }

    /// Reports every key that nobody asked for.
    pub(super) fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        for entry in self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str())) {
            let key = show(&entry.key);
            let all = self.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ");
            let help = did_you_mean(&entry.key, self.asked.iter().copied());
            let diagnostic = Diagnostic::new(Code::UnknownKey, format!("{} has no key `{key}`", self.what))
                .at(entry.key_span, "unknown key")
                .help(help.unwrap_or_else(|| format!("the keys here are {all}")));
            diagnostics.push(diagnostic);
        }
    }
}

/// The entries of a map whose keys are names that the user gives.
pub(super) fn map_entries<'n>(
    node: &'n Node,
    what: &str,
    name: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'n [Entry]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        Kind::Scalar { .. } if node.value().is_null() => Some(&[]),
        _ => {
            let span = if node.span.start == node.span.end { name } else { node.span };
            let diagnostic = Diagnostic::new(Code::WrongKind, format!("{what} must be a map"))
                .at(first_line(node, span), format!("expected a map, found {}", node.describe()));
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// An entry's value as text.
pub(super) fn text(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<String>> {
    let node = &entry.value;
    if let Some(text) = node.as_text() {
        return Some(Spanned { value: text.to_owned(), span: node.span });
    }
    let scalar = matches!(node.kind, Kind::Scalar { .. }) && !node.value().is_null();
    let quote = scalar.then(|| "put it in quotes to make it text".to_owned());
    diagnostics.push(wrong_kind(entry, "text").maybe_help(quote));
    None
}

/// An entry's value as one of a type's values; serde's message says which there are.
pub(super) fn value<T: DeserializeOwned>(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<T>> {
    match T::deserialize(entry.value.value()) {
        Ok(value) => Some(Spanned { value, span: entry.value.span }),
        Err(error) => {
            let message = format!("`{}` cannot be this", show(&entry.key));
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(value_span(entry), show_error(&error));
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// A diagnostic for a value of the wrong kind.
pub(super) fn wrong_kind(entry: &Entry, expected: &str) -> Diagnostic {
    let message = format!("`{}` must be {expected}", show(&entry.key));
    let label = format!("expected {expected}, found {}", entry.value.describe());
    Diagnostic::new(Code::WrongKind, message).at(value_span(entry), label)
}

/// Where an entry's value stands, or its key where the value is empty.
pub(super) fn value_span(entry: &Entry) -> Span {
    let span = entry.value.span;
    if span.start == span.end { entry.key_span } else { first_line(&entry.value, span) }
}

/// A list or map is pointed at by its first character: its whole block would bury the line.
fn first_line(node: &Node, span: Span) -> Span {
    match node.kind {
        Kind::Scalar { .. } => span,
        _ => Span { end: span.end.min(span.start + 1), ..span },
    }
}

fn show_error(error: &serde_yaml::Error) -> String {
    error.to_string().chars().take(200).collect()
}
