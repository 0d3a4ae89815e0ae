//! Index keys that are made of fields, and updates that change these.

use crate::carrier::{AttributeMap, write_key_fields, write_model};
use crate::expr::{Action, DocumentPath, Node, Term};
use crate::item::WriteError;
use crate::layout::KeyTemplate;
use crate::{Error, Model, Result};
use aws_sdk_dynamodb::types::AttributeValue;

/// What an update does so that index keys stay true to their fields.
#[derive(Debug, Default)]
pub(super) struct Kept {
    /// What it sets and removes beside its own actions.
    pub(super) actions: Vec<Action>,
    /// What has to hold: that the fields it does not set are as they were read.
    pub(super) unchanged: Vec<Node>,
}

/// What is known of the item that an update changes.
#[derive(Debug)]
pub(super) struct Known {
    /// The fields of its key, which no write changes.
    key: AttributeMap,
    /// All attributes as they were read, if it was.
    item: Option<AttributeMap>,
}

/// What an update leaves in a field.
pub(super) enum Left<'u> {
    Set(&'u AttributeValue),
    Removed,
    Calculated,
    Untouched,
}

impl Known {
    /// What is known by the key alone.
    pub(super) fn key<M: Model>(key: &M::Key) -> Result<Self, WriteError> {
        Ok(Self { key: write_key_fields(key)?, item: None })
    }

    /// What is known of an item that was read.
    pub(super) fn item<M: Model>(item: &M, key: &M::Key) -> Result<Self, WriteError> {
        Ok(Self { item: Some(write_model(item)?), ..Self::key::<M>(key)? })
    }

    /// What an update of a model does to its index keys.
    pub(super) fn kept<M: Model>(&self, own: &[Action], upsert: bool) -> Result<Kept> {
        let mut kept = Kept::default();
        for template in M::LAYOUT.index_keys {
            let is_set = |field: &str| own.iter().any(|action| action.path().attribute() == field);
            let changes = template.parts.iter().any(|part| is_set(part.field));
            if changes {
                self.rewrite::<M>(template, own, &mut kept)?;
            } else if upsert && let Some(key) = self.by_key::<M>(template)? {
                let path = DocumentPath::root(template.attribute);
                let arguments = vec![Term::Path(path.clone()), Term::attribute_value(key)];
                kept.actions.push(Action::Set(path, Term::call("if_not_exists", arguments)));
            }
        }
        if upsert {
            kept.actions.extend(self.new_item::<M>(own));
        }
        Ok(kept)
    }

    fn rewrite<M: Model>(&self, template: &KeyTemplate, own: &[Action], kept: &mut Kept) -> Result<()> {
        let refuse = |why: String| Error::IndexKey { model: M::NAME, key: template.attribute, why };
        let mut values = AttributeMap::new();
        let mut missing = Vec::new();
        let mut unchanged = Vec::new();
        for part in template.parts {
            let value = match left(part.field, own) {
                Left::Set(value) => Some(value),
                Left::Removed => None,
                Left::Calculated => {
                    let why = "leaves its value to DynamoDB: set it to a value";
                    return Err(refuse(format!("{} {why}", part.field)));
                }
                Left::Untouched => match (self.key.get(part.field), &self.item) {
                    (Some(value), _) => Some(value),
                    (None, Some(item)) => {
                        let value = item.get(part.field);
                        unchanged.push(is_still(part.field, value));
                        value
                    }
                    (None, None) => {
                        missing.push(part.field);
                        None
                    }
                },
            };
            if let Some(value) = value {
                values.insert(part.field.to_owned(), value.clone());
            }
        }
        let is_left = template.parts.iter().any(|part| matches!(left(part.field, own), Left::Removed));
        if !missing.is_empty() && !is_left {
            let missing = missing.join(" and ");
            let why = "set that too, or update the item itself rather than by its key";
            return Err(refuse(format!("does not know {missing}: {why}")));
        }
        let key = template.render(|field| values.get(field)).map_err(|error| error.of(M::NAME))?;
        let path = DocumentPath::root(template.attribute);
        // An index key that is a field itself is what the update sets.
        if !own.iter().any(|action| action.path().overlaps(&path)) {
            kept.actions.push(match key {
                Some(key) => Action::Set(path, Term::attribute_value(key)),
                None => Action::Remove(path),
            });
        }
        if !is_left {
            unchanged.retain(|node| !kept.unchanged.contains(node));
            kept.unchanged.extend(unchanged);
        }
        Ok(())
    }

    /// The index key that is made of fields of the table's key alone.
    fn by_key<M: Model>(&self, template: &KeyTemplate) -> Result<Option<AttributeValue>> {
        template.render(|field| self.key.get(field)).map_err(|error| error.of(M::NAME).into())
    }

    /// What an item that an update makes has beside what is set.
    fn new_item<M: Model>(&self, own: &[Action]) -> Vec<Action> {
        let is_key = |name: &str| M::LAYOUT.keys.iter().any(|template| template.attribute == name);
        let discriminator =
            M::LAYOUT.discriminator.map(|(attribute, value)| (attribute, AttributeValue::S(value.to_owned())));
        let parts = M::LAYOUT.keys.iter().flat_map(|template| template.parts);
        let fields = parts.filter_map(|part| Some((part.field, self.key.get(part.field)?.clone())));
        let mut actions: Vec<Action> = Vec::new();
        for (name, value) in fields.chain(discriminator) {
            let path = DocumentPath::root(name);
            let is_set = |action: &Action| action.path().overlaps(&path);
            if !is_key(name) && !own.iter().any(is_set) && !actions.iter().any(is_set) {
                actions.push(Action::Set(path, Term::attribute_value(value)));
            }
        }
        actions
    }
}

pub(super) fn left<'u>(field: &str, own: &'u [Action]) -> Left<'u> {
    let of_field = own.iter().find(|action| action.path().attribute() == field);
    match of_field {
        None => Left::Untouched,
        Some(Action::Set(path, Term::Value(Ok(Some(value))))) if path.rest().is_empty() => Left::Set(value),
        Some(Action::Remove(path)) if path.rest().is_empty() => Left::Removed,
        // What cannot be written is told when the update is.
        Some(Action::Set(path, Term::Value(_))) if path.rest().is_empty() => Left::Removed,
        Some(_) => Left::Calculated,
    }
}

pub(super) fn is_still(field: &'static str, value: Option<&AttributeValue>) -> Node {
    let path = Term::Path(DocumentPath::root(field));
    match value {
        Some(value) => Node::Compare(path, "=", Term::attribute_value(value.clone())),
        None => Node::Call("attribute_not_exists", vec![path]),
    }
}
