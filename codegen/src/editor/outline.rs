//! The definitions of a file, as a tree.

use super::symbols::entries;
use super::{Analysis, Place, get};
use crate::node::{Entry, Kind};
use crate::sources::Span;

/// A definition in a file.
#[derive(Debug, Clone)]
pub struct Outline {
    /// Its name.
    pub name: String,
    /// Its type, or that of its value.
    pub detail: String,
    /// What it is.
    pub kind: OutlineKind,
    /// The place of all of it.
    pub whole: Place,
    /// The place of its name.
    pub place: Place,
    /// The definitions in it.
    pub children: Vec<Outline>,
}

/// What a definition is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutlineKind {
    /// A key of the file, such as `models`.
    Section,
    /// A model, a type, a mixin, a context or a union.
    Struct,
    /// An enum.
    Enum,
    /// A scalar.
    Scalar,
    /// An entry of `tables`.
    Table,
    /// A collection.
    Collection,
    /// A field.
    Field,
    /// An index.
    Index,
    /// A query.
    Query,
}

impl Analysis {
    /// The definitions of a file, by its keys.
    pub fn outline(&self, file: usize) -> Vec<Outline> {
        let Some(root) = self.root(file) else { return Vec::new() };
        let sections = entries(root).filter_map(|section| {
            let kind = match section.key.as_str() {
                "scalars" => OutlineKind::Scalar,
                "enums" => OutlineKind::Enum,
                "mixins" | "contexts" | "types" | "unions" | "models" => OutlineKind::Struct,
                "tables" => OutlineKind::Table,
                "collections" => OutlineKind::Collection,
                _ => return None,
            };
            let children = entries(&section.value).map(|entry| definition(entry, kind)).collect();
            Some(outline(section, OutlineKind::Section, children))
        });
        sections.collect()
    }
}

fn definition(entry: &Entry, kind: OutlineKind) -> Outline {
    let parts = [
        ("fields", OutlineKind::Field),
        ("variants", OutlineKind::Struct),
        ("indexes", OutlineKind::Index),
        ("vector_indexes", OutlineKind::Index),
        ("queries", OutlineKind::Query),
    ];
    let children = parts.iter().filter_map(|(key, kind)| Some((get(&entry.value, key)?, *kind)));
    let children = children.flat_map(|(part, kind)| entries(&part.value).map(move |of| outline(of, kind, Vec::new())));
    outline(entry, kind, children.collect())
}

fn outline(entry: &Entry, kind: OutlineKind, children: Vec<Outline>) -> Outline {
    let value = get(&entry.value, "type").map_or(&entry.value, |ty| &ty.value);
    let detail = match &value.kind {
        Kind::Scalar { text, .. } => text.clone(),
        Kind::List(_) | Kind::Map(_) => String::new(),
    };
    let whole = Span { end: entry.value.span.end.max(entry.key_span.end), ..entry.key_span };
    Outline { name: entry.key.clone(), detail, kind, whole: whole.into(), place: entry.key_span.into(), children }
}
