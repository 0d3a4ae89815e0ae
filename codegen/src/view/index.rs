//! The view of one secondary index.

use super::model::table_keys;
use super::{contexts, docs, field_types, layout, rust, structure, upgrades};
use crate::model::{Context, Field, Index, IndexDefinition, KeyKind, Model, ModelSet, Projection, Throughput};
use dyntastic_templates::{
    FieldView, IndexView, KeyAttributeView, ParameterView, SecondaryIndexView, StructView, UnitsView,
};

/// The view of an index.
pub(super) fn index_view(set: &ModelSet, model: &Model, index: &Index) -> IndexView {
    let fields: &[Field] = match &index.projection {
        Projection::All => &[],
        Projection::Fields { fields, .. } => fields,
    };
    let doc = docs::index(model, index);
    let plain =
        structure::plain(set, &model.name, (&index.type_name, &doc), fields, |field| structure::role(model, field));
    IndexView {
        of: StructView {
            stored_key: layout::stored_key(set, model, Some(index)),
            versioned: upgrades::versioned(model, false),
            ..contexts::within(model, plain, fields)
        },
        model: model.name.clone(),
        method: index.name.clone(),
        index_name: rust::literal(&index.index_name),
        query_doc: rust::literal(&format!(
            " Queries the items of one hash key in the index `{}`{}.",
            index.index_name,
            docs::at_once(index.hash_key.first().and_then(|key| key.shards.as_ref()).map(|shards| shards.count))
        )),
        scan_doc: rust::literal(&match model.has_discriminator() {
            false => format!(" Reads all items of the index `{}`.", index.index_name),
            true => format!(
                " Reads each [`{}`] of the index `{}`; DynamoDB also reads the items of other models, and filters them out.",
                docs::link(&model.name),
                index.index_name
            ),
        }),
        hash_key: hash_parameters(model.context.as_ref(), &index.hash_fields()),
        range_key: range_fields(set, model, index),
        keys: index.keys().map(|key| rust::literal(&key.attribute)).collect(),
        made_keys: match model.sharing {
            None => Vec::new(),
            Some(_) => {
                let hash = index.hash_key.iter().map(|key| (key, false));
                layout::keys(hash.chain(index.range_key.iter().map(|key| (key, true))))
            }
        },
        mixed: index.mixed,
        table_keys: table_keys(set, model),
        local: index.local,
    }
}

/// The attributes of the range key's fields, each with its role.
fn range_fields(set: &ModelSet, model: &Model, index: &Index) -> Vec<FieldView> {
    let (fields, count) = (index.compared_fields(), index.range_fields().len());
    let view = |(position, field): (usize, &&Field)| {
        let role = structure::range_role(&index.type_name, (position, count), &index.range_key, field);
        FieldView { role, ..structure::field_view(set, &model.name, field, None) }
    };
    fields.iter().enumerate().map(view).collect()
}

/// The index as the table's constant describes it for CreateTable.
pub(super) fn secondary_index(index: &IndexDefinition) -> SecondaryIndexView {
    let keys = |keys: &[(String, KeyKind)]| keys.iter().map(|(name, kind)| key_attribute(name, *kind)).collect();
    let literals = |texts: &Vec<String>| texts.iter().map(|text| rust::literal(text)).collect();
    SecondaryIndexView {
        local: index.local,
        name: rust::literal(&index.index_name),
        hash_key: keys(&index.hash_key),
        range_key: keys(&index.range_key),
        include: index.include.as_ref().map(literals),
        throughput: index.throughput.map(units),
    }
}

/// Capacity units for the table's constant.
pub(super) fn units(of: Throughput) -> UnitsView {
    UnitsView { read: of.read, write: of.write }
}

/// A key attribute as the table's constant describes it.
pub(super) fn key_attribute(attribute: &str, kind: KeyKind) -> KeyAttributeView {
    let kind = match kind {
        KeyKind::String => "string",
        KeyKind::Number => "number",
        KeyKind::Binary => "binary",
    };
    KeyAttributeView { kind, attribute: rust::literal(attribute) }
}

/// The parameters of the method that queries by these fields. A single one that the client does not give is called
/// `hash_key`.
pub(super) fn hash_parameters(context: Option<&Context>, fields: &[&Field]) -> Vec<ParameterView> {
    let is_given = |field: &&&Field| !context.is_some_and(|context| context.has(&field.name));
    let is_single = fields.iter().filter(is_given).count() == 1;
    let mut parameters: Vec<ParameterView> = Vec::with_capacity(fields.len());
    for field in fields {
        let wanted = if is_single && is_given(&field) { "hash_key" } else { &field.name };
        let taken = |name: &str| name == "client" || parameters.iter().any(|other| other.ident == name);
        let ident = rust::free_name(&rust::identifier(wanted), taken);
        let context = contexts::field(context, field);
        let (field, ty) = (rust::identifier(&field.name), field_types::value_type(field));
        parameters.push(ParameterView { ident, field, ty, context });
    }
    parameters
}
