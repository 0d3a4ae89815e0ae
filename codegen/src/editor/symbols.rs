//! The definitions of a schema, and the places that use them.

use super::{get, text_of};
use crate::node::{Entry, Kind, Node};
use crate::sources::{Sources, Span};
use std::collections::{HashMap, HashSet};

/// What a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Space {
    /// Scalars, enums, types and unions.
    Type,
    Mixin,
    Context,
    Table,
    Model,
    Collection,
    Field,
    Index,
    Variant,
}

/// A name in its space. The path of its owner is that of the definition which has it, such as `models/User`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) space: Space,
    pub(super) owner: String,
    pub(super) name: String,
}

#[derive(Debug, Default)]
pub(super) struct Symbols {
    /// The places of definitions and uses, by their files and in their order there.
    places: Vec<(Span, Key)>,
    definitions: HashMap<Key, Span>,
    uses: HashMap<Key, Vec<Span>>,
    /// The paths of definitions, such as `models`, `User`.
    paths: HashMap<Key, Vec<String>>,
}

impl Symbols {
    pub(super) fn of<'n>(sources: &Sources, roots: impl Iterator<Item = &'n Node>) -> Self {
        let mut walk = Walk { sources, symbols: Self::default(), found: Vec::new(), taken: HashMap::new() };
        for root in roots {
            walk.file(root);
        }
        walk.finish()
    }

    /// The name at a place.
    pub(super) fn at(&self, file: usize, offset: usize) -> Option<(Span, &Key)> {
        let after = self.places.partition_point(|(span, _)| (span.file, span.start) <= (file, offset));
        let (span, key) = self.places.get(after.checked_sub(1)?)?;
        (span.file == file && offset <= span.end).then_some((*span, key))
    }

    pub(super) fn definition(&self, key: &Key) -> Option<Span> {
        self.definitions.get(key).copied()
    }

    /// The places of a name, its definition included.
    pub(super) fn uses(&self, key: &Key) -> impl Iterator<Item = Span> {
        self.uses.get(key).into_iter().flatten().copied()
    }

    /// The names of a space and an owner.
    pub(super) fn names<'s>(&'s self, space: Space, owner: &'s str) -> impl Iterator<Item = String> + 's {
        let keys = self.definitions.keys().filter(move |key| key.space == space && key.owner == owner);
        keys.map(|key| key.name.clone())
    }

    pub(super) fn path(&self, key: &Key) -> Vec<&str> {
        self.paths.get(key).into_iter().flatten().map(String::as_str).collect()
    }
}

struct Walk<'s> {
    sources: &'s Sources,
    symbols: Symbols,
    /// The uses of names that may be defined later.
    found: Vec<(Span, Key)>,
    /// The mixins and the context of each owner of fields, as the owners of what it takes.
    taken: HashMap<String, Vec<String>>,
}

impl Walk<'_> {
    fn file(&mut self, root: &Node) {
        for (section, definitions) in entries(root).map(|entry| (entry.key.as_str(), &entry.value)) {
            let space = match section {
                "scalars" | "enums" | "types" | "unions" => Space::Type,
                "mixins" => Space::Mixin,
                "contexts" => Space::Context,
                "tables" => Space::Table,
                "models" => Space::Model,
                "collections" => Space::Collection,
                "services" => {
                    entries(definitions).for_each(|service| self.service(&service.value));
                    continue;
                }
                _ => continue,
            };
            for definition in entries(definitions) {
                self.define(space, "", definition, &[section]);
                let owner = format!("{section}/{}", definition.key);
                let node = &definition.value;
                match section {
                    "scalars" => self.field(&owner, definition),
                    "enums" => self.variants(&owner, node),
                    "unions" => self.union(&owner, definition),
                    "tables" => self.indexes(&owner, definition, section),
                    "models" => self.model(&owner, definition),
                    "collections" => self.collection(node),
                    _ => self.fields(&owner, definition, section),
                }
            }
        }
    }

    fn define(&mut self, space: Space, owner: &str, entry: &Entry, path: &[&str]) {
        let key = Key { space, owner: owner.to_owned(), name: entry.key.clone() };
        let span = self.inside(entry.key_span);
        let path = path.iter().map(|part| (*part).to_owned()).chain([entry.key.clone()]).collect();
        self.symbols.paths.entry(key.clone()).or_insert(path);
        self.symbols.definitions.entry(key.clone()).or_insert(span);
        self.found.push((span, key));
    }

    /// The place of a text without its quotes.
    fn inside(&self, span: Span) -> Span {
        let text = self.text(span);
        match text.len() > 1 && text.starts_with(['"', '\'']) {
            true => Span { start: span.start + 1, end: span.end - 1, ..span },
            false => span,
        }
    }

    fn text(&self, span: Span) -> &str {
        self.sources.get(span.file).and_then(|source| source.text.get(span.start..span.end)).unwrap_or_default()
    }

    /// Notes that a text, or each text of a list, is a name.
    fn names(&mut self, space: Space, owner: &str, node: &Node) {
        match &node.kind {
            Kind::List(items) => items.iter().for_each(|item| self.names(space, owner, item)),
            Kind::Scalar { text, .. } => self.name(space, owner, text, node.span),
            Kind::Map(_) => {}
        }
    }

    fn name(&mut self, space: Space, owner: &str, name: &str, span: Span) {
        let key = Key { space, owner: owner.to_owned(), name: name.to_owned() };
        self.found.push((self.inside(span), key));
    }

    fn named(&mut self, space: Space, owner: &str, node: &Node, key: &str) {
        if let Some(entry) = get(node, key) {
            self.names(space, owner, &entry.value);
        }
    }

    /// The names in the text of a type.
    fn ty(&mut self, node: &Node) {
        let text = self.text(node.span).to_owned();
        for (start, name) in words(&text) {
            let start = node.span.start + start;
            self.name(Space::Type, "", name, Span { start, end: start + name.len(), ..node.span });
        }
    }

    fn fields(&mut self, owner: &str, definition: &Entry, section: &str) {
        let node = &definition.value;
        let mut taken = Vec::new();
        for (space, key, section) in [(Space::Mixin, "mixins", "mixins"), (Space::Context, "context", "contexts")] {
            let Some(entry) = get(node, key) else { continue };
            self.names(space, "", &entry.value);
            taken.extend(texts(&entry.value).iter().map(|name| format!("{section}/{name}")));
        }
        self.taken.insert(owner.to_owned(), taken);
        let Some(fields) = get(node, "fields") else { return };
        for field in entries(&fields.value) {
            self.define(Space::Field, owner, field, &[section, &definition.key, "fields"]);
            self.field(owner, field);
        }
    }

    fn field(&mut self, owner: &str, field: &Entry) {
        match &field.value.kind {
            Kind::Scalar { .. } => self.ty(&field.value),
            _ => {
                if let Some(ty) = get(&field.value, "type") {
                    self.ty(&ty.value);
                }
                self.named(Space::Field, owner, &field.value, "after");
                self.named(Space::Field, owner, &field.value, "before");
                if let Some(computed) = get(&field.value, "computed") {
                    self.computed(owner, &computed.value);
                }
            }
        }
    }

    /// The fields in the text of a computed field, or those that its function takes.
    fn computed(&mut self, owner: &str, node: &Node) {
        if !matches!(node.kind, Kind::Scalar { .. }) {
            return;
        }
        let text = self.text(node.span).to_owned();
        let arguments = text.find('(').filter(|_| !text.contains('{'));
        let of_call = arguments.into_iter().flat_map(|open| {
            let rest = text.get(open..).unwrap_or_default();
            words(rest).map(move |(start, name)| (open + start, name))
        });
        for (start, name) in parts(&text).chain(of_call) {
            let start = node.span.start + start;
            self.name(Space::Field, owner, name, Span { start, end: start + name.len(), ..node.span });
        }
    }

    fn variants(&mut self, owner: &str, node: &Node) {
        let listed = get(node, "variants").map_or(node, |variants| &variants.value);
        let Kind::List(items) = &listed.kind else { return };
        for item in items {
            let name = get(item, "name").map_or(item, |name| &name.value);
            if let Some(text) = name.as_text() {
                let key = Key { space: Space::Variant, owner: owner.to_owned(), name: text.to_owned() };
                let span = self.inside(name.span);
                self.symbols.definitions.entry(key.clone()).or_insert(span);
                self.found.push((span, key));
            }
        }
    }

    fn union(&mut self, owner: &str, definition: &Entry) {
        let Some(variants) = get(&definition.value, "variants") else { return };
        for variant in entries(&variants.value) {
            let of = format!("{owner}/{}", variant.key);
            if let Kind::Scalar { .. } = &variant.value.kind {
                self.ty(&variant.value);
            } else if let Some(ty) = get(&variant.value, "type") {
                self.ty(&ty.value);
            }
            if let Some(fields) = get(&variant.value, "fields") {
                for field in entries(&fields.value) {
                    let path = ["unions", &definition.key, "variants", &variant.key, "fields"];
                    self.define(Space::Field, &of, field, &path);
                    self.field(&of, field);
                }
            }
        }
    }

    fn indexes(&mut self, owner: &str, definition: &Entry, section: &str) {
        let Some(indexes) = get(&definition.value, "indexes") else { return };
        for index in entries(&indexes.value) {
            self.define(Space::Index, owner, index, &[section, &definition.key, "indexes"]);
        }
    }

    fn model(&mut self, owner: &str, definition: &Entry) {
        let node = &definition.value;
        self.fields(owner, definition, "models");
        self.named(Space::Table, "", node, "table");
        for key in ["hash_key", "range_key", "unique"] {
            self.named(Space::Field, owner, node, key);
        }
        if let Some(key) = get(node, "key") {
            self.templates(owner, &key.value);
        }
        // In a shared table, the names of indexes are those of the table.
        let table = text_of(node, "table").filter(|_| get(node, "key").is_some());
        let indexes_of = table.map_or(owner.to_owned(), |table| format!("tables/{table}"));
        if let Some(indexes) = get(node, "indexes") {
            for index in entries(&indexes.value) {
                match table {
                    Some(_) => self.name(Space::Index, &indexes_of, &index.key, index.key_span),
                    None => self.define(Space::Index, owner, index, &["models", &definition.key, "indexes"]),
                }
                if table.is_some() {
                    self.templates(owner, &index.value);
                }
                for key in ["hash_key", "range_key", "projection"] {
                    self.named(Space::Field, owner, &index.value, key);
                }
                let when = get(&index.value, "when");
                for condition in when.into_iter().flat_map(|when| entries(&when.value)) {
                    self.name(Space::Field, owner, &condition.key, condition.key_span);
                }
            }
        }
        for index in get(node, "vector_indexes").into_iter().flat_map(|of| entries(&of.value)) {
            for key in ["vector", "hash_key", "filterable", "projection"] {
                self.named(Space::Field, owner, &index.value, key);
            }
        }
        for projection in get(node, "projections").into_iter().flat_map(|of| entries(&of.value)) {
            let fields = get(&projection.value, "fields").map_or(&projection.value, |fields| &fields.value);
            self.names(Space::Field, owner, fields);
        }
        for query in get(node, "queries").into_iter().flat_map(|of| entries(&of.value)) {
            self.named(Space::Index, &indexes_of, &query.value, "index");
            self.named(Space::Field, owner, &query.value, "reads");
        }
        for input in get(node, "inputs").into_iter().flat_map(|of| entries(&of.value)) {
            self.named(Space::Field, owner, &input.value, "without");
        }
    }

    /// The fields in the templates of keys, and those that choose a shard.
    fn templates(&mut self, owner: &str, node: &Node) {
        for attribute in entries(node) {
            if let Some(shards) = get(&attribute.value, "shards") {
                self.named(Space::Field, owner, &shards.value, "by");
            }
            let template = get(&attribute.value, "template").map_or(&attribute.value, |template| &template.value);
            if !matches!(template.kind, Kind::Scalar { .. }) {
                continue;
            }
            let text = self.text(template.span).to_owned();
            for (start, name) in parts(&text) {
                let start = template.span.start + start;
                self.name(Space::Field, owner, name, Span { start, end: start + name.len(), ..template.span });
            }
        }
    }

    fn collection(&mut self, node: &Node) {
        self.named(Space::Table, "", node, "table");
        self.named(Space::Model, "", node, "models");
        if let Some(table) = text_of(node, "table") {
            self.named(Space::Index, &format!("tables/{table}"), node, "index");
        }
    }

    fn service(&mut self, node: &Node) {
        self.named(Space::Model, "", node, "models");
        for model in get(node, "models").into_iter().flat_map(|of| entries(&of.value)) {
            self.name(Space::Model, "", &model.key, model.key_span);
            self.named(Space::Field, &format!("models/{}", model.key), &model.value, "fields");
        }
        self.named(Space::Collection, "", node, "collections");
        self.named(Space::Model, "", node, "streams");
        self.named(Space::Table, "", node, "streams");
    }

    /// Keeps the uses of names that are defined. A field of a mixin is the mixin's, and one of a
    /// context the context's.
    fn finish(self) -> Symbols {
        let Self { mut symbols, found, taken, .. } = self;
        let mut seen = HashSet::new();
        for (span, mut key) in found {
            if key.space == Space::Field && !symbols.definitions.contains_key(&key) {
                let of = taken.get(&key.owner).into_iter().flatten();
                let keys = of.map(|owner| Key { owner: owner.clone(), ..key.clone() });
                let Some(found) = keys.into_iter().find(|key| symbols.definitions.contains_key(key)) else { continue };
                key = found;
            }
            if symbols.definitions.contains_key(&key) && seen.insert(span) {
                symbols.uses.entry(key.clone()).or_default().push(span);
                symbols.places.push((span, key));
            }
        }
        symbols.places.sort_by_key(|(span, _)| (span.file, span.start));
        symbols
    }
}

pub(super) fn entries(node: &Node) -> impl Iterator<Item = &Entry> {
    match &node.kind {
        Kind::Map(entries) => entries.as_slice(),
        _ => &[],
    }
    .iter()
}

/// The texts of a text or a list.
pub(super) fn texts(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::List(items) => items.iter().filter_map(Node::as_text).map(str::to_owned).collect(),
        _ => node.as_text().map(str::to_owned).into_iter().collect(),
    }
}

/// The words of a text, with their offsets.
pub(super) fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_of_word)?;
        let rest = text.get(start..)?;
        let length = rest.find(|c| !is_of_word(c)).unwrap_or(rest.len());
        at = start + length;
        Some((start, text.get(start..at)?))
    })
}

/// The fields in a template, with their offsets.
pub(super) fn parts(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('{').filter_map(move |(open, _)| {
        let inside = text.get(open + 1..)?.split('}').next()?;
        let name = inside.split(':').next()?;
        (!name.is_empty()).then_some((open + 1, name))
    })
}
