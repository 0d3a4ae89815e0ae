//! The texts of keys that are made of fields, and what a field in a key may hold. They are as the runtime makes them
//! (`description/key_part.rs`).

use super::times::{self, Moments};
use crate::model::{
    Field, KeyAttribute, KeyPart, MadeOf, Model, PartForm, Scalar, Shards, StoredForm, TimeForm, TimeKind, Type,
};
use crate::pull::{LiveItem, LiveValue};

/// What a text may hold, if it is in a key.
#[derive(Debug, Default)]
pub(super) struct Rules {
    is_key: bool,
    /// The characters that it may not hold.
    separators: Vec<char>,
    /// The characters that no character of it sorts before.
    least: Vec<char>,
}

impl Rules {
    pub(super) fn of(model: &Model, field: &Field) -> Self {
        let mut rules = Self::default();
        let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
        let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
        let keys = hash.map(|key| (key, false)).chain(range.map(|key| (key, true)));
        for (key, is_range) in keys.filter(|(key, _)| key.has(&field.name)) {
            rules.is_key = true;
            let MadeOf::Template { parts, end } = &key.made_of else { continue };
            let last = parts.len().saturating_sub(usize::from(end.is_empty()));
            for (at, part) in parts.iter().enumerate().filter(|(_, part)| part.field.name == field.name) {
                if !part.is_open {
                    rules.separators.push(key.separator);
                }
                if is_range && !key.is_unordered && at < last && part.is_leading() {
                    rules.least.push(key.separator);
                }
            }
        }
        rules
    }

    pub(super) fn allow(&self, text: &str) -> bool {
        !self.is_key
            || !text.is_empty()
                && !text.contains(|c: char| c.is_control() || self.separators.contains(&c))
                && text.chars().all(|c| self.least.iter().all(|least| c >= *least))
    }
}

/// Whether a key attribute is itself a field.
pub(super) fn is_field(key: &KeyAttribute) -> bool {
    key.is_stored()
}

/// The value of a key attribute; `None` if a field in it has no value. `fields` are stored values by their attributes.
pub(super) fn render(key: &KeyAttribute, fields: &LiveItem, moments: &Moments) -> Option<LiveValue> {
    match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => fields.get(&field.attribute).cloned(),
        MadeOf::Hash(_) => None,
        MadeOf::Template { parts, end } => {
            let text = text(parts, end, fields, moments)?;
            Some(LiveValue::Text(match &key.shards {
                Some(shards) => format!("{text}{}{}", key.separator, shard(shards, fields)?),
                None => text,
            }))
        }
    }
}

/// A text with fields in it; `None` if one of them has no value.
pub(super) fn text(parts: &[KeyPart], end: &str, fields: &LiveItem, moments: &Moments) -> Option<String> {
    let text = |part: &KeyPart| {
        let stored = fields.get(&part.field.attribute)?;
        Some(part.before.clone() + &part_text(part, stored, moments)?)
    };
    let texts: Option<String> = parts.iter().map(text).collect();
    Some(texts? + end)
}

/// The number of an item's shard.
fn shard(shards: &Shards, fields: &LiveItem) -> Option<usize> {
    let text = |field: &Field| match fields.get(&field.attribute)? {
        LiveValue::Text(text) | LiveValue::Number(text) => Some(text.as_str()),
        _ => None,
    };
    let texts: Option<Vec<&str>> = shards.by.iter().map(text).collect();
    let hash = crc32fast::hash(texts?.join("#").as_bytes());
    usize::try_from(hash).ok()?.checked_rem(shards.count)
}

fn part_text(part: &KeyPart, stored: &LiveValue, moments: &Moments) -> Option<String> {
    let (LiveValue::Text(text) | LiveValue::Number(text)) = stored else { return None };
    Some(match &part.form {
        PartForm::Text | PartForm::Plain => text.clone(),
        PartForm::Lowercase => text.to_lowercase(),
        PartForm::Uppercase => text.to_uppercase(),
        PartForm::Integer(digits) | PartForm::Digits(digits) => padded(text, *digits),
        PartForm::Time(form) => time_text(&part.field, form, moments),
    })
}

/// An integer of so many digits; those of a negative one are complements.
fn padded(text: &str, digits: usize) -> String {
    let complement =
        |digit: char| digit.to_digit(10).and_then(|digit| char::from_digit(9 - digit, 10)).unwrap_or(digit);
    match text.strip_prefix('-') {
        None => format!("{text:0>digits$}"),
        Some(text) => format!("-{}", format!("{text:0>digits$}").chars().map(complement).collect::<String>()),
    }
}

fn time_text(field: &Field, form: &TimeForm, moments: &Moments) -> String {
    let moment = times::moment(moments, field);
    let kind = match field.ty.present() {
        Type::Scalar(Scalar::Time(kind, _)) => *kind,
        _ => TimeKind::DateTime,
    };
    match form {
        TimeForm::EpochSeconds => moment.and_utc().timestamp().to_string(),
        TimeForm::EpochMillis => moment.and_utc().timestamp_millis().to_string(),
        TimeForm::Pydantic => times::text(kind, &StoredForm::Pydantic, moment),
        TimeForm::Pattern(pattern) => times::text(kind, &StoredForm::Pattern(pattern.clone()), moment),
    }
}

#[cfg(test)]
mod tests {
    use super::padded;

    #[test]
    fn integers_are_padded_as_in_the_runtime() {
        for (text, padding) in [("7", "0000000007"), ("-1", "-9999999998"), ("0", "0000000000")] {
            assert_eq!(padded(text, 10), padding);
        }
    }
}
