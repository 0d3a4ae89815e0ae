//! The shape of a schema file.

use super::fields::{Fields, map_entries, text, value, value_span};
use super::{model, shared_table, types};
use crate::diagnostic::{Code, Diagnostic};
use crate::node::{Entry, Kind, Node};
use crate::schema::{Schema, SerdeDecl, Spanned};
use crate::sources::Span;

/// The version of the schema language that this generator reads.
const LANGUAGE: u64 = 1;

/// Adds what one file defines to the schema.
pub(super) fn read_file(root: &Node, schema: &mut Schema, diagnostics: &mut Vec<Diagnostic>) {
    let start = Span { end: root.span.start, ..root.span };
    let Some(mut file) = Fields::of(root, "the schema".to_owned(), start, diagnostics) else {
        return;
    };
    if let Some(entry) =
        file.require("dyntastic", "begin the file with `dyntastic: 1`, the version of the schema language", diagnostics)
    {
        language(entry, diagnostics);
    }
    once(&mut schema.time_types, file.value("time_types", diagnostics), "time_types", diagnostics);
    once(&mut schema.decimal, file.value("decimal", diagnostics), "decimal", diagnostics);
    schema.formats.extend(section(&mut file, "formats", format, diagnostics));
    let serde = file.take("serde").and_then(|entry| serde(entry, diagnostics));
    once(&mut schema.serde, serde, "serde", diagnostics);
    once(&mut schema.json_schema, file.value("json_schema", diagnostics), "json_schema", diagnostics);
    schema.enums.extend(section(&mut file, "enums", types::enumeration, diagnostics));
    schema.types.extend(section(&mut file, "types", types::structure, diagnostics));
    schema.unions.extend(section(&mut file, "unions", types::union, diagnostics));
    schema.tables.extend(section(&mut file, "tables", shared_table::shared_table, diagnostics));
    schema.models.extend(section(&mut file, "models", model::model, diagnostics));
    schema.collections.extend(section(&mut file, "collections", shared_table::collection, diagnostics));
    file.finish(diagnostics);
}

fn language(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) {
    if entry.value.to::<u64>() == Some(LANGUAGE) {
        return;
    }
    let diagnostic =
        Diagnostic::new(Code::LanguageVersion, "this generator does not know that version of the schema language")
            .at(value_span(entry), format!("it reads version {LANGUAGE}"))
            .help(format!(
                "write `dyntastic: {LANGUAGE}`, or use the dyntastic-codegen that the schema was written for"
            ));
    diagnostics.push(diagnostic);
}

/// `datetime: pydantic`.
fn format(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<(Spanned<String>, Spanned<String>)> {
    let ty = Spanned { value: entry.key.clone(), span: entry.key_span };
    text(entry, diagnostics).map(|format| (ty, format))
}

/// `true`, or `{ rename_all: camelCase }`.
fn serde(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<Spanned<SerdeDecl>> {
    let span = entry.key_span;
    if matches!(entry.value.kind, Kind::Scalar { .. }) {
        let on = value::<bool>(entry, diagnostics)?.value;
        return Some(Spanned { value: SerdeDecl { on, rename_all: None }, span });
    }
    let mut fields = Fields::of(&entry.value, "`serde`".to_owned(), span, diagnostics)?;
    let rename_all = fields.value("rename_all", diagnostics).map(|rename| rename.value);
    fields.finish(diagnostics);
    Some(Spanned { value: SerdeDecl { on: true, rename_all }, span })
}

/// A setting of the whole schema, which several files may say if they say the same.
fn once<T: PartialEq>(
    setting: &mut Option<Spanned<T>>,
    found: Option<Spanned<T>>,
    key: &str,
    diagnostics: &mut Vec<Diagnostic>,
) {
    match (&setting, found) {
        (Some(first), Some(second)) if first.value != second.value => {
            let diagnostic = Diagnostic::new(Code::BadValue, format!("the schema's files differ in `{key}`"))
                .at(second.span, "this is for all files")
                .related(first.span, "and so is this");
            diagnostics.push(diagnostic);
        }
        (None, found) => *setting = found,
        _ => {}
    }
}

/// The entries of one of the file's maps of definitions.
fn section<T>(
    file: &mut Fields<'_>,
    key: &'static str,
    read: fn(&Entry, &mut Vec<Diagnostic>) -> Option<T>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<T> {
    let Some(entry) = file.take(key) else { return Vec::new() };
    let entries = map_entries(&entry.value, &format!("`{key}`"), entry.key_span, diagnostics);
    entries.unwrap_or_default().iter().filter_map(|entry| read(entry, diagnostics)).collect()
}
