//! The view of one secondary index.

use super::model::table_keys;
use super::{docs, rust, structure};
use crate::model::{Field, Index, KeyField, KeyKind, Model, ModelSet, Projection};
use dyntastic_templates::{IndexView, ParameterView};

/// What the template of an index places.
pub(super) fn index_view(set: &ModelSet, model: &Model, index: &Index) -> IndexView {
    let fields: &[Field] = match &index.projection {
        Projection::All => &[],
        Projection::Fields { fields, .. } => fields,
    };
    let doc = docs::index(model, index);
    IndexView {
        of: structure::plain(set, &model.name, (&index.type_name, &doc), fields, |field| structure::role(model, field)),
        model: model.name.clone(),
        method: index.name.clone(),
        index_name: rust::literal(&index.index_name),
        query_doc: rust::literal(&format!(" Reads the items of one hash key of the index `{}`.", index.index_name)),
        scan_doc: rust::literal(&format!(" Reads all items of the index `{}`.", index.index_name)),
        hash_key: hash_parameters(&index.hash_key),
        range_key: index.range_key.iter().map(|key| structure::field_view(&key.field, None)).collect(),
        keys: index.keys().map(|key| rust::literal(&key.field.attribute)).collect(),
        table_keys: table_keys(model),
        local: index.local,
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
        let (field, ty) = (rust::identifier(&field.name), rust::value_type(field));
        parameters.push(ParameterView { ident, field, ty });
    }
    parameters
}
