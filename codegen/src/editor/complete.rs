//! The words that may follow at a place.

use super::context::{Cursor, Scan};
use super::regions::REGIONS;
use super::symbols::Space;
use super::{Analysis, language};
use std::collections::BTreeSet;

/// A word that may follow.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Completion {
    /// The word.
    pub word: String,
    /// What it is.
    pub kind: CompletionKind,
    /// Its description, in Markdown; it may be empty.
    pub description: String,
}

/// What a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CompletionKind {
    /// A key of the schema language.
    Key,
    /// A word of the schema language.
    Word,
    /// A type.
    Type,
    /// A field.
    Field,
    /// Another definition of the schema.
    Name,
}

const TYPES: &[&str] = &[
    "string",
    "bool",
    "bytes",
    "json",
    "i8",
    "i16",
    "i32",
    "i64",
    "i128",
    "u8",
    "u16",
    "u32",
    "u64",
    "u128",
    "f32",
    "f64",
    "decimal",
    "uuid",
    "ulid",
    "url",
    "ipv4",
    "ipv6",
    "ip",
    "ipv4net",
    "ipv6net",
    "ipnet",
    "datetime",
    "date",
    "time",
    "naive_datetime",
    "duration",
    "list",
    "set",
    "vector",
    "map",
];

/// The words that may follow at an offset of a text, which need not be valid YAML. The analysis, of an earlier text and
/// of the other files, has the names that the text lacks.
pub fn complete(analysis: &Analysis, text: &str, offset: usize) -> Vec<Completion> {
    let scan = Scan::of(text, offset);
    let completer = Completer { analysis, scan: &scan };
    let Cursor { path, is_value, before, .. } = scan.cursor.clone();
    let mut found = if is_value { completer.values(&path, before) } else { completer.keys(&path) };
    found.sort();
    found.dedup_by(|one, other| one.word == other.word);
    found
}

struct Completer<'a, 't> {
    analysis: &'a Analysis,
    scan: &'a Scan<'t>,
}

impl Completer<'_, '_> {
    fn keys(&self, path: &[&str]) -> Vec<Completion> {
        let written: BTreeSet<&str> = self.scan.names(path).collect();
        let keys = language::keys(path).into_iter().filter(|key| !written.contains(key.word.as_str()));
        let mut found: Vec<Completion> = keys
            .map(|key| Completion { word: key.word, kind: CompletionKind::Key, description: key.description })
            .collect();
        found.extend(match path {
            ["models", model, "key"] => of_kind(CompletionKind::Name, self.key_attributes(model, None)),
            ["models", model, "indexes"] => of_kind(CompletionKind::Name, self.indexes(model)),
            ["models", model, "indexes", index] => {
                of_kind(CompletionKind::Name, self.key_attributes(model, Some(index)))
            }
            ["models", model, "indexes", _, "when"] => self.fields(model),
            [.., "create", "replicas"] => regions(),
            _ => Vec::new(),
        });
        found.retain(|completion| !written.contains(completion.word.as_str()));
        // A list of words may begin where a key may.
        found.extend(self.names(path).into_iter().filter(|_| path.last() == Some(&"-")));
        found
    }

    fn values(&self, path: &[&str], before: &str) -> Vec<Completion> {
        match path {
            ["models", model, "key", ..] | ["models", model, "indexes", ..] if is_in_part(before) => {
                self.stored_fields(model)
            }
            ["models", model, "fields", _, "computed"] if is_in_part(before) || is_in_call(before) => {
                self.stored_fields(model)
            }
            _ => {
                let words = language::values(path).into_iter();
                let words =
                    words.map(|word| Completion { word, kind: CompletionKind::Word, description: String::new() });
                words.chain(self.names(path)).collect()
            }
        }
    }

    /// The names of the schema that a value at a path may be.
    fn names(&self, path: &[&str]) -> Vec<Completion> {
        if let [list @ .., "-"] = path
            && list.ends_with(&["create", "replicas"])
        {
            return self.other_regions(list);
        }
        if let [.., "table", "region"] | ["tables", _, "region"] = path {
            return regions();
        }
        let path = path.strip_suffix(&["-"]).unwrap_or(path);
        let path = path.strip_suffix(&["-"]).unwrap_or(path);
        match path {
            [.., "fields", _]
            | [.., "fields", _, "type"]
            | ["scalars", _, "type"]
            | ["unions", _, "variants", _]
            | ["unions", _, "variants", _, "type"] => self.types(),
            ["models", model, "hash_key" | "range_key" | "unique"]
            | ["models", model, "projections", _]
            | ["models", model, "projections", _, "fields"]
            | ["models", model, "inputs", _, "without"]
            | ["models", model, "queries", _, "reads"]
            | ["models", model, "fields", _, "after" | "before"]
            | ["models", model, "key", _, "shards", "by"]
            | ["models", model, "indexes", _, _, "shards", "by"]
            | ["models", model, "indexes", _, "hash_key" | "range_key" | "projection"]
            | ["models", model, "vector_indexes", _, "vector" | "hash_key" | "filterable" | "projection"] => {
                self.fields(model)
            }
            [.., "fields", _, "encrypt"] | [.., "fields", _, "encrypt", "key"] => {
                of_kind(CompletionKind::Name, self.analysis.encryption_keys())
            }
            ["models", _, "table"] | ["collections", _, "table"] => self.defined(Space::Table, &["tables"]),
            ["models", _, "context"] => self.defined(Space::Context, &["contexts"]),
            ["models" | "types", _, "mixins"] => self.defined(Space::Mixin, &["mixins"]),
            ["collections", _, "models"] => self.defined(Space::Model, &["models"]),
            ["models", model, "queries", _, "index"] => of_kind(CompletionKind::Name, self.indexes(model)),
            ["collections", collection, "index"] => {
                let table = self.scan.texts_at(&["collections", collection, "table"]).next().unwrap_or_default();
                of_kind(CompletionKind::Name, self.children("tables", table, "indexes"))
            }
            _ => Vec::new(),
        }
    }

    /// The regions that a list does not have yet, and the one that is written there.
    fn other_regions(&self, list: &[&str]) -> Vec<Completion> {
        let mut listed: Vec<&str> = self.scan.texts_at(list).collect();
        if let Some(own) = listed.iter().position(|region| *region == self.scan.cursor.word) {
            listed.remove(own);
        }
        let mut regions = regions();
        regions.retain(|region| !listed.contains(&region.word.as_str()));
        regions
    }

    fn types(&self) -> Vec<Completion> {
        let mut found = of_kind(CompletionKind::Type, TYPES.iter().map(|ty| (*ty).to_owned()));
        let defined = self.defined(Space::Type, &["scalars", "enums", "types", "unions"]);
        found.extend(defined.into_iter().map(|of| Completion { kind: CompletionKind::Type, ..of }));
        found
    }

    /// The definitions in some sections.
    fn defined(&self, space: Space, sections: &[&str]) -> Vec<Completion> {
        let written =
            sections.iter().flat_map(|section| self.scan.names(std::slice::from_ref(section)).map(str::to_owned));
        let known = self.analysis.symbols().names(space, "");
        of_kind(CompletionKind::Name, written.chain(known))
    }

    /// The fields of a model, those of its context and its mixins included.
    fn fields(&self, model: &str) -> Vec<Completion> {
        let taken = [("contexts", "context"), ("mixins", "mixins")].into_iter().flat_map(|(section, key)| {
            let names: Vec<&str> = self.scan.texts_at(&["models", model, key]).collect();
            names.into_iter().flat_map(move |name| self.children(section, name, "fields"))
        });
        of_kind(CompletionKind::Field, self.children("models", model, "fields").into_iter().chain(taken))
    }

    /// The fields of a model that are not computed.
    fn stored_fields(&self, model: &str) -> Vec<Completion> {
        let is_computed =
            |field: &str| self.scan.names(&["models", model, "fields", field]).any(|key| key == "computed");
        let mut fields = self.fields(model);
        fields.retain(|field| !is_computed(&field.word));
        fields
    }

    /// The fields or indexes of a definition.
    fn children(&self, section: &str, name: &str, part: &str) -> Vec<String> {
        let written: Vec<String> = self.scan.names(&[section, name, part]).map(str::to_owned).collect();
        if !written.is_empty() {
            return written;
        }
        let space = if part == "fields" { Space::Field } else { Space::Index };
        self.analysis.symbols().names(space, &format!("{section}/{name}")).collect()
    }

    fn table(&self, model: &str) -> &str {
        self.scan.texts_at(&["models", model, "table"]).next().unwrap_or_default()
    }

    fn indexes(&self, model: &str) -> Vec<String> {
        let own = self.children("models", model, "indexes");
        own.into_iter().chain(self.children("tables", self.table(model), "indexes")).collect()
    }

    /// The key attributes of a model's shared table, or of an index of it.
    fn key_attributes(&self, model: &str, index: Option<&str>) -> Vec<String> {
        let table = self.table(model);
        let path = |key| match index {
            Some(index) => vec!["tables", table, "indexes", index, key],
            None => vec!["tables", table, key],
        };
        let keys = ["hash_key", "range_key"].map(path);
        let written = keys.iter().flat_map(|path| self.scan.names(path).map(str::to_owned).collect::<Vec<_>>());
        let known = keys.iter().filter_map(|path| self.analysis.entry(path));
        let known = known.flat_map(|key| super::symbols::entries(&key.value).map(|entry| entry.key.clone()));
        written.chain(known).collect()
    }
}

fn regions() -> Vec<Completion> {
    of_kind(CompletionKind::Word, REGIONS.iter().map(|region| (*region).to_owned()))
}

fn of_kind(kind: CompletionKind, words: impl IntoIterator<Item = String>) -> Vec<Completion> {
    words.into_iter().map(|word| Completion { word, kind, description: String::new() }).collect()
}

/// Whether a call up to a place ends in a field that the function takes.
fn is_in_call(before: &str) -> bool {
    before.contains("::") && before.contains('(') && !before.contains(['{', ')'])
}

/// Whether a template up to a place ends in the name of a field.
fn is_in_part(before: &str) -> bool {
    before.rfind('{').is_some_and(|open| before.get(open..).is_some_and(|part| !part.contains(['}', ':'])))
}
