//! Reading a map key by key: what is not asked for is an unknown key, what is asked for and absent may be a
//! missing one.

use super::expected;
use crate::diagnostic::{Code, Diagnostic, Ours, Place, nearest, ours};
use crate::node::{Entry, Kind, Node};
use crate::schema::{ExtrasDecl, Spanned};
use crate::sources::Span;
use crate::text::show;
use serde::de::DeserializeOwned;

/// What a map is.
#[derive(Debug, Clone)]
pub(super) struct What {
    /// What its keys may be called elsewhere.
    places: Vec<Place>,
    /// Its name, where it has one.
    name: String,
    /// As a message calls it, such as "model `User`".
    text: String,
}

impl What {
    /// Of a kind, with a name that the user gives.
    pub(super) fn named(place: Place, kind: &str, entry: &Entry) -> Self {
        let name = show(&entry.key);
        Self { places: vec![place], text: format!("{kind} `{name}`"), name }
    }

    /// What a message calls by this text alone.
    pub(super) fn of(place: Place, text: impl Into<String>) -> Self {
        Self { places: vec![place], name: String::new(), text: text.into() }
    }

    /// The same, whose keys are first looked for at another place.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.places.insert(0, place);
        self
    }
}

/// The entries of one map while they are read.
pub(super) struct Fields<'n> {
    entries: &'n [Entry],
    asked: Vec<&'static str>,
    /// The keys that have to be there and are not, each with its help.
    missing: Vec<(&'static str, String)>,
    what: What,
    /// Where a missing key is reported: the name of what the map is.
    name: Span,
}

impl<'n> Fields<'n> {
    /// The entries of a map; another kind of value is a mistake, and nothing (`key:` alone) is an empty map. `form` shows how
    /// such a map is written.
    pub(super) fn of(
        node: &'n Node,
        what: What,
        name: Span,
        form: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Self> {
        let entries = map_entries(node, &what.text, name, form, diagnostics)?;
        Some(Self { entries, asked: Vec::new(), missing: Vec::new(), what, name })
    }

    /// The entry of a key, if it is there.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Entry> {
        self.asked.push(key);
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The entry of a key that has to be there.
    pub(super) fn require(&mut self, key: &'static str, help: &str) -> Option<&'n Entry> {
        let entry = self.take(key);
        if entry.is_none() {
            self.missing.push((key, help.to_owned()));
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

    /// Reports every key that nobody asked for, and those that are missing. Who has written a key under another name
    /// misses it no more.
    pub(super) fn finish(self, diagnostics: &mut Vec<Diagnostic>) {
        if let Some(diagnostic) = self.not_indented() {
            diagnostics.push(diagnostic);
            return;
        }
        let unknown: Vec<&Entry> = self.rest().collect();
        let meant: Vec<Option<Ours>> = unknown.iter().map(|entry| self.meant(entry)).collect();
        // Who has left out the key whose contents stand here instead has made one mistake.
        let is_contents = unknown.len() == self.entries.len() && meant.iter().all(Option::is_none);
        let is_meant = |key: &str| meant.iter().flatten().any(|ours| ours.word() == Some(key));
        let missing: Vec<_> = self.missing.iter().filter(|(key, _)| !is_meant(key)).collect();
        for (key, help) in &missing {
            let diagnostic = Diagnostic::new(Code::MissingKey, format!("{} has no `{key}`", self.what.text))
                .at(self.name, format!("`{key}` is missing"))
                .help(help);
            diagnostics.push(diagnostic);
        }
        if is_contents && !missing.is_empty() {
            return;
        }
        for (entry, meant) in unknown.into_iter().zip(meant) {
            let message = format!("{} has no key `{}`", self.what.text, show(&entry.key));
            let help = match (meant, self.text_before(entry)) {
                (Some(Ours::Near(word)), _) if without_space(&entry.key, word) => {
                    format!("write a space after the `:`: `{}`", show(&entry.key.replacen(':', ": ", 1)))
                }
                (Some(ours), _) => ours.help(&self.what.name),
                (None, Some((key, text))) => {
                    format!(
                        "if it belongs to the text before it, quote both: `{key}: \"{text}, {}\"`",
                        show(&entry.key)
                    )
                }
                (None, None) => format!(
                    "the keys here are {}",
                    self.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
                ),
            };
            diagnostics.push(Diagnostic::new(Code::UnknownKey, message).at(entry.key_span, "unknown key").help(help));
        }
    }

    /// The text that a key without a value may belong to, and that one's key: `{ doc: One, two }` is two entries.
    fn text_before(&self, entry: &Entry) -> Option<(&str, &str)> {
        // Without a `:`, the parser says that the value is what follows.
        let is_alone = entry.value.value().is_null() && entry.value.span.start < entry.value.span.end;
        let at = self.entries.iter().position(|other| other.key_span == entry.key_span).filter(|_| is_alone)?;
        let before = self.entries.get(at.checked_sub(1)?)?;
        match &before.value.kind {
            Kind::Scalar { text, plain: true } => Some((before.key.as_str(), text.as_str())),
            _ => None,
        }
    }

    /// The keys that are there and have not been asked for yet.
    pub(super) fn rest(&self) -> impl Iterator<Item = &'n Entry> {
        self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str()))
    }

    /// What stands after a key that has maps, and should stand in it.
    pub(super) fn not_indented(&self) -> Option<Diagnostic> {
        let belongs_in = |empty: &Entry, next: &Entry| {
            CONTAINERS.contains(&empty.key.as_str()) && !self.asked.contains(&next.key.as_str())
        };
        not_indented(self.entries, belongs_in)
    }

    /// What an unknown key stands for.
    pub(super) fn meant(&self, entry: &Entry) -> Option<Ours> {
        let known = ours(&self.what.places, &entry.key);
        let is_model =
            |entries: &[Entry]| entries.iter().any(|entry| ["hash_key", "fields"].contains(&entry.key.as_str()));
        if let (None, true, Kind::Map(entries)) = (known, self.what.places.contains(&Place::Schema), &entry.value.kind)
            && is_model(entries)
        {
            return Some(Ours::Says("if it is a model, it stands under `models:`, indented further"));
        }
        let written = self.asked.iter().copied().find(|word| without_space(&entry.key, word)).map(Ours::Near);
        known.or(written).or_else(|| nearest(&entry.key, self.asked.iter().copied()).map(Ours::Near))
    }
}

/// Keys that hold what the user names.
const CONTAINERS: &[&str] = &["fields", "indexes", "queries", "projections", "variants"];

/// A key without a value, after which stands what should stand in it.
pub(super) fn not_indented(entries: &[Entry], belongs_in: impl Fn(&Entry, &Entry) -> bool) -> Option<Diagnostic> {
    entries.iter().zip(entries.iter().skip(1)).find_map(|(empty, next)| {
        let is_empty = empty.value.value().is_null() && empty.value.span.start == empty.value.span.end;
        if !is_empty || !belongs_in(empty, next) {
            return None;
        }
        let (empty_key, next_key) = (show(&empty.key), show(&next.key));
        let message = format!("`{next_key}` stands beside `{empty_key}`, and not in it");
        Some(
            Diagnostic::new(Code::WrongKind, message)
                .at(next.key_span, "this begins in the same column")
                .related(empty.key_span, "this has nothing in it")
                .help(format!("indent the lines of `{empty_key}` further than its name")),
        )
    })
}

/// The entries of a map whose keys are names that the user gives; `form` shows how such a map is written.
pub(super) fn map_entries<'n>(
    node: &'n Node,
    what: &str,
    name: Span,
    form: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<&'n [Entry]> {
    match &node.kind {
        Kind::Map(entries) => Some(entries),
        Kind::Scalar { .. } if node.value().is_null() => Some(&[]),
        _ => {
            let span = if node.span.start == node.span.end { name } else { node.span };
            let diagnostic = Diagnostic::new(Code::WrongKind, format!("{what} must be a map"))
                .at(first_line(node, span), format!("expected a map, found {}", node.describe()))
                .help(format!("write it so: `{form}`"));
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
    let help = match &node.kind {
        Kind::Scalar { text, .. } if !node.value().is_null() => {
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
    diagnostics.push(wrong_kind(entry, "text").help(help));
    None
}

/// Whether a key and its value are one text, for want of a space: `{ type:string }`.
fn without_space(key: &str, word: &str) -> bool {
    key.strip_prefix(word).is_some_and(|rest| rest.starts_with(':'))
}

fn one_text(key: &str, text: Option<&str>) -> String {
    format!("write one text: `{}: {}`", show(key), show(text.unwrap_or("…")))
}

/// An entry's value as one of a type's values.
pub(super) fn value<T: DeserializeOwned>(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<T>> {
    match T::deserialize(entry.value.value()) {
        Ok(value) => Some(Spanned { value, span: entry.value.span }),
        Err(_) => {
            let expected = expected::of::<T>();
            let message = format!("`{}` must be {expected}", show(&entry.key));
            let label = format!("expected {expected}, found {}", entry.value.describe());
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(value_span(entry), label);
            diagnostics.push(diagnostic.help(expected.help(&entry.key, &entry.value)));
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
