//! A model's layout: the constants from which the runtime makes its keys.

use super::rust::{character, literal};
use super::structure;
use crate::model::{
    EnumValue, Field, Index, KeyAttribute, KeyPart, Literal, MadeOf, Model, ModelSet, PartForm, SEPARATOR, Scalar,
    StoredForm, TimeForm, TimeKind, Type, TypeDefinition, When,
};
use dyntastic_templates::{
    KeyPartView, KeyTemplateView, LayoutView, PartFormView, ShardsView, StoredKeyView, WhenView,
};

/// The model's layout in a shared table; `None` in its own table.
pub(super) fn layout(set: &ModelSet, model: &Model) -> Option<LayoutView> {
    let sharing = model.sharing.as_ref()?;
    let keys = keys([(&model.hash_key, false)].into_iter().chain(model.range_key.iter().map(|key| (key, true))));
    let mut taken: Vec<&str> =
        std::iter::once(&model.hash_key).chain(&model.range_key).map(|key| key.attribute.as_str()).collect();
    let mut indexed = Vec::new();
    for index in &model.indexes {
        let hash = index.hash_key.iter().map(|key| (key, false));
        for (key, is_range) in hash.chain(index.range_key.iter().map(|key| (key, true))) {
            if !taken.contains(&key.attribute.as_str()) && !key.is_stored() {
                taken.push(&key.attribute);
                indexed.push(KeyTemplateView { when: when(set, &index.when), ..template(key, is_range) });
            }
        }
    }
    Some(LayoutView {
        keys,
        index_keys: indexed,
        discriminator: sharing
            .discriminator
            .iter()
            .map(|(attribute, value)| (literal(attribute), literal(value)))
            .collect(),
        unique: model.unique().map(|field| literal(&field.attribute)).collect(),
        unique_together: model.unique_together.iter().map(|fields| together(fields)).collect(),
        key_only: model.fields.iter().filter(|field| field.key_only).map(|field| literal(&field.attribute)).collect(),
        mixed: sharing.mixed,
        by_key: sharing.by_key,
    })
}

/// The conditions of an index, with the stored forms of their values.
fn when(set: &ModelSet, conditions: &[When]) -> Vec<WhenView> {
    let one = |condition: &When| {
        let values: Vec<(&'static str, String)> =
            condition.values.iter().filter_map(|value| stored(set, value)).collect();
        WhenView {
            kind: values.first().map_or("text", |(kind, _)| kind),
            attribute: literal(&condition.field.attribute),
            values: values.into_iter().map(|(_, value)| value).collect(),
        }
    };
    conditions.iter().map(one).collect()
}

/// The stored form of a value in a condition: the function for its kind, and its literal.
fn stored(set: &ModelSet, value: &Literal) -> Option<(&'static str, String)> {
    Some(match value {
        Literal::Text(text) => ("text", literal(text)),
        Literal::Int(digits) => ("number", literal(digits)),
        Literal::Bool(value) => ("boolean", value.to_string()),
        Literal::Variant(name, variant) => {
            let of = set.types.iter().find_map(|of| match of {
                TypeDefinition::Enum(of) if of.name == *name => Some(of),
                _ => None,
            })?;
            match &of.variants.iter().find(|of| of.name == *variant)?.value {
                EnumValue::Text(text) => ("text", literal(text)),
                EnumValue::Number(number) => ("number", literal(&number.to_string())),
            }
        }
        _ => return None,
    })
}

/// A unique combination: its name in errors and its attributes, as literals. The attributes are sorted, so that the
/// order of the fields in the schema does not change the keys of guards.
fn together(fields: &[Field]) -> (String, Vec<String>) {
    let mut attributes: Vec<&str> = fields.iter().map(|field| field.attribute.as_str()).collect();
    let name = literal(&format!("({})", attributes.join(", ")));
    attributes.sort_unstable();
    (name, attributes.into_iter().map(literal).collect())
}

/// The attributes of a model's items that are read neither as fields nor as unknown attributes, as literals: keys that
/// are made of fields, computed fields, the discriminator, and attributes that other writers store of fields that only the key has.
pub(super) fn made(model: &Model) -> Vec<String> {
    let keys = std::iter::once(&model.hash_key).chain(&model.range_key);
    let keys = keys.chain(model.indexes.iter().flat_map(crate::model::Index::keys));
    let made = keys.filter(|key| !key.is_stored()).map(|key| key.attribute.as_str());
    let discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
    let key_only = model.fields.iter().filter(|field| field.key_only).map(|field| field.attribute.as_str());
    let computed = model.computed.iter().map(|of| of.field.attribute.as_str());
    let named = discriminator.map(|(attribute, _)| attribute.as_str()).chain(key_only).chain(computed);
    let mut names: Vec<&str> = made.chain(named).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(literal).collect()
}

/// What is read of an item's stored keys: the check of its key in the table, if the item is a whole model that does not
/// turn it off, and the fields that only keys have. `None` if nothing is read of them. `index` is the index of an item
/// that is not whole.
pub(super) fn stored_key(set: &ModelSet, model: &Model, index: Option<&Index>) -> Option<StoredKeyView> {
    let is_whole = index.is_none();
    let made: Vec<(&KeyAttribute, &'static str)> =
        [(Some(&model.hash_key), "hash_key"), (model.range_key.as_ref(), "range_key")]
            .into_iter()
            .filter_map(|(key, method)| {
                key.filter(|key| !matches!(key.made_of, MadeOf::Field(_))).map(|key| (key, method))
            })
            .collect();
    let mut holders: Vec<(&KeyAttribute, &'static str)> = Vec::new();
    for field in model.fields.iter().filter(|field| model.holder(field).is_some()) {
        let key = match index {
            None => model.holder(field),
            Some(index) => index.keys().find(|key| key.determines(&field.name)),
        };
        if let Some(key) = key.filter(|key| !holders.iter().any(|(earlier, _)| earlier.attribute == key.attribute)) {
            holders.push((key, "index_key"));
        }
    }
    let fields = || made.iter().flat_map(|(key, _)| key.fields());
    let is_checked = is_whole && model.check_keys_on_read;
    let held = || fields().chain(holders.iter().flat_map(|(key, _)| key.fields()));
    if made.is_empty() && holders.is_empty() || !is_checked && !held().any(|field| field.key_only) {
        return None;
    }
    let value = |field| structure::written_transformed(set, &model.name, "item", field);
    Some(StoredKeyView {
        model: if is_whole { "Self".to_owned() } else { model.name.clone() },
        attributes: made.iter().chain(&holders).map(|(key, method)| (literal(&key.attribute), *method)).collect(),
        is_checked,
        values: made.iter().flat_map(|(key, _)| key.checked()).map(value).collect(),
        sensitive: held().any(|field| field.sensitive),
    })
}

/// The templates of keys; each flag says whether the key is a range key.
pub(super) fn keys<'k>(keys: impl IntoIterator<Item = (&'k KeyAttribute, bool)>) -> Vec<KeyTemplateView> {
    keys.into_iter().map(|(key, is_range)| template(key, is_range)).collect()
}

/// The template of a range key that is a plain attribute.
pub(super) fn own_range_key(attribute: &str) -> KeyTemplateView {
    let attribute = literal(attribute);
    KeyTemplateView {
        is_range: true,
        parts: vec![KeyPartView::Own(attribute.clone())],
        attribute,
        end: literal(""),
        separator: None,
        shards: None,
        when: Vec::new(),
    }
}

fn template(key: &KeyAttribute, is_range: bool) -> KeyTemplateView {
    let (parts, end) = match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => (vec![KeyPartView::Own(literal(&field.attribute))], ""),
        MadeOf::Hash(_) => (vec![KeyPartView::Own(literal(&key.attribute))], ""),
        MadeOf::Template { parts, end } => {
            let part = |(position, part): (usize, &KeyPart)| {
                let is_followed = position + 1 < parts.len() || !end.is_empty();
                let leads = is_range && is_followed && !key.is_unordered && part.is_leading();
                let width = part.width().filter(|_| part.has_checked_width(is_range && !key.is_unordered));
                KeyPartView::Part {
                    before: literal(&part.before),
                    attribute: literal(&part.field.attribute),
                    form: part_form(part, leads),
                    is_partial: part.is_partial(),
                    is_open: part.is_open,
                    width: width.filter(|_| !matches!(part.form, PartForm::Digits(_))),
                }
            };
            (parts.iter().enumerate().map(part).collect(), end.as_str())
        }
    };
    let ends = !parts.is_empty() || key.shards.is_some();
    let separator = (key.separator != SEPARATOR && ends).then(|| character(key.separator));
    let shards = key.shards.as_ref().map(|shards| ShardsView {
        count: shards.count,
        by: shards.by.iter().map(|field| literal(&field.attribute)).collect(),
    });
    KeyTemplateView {
        is_range,
        attribute: literal(&key.attribute),
        parts,
        end: literal(end),
        separator,
        shards,
        when: Vec::new(),
    }
}

pub(super) fn part_form(part: &KeyPart, leads: bool) -> PartFormView {
    let (constructor, pattern) = match &part.form {
        PartForm::Text => return PartFormView::Text { leads, case: None },
        PartForm::Lowercase => return PartFormView::Text { leads, case: Some("lowercase") },
        PartForm::Uppercase => return PartFormView::Text { leads, case: Some("uppercase") },
        PartForm::Integer(digits) => return PartFormView::Integer(*digits),
        PartForm::Digits(digits) => return PartFormView::Digits(*digits),
        PartForm::Plain => return PartFormView::Plain,
        PartForm::Time(TimeForm::EpochSeconds) => ("epoch_seconds", None),
        PartForm::Time(TimeForm::EpochMillis) => ("epoch_millis", None),
        PartForm::Time(TimeForm::Pydantic) => ("pydantic", None),
        PartForm::Time(TimeForm::Pattern(pattern)) => ("time", Some(literal(&pattern.text))),
    };
    let stored = match (&part.field.form, part.field.ty.present()) {
        (StoredForm::EpochSeconds, _) => "EpochSeconds",
        (StoredForm::EpochMillis, _) => "EpochMillis",
        (_, Type::Scalar(Scalar::Time(TimeKind::Date, _))) => "Date",
        (_, Type::Scalar(Scalar::Time(TimeKind::NaiveDateTime, _))) => "NaiveDatetime",
        _ => "Datetime",
    };
    PartFormView::Time { constructor, stored, pattern }
}
