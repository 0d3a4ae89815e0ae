//! Keys: the layout of a model in a shared table, and the checks of the values that keys are made of.

use crate::model::{
    EnumValue, Field, KeyAttribute, KeyPart, Literal, MadeOf, Model, ModelSet, PartForm, SEPARATOR, Scalar, Shards,
    StoredForm, TimeForm, TimeKind, Type, TypeDefinition, When,
};
use serde_json::{Value, json};

/// The model's layout in a shared table; `None` in its own table.
pub(super) fn layout(set: &ModelSet, model: &Model) -> Option<Value> {
    let sharing = model.sharing.as_ref()?;
    let mut taken: Vec<&str> = model.keys().map(|key| key.attribute.as_str()).collect();
    let mut indexed = Vec::new();
    for index in &model.indexes {
        let hash = index.hash_key.iter().map(|key| (key, false));
        for (key, is_range) in hash.chain(index.range_key.iter().map(|key| (key, true))) {
            if !taken.contains(&key.attribute.as_str()) && !super::is_field(key) {
                taken.push(&key.attribute);
                indexed.push(template(key, is_range, index.when.iter().map(|of| when(set, of)).collect()));
            }
        }
    }
    let together = |fields: &Vec<Field>| {
        let mut attributes: Vec<&str> = fields.iter().map(|field| field.attribute.as_str()).collect();
        let name = format!("({})", attributes.join(", "));
        attributes.sort_unstable();
        json!([name, attributes])
    };
    let keys = [(&model.hash_key, false)].into_iter().chain(model.range_key.iter().map(|key| (key, true)));
    Some(json!({
        "keys": templates(keys),
        "index_keys": indexed,
        "discriminator": sharing.discriminator,
        "unique": model.unique().map(|field| &field.attribute).collect::<Vec<_>>(),
        "unique_together": model.unique_together.iter().map(together).collect::<Vec<_>>(),
        "key_only": model.fields.iter().filter(|field| field.key_only).map(|field| &field.attribute).collect::<Vec<_>>(),
        "mixed": sharing.mixed,
        "by_key": sharing.by_key,
    }))
}

/// A condition of an index, with the stored forms of its values.
fn when(set: &ModelSet, of: &When) -> Value {
    let values: Vec<Value> = of.values.iter().filter_map(|value| stored(set, value)).collect();
    json!({ "attribute": of.field.attribute, "values": values })
}

fn stored(set: &ModelSet, value: &Literal) -> Option<Value> {
    Some(match value {
        Literal::Text(text) => json!({ "Text": text }),
        Literal::Int(digits) => json!({ "Number": digits }),
        Literal::Bool(value) => json!({ "Bool": value }),
        Literal::Variant(name, variant) => {
            let of = set.types.iter().find_map(|of| match of {
                TypeDefinition::Enum(of) if of.name == *name => Some(of),
                _ => None,
            })?;
            match &of.variants.iter().find(|of| of.name == *variant)?.value {
                EnumValue::Text(text) => json!({ "Text": text }),
                EnumValue::Number(number) => json!({ "Number": number.to_string() }),
            }
        }
        _ => return None,
    })
}

/// The templates of keys; each flag says whether the key is a range key.
pub(super) fn templates<'k>(keys: impl Iterator<Item = (&'k KeyAttribute, bool)>) -> Vec<Value> {
    keys.map(|(key, is_range)| template(key, is_range, Vec::new())).collect()
}

fn template(key: &KeyAttribute, is_range: bool, when: Vec<Value>) -> Value {
    let (parts, end) = match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => (vec![json!({ "field": field.attribute, "form": "Own" })], ""),
        MadeOf::Hash(_) => (vec![json!({ "field": key.attribute, "form": "Own" })], ""),
        MadeOf::Template { parts, end } => {
            let part = |(position, part): (usize, &KeyPart)| {
                let is_followed = position + 1 < parts.len() || !end.is_empty();
                let width = part.width().filter(|_| part.has_checked_width(is_range && !key.is_unordered));
                json!({
                    "before": part.before,
                    "field": part.field.attribute,
                    "form": part_form(part),
                    "leads": is_range && is_followed && !key.is_unordered && part.is_leading(),
                    "is_partial": part.is_partial(),
                    "is_open": part.is_open,
                    "width": width.filter(|_| !matches!(part.form, PartForm::Digits(_))),
                })
            };
            (parts.iter().enumerate().map(part).collect(), end.as_str())
        }
    };
    let ends = !parts.is_empty() || key.shards.is_some();
    json!({
        "is_range": is_range,
        "attribute": key.attribute,
        "separator": ends.then_some(key.separator).filter(|of| *of != SEPARATOR),
        "parts": parts,
        "end": end,
        "shards": key.shards.as_ref().map(shards),
        "when": when,
    })
}

fn shards(of: &Shards) -> Value {
    json!({ "count": of.count, "by": of.by.iter().map(|field| &field.attribute).collect::<Vec<_>>() })
}

fn part_form(part: &KeyPart) -> Value {
    let stored = match (&part.field.form, part.field.ty.present()) {
        (StoredForm::EpochSeconds, _) => "EpochSeconds",
        (StoredForm::EpochMillis, _) => "EpochMillis",
        (_, Type::Scalar(Scalar::Time(TimeKind::Date, _))) => "Date",
        (_, Type::Scalar(Scalar::Time(TimeKind::NaiveDateTime, _))) => "NaiveDatetime",
        _ => "Datetime",
    };
    match &part.form {
        PartForm::Text => json!("Text"),
        PartForm::Lowercase => json!("Lowercase"),
        PartForm::Uppercase => json!("Uppercase"),
        PartForm::Integer(digits) => json!({ "Integer": digits }),
        PartForm::Digits(digits) => json!({ "Digits": digits }),
        PartForm::Plain => json!("Plain"),
        PartForm::Time(TimeForm::EpochSeconds) => json!({ "EpochSeconds": stored }),
        PartForm::Time(TimeForm::EpochMillis) => json!({ "EpochMillis": stored }),
        PartForm::Time(TimeForm::Pydantic) => json!({ "Pydantic": stored }),
        PartForm::Time(TimeForm::Pattern(pattern)) => json!({ "Pattern": [stored, pattern.text] }),
    }
}

/// The attributes of the model's items that are neither fields nor unknown attributes.
pub(super) fn made(model: &Model) -> Vec<&str> {
    let keys = model.keys().chain(model.indexes.iter().flat_map(crate::model::Index::keys));
    let made = keys.filter(|key| !super::is_field(key)).map(|key| key.attribute.as_str());
    let discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
    let key_only = model.fields.iter().filter(|field| field.key_only).map(|field| field.attribute.as_str());
    made.chain(discriminator.map(|(attribute, _)| attribute.as_str())).chain(key_only).collect()
}

/// What is read of an item's stored keys; `None` if nothing is.
pub(super) fn stored_key(model: &Model) -> Option<Value> {
    let made: Vec<(&KeyAttribute, &str)> = [(Some(&model.hash_key), "Hash"), (model.range_key.as_ref(), "Range")]
        .into_iter()
        .filter_map(|(key, kind)| key.filter(|key| !super::is_field(key)).map(|key| (key, kind)))
        .collect();
    let mut holders: Vec<(&KeyAttribute, &str)> = Vec::new();
    for key in model.fields.iter().filter_map(|field| model.holder(field)) {
        if !holders.iter().any(|(earlier, _)| earlier.attribute == key.attribute) {
            holders.push((key, "Index"));
        }
    }
    let fields = || made.iter().flat_map(|(key, _)| key.fields());
    let held = || fields().chain(holders.iter().flat_map(|(key, _)| key.fields()));
    if made.is_empty() && holders.is_empty() || !model.check_keys_on_read && !held().any(|field| field.key_only) {
        return None;
    }
    let position = |field: &Field| model.fields.iter().position(|of| of.name == field.name);
    Some(json!({
        "attributes": made.iter().chain(&holders).map(|(key, kind)| (&key.attribute, kind)).collect::<Vec<_>>(),
        "is_checked": model.check_keys_on_read,
        "is_sensitive": held().any(|field| field.sensitive),
        "values": made.iter().flat_map(|(key, _)| key.checked()).filter_map(position).collect::<Vec<_>>(),
    }))
}

/// The checks of a field's value for the keys that it is a part of.
pub(super) fn key_checks(model: &Model, field: &Field) -> Vec<Value> {
    let of_indexes =
        |hash: bool| model.indexes.iter().flat_map(move |index| if hash { &index.hash_key } else { &index.range_key });
    let of_vectors = || model.vector_indexes.iter().filter_map(|index| index.hash_key.as_ref());
    let hash_keys = || std::iter::once(&model.hash_key).chain(of_indexes(true)).chain(of_vectors());
    let range_keys = || model.range_key.iter().chain(of_indexes(false));
    if !matches!(field.ty.present(), Type::Scalar(Scalar::String | Scalar::Bytes)) {
        return Vec::new();
    }
    let is_whole = |key: &KeyAttribute| match &key.made_of {
        MadeOf::Field(of) | MadeOf::Copy(of) => of.name == field.name,
        MadeOf::Hash(_) | MadeOf::Template { .. } => false,
    };
    // A field in two keys has the smaller limit.
    if range_keys().any(is_whole) {
        return vec![json!("RangeKey")];
    }
    if hash_keys().any(is_whole) {
        return vec![json!("HashKey")];
    }
    let mut separators: Vec<char> = Vec::new();
    for key in hash_keys().chain(range_keys()).filter(|key| key.has(&field.name) && !key.is_hash()) {
        if !separators.contains(&key.separator) {
            separators.push(key.separator);
        }
    }
    let leads = |key: &KeyAttribute| {
        let MadeOf::Template { parts, end } = &key.made_of else { return false };
        let last = parts.len().saturating_sub(usize::from(end.is_empty()));
        !key.is_unordered && parts.iter().take(last).any(|part| part.field.name == field.name && part.is_leading())
    };
    let check = |separator: char| {
        let leads = range_keys().any(|key| key.separator == separator && leads(key));
        json!({ "Part": [(separator != SEPARATOR).then_some(separator), leads] })
    };
    separators.into_iter().map(check).collect()
}

/// The keys that are made of texts and may be too long, with the bytes beside the texts.
pub(super) fn key_lengths(model: &Model) -> Vec<Value> {
    let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
    let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
    let mut taken: Vec<&str> = Vec::new();
    let mut lengths = Vec::new();
    for (key, is_range) in range.map(|key| (key, true)).chain(hash.map(|key| (key, false))) {
        if !taken.contains(&key.attribute.as_str()) {
            lengths.extend(key_length(model, key, is_range));
        }
        taken.push(&key.attribute);
    }
    lengths
}

fn key_length(model: &Model, key: &KeyAttribute, is_range: bool) -> Option<Value> {
    let MadeOf::Template { parts, end } = &key.made_of else { return None };
    let mut fixed = end.len() + key.shards_length();
    let mut texts = Vec::new();
    for part in parts {
        fixed += part.before.len();
        match &part.field.ty {
            Type::Optional(_) => return None,
            Type::Scalar(Scalar::String) => {
                texts.extend(model.fields.iter().position(|field| field.name == part.field.name));
            }
            _ => fixed += part.least_length(),
        }
    }
    let length = json!({ "attribute": key.attribute, "is_range": is_range, "fixed": fixed, "texts": texts });
    (!texts.is_empty()).then_some(length)
}
