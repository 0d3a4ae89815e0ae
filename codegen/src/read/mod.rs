//! The first stage: YAML text to the schema as written, with the place of everything in it.
//!
//! `saphyr_parser` gives structure and positions, `serde_yaml` the values of scalars, `keys` the
//! reading of maps with all their mistakes at once, and `schema` the schema language's own shape.

mod expected;
mod keys;
mod model;
mod reader;
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

/// Reads every file into one schema: what could be read, and what is found.
pub(crate) fn read(sources: &Sources) -> (Schema, Found) {
    let mut schema = Schema::default();
    let mut reader = Reader::default();
    for (file, source) in sources.iter() {
        match yaml::parse(file, source) {
            Ok((root, found)) => {
                // Where a value stands elsewhere, what misses it here is no mistake of its own.
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
            Some(span) => diagnostic.at(span, "nothing stands under `models:`"),
            None => diagnostic,
        });
    }
    (schema, reader.found)
}
