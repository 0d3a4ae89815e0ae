//! The view of one model.

use super::index::{index_view, secondary_index};
use super::query::query_view;
use super::structure::{self, HASH_KEY, RANGE_KEY, Rules, role, written};
use super::{docs, rust};
use crate::model::{KeyField, KeyKind, Model, ModelSet, ProjectionStruct, Setting, StreamView, TableClass};
use dyntastic_templates::{KeyFieldView, ModelView, ProjectionView, TableView};

/// What the template of a model places.
pub(crate) fn model_view(set: &ModelSet, model: &Model) -> ModelView {
    let table = docs::table(&model.table.name);
    let rules = Rules {
        validate: model.validate.as_ref(),
        on_read: model.validate_on_read,
        keeps_unknown: model.keeps_unknown,
        extras: Some(&model.extras),
        model: Some(model),
    };
    ModelView {
        of: structure::built(set, &model.name, &docs::model(model, &table), &model.fields, &rules),
        hash_key: key_field(&model.hash_key, HASH_KEY),
        range_key: model.range_key.as_ref().map(|key| key_field(key, RANGE_KEY)),
        table: TableView { text: table, name: setting(&model.table.name), settings: table_settings(model) },
        queries: model.queries.iter().map(query_view).collect(),
        projections: model.projections.iter().map(|projection| projection_view(set, model, projection)).collect(),
        indexes: model.indexes.iter().map(|index| index_view(set, model, index)).collect(),
    }
}

/// What the template of a projection places.
fn projection_view(set: &ModelSet, model: &Model, projection: &ProjectionStruct) -> ProjectionView {
    let doc = docs::projection(model, projection);
    let of = structure::plain(set, &model.name, (&projection.type_name, &doc), &projection.fields, |field| {
        role(model, field)
    });
    ProjectionView { of, model: model.name.clone() }
}

/// The key fields of a model's table.
pub(super) fn table_keys(model: &Model) -> Vec<KeyFieldView> {
    let range_key = model.range_key.as_ref().map(|key| key_field(key, RANGE_KEY));
    std::iter::once(key_field(&model.hash_key, HASH_KEY)).chain(range_key).collect()
}

fn key_field(key: &KeyField, role: &str) -> KeyFieldView {
    let field = &key.field;
    KeyFieldView {
        ident: rust::identifier(&field.name),
        doc: docs::lines(&docs::field(field, Some(role))),
        ty: rust::ty(&field.ty),
        value: rust::value_type(field),
        written: written(field),
        attribute: rust::literal(&field.attribute),
        kind: match key.kind {
            KeyKind::String => "string",
            KeyKind::Number => "number",
            KeyKind::Binary => "binary",
        },
        debug_name: rust::literal(&field.name),
        sensitive: field.sensitive,
        clone: if rust::is_copy(&field.ty) { "" } else { ".clone()" },
    }
}

fn table_settings(model: &Model) -> Vec<String> {
    let table = &model.table;
    let mut settings = Vec::new();
    settings.extend(table.region.as_ref().map(|region| format!(".region({})", setting(region))));
    settings.extend(table.host.as_ref().map(|host| format!(".host({})", setting(host))));
    if !table.auto_create {
        settings.push(".auto_create(false)".to_owned());
    }
    settings.extend(table.throughput.map(|units| format!(".provisioned({}, {})", units.read, units.write)));
    if table.table_class == TableClass::StandardInfrequentAccess {
        settings.push(".table_class(::dyntastic::TableClass::StandardInfrequentAccess)".to_owned());
    }
    if table.deletion_protection {
        settings.push(".deletion_protection(true)".to_owned());
    }
    settings.extend(table.stream.map(|view| format!(".stream(::dyntastic::StreamView::{})", stream_view(view))));
    if !table.tags.is_empty() {
        let tag = |(key, value): &(String, String)| format!("({}, {})", rust::literal(key), rust::literal(value));
        settings.push(format!(".tags(&[{}])", table.tags.iter().map(tag).collect::<Vec<_>>().join(", ")));
    }
    if !model.indexes.is_empty() {
        let indexes: Vec<String> = model.indexes.iter().map(secondary_index).collect();
        settings.push(format!(".indexes(&[{}])", indexes.join(", ")));
    }
    settings
}

fn stream_view(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "KeysOnly",
        StreamView::NewImage => "NewImage",
        StreamView::OldImage => "OldImage",
        StreamView::NewAndOldImages => "NewAndOldImages",
    }
}

fn setting(of: &Setting) -> String {
    match of {
        Setting::Value(value) => format!("::dyntastic::Setting::value({})", rust::literal(value)),
        Setting::Env { variable, default: None } => format!("::dyntastic::Setting::env({})", rust::literal(variable)),
        Setting::Env { variable, default: Some(default) } => {
            format!("::dyntastic::Setting::env_or({}, {})", rust::literal(variable), rust::literal(default))
        }
    }
}
