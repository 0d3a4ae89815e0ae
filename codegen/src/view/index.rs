//! The view of one secondary index.

use super::model::{HASH_KEY, RANGE_KEY, field_view, key_field};
use super::{docs, rust};
use crate::model::{Field, Index, KeyField, KeyKind, Model, Projection, Type};
use dyntastic_templates::IndexView;

/// What the template of an index places.
pub(super) fn index_view(model: &Model, index: &Index) -> IndexView {
    let fields: &[Field] = match &index.projection {
        Projection::All => &[],
        Projection::Fields { fields, .. } => fields,
    };
    let has_field = |name: &str| fields.iter().any(|field| field.name == name);
    let view =
        |field: &Field| field_view(model, field, (field.default == crate::model::Default::Required).then(String::new));
    let keys = || std::iter::once(&index.hash_key).chain(&index.range_key);
    IndexView {
        name: index.type_name.clone(),
        model: model.name.clone(),
        method: index.name.clone(),
        index_name: rust::literal(&index.index_name),
        doc: docs::lines(&docs::index(model, index)),
        query_doc: rust::literal(&format!(" Reads the items of one hash key of the index `{}`.", index.index_name)),
        scan_doc: rust::literal(&format!(" Reads all items of the index `{}`.", index.index_name)),
        derives: match fields.iter().all(|field| field.ty.is_eq()) {
            true => "Debug, Clone, PartialEq, Eq, Hash",
            false => "Debug, Clone, PartialEq",
        },
        has_float_default: fields.iter().any(|field| rust::has_float(&field.default)),
        fields: fields.iter().map(view).collect(),
        hash_ident: rust::identifier(&index.hash_key.field.name),
        hash_value: value(&index.hash_key),
        range: index.range_key.as_ref().map(|key| view(&key.field)),
        keys: keys().map(|key| rust::literal(&key.field.attribute)).collect(),
        table_keys: [Some((&model.hash_key, HASH_KEY)), model.range_key.as_ref().map(|key| (key, RANGE_KEY))]
            .into_iter()
            .flatten()
            .map(|(key, role)| key_field(key, role))
            .collect(),
        local: index.local,
        reader: rust::free_name("reader", has_field),
        attribute: rust::free_name("attribute", has_field),
    }
}

/// The index as the table's constant describes it for CreateTable.
pub(super) fn secondary_index(index: &Index) -> String {
    let kind = if index.local { "local" } else { "global" };
    let mut code = format!(
        "::dyntastic::SecondaryIndex::{kind}({}, {})",
        rust::literal(&index.index_name),
        key_attribute(&index.hash_key)
    );
    if let Some(range_key) = &index.range_key {
        code.push_str(&format!(".range_key({})", key_attribute(range_key)));
    }
    match &index.projection {
        Projection::All => {}
        Projection::Fields { include, .. } if include.is_empty() => code.push_str(".keys_only()"),
        Projection::Fields { include, .. } => {
            let include: Vec<String> = include.iter().map(|attribute| rust::literal(attribute)).collect();
            code.push_str(&format!(".include(&[{}])", include.join(", ")));
        }
    }
    if let Some(units) = index.throughput {
        code.push_str(&format!(".provisioned({}, {})", units.read, units.write));
    }
    code
}

fn key_attribute(key: &KeyField) -> String {
    let kind = match key.kind {
        KeyKind::String => "string",
        KeyKind::Number => "number",
        KeyKind::Binary => "binary",
    };
    format!("::dyntastic::KeyAttribute::{kind}({})", rust::literal(&key.field.attribute))
}

fn value(key: &KeyField) -> String {
    match &key.field.ty {
        Type::Optional(inner) => rust::ty(inner),
        ty => rust::ty(ty),
    }
}
