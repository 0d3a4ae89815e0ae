//! The first stage: it reads YAML text into the schema as written, with the place of every value.
//!
//! `saphyr_parser` gives structure and positions. `keys` reads maps and reports
//! all their mistakes at once; `schema` has the shape of the schema language.

mod ambiguity;
mod expected;
mod keys;
mod model;
mod reader;
mod reuse;
mod schema;
mod shared_table;
mod syntax;
mod table;
mod types;
mod yaml;

use crate::diagnostic::{Code, Diagnostic, Found};
use crate::schema::Schema;
use crate::sources::{Sources, Span};
use reader::Reader;

/// Reads every file into one schema. Returns the readable parts and the diagnostics.
pub(crate) fn read(sources: &Sources) -> (Schema, Found) {
    let mut schema = Schema::default();
    let mut reader = Reader::default();
    for (file, source) in sources.iter() {
        match yaml::parse(file, source) {
            Ok((root, found)) => {
                // With entries under the wrong key, a missing model is not a second mistake.
                let complete = found.iter().all(|diagnostic| diagnostic.code() != Code::Indirection);
                reader.found.extend(found);
                if complete {
                    schema::read_file(&root, &mut schema, &mut reader);
                }
            }
            Err(diagnostic) => reader.report(diagnostic),
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
