//! A schema as editors see it: its definitions and their uses, mistakes or not. Plain data about places in files.

mod complete;
mod context;
mod examples;
mod findings;
mod hover;
mod language;
mod outline;
mod regions;
mod rename;
mod symbols;

pub use complete::{Completion, CompletionKind, complete};
pub use findings::{Finding, Fix};
pub use hover::Hover;
pub use outline::{Outline, OutlineKind};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::node::{Entry, Kind, Node};
use crate::read::{self, Document};
use crate::sources::{Sources, Span};
use std::sync::OnceLock;
use symbols::Symbols;

/// A range of bytes in one file of an [`Analysis`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The number of the file.
    pub file: usize,
    /// The offset of its first byte.
    pub start: usize,
    /// The offset after its last byte.
    pub end: usize,
}

/// A new text for a place.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edit {
    /// The replaced text; it may be empty.
    pub place: Place,
    /// The new text.
    pub text: String,
}

/// The files of a schema with their definitions and uses. A file that is no YAML has none.
#[derive(Debug)]
pub struct Analysis {
    sources: Sources,
    documents: Vec<Document>,
    /// Made when they are first asked for, which the outline and mistakes need not wait for.
    symbols: OnceLock<Symbols>,
    /// Files that could not be read.
    unreadable: Vec<Diagnostic>,
    diagnostics: Diagnostics,
}

impl Analysis {
    pub(crate) fn new(sources: Sources, unreadable: Vec<Diagnostic>) -> Self {
        let documents = read::documents(&sources);
        Self { sources, documents, symbols: OnceLock::new(), unreadable, diagnostics: Diagnostics::default() }
    }

    /// The files after edits, in their order. None of them may be in the place of another one.
    pub(crate) fn edited(&self, edits: &[Edit]) -> Self {
        let mut sources = Sources::new();
        for (file, source) in self.sources.iter() {
            let mut text = source.text.clone();
            for edit in edits.iter().rev().filter(|edit| edit.place.file == file) {
                text.replace_range(edit.place.start..edit.place.end, &edit.text);
            }
            sources.add(source.name.clone(), text);
        }
        Self::new(sources, self.unreadable.clone())
    }

    fn symbols(&self) -> &Symbols {
        self.symbols.get_or_init(|| Symbols::of(&self.sources, self.roots()))
    }

    /// The document of a file, if it is YAML.
    fn root(&self, file: usize) -> Option<&Node> {
        self.documents.get(file)?.as_ref().ok().map(|(root, _)| root)
    }

    fn roots(&self) -> impl Iterator<Item = &Node> {
        self.documents.iter().flatten().map(|(root, _)| root)
    }

    pub(crate) fn documents(&self) -> &[Document] {
        &self.documents
    }

    pub(crate) fn sources(&self) -> &Sources {
        &self.sources
    }

    pub(crate) fn unreadable(&self) -> &[Diagnostic] {
        &self.unreadable
    }

    pub(crate) fn set_diagnostics(&mut self, diagnostics: Diagnostics) {
        self.diagnostics = diagnostics;
    }

    /// The names of the files, in their order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.sources.iter().map(|(_, source)| source.name.as_str())
    }

    /// The text of a file, without byte order mark and with LF as its line ends.
    pub fn text(&self, file: usize) -> &str {
        self.sources.get(file).map_or("", |source| source.text.as_str())
    }

    /// Whether a file is YAML, so that its definitions are known.
    pub fn is_read(&self, file: usize) -> bool {
        self.root(file).is_some()
    }

    /// The place where the name at a place is defined.
    pub fn definition(&self, file: usize, offset: usize) -> Option<Place> {
        let (_, key) = self.symbols().at(file, offset)?;
        self.symbols().definition(key).map(Place::from)
    }

    /// The places that use the name at a place, its definition included.
    pub fn references(&self, file: usize, offset: usize) -> Vec<Place> {
        let Some((_, key)) = self.symbols().at(file, offset) else { return Vec::new() };
        let mut places: Vec<Place> = self.symbols().uses(key).map(Place::from).collect();
        places.sort();
        places.dedup();
        places
    }

    /// The definition at a path of keys, such as `models`, `User`, `fields`, `name`.
    fn entry(&self, path: &[&str]) -> Option<&Entry> {
        self.roots().find_map(|root| {
            let (last, before) = path.split_last()?;
            let map = before.iter().try_fold(root, |node, key| Some(&get(node, key)?.value))?;
            get(map, last)
        })
    }
}

/// An entry of a map.
fn get<'n>(node: &'n Node, key: &str) -> Option<&'n Entry> {
    match &node.kind {
        Kind::Map(entries) => entries.iter().find(|entry| entry.key == key),
        _ => None,
    }
}

/// The text of an entry of a map.
fn text_of<'n>(node: &'n Node, key: &str) -> Option<&'n str> {
    get(node, key)?.value.as_text()
}

impl From<Span> for Place {
    fn from(Span { file, start, end }: Span) -> Self {
        Self { file, start, end }
    }
}
