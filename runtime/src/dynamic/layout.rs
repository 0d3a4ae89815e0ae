//! The constants of emitted code, made of a description.

use super::computed::computed;
use super::description::{Field, Type};
use super::description::{
    IndexDescription, LayoutDescription, Literal, ModelDescription, Part, PartForm, ShardsDescription, StoredTimeName,
    Template, WhenDescription,
};
use super::leaked;
use super::scalar::ScalarType;
use crate::description::{Count, Timestamp};
use crate::description::{KeyPart, KeyTemplate, Layout, Roles, StoredTime, When};
use crate::ground::{WriteError, WriteErrorKind};
use crate::ops::Index;
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

pub(super) fn layout(of: &'static ModelDescription) -> Layout {
    let computed = computed(of);
    let Some(of) = &of.layout else { return Layout::OWN.computed(computed) };
    let LayoutDescription { keys, index_keys, discriminator, unique, unique_together, key_only, mixed, by_key } = of;
    let names = |of: &'static [String]| leaked::all(of.iter().map(String::as_str));
    let mut layout = Layout::new(templates(keys))
        .index_keys(templates(index_keys))
        .discriminators(leaked::all(discriminator.iter().map(|(name, value)| (name.as_str(), value.as_str()))))
        .unique(names(unique))
        .unique_together(leaked::all(unique_together.iter().map(|(name, fields)| (name.as_str(), names(fields)))))
        .key_only(names(key_only))
        .computed(computed);
    if *mixed {
        layout = layout.mixed();
    }
    if *by_key { layout.by_key() } else { layout }
}

fn templates(of: &'static [Template]) -> &'static [KeyTemplate] {
    leaked::all(of.iter().map(template))
}

pub(super) fn template(of: &'static Template) -> KeyTemplate {
    let parts = leaked::all(of.parts.iter().map(part));
    let mut template = match of.is_range {
        true => KeyTemplate::range(&of.attribute, parts, &of.end),
        false => KeyTemplate::hash(&of.attribute, parts, &of.end),
    };
    if let Some(separator) = of.separator {
        template = template.separator(separator);
    }
    if let Some(ShardsDescription { count, by }) = &of.shards {
        template = template.shards(*count, leaked::all(by.iter().map(String::as_str)));
    }
    match of.when.as_slice() {
        [] => template,
        conditions => template.when(leaked::all(conditions.iter().map(when))),
    }
}

fn part(of: &'static Part) -> KeyPart {
    let (before, field) = (of.before.as_str(), of.field.as_str());
    let text = || if of.leads { KeyPart::leading_text(before, field) } else { KeyPart::text(before, field) };
    let mut part = match &of.form {
        PartForm::Own => KeyPart::own(field),
        PartForm::Text => text(),
        PartForm::Lowercase => text().lowercase(),
        PartForm::Uppercase => text().uppercase(),
        PartForm::Integer(digits) => KeyPart::integer(before, field, *digits),
        PartForm::Digits(digits) => KeyPart::digits(before, field, *digits),
        PartForm::Plain => KeyPart::plain_integer(before, field),
        PartForm::EpochSeconds(of) => KeyPart::epoch_seconds(before, field, stored(*of)),
        PartForm::EpochMillis(of) => KeyPart::epoch_millis(before, field, stored(*of)),
        PartForm::Pydantic(of) => KeyPart::pydantic(before, field, stored(*of)),
        PartForm::Pattern(of, pattern) => KeyPart::time(before, field, stored(*of), pattern),
    };
    if let Some(characters) = of.width {
        part = part.width(characters);
    }
    if of.is_partial {
        part = part.partial();
    }
    if of.is_open { part.open() } else { part }
}

fn stored(of: StoredTimeName) -> StoredTime {
    match of {
        StoredTimeName::Datetime => StoredTime::Datetime,
        StoredTimeName::NaiveDatetime => StoredTime::NaiveDatetime,
        StoredTimeName::Date => StoredTime::Date,
        StoredTimeName::EpochSeconds => StoredTime::EpochSeconds,
        StoredTimeName::EpochMillis => StoredTime::EpochMillis,
    }
}

fn when(of: &'static WhenDescription) -> When {
    let texts = of.values.iter().filter_map(|of| match of {
        Literal::Text(text) | Literal::Number(text) => Some(text.as_str()),
        _ => None,
    });
    let booleans = of.values.iter().filter_map(|of| match of {
        Literal::Bool(value) => Some(*value),
        _ => None,
    });
    match of.values.first() {
        Some(Literal::Number(_)) => When::number(&of.attribute, leaked::all(texts)),
        Some(Literal::Bool(_)) => When::boolean(&of.attribute, leaked::all(booleans)),
        _ => When::text(&of.attribute, leaked::all(texts)),
    }
}

pub(super) fn roles(of: &'static ModelDescription) -> Roles {
    let field = |at: Option<usize>| of.structure.fields.get(at?);
    let count = |field: &'static Field| Count {
        attribute: &field.attribute,
        max: match &field.ty {
            Type::Scalar(ScalarType::U32) => u32::MAX.into(),
            _ => u64::MAX,
        },
    };
    let time = |field: &'static Field| Timestamp { attribute: &field.attribute, at: no_update };
    Roles {
        version: field(of.version).map(count),
        created_at: field(of.created_at).map(time),
        updated_at: field(of.updated_at).map(time),
        deleted_at: field(of.deleted_at).map(time),
        // Puts have it in their items.
        lifetime: None,
        // Whole items have their values, and a model without emitted code has no updates.
        counters: &[],
    }
}

/// Puts and deletes have times in their items; an update by a description would need the form of the time.
fn no_update(_: SystemTime) -> Result<AttributeValue, WriteError> {
    Err(WriteError::new(WriteErrorKind::KeyPart("a model without emitted code has no updates".into())))
}

pub(super) fn index(of: &'static IndexDescription) -> (Index, &'static [KeyTemplate]) {
    let keys = leaked::all(of.keys.iter().map(String::as_str));
    (Index { name: &of.index_name, keys }, templates(&of.templates))
}
