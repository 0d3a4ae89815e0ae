//! The view of one model.

use super::index::{index_view, secondary_index};
use super::query::query_view;
use super::{docs, rust};
use crate::model::{
    Default, Field, KeyField, KeyKind, Model, ProjectionStruct, Scalar, Setting, StreamView, TableClass, Type,
};
use dyntastic_templates::{FieldView, KeyFieldView, ModelView, ProjectionView, TableView};
use heck::ToUpperCamelCase;

/// What the template of a model places.
pub(crate) fn model_view(model: &Model) -> ModelView {
    let table = docs::table(&model.table.name);
    let has_field = |name: &str| model.fields.iter().any(|field| field.name == name);
    let fields = fields(model);
    ModelView {
        name: model.name.clone(),
        name_literal: rust::literal(&model.name),
        article: if model.name.starts_with(['A', 'E', 'I', 'O']) { "an" } else { "a" },
        doc: docs::lines(&docs::model(model, &table)),
        derives: derives(&model.fields),
        has_float_default: model.fields.iter().any(|field| rust::has_float(&field.default)),
        has_many_parameters: fields.iter().filter(|field| field.parameter.is_some()).count() >= 8,
        parameters: fields.iter().filter_map(|field| field.parameter.clone()).collect(),
        fields,
        hash_key: key_field(&model.hash_key, HASH_KEY),
        range_key: model.range_key.as_ref().map(|key| key_field(key, RANGE_KEY)),
        table: TableView { text: table, name: setting(&model.table.name), settings: table_settings(model) },
        queries: model.queries.iter().map(query_view).collect(),
        projections: model.projections.iter().map(|projection| projection_view(model, projection)).collect(),
        indexes: model.indexes.iter().map(|index| index_view(model, index)).collect(),
        reader: rust::free_name("reader", has_field),
        attribute: rust::free_name("attribute", has_field),
    }
}

/// What the template of a projection places.
fn projection_view(model: &Model, projection: &ProjectionStruct) -> ProjectionView {
    let has_field = |name: &str| projection.fields.iter().any(|field| field.name == name);
    ProjectionView {
        name: projection.type_name.clone(),
        model: model.name.clone(),
        doc: docs::lines(&docs::projection(model, projection)),
        derives: derives(&projection.fields),
        has_float_default: projection.fields.iter().any(|field| rust::has_float(&field.default)),
        fields: projection.fields.iter().map(|field| part_view(model, field)).collect(),
        reader: rust::free_name("reader", has_field),
        attribute: rust::free_name("attribute", has_field),
    }
}

/// The traits that a struct with these fields derives.
pub(super) fn derives(fields: &[Field]) -> &'static str {
    match fields.iter().all(|field| field.ty.is_eq()) {
        true => "Debug, Clone, PartialEq, Eq, Hash",
        false => "Debug, Clone, PartialEq",
    }
}

/// A field of a struct that has no builder.
pub(super) fn part_view(model: &Model, field: &Field) -> FieldView {
    field_view(model, field, (field.default == Default::Required).then(String::new))
}

pub(super) const HASH_KEY: &str = "table's hash key";
pub(super) const RANGE_KEY: &str = "table's range key";

fn fields(model: &Model) -> Vec<FieldView> {
    let mut parameters: Vec<String> = Vec::new();
    let emitted = [model.name.clone(), format!("{}Builder", model.name)];
    model
        .fields
        .iter()
        .map(|field| {
            let parameter = (field.default == Default::Required).then(|| {
                let wanted = format!("{}Field", field.name.to_upper_camel_case());
                let mut name = wanted.clone();
                let mut number = 2;
                while parameters.contains(&name) || emitted.contains(&name) {
                    name = format!("{wanted}{number}");
                    number += 1;
                }
                parameters.push(name.clone());
                name
            });
            field_view(model, field, parameter)
        })
        .collect()
}

fn field_view(model: &Model, field: &Field, parameter: Option<String>) -> FieldView {
    let ident = rust::identifier(&field.name);
    let ty = rust::ty(&field.ty);
    let optional = field.default == Default::Absent;
    FieldView {
        setter: if ident == "build" { "build_".to_owned() } else { ident.clone() },
        ident,
        name: field.name.clone(),
        doc: docs::lines(&docs::field(field, role(model, field))),
        attribute_doc: docs::attribute(field),
        value: rust::present(&field.ty),
        role: match (role(model, field), &field.default) {
            (Some(HASH_KEY), _) => "HashKey".to_owned(),
            (Some(_), _) => format!("RangeKey<{}>", model.name),
            (None, Default::Required) => "Plain".to_owned(),
            (None, Default::Absent) => "Optional".to_owned(),
            (None, _) => "Defaulted".to_owned(),
        },
        held: if optional { ty.clone() } else { rust::optional(&ty) },
        ty,
        attribute: rust::literal(&field.attribute),
        parameter,
        optional,
        or_default: rust::or_default(&field.default),
        setter_doc: docs::setter(field),
    }
}

fn role(model: &Model, field: &Field) -> Option<&'static str> {
    if field.name == model.hash_key.field.name {
        return Some(HASH_KEY);
    }
    let range_key = model.range_key.as_ref()?;
    (field.name == range_key.field.name).then_some(RANGE_KEY)
}

pub(super) fn key_field(key: &KeyField, role: &str) -> KeyFieldView {
    let field = &key.field;
    KeyFieldView {
        ident: rust::identifier(&field.name),
        doc: docs::lines(&docs::field(field, Some(role))),
        ty: rust::ty(&field.ty),
        attribute: rust::literal(&field.attribute),
        kind: match key.kind {
            KeyKind::String => "string",
            KeyKind::Number => "number",
            KeyKind::Binary => "binary",
        },
        clone: if rust::is_copy(&field.ty) { "" } else { ".clone()" },
        has_length: matches!(field.ty, Type::Scalar(Scalar::String | Scalar::Bytes)),
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
