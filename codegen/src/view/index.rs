//! The view of one secondary index.

use super::model::{HASH_KEY, RANGE_KEY, derives, key_field, part_view};
use super::{docs, rust};
use crate::model::{Field, Index, KeyField, KeyKind, Model, Projection};
use dyntastic_templates::{IndexView, ParameterView};

/// What the template of an index places.
pub(super) fn index_view(model: &Model, index: &Index) -> IndexView {
    let fields: &[Field] = match &index.projection {
        Projection::All => &[],
        Projection::Fields { fields, .. } => fields,
    };
    let has_field = |name: &str| fields.iter().any(|field| field.name == name);
    IndexView {
        name: index.type_name.clone(),
        model: model.name.clone(),
        method: index.name.clone(),
        index_name: rust::literal(&index.index_name),
        doc: docs::lines(&docs::index(model, index)),
        query_doc: rust::literal(&format!(" Reads the items of one hash key of the index `{}`.", index.index_name)),
        scan_doc: rust::literal(&format!(" Reads all items of the index `{}`.", index.index_name)),
        derives: derives(fields),
        has_float_default: fields.iter().any(|field| rust::has_float(&field.default)),
        fields: fields.iter().map(|field| part_view(model, field)).collect(),
        hash_key: hash_parameters(&index.hash_key),
        range_key: index.range_key.iter().map(|key| part_view(model, &key.field)).collect(),
        keys: index.keys().map(|key| rust::literal(&key.field.attribute)).collect(),
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
        key_attributes(&index.hash_key)
    );
    if !index.range_key.is_empty() {
        code.push_str(&format!(".range_key({})", key_attributes(&index.range_key)));
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

fn key_attributes(key: &[KeyField]) -> String {
    format!("&[{}]", key.iter().map(key_attribute).collect::<Vec<_>>().join(", "))
}

fn key_attribute(key: &KeyField) -> String {
    let kind = match key.kind {
        KeyKind::String => "string",
        KeyKind::Number => "number",
        KeyKind::Binary => "binary",
    };
    format!("::dyntastic::KeyAttribute::{kind}({})", rust::literal(&key.field.attribute))
}

/// The parameters of the method that queries the index; one alone is called what it is.
fn hash_parameters(key: &[KeyField]) -> Vec<ParameterView> {
    let mut parameters: Vec<ParameterView> = Vec::with_capacity(key.len());
    for KeyField { field, .. } in key {
        let wanted = if key.len() == 1 { "hash_key" } else { &field.name };
        let taken = |name: &str| name == "client" || parameters.iter().any(|other| other.ident == name);
        let ident = rust::free_name(&rust::identifier(wanted), taken);
        let (field, ty) = (rust::identifier(&field.name), rust::present(&field.ty));
        parameters.push(ParameterView { ident, field, ty });
    }
    parameters
}
