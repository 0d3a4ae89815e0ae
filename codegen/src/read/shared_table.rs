//! The shape of shared tables, of their key templates, and of collections.

use super::allow::{allow, allowed};
use super::keys::{Keys, What};
use super::model::{names, projection};
use super::reader::{Reader, value_span, wrong_kind};
use super::shards::shards;
use super::table::{settings, throughput};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind, Node};
use crate::schema::{
    CollectionDecl, DiscriminatorDecl, KeyAttributeDecl, KeyDecl, ProjectionDecl, SettingDecl, SharedIndexDecl,
    SharedTableDecl, Spanned, TemplateDecl, WhenDecl,
};
use crate::text::show;

/// The discriminator of a table whose models are told apart by their keys.
const BY_KEY: &str = "by_key";

/// An entry of `tables:`.
pub(super) fn shared_table(entry: &Entry, reader: &mut Reader) -> Option<SharedTableDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::SharedTable, "table", entry);
    let form = format!("{}: {{ hash_key: {{ pk: string }}, discriminator: kind }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let mut table = settings(&mut keys);
    // By default, the table has the name of its entry.
    table.name.get_or_insert_with(|| SettingDecl::Value(name.clone()));
    let discriminator = keys.take("discriminator");
    let (by_key, discriminator) =
        discriminator.map(|entry| table_discriminator(entry, keys.reader)).unwrap_or_default();
    let help = "name the hash key and its type: `hash_key: { pk: string }`";
    let hash_key = keys.require("hash_key", help).and_then(|entry| key_attribute(entry, keys.reader));
    let declared = SharedTableDecl {
        name,
        doc,
        table,
        hash_key,
        range_key: keys.take("range_key").and_then(|entry| key_attribute(entry, keys.reader)),
        by_key,
        discriminator,
        indexes: keys
            .take("indexes")
            .and_then(|entry| {
                let form = "indexes: { gsi1: { hash_key: { gsi1pk: string } } }";
                keys.reader.map_entries(&entry.value, "`indexes`", entry.key_span, form)
            })
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| index(entry, keys.reader))
            .collect(),
        allow: allow(&mut keys),
    };
    keys.finish();
    Some(declared)
}

/// `kind`, `[kind, subkind]`, or `by_key`: whether the keys tell the models, and otherwise the attributes that do.
fn table_discriminator(entry: &Entry, reader: &mut Reader) -> (bool, Vec<Spanned<String>>) {
    let Kind::List(items) = &entry.value.kind else {
        let Some(name) = reader.text(entry) else { return (false, Vec::new()) };
        if name.value != BY_KEY && name.value.to_lowercase().replace(['_', '-', ' '], "") == BY_KEY.replace('_', "") {
            let message = format!("the discriminator is `{BY_KEY}`, or the name of an attribute");
            let diagnostic = Diagnostic::new(Code::BadValue, message).at(name.span, "this would be an attribute");
            reader.report(diagnostic.help(format!("did you mean `{BY_KEY}`?")));
        }
        return if name.value == BY_KEY { (true, Vec::new()) } else { (false, vec![name]) };
    };
    let of = |item: &Node| Entry { value: item.clone(), ..entry.clone() };
    let names: Vec<Spanned<String>> = items.iter().filter_map(|item| reader.text(&of(item))).collect();
    if items.is_empty() {
        let diagnostic = Diagnostic::new(Code::BadValue, "the discriminator names no attribute")
            .at(value_span(entry), "it is empty")
            .help("name the attributes, such as `discriminator: [kind, subkind]`, or leave it out");
        reader.report(diagnostic);
    }
    (false, names)
}

/// The `discriminator:` of a model: `ORDER`, or `{ kind: order, subkind: line }`.
pub(super) fn discriminator(entry: &Entry, reader: &mut Reader) -> Option<DiscriminatorDecl> {
    let Kind::Map(entries) = &entry.value.kind else { return reader.text(entry).map(DiscriminatorDecl::Value) };
    let value = |entry: &Entry| {
        let name = Spanned { value: entry.key.clone(), span: entry.key_span };
        Some((name, reader.text(entry)?))
    };
    let values: Vec<_> = entries.iter().filter_map(value).collect();
    (values.len() == entries.len()).then_some(DiscriminatorDecl::Values { span: entry.key_span, values })
}

fn index(entry: &Entry, reader: &mut Reader) -> Option<SharedIndexDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Index, "index", entry);
    let form = format!("{}: {{ hash_key: {{ gsi1pk: string }} }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let declared = SharedIndexDecl {
        name,
        index_name: keys.text("name"),
        local: keys.value("local").is_some_and(|local| local.value),
        hash_key: keys.take("hash_key").and_then(|entry| key_attribute(entry, keys.reader)),
        range_key: keys.take("range_key").and_then(|entry| key_attribute(entry, keys.reader)),
        projection: keys
            .take("projection")
            .and_then(|entry| projection(entry, keys.reader))
            .unwrap_or(ProjectionDecl::All),
        throughput: keys.take("throughput").and_then(|entry| throughput(entry, keys.reader)),
        allow: allow(&mut keys),
    };
    keys.finish();
    Some(declared)
}

/// `{ pk: string }`.
fn key_attribute(entry: &Entry, reader: &mut Reader) -> Option<KeyAttributeDecl> {
    let what = format!("`{}`", show(&entry.key));
    let form = format!("{}: {{ {}: string }}", show(&entry.key), show(entry.value.as_text().unwrap_or("pk")));
    match reader.map_entries(&entry.value, &what, entry.key_span, &form)? {
        [only] => {
            let kind = reader.value(only)?.value;
            Some(KeyAttributeDecl { attribute: Spanned { value: only.key.clone(), span: only.key_span }, kind })
        }
        _ => {
            let diagnostic = Diagnostic::new(Code::BadValue, format!("{what} is one attribute"))
                .at(value_span(entry), "expected an attribute and its type")
                .help(format!("such as `{}: {{ pk: string }}`; models make it of several fields", show(&entry.key)));
            reader.report(diagnostic);
            None
        }
    }
}

/// `key: { pk: 'USER#{user_id}', sk: PROFILE }`, or the same of an index.
pub(super) fn key(entry: &Entry, reader: &mut Reader) -> Option<KeyDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = format!("`{}`", show(&entry.key));
    let form = format!("{}: {{ pk: 'USER#{{user_id}}' }}", show(&entry.key));
    let entries = reader.map_entries(&entry.value, &what, entry.key_span, &form)?;
    let when = entries.iter().find_map(when);
    // The codes are not templates: a key attribute may have the name `allow`.
    let allows = entries.iter().find(|entry| entry.key == ALLOW && has_codes(&entry.value));
    let is_template = |entry: &&Entry| {
        !(when.is_some() && entry.key == WHEN || allows.is_some() && entry.key == ALLOW || are_shards(entry))
    };
    let start = reader.found.mark();
    for entry in entries.iter().filter(|entry| are_shards(entry)) {
        let diagnostic = Diagnostic::new(Code::BadValue, "the shards belong to the template of the hash key")
            .at(entry.key_span, format!("{what} lists key attributes"))
            .help("write them beside it: `pk: { template: 'DAY#{day}', shards: 16 }`");
        reader.report(diagnostic);
    }
    let templates = entries.iter().filter(is_template).filter_map(|entry| template(entry, reader)).collect();
    let allow = allows.map(|entry| allowed(entry, reader)).unwrap_or_default();
    Some(KeyDecl { name, templates, is_broken: !reader.found.is_sound_since(start), when, allow })
}

/// `'USER#{user_id}'`, or `{ template: '{city}|{name}', unordered: true }`, or `{ template: 'DAY#{day}', shards: 16 }`.
fn template(entry: &Entry, reader: &mut Reader) -> Option<TemplateDecl> {
    let attribute = Spanned { value: entry.key.clone(), span: entry.key_span };
    let Kind::Map(_) = &entry.value.kind else {
        return Some(TemplateDecl { attribute, text: reader.text(entry)?, unordered: None, shards: None });
    };
    let what = What::named(Place::KeyTemplate, "key attribute", entry);
    let form = format!("{}: {{ template: '{{city}}|{{name}}', unordered: true }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, attribute.span, &form, reader)?;
    let text = keys.require("template", "write the text of the key: `template: '{city}|{name}'`");
    let text = text.and_then(|entry| keys.reader.text(entry));
    let unordered: Option<Spanned<bool>> = keys.value("unordered");
    let written = keys.take("shards");
    let shards = written.and_then(|entry| shards(entry, keys.reader));
    keys.finish();
    let unordered = unordered.filter(|said| said.value).map(|said| said.span);
    // A key without its shards would be another key.
    (shards.is_some() == written.is_some()).then_some(TemplateDecl { attribute, text: text?, unordered, shards })
}

const ALLOW: &str = "allow";

/// Whether a value is a map, and not the settings of a template.
fn has_codes(node: &Node) -> bool {
    matches!(&node.kind, Kind::Map(entries) if !entries.iter().any(|entry| entry.key == "template"))
}

/// Whether an entry beside templates is a number of shards. A key attribute may have the name `shards`.
fn are_shards(entry: &Entry) -> bool {
    let has_count = matches!(&entry.value.kind, Kind::Map(entries) if entries.iter().any(|entry| entry.key == "count"));
    entry.key == "shards" && (has_count || entry.value.to::<u64>().is_some())
}

const WHEN: &str = "when";

/// `when: { status: open }`, or `{ status: [open, pending] }`. A text is the template of an attribute with this name.
fn when(entry: &Entry) -> Option<WhenDecl> {
    let Kind::Map(entries) = &entry.value.kind else { return None };
    let field = |entry: &Entry| {
        let values = match &entry.value.kind {
            Kind::List(items) => items.clone(),
            _ => vec![entry.value.clone()],
        };
        (Spanned { value: entry.key.clone(), span: entry.key_span }, values)
    };
    let fields = entries.iter().map(field).collect();
    (entry.key == WHEN).then_some(WhenDecl { span: entry.key_span, fields })
}

/// An entry of `collections:`.
pub(super) fn collection(entry: &Entry, reader: &mut Reader) -> Option<CollectionDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Collection, "collection", entry);
    let form = format!("{}: {{ table: shop, models: [Customer, Order] }}", show(&entry.key));
    let mut keys = Keys::of(&entry.value, what, name.span, &form, reader)?;
    let doc = keys.text("doc");
    let help = "name an entry of `tables:`";
    let table = keys.require("table", help).and_then(|entry| keys.reader.text(entry));
    let index = keys.text("index");
    let models = keys.require("models", "list the models: `models: [Customer, Order]`");
    keys.finish();
    let models = models?;
    let Kind::List(items) = &models.value.kind else {
        reader.report(wrong_kind(models, "a list of models").help("such as `models: [Customer, Order]`"));
        return None;
    };
    Some(CollectionDecl { name, doc, table: table?, index, models: names(items, models, reader) })
}
