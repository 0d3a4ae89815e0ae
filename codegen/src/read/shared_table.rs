//! The shape of tables that models share, of the keys that models make for them, and of collections.

use super::fields::{Fields, What, map_entries, text, value, value_span, wrong_kind};
use super::model::names;
use super::table::{settings, throughput};
use crate::diagnostic::{Code, Diagnostic, Place};
use crate::node::{Entry, Kind};
use crate::schema::{
    CollectionDecl, KeyAttributeDecl, KeyDecl, SettingDecl, SharedIndexDecl, SharedTableDecl, Spanned, TemplateDecl,
};
use crate::text::show;

/// An entry of `tables:`.
pub(super) fn shared_table(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<SharedTableDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::SharedTable, "table", entry);
    let form = format!("{}: {{ hash_key: {{ pk: string }}, discriminator: kind }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let mut table = settings(&mut fields, diagnostics);
    // A table is called as its entry is, if nothing is said.
    table.name.get_or_insert_with(|| SettingDecl::Value(name.clone()));
    let help = "name its hash key and that one's type: `hash_key: { pk: string }`";
    let hash_key = fields.require("hash_key", help).and_then(|entry| key_attribute(entry, diagnostics));
    let declared = SharedTableDecl {
        name,
        doc,
        table,
        hash_key,
        range_key: fields.take("range_key").and_then(|entry| key_attribute(entry, diagnostics)),
        discriminator: fields.text("discriminator", diagnostics),
        indexes: fields
            .take("indexes")
            .and_then(|entry| {
                let form = "indexes: { gsi1: { hash_key: { gsi1pk: string } } }";
                map_entries(&entry.value, "`indexes`", entry.key_span, form, diagnostics)
            })
            .unwrap_or_default()
            .iter()
            .filter_map(|entry| index(entry, diagnostics))
            .collect(),
    };
    fields.finish(diagnostics);
    Some(declared)
}

fn index(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<SharedIndexDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Index, "index", entry);
    let form = format!("{}: {{ hash_key: {{ gsi1pk: string }} }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let declared = SharedIndexDecl {
        name,
        index_name: fields.text("name", diagnostics),
        local: fields.value("local", diagnostics).is_some_and(|local| local.value),
        hash_key: fields.take("hash_key").and_then(|entry| key_attribute(entry, diagnostics)),
        range_key: fields.take("range_key").and_then(|entry| key_attribute(entry, diagnostics)),
        throughput: fields.take("throughput").and_then(|entry| throughput(entry, diagnostics)),
    };
    fields.finish(diagnostics);
    Some(declared)
}

/// `{ pk: string }`.
fn key_attribute(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<KeyAttributeDecl> {
    let what = format!("`{}`", show(&entry.key));
    let form = format!("{}: {{ {}: string }}", show(&entry.key), show(entry.value.as_text().unwrap_or("pk")));
    match map_entries(&entry.value, &what, entry.key_span, &form, diagnostics)? {
        [only] => {
            let kind = value(only, diagnostics)?.value;
            Some(KeyAttributeDecl { attribute: Spanned { value: only.key.clone(), span: only.key_span }, kind })
        }
        _ => {
            let diagnostic = Diagnostic::new(Code::BadValue, format!("{what} is one attribute"))
                .at(value_span(entry), "expected an attribute and its type")
                .help(format!("such as `{}: {{ pk: string }}`; models make it of several fields", show(&entry.key)));
            diagnostics.push(diagnostic);
            None
        }
    }
}

/// `key: { pk: 'USER#{user_id}', sk: PROFILE }`, or the same of an index.
pub(super) fn key(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<KeyDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = format!("`{}`", show(&entry.key));
    let form = format!("{}: {{ pk: 'USER#{{user_id}}' }}", show(&entry.key));
    let entries = map_entries(&entry.value, &what, entry.key_span, &form, diagnostics)?;
    let templates = entries.iter().filter_map(|entry| {
        let attribute = Spanned { value: entry.key.clone(), span: entry.key_span };
        Some(TemplateDecl { attribute, text: text(entry, diagnostics)? })
    });
    Some(KeyDecl { name, templates: templates.collect() })
}

/// An entry of `collections:`.
pub(super) fn collection(entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Option<CollectionDecl> {
    let name = Spanned { value: entry.key.clone(), span: entry.key_span };
    let what = What::named(Place::Collection, "collection", entry);
    let form = format!("{}: {{ table: shop, models: [Customer, Order] }}", show(&entry.key));
    let mut fields = Fields::of(&entry.value, what, name.span, &form, diagnostics)?;
    let doc = fields.text("doc", diagnostics);
    let help = "name an entry of `tables:`";
    let table = fields.require("table", help).and_then(|entry| text(entry, diagnostics));
    let index = fields.text("index", diagnostics);
    let models = fields.require("models", "list the models: `models: [Customer, Order]`");
    fields.finish(diagnostics);
    let models = models?;
    let Kind::List(items) = &models.value.kind else {
        diagnostics.push(wrong_kind(models, "a list of models").help("such as `models: [Customer, Order]`"));
        return None;
    };
    Some(CollectionDecl { name, doc, table: table?, index, models: names(items, models, diagnostics) })
}
