//! Indexes as data, and their conditions.

use super::entries::CatalogIndex;
use super::keys;
use crate::model::{EnumValue, Index, Literal, ModelSet, Projection, TypeDefinition, When};
use crate::pull::LiveValue;

/// An index.
pub(super) fn of(set: &ModelSet, index: &Index) -> CatalogIndex {
    CatalogIndex {
        name: index.name.clone(),
        index_name: index.index_name.clone(),
        local: index.local,
        hash_key: index.hash_key.iter().map(keys::of).collect(),
        range_key: index.range_key.iter().map(keys::of).collect(),
        include: match &index.projection {
            Projection::All => None,
            Projection::Fields { include, .. } => Some(include.clone()),
        },
        when: index.when.iter().map(|when| condition(set, when)).collect(),
    }
}

fn condition(set: &ModelSet, when: &When) -> (String, Vec<String>) {
    let text = |value: LiveValue| match value {
        LiveValue::Text(text) | LiveValue::Number(text) => Some(text),
        LiveValue::Bool(value) => Some(value.to_string()),
        _ => None,
    };
    let values = when.values.iter().filter_map(|value| stored(set, value).and_then(text));
    (when.field.name.clone(), values.collect())
}

/// The stored form of a value in a condition.
pub(super) fn stored(set: &ModelSet, value: &Literal) -> Option<LiveValue> {
    Some(match value {
        Literal::Text(text) => LiveValue::Text(text.clone()),
        Literal::Int(digits) => LiveValue::Number(digits.clone()),
        Literal::Bool(value) => LiveValue::Bool(*value),
        Literal::Variant(name, variant) => {
            let of = set.types.iter().find_map(|of| match of {
                TypeDefinition::Enum(of) if of.name == *name => Some(of),
                _ => None,
            })?;
            match &of.variants.iter().find(|of| of.name == *variant)?.value {
                EnumValue::Text(text) => LiveValue::Text(text.clone()),
                EnumValue::Number(number) => LiveValue::Number(number.to_string()),
            }
        }
        _ => return None,
    })
}

/// Whether an item's value of the condition's field is one of its values.
pub(super) fn holds(set: &ModelSet, when: &When, value: Option<&LiveValue>) -> bool {
    value.is_some_and(|value| when.values.iter().any(|wanted| stored(set, wanted).as_ref() == Some(value)))
}
