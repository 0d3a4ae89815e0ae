//! Reads a map by its keys, and reports the unknown and the missing ones.

use super::reader::Reader;
use crate::diagnostic::{Code, Diagnostic, Ours, Place, nearest, ours};
use crate::node::{Entry, Kind, Node};
use crate::schema::{ExtrasDecl, Spanned};
use crate::sources::Span;
use crate::text::show;
use serde::de::DeserializeOwned;

/// The map that is read, for messages and helps.
#[derive(Debug, Clone)]
pub(super) struct What {
    /// The places whose synonyms its keys may have.
    places: Vec<Place>,
    /// Its name; empty without one.
    name: String,
    /// Its name in messages, such as "model `User`".
    text: String,
}

impl What {
    /// A map of a kind, with the user's name for it.
    pub(super) fn named(place: Place, kind: &str, entry: &Entry) -> Self {
        let name = show(&entry.key);
        Self { places: vec![place], text: format!("{kind} `{name}`"), name }
    }

    /// A map that messages call by `text` alone.
    pub(super) fn of(place: Place, text: impl Into<String>) -> Self {
        Self { places: vec![place], name: String::new(), text: text.into() }
    }

    /// The same map; the synonyms of `place` come first.
    pub(super) fn at(mut self, place: Place) -> Self {
        self.places.insert(0, place);
        self
    }
}

/// The entries of one map while they are read.
pub(super) struct Keys<'n, 'r> {
    pub(super) reader: &'r mut Reader,
    entries: &'n [Entry],
    asked: Vec<&'static str>,
    /// The required keys that are missing, each with its help.
    missing: Vec<(&'static str, String)>,
    what: What,
    /// The place where a missing key is reported: the map's name.
    name: Span,
}

impl<'n, 'r> Keys<'n, 'r> {
    /// The entries of a map. Another kind of value is a mistake; no value (`key:` alone) is an empty map. `form` is an
    /// example of such a map, for the help.
    pub(super) fn of(node: &'n Node, what: What, name: Span, form: &str, reader: &'r mut Reader) -> Option<Self> {
        let entries = reader.map_entries(node, &what.text, name, form)?;
        Some(Self { reader, entries, asked: Vec::new(), missing: Vec::new(), what, name })
    }

    /// The entry of an optional key.
    pub(super) fn take(&mut self, key: &'static str) -> Option<&'n Entry> {
        if !self.asked.contains(&key) {
            self.asked.push(key);
        }
        self.entries.iter().find(|entry| entry.key == key)
    }

    /// The entry of a required key.
    pub(super) fn require(&mut self, key: &'static str, help: &str) -> Option<&'n Entry> {
        let entry = self.take(key);
        if entry.is_none() {
            self.missing.push((key, help.to_owned()));
        }
        entry
    }

    /// The text of an optional key.
    pub(super) fn text(&mut self, key: &'static str) -> Option<Spanned<String>> {
        let entry = self.take(key)?;
        self.reader.text(entry)
    }

    /// The value of an optional key as a `T`.
    pub(super) fn value<T: DeserializeOwned>(&mut self, key: &'static str) -> Option<Spanned<T>> {
        let entry = self.take(key)?;
        self.reader.value(entry)
    }

    /// The texts of an optional key: one text or a list.
    pub(super) fn texts(&mut self, key: &'static str) -> Vec<Spanned<String>> {
        let Some(entry) = self.take(key) else { return Vec::new() };
        let Kind::List(items) = &entry.value.kind else {
            return self.reader.text(entry).into_iter().collect();
        };
        let of = |item: &Node| Entry { value: item.clone(), ..entry.clone() };
        items.iter().filter_map(|item| self.reader.text(&of(item))).collect()
    }

    /// The derives and attributes that the user adds to the emitted code.
    pub(super) fn extras(&mut self) -> ExtrasDecl {
        ExtrasDecl { derive: self.texts("derive"), attributes: self.texts("attributes") }
    }

    /// Reports the unknown keys and the missing ones. A key that is written under another name is not missing.
    pub(super) fn finish(self) {
        if let Some(diagnostic) = self.not_indented() {
            self.reader.report(diagnostic);
            return;
        }
        let unknown: Vec<&Entry> = self.rest().collect();
        let meant: Vec<Option<Ours>> = unknown.iter().map(|entry| self.meant(entry)).collect();
        // The missing key's contents are here instead: that is one mistake, not two.
        let is_contents = unknown.len() == self.entries.len() && meant.iter().all(Option::is_none);
        let is_meant = |key: &str| meant.iter().flatten().any(|ours| ours.word() == Some(key));
        let missing: Vec<_> = self.missing.iter().filter(|(key, _)| !is_meant(key)).collect();
        for (key, help) in &missing {
            let diagnostic = Diagnostic::new(Code::MissingKey, format!("{} has no `{key}`", self.what.text))
                .at(self.name, format!("`{key}` is missing"))
                .help(help.as_str());
            self.reader.report(diagnostic);
        }
        if is_contents && !missing.is_empty() {
            return;
        }
        for (entry, meant) in unknown.into_iter().zip(meant) {
            let message = format!("{} has no key `{}`", self.what.text, show(&entry.key));
            let help = match (meant, self.text_before(entry)) {
                (Some(Ours::Near(word)), _) if without_space(&entry.key, word) => {
                    format!("write a space after the `:`: `{}`", show(&entry.key.replacen(':', ": ", 1))).into()
                }
                (Some(ours), _) => ours.help(&self.what.name),
                (None, Some((key, text))) => format!(
                    "if it belongs to the text before it, quote both: `{key}: \"{text}, {}\"`",
                    show(&entry.key)
                )
                .into(),
                (None, None) => format!(
                    "the keys here are {}",
                    self.asked.iter().map(|key| format!("`{key}`")).collect::<Vec<_>>().join(", ")
                )
                .into(),
            };
            self.reader.report(Diagnostic::new(Code::UnknownKey, message).at(entry.key_span, "unknown key").help(help));
        }
    }

    /// The text that a key without a value may belong to, and the key of that text: `{ doc: One, two }` is two entries.
    fn text_before(&self, entry: &Entry) -> Option<(&str, &str)> {
        // Without a `:`, the parser places the value after the key.
        let is_alone = entry.value.is_null() && entry.value.span.start < entry.value.span.end;
        let at = self.entries.iter().position(|other| other.key_span == entry.key_span).filter(|_| is_alone)?;
        let before = self.entries.get(at.checked_sub(1)?)?;
        match &before.value.kind {
            Kind::Scalar { text, plain: true } => Some((before.key.as_str(), text.as_str())),
            _ => None,
        }
    }

    /// The entries that were not read yet.
    pub(super) fn rest(&self) -> impl Iterator<Item = &'n Entry> {
        self.entries.iter().filter(|entry| !self.asked.contains(&entry.key.as_str()))
    }

    /// A diagnostic if entries follow an empty key and should be indented under it.
    pub(super) fn not_indented(&self) -> Option<Diagnostic> {
        let belongs_in = |empty: &Entry, next: &Entry| {
            CONTAINERS.contains(&empty.key.as_str()) && !self.asked.contains(&next.key.as_str())
        };
        not_indented(self.entries, belongs_in)
    }

    /// The replacement for an unknown key.
    pub(super) fn meant(&self, entry: &Entry) -> Option<Ours> {
        let known = ours(&self.what.places, &entry.key);
        let is_model =
            |entries: &[Entry]| entries.iter().any(|entry| ["hash_key", "fields"].contains(&entry.key.as_str()));
        if let (None, true, Kind::Map(entries)) = (known, self.what.places.contains(&Place::Schema), &entry.value.kind)
            && is_model(entries)
        {
            return Some(Ours::Says("if it is a model, it belongs under `models:`, indented further"));
        }
        let written = self.asked.iter().copied().find(|word| without_space(&entry.key, word)).map(Ours::Near);
        known.or(written).or_else(|| nearest(&entry.key, self.asked.iter().copied()).map(Ours::Near))
    }
}

/// The keys whose entries have the user's names.
const CONTAINERS: &[&str] = &["fields", "indexes", "queries", "projections", "variants", "inputs"];

/// A diagnostic if entries follow a key without a value and should be indented under it.
pub(super) fn not_indented(entries: &[Entry], belongs_in: impl Fn(&Entry, &Entry) -> bool) -> Option<Diagnostic> {
    entries.iter().zip(entries.iter().skip(1)).find_map(|(empty, next)| {
        let is_empty = empty.value.is_null() && empty.value.span.start == empty.value.span.end;
        if !is_empty || !belongs_in(empty, next) {
            return None;
        }
        let (empty_key, next_key) = (show(&empty.key), show(&next.key));
        let message = format!("`{next_key}` is next to `{empty_key}`, not in it");
        Some(
            Diagnostic::new(Code::WrongKind, message)
                .at(next.key_span, "this begins in the same column")
                .related(empty.key_span, "this is empty")
                .help(format!("indent the lines of `{empty_key}` further than its name")),
        )
    })
}

/// Whether a key and its value are one text because a space is missing: `{ type:string }`.
fn without_space(key: &str, word: &str) -> bool {
    key.strip_prefix(word).is_some_and(|rest| rest.starts_with(':'))
}
