//! The values that an action leaves in the unique fields of an item.

use crate::codec::RawItem;
use crate::description::Discriminator;
use crate::expr;
use crate::ground::JsonNames;
use crate::ops::model::ModelFacts;
use crate::ops::write::{Left, default_of, left};
use crate::ops::{Error, Result};
use aws_sdk_dynamodb::types::AttributeValue;

/// The values that an action leaves in the unique fields and in the attribute of the time to live.
#[derive(Debug, Clone)]
pub(in crate::ops) struct UniqueFields {
    pub(super) values: Vec<UniqueValue>,
    pub(super) expiry: Option<(&'static str, After)>,
    /// The time when the item was deleted: a deleted item has no unique values.
    pub(super) deletion: Option<(&'static str, After)>,
    /// Whether the action requires that no item exists.
    pub(super) is_new: bool,
    /// Whether the action also claims the values that the stored item has already.
    pub(super) claims_all: bool,
    /// The discriminator of this model.
    pub(in crate::ops) discriminator: Discriminator,
    /// The names of the model's fields in JSON.
    pub(super) json_names: JsonNames,
}

/// A field, or a combination of fields, whose value no two items share.
#[derive(Debug, Clone)]
pub(super) struct UniqueValue {
    /// Its name in errors.
    pub(super) name: &'static str,
    pub(super) fields: Vec<(&'static str, After)>,
}

impl UniqueValue {
    pub(super) fn is_touched(&self) -> bool {
        self.fields.iter().any(|(_, after)| after.is_touched())
    }

    /// The maximum of guard writes that an action needs for it.
    fn max_guards(&self, is_new: bool) -> usize {
        let has_none = self.fields.iter().any(|(_, after)| matches!(after, After::Value(None)));
        match (has_none, is_new || !self.is_touched()) {
            (true, true) => 0,
            (false, false) => 2,
            _ => 1,
        }
    }
}

/// The value that an action leaves in an attribute.
#[derive(Debug, Clone)]
pub(super) enum After {
    Untouched,
    Value(Option<AttributeValue>),
    /// The value if the attribute is absent.
    Default(AttributeValue),
}

impl After {
    pub(super) fn of<'v>(&'v self, before: Option<&'v AttributeValue>) -> Option<&'v AttributeValue> {
        match self {
            After::Untouched => before,
            After::Value(value) => value.as_ref(),
            After::Default(value) => before.or(Some(value)),
        }
    }

    pub(super) fn is_touched(&self) -> bool {
        !matches!(self, After::Untouched)
    }
}

impl UniqueFields {
    /// The unique fields of an item that is put.
    pub(in crate::ops) fn put(model: ModelFacts, item: &RawItem, is_new: bool) -> Option<Self> {
        if !model.layout().is_unique() {
            return None;
        }
        let of_fields = model.layout().unique_values().flat_map(|(_, names)| names.iter().copied());
        let deletion = model.roles().deleted_at.map(|of| of.attribute);
        let names: Vec<&'static str> = of_fields.chain(model.table().ttl).chain(deletion).collect();
        let values = item.attributes(&names);
        Self::of(model, is_new, |name| Ok(After::Value(values.get(name).cloned()))).ok().flatten()
    }

    /// The unique fields of an item that is deleted.
    pub(in crate::ops) fn delete(model: ModelFacts) -> Option<Self> {
        Self::of(model, false, |_| Ok(After::Value(None))).ok().flatten()
    }

    /// The unique fields that an update changes; `None` if it changes none.
    pub(in crate::ops) fn update(model: ModelFacts, actions: &[expr::UpdateAction]) -> Result<Option<Self>> {
        let after = |name: &'static str| match left(name, actions) {
            Left::Untouched => Ok(After::Untouched),
            Left::Set(value) => Ok(After::Value(Some(value.clone()))),
            Left::Removed => Ok(After::Value(None)),
            Left::Calculated => match default_of(name, actions) {
                Some(value) => Ok(After::Default(value.clone())),
                None => Err(Error::UniqueField { model: model.name(), field: name }),
            },
        };
        let fields = Self::of(model, false, after)?;
        Ok(fields.filter(|unique| {
            unique.values.iter().any(UniqueValue::is_touched)
                || unique.is_expiry_touched()
                || unique.is_deletion_touched()
        }))
    }

    fn of(
        model: ModelFacts,
        is_new: bool,
        mut after: impl FnMut(&'static str) -> Result<After>,
    ) -> Result<Option<Self>> {
        let Some(discriminator) = model.layout().discriminator.filter(|_| model.layout().is_unique()) else {
            return Ok(None);
        };
        let mut values = Vec::new();
        for (name, fields) in model.layout().unique_values() {
            let fields = fields.iter().map(|field| Ok((*field, after(field)?))).collect::<Result<_>>()?;
            values.push(UniqueValue { name, fields });
        }
        let expiry = model.table().ttl.map(|name| Ok::<_, Error>((name, after(name)?))).transpose()?;
        let deletion = model.roles().deleted_at.map(|of| Ok::<_, Error>((of.attribute, after(of.attribute)?)));
        let deletion = deletion.transpose()?;
        Ok(Some(Self {
            values,
            expiry,
            deletion,
            is_new,
            claims_all: false,
            discriminator,
            json_names: model.json_names(),
        }))
    }

    /// Claims the values that the stored item has already, too: it may be older than the guards.
    pub(in crate::ops) fn claiming_all(self) -> Self {
        Self { claims_all: true, ..self }
    }

    pub(super) fn is_expiry_touched(&self) -> bool {
        self.expiry.as_ref().is_some_and(|(_, after)| after.is_touched())
    }

    pub(super) fn is_deletion_touched(&self) -> bool {
        self.deletion.as_ref().is_some_and(|(_, after)| after.is_touched())
    }

    /// The maximum of guard writes that the action needs.
    pub(in crate::ops) fn max_guards(&self) -> usize {
        self.values.iter().map(|value| value.max_guards(self.is_new)).sum()
    }
}
