//! The first stage: it reads YAML text into the schema as written, with the place of every value.
//!
//! `saphyr_parser` gives structure and positions. `keys` reads maps and reports
//! all their mistakes at once; `schema` has the shape of the schema language.

mod allow;
mod ambiguity;
mod expected;
mod hints;
mod inputs;
mod keys;
mod model;
mod reader;
mod replicas;
mod resource_policy;
mod reuse;
mod schema;
mod seals;
mod sequence;
mod services;
mod shards;
mod shared_table;
mod syntax;
mod table;
mod ttl;
mod types;
mod unique;
mod upgrades;
mod vector_index;
mod yaml;

use crate::diagnostic::{Code, Diagnostic, Found};
use crate::node::Node;
use crate::schema::{Schema, Spanned};
use crate::sources::{Source, Sources, Span};
use crate::text::show;
use reader::Reader;
#[cfg(feature = "catalog")]
pub(crate) use yaml::Offsets;

/// The paths that a file includes. Its mistakes are those of [`read`].
pub(crate) fn includes(file: usize, source: &Source) -> Vec<Spanned<String>> {
    // Most files include none, and need no second reading.
    if !source.text.contains("include") {
        return Vec::new();
    }
    yaml::parse(file, source).map(|(root, _)| schema::includes(&root)).unwrap_or_default()
}

/// The mistakes for which a file is no YAML, or has what the schema language refuses in all YAML.
#[cfg(feature = "catalog")]
pub(crate) fn yaml_mistakes(file: usize, source: &Source) -> Vec<Diagnostic> {
    match yaml::parse(file, source) {
        Ok((_, found)) => found.into_iter().filter(|found| found.code() == Code::Indirection).collect(),
        Err(diagnostic) => vec![diagnostic],
    }
}

/// A file's document and the mistakes after which reading can go on, or why it is no YAML.
pub(crate) type Document = Result<(Node, Vec<Diagnostic>), Diagnostic>;

/// The documents of all files, in their order.
pub(crate) fn documents(sources: &Sources) -> Vec<Document> {
    sources.iter().map(|(file, source)| yaml::parse(file, source)).collect()
}

/// Reads every file into one schema. Returns the readable parts and the diagnostics.
pub(crate) fn read(sources: &Sources) -> (Schema, Found) {
    read_documents(sources, &documents(sources))
}

/// Reads the documents of the sources as [`read`] does.
pub(crate) fn read_documents(sources: &Sources, documents: &[Document]) -> (Schema, Found) {
    let mut schema = Schema::default();
    let mut reader = Reader::default();
    for document in documents {
        match document {
            Ok((root, found)) => {
                // With entries under the wrong key, a missing model is not a second mistake.
                let complete = found.iter().all(|diagnostic| diagnostic.code() != Code::Indirection);
                reader.found.extend(found.iter().cloned());
                if complete {
                    schema::read_file(root, &mut schema, &mut reader);
                }
            }
            Err(diagnostic) => {
                schema.broken.file = true;
                reader.report(diagnostic.clone());
            }
        }
    }
    for included in &schema.includes {
        if !sources.included().contains(&sources.beside(included.span.file, &included.value)) {
            let message = format!("the file {} is included, and was not read", show(&included.value));
            let diagnostic = Diagnostic::new(Code::Unreadable, message).at(included.span, "included here");
            reader.report(diagnostic.help("read the schema with `read_sources`, which reads included files too"));
        }
    }
    if schema.models.is_empty() && reader.found.is_empty() {
        let help = "define one: `models: { User: { table: users, hash_key: id, fields: { id: string } } }`";
        let diagnostic = Diagnostic::new(Code::NoModels, "there is no model to generate").help(help);
        let first = sources.iter().next().map(|(file, _)| Span { file, start: 0, end: 0 });
        reader.report(match first {
            Some(span) => diagnostic.at(span, "`models:` has no entries"),
            None => diagnostic,
        });
    }
    (schema, reader.found)
}
