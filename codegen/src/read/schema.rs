//! The shape of a schema file.

use super::keys::{Keys, What, not_indented};
use super::reader::{Reader, value_span};
use super::{model, reuse, services, shared_table, types};
use crate::diagnostic::{Code, Diagnostic, Ours, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{Schema, SerdeDecl, Spanned};
use crate::sources::Span;
use std::collections::HashSet;

/// The version of the schema language that this generator reads.
const LANGUAGE: u64 = 1;

/// Adds what one file defines to the schema.
pub(super) fn read_file(root: &Node, schema: &mut Schema, reader: &mut Reader) {
    let start = Span { end: root.span.start, ..root.span };
    let what = What::of(Place::Schema, "the schema");
    let Some(mut file) = Keys::of(root, what, start, "dyntastic: 1", reader) else {
        return;
    };
    let help = "begin the file with `dyntastic: 1`, the version of the schema language";
    if let Some(entry) = file.require("dyntastic", help) {
        language(entry, file.reader);
    }
    schema.includes.extend(file.texts("include"));
    once(&mut schema.time_types, file.value("time_types"), "time_types", file.reader);
    once(&mut schema.decimal, file.value("decimal"), "decimal", file.reader);
    schema.formats.extend(section(&mut file, "formats", format, &mut HashSet::new()));
    let serde = file.take("serde").and_then(|entry| serde(entry, file.reader));
    once(&mut schema.serde, serde, "serde", file.reader);
    once(&mut schema.json_schema, file.value("json_schema"), "json_schema", file.reader);
    once(&mut schema.fakes, file.value("fakes"), "fakes", file.reader);
    let broken = &mut schema.broken;
    schema.scalars.extend(section(&mut file, "scalars", reuse::scalar, &mut broken.types));
    schema.mixins.extend(section(&mut file, "mixins", reuse::mixin, &mut broken.mixins));
    schema.contexts.extend(section(&mut file, "contexts", reuse::context, &mut broken.contexts));
    schema.enums.extend(section(&mut file, "enums", types::enumeration, &mut broken.types));
    schema.types.extend(section(&mut file, "types", types::structure, &mut broken.types));
    schema.unions.extend(section(&mut file, "unions", types::union, &mut broken.types));
    let table = |entry: &Entry, reader: &mut Reader| whole(entry, shared_table::shared_table, reader);
    schema.tables.extend(section(&mut file, "tables", table, &mut broken.tables));
    schema.models.extend(section(&mut file, "models", model::model, &mut broken.models));
    let collection = |entry: &Entry, reader: &mut Reader| whole(entry, shared_table::collection, reader);
    schema.collections.extend(section(&mut file, "collections", collection, &mut HashSet::new()));
    let service = |entry: &Entry, reader: &mut Reader| whole(entry, services::service, reader);
    schema.services.extend(section(&mut file, "services", service, &mut HashSet::new()));
    // The names under a misspelled key still count as defined.
    for entry in file.rest() {
        let named = match &entry.value.kind {
            Kind::Map(entries) => entries.iter().map(|entry| entry.key.clone()),
            _ => continue,
        };
        match file.meant(entry).and_then(Ours::word) {
            Some("scalars" | "enums" | "types" | "unions") => broken.types.extend(named),
            Some("mixins") => broken.mixins.extend(named),
            Some("contexts") => broken.contexts.extend(named),
            Some("tables") => broken.tables.extend(named),
            Some("models") => broken.models.extend(named),
            _ => {}
        }
    }
    file.finish();
}

/// The paths under a file's `include:`, without mistakes in them.
pub(super) fn includes(root: &Node) -> Vec<Spanned<String>> {
    let start = Span { end: root.span.start, ..root.span };
    let mut reader = Reader::default();
    let file = Keys::of(root, What::of(Place::Schema, "the schema"), start, "dyntastic: 1", &mut reader);
    file.map(|mut file| file.texts("include")).unwrap_or_default()
}

fn language(entry: &Entry, reader: &mut Reader) {
    if entry.value.to::<u64>() == Some(LANGUAGE) {
        return;
    }
    let is_quoted = matches!(&entry.value.kind, Kind::Scalar { text, plain: false } if *text == LANGUAGE.to_string());
    let help = match is_quoted {
        true => format!("drop the quotes: `dyntastic: {LANGUAGE}`"),
        false => {
            format!("write `dyntastic: {LANGUAGE}`, or use the dyntastic-codegen that the schema was written for")
        }
    };
    let (message, label) = match is_quoted {
        true => ("the version of the schema language is a number", "in quotes it is text".to_owned()),
        false => {
            ("this generator does not know this version of the schema language", format!("it reads version {LANGUAGE}"))
        }
    };
    reader.report(Diagnostic::new(Code::LanguageVersion, message).at(value_span(entry), label).help(help));
}

/// `datetime: pydantic`.
fn format(entry: &Entry, reader: &mut Reader) -> Option<(Spanned<String>, Spanned<String>)> {
    let ty = Spanned { value: entry.key.clone(), span: entry.key_span };
    reader.text(entry).map(|format| (ty, format))
}

/// `true`, or `{ rename_all: camelCase }`.
fn serde(entry: &Entry, reader: &mut Reader) -> Option<Spanned<SerdeDecl>> {
    let span = entry.key_span;
    if matches!(entry.value.kind, Kind::Scalar { .. }) {
        let on = reader.value::<bool>(entry)?.value;
        return Some(Spanned { value: SerdeDecl { on, rename_all: None }, span });
    }
    let what = What::of(Place::Other, "`serde`");
    let mut keys = Keys::of(&entry.value, what, span, "serde: { rename_all: camelCase }", reader)?;
    let rename_all = keys.value("rename_all").map(|rename| rename.value);
    keys.finish();
    Some(Spanned { value: SerdeDecl { on: true, rename_all }, span })
}

/// A setting of the whole schema. Several files may have it if its value is the same.
fn once<T: PartialEq>(setting: &mut Option<Spanned<T>>, found: Option<Spanned<T>>, key: &str, reader: &mut Reader) {
    match (&setting, found) {
        (Some(first), Some(second)) if first.value != second.value => {
            let diagnostic = Diagnostic::new(Code::BadValue, format!("the schema's files differ in `{key}`"))
                .at(second.span, "another value here")
                .related(first.span, "the first value is here")
                .help("set it in one file, or to the same value in all of them");
            reader.report(diagnostic);
        }
        (None, found) => *setting = found,
        _ => {}
    }
}

/// An example of each map of definitions.
const FORMS: &[(&str, &str)] = &[
    ("formats", "formats: { datetime: pydantic }"),
    ("scalars", "scalars: { Slug: { type: string, min_length: 1 } }"),
    ("mixins", "mixins: { Times: { fields: { created_at: datetime } } }"),
    ("contexts", "contexts: { Tenant: { fields: { tenant_id: string } } }"),
    ("enums", "enums: { Size: [small, large] }"),
    ("types", "types: { Address: { fields: { street: string } } }"),
    ("unions", "unions: { Payment: { tag: kind, variants: { … } } }"),
    ("tables", "tables: { shop: { hash_key: { pk: string } } }"),
    ("models", "models: { User: { table: users, hash_key: id, fields: { id: string } } }"),
    ("collections", "collections: { Orders: { table: shop, models: [Customer, Order] } }"),
    ("services", "services: { checkout: { models: { Order: [get, insert] } } }"),
];

/// Keys inside definitions, which are not the names of definitions.
const CONTENTS: &[(&str, &[&str])] = &[
    ("scalars", &["type"]),
    ("mixins", &["fields"]),
    ("contexts", &["fields"]),
    ("enums", &["variants"]),
    ("types", &["fields"]),
    ("unions", &["tag", "variants"]),
    ("tables", &["hash_key"]),
    ("models", &["table", "hash_key", "fields"]),
];

/// The entries of one of the file's maps of definitions. The names of unreadable entries go to `broken`.
fn section<T>(
    file: &mut Keys<'_, '_>,
    key: &'static str,
    read: fn(&Entry, &mut Reader) -> Option<T>,
    broken: &mut HashSet<String>,
) -> Vec<T> {
    let Some(entry) = file.take(key) else { return Vec::new() };
    let form = FORMS.iter().find(|(of, _)| *of == key).map_or("", |(_, form)| form);
    let entries = file.reader.map_entries(&entry.value, &format!("`{key}`"), entry.key_span, form);
    let mut all = Vec::new();
    let entries = entries.unwrap_or_default();
    let own = CONTENTS.iter().find(|(of, _)| *of == key).map_or(&[] as &[&str], |(_, own)| own);
    if let Some(diagnostic) = not_indented(entries, |_, next| own.contains(&next.key.as_str())) {
        file.reader.report(diagnostic);
        broken.extend(entries.iter().map(|entry| entry.key.clone()));
        return all;
    }
    for entry in entries {
        match read(entry, file.reader) {
            Some(definition) => all.push(definition),
            None => {
                broken.insert(entry.key.clone());
            }
        }
    }
    all
}

/// A definition that was read without a mistake; `None` for a partly readable one.
fn whole<T>(entry: &Entry, read: fn(&Entry, &mut Reader) -> Option<T>, reader: &mut Reader) -> Option<T> {
    let start = reader.found.mark();
    read(entry, reader).filter(|_| reader.found.is_sound_since(start))
}
