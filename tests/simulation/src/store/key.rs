//! Keys of tables and indexes.

use super::failure::{Answer, Failure};
use super::number::Number;
use super::value::{Item, Value};
use serde::{Deserialize, Serialize};

/// "Service, account, and table quotas in Amazon DynamoDB": the bytes of a hash key …
const LONGEST_HASH_KEY: usize = 2048;
/// … and of a range key.
const LONGEST_RANGE_KEY: usize = 1024;

/// A value of a key attribute, in the order of keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A table without range key.
    None,
    /// A number.
    Number(Number),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
}

/// The key of an item in its table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The hash key.
    pub hash: Part,
    /// The range key.
    pub range: Part,
}

/// An attribute and its role in a key, as CreateTable says it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchemaElement {
    attribute_name: String,
    key_type: String,
}

/// An attribute and its type, as CreateTable says it.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AttributeDefinition {
    attribute_name: String,
    attribute_type: String,
}

/// A key attribute.
#[derive(Debug, Clone)]
pub struct KeyAttribute {
    /// Its name.
    pub name: String,
    kind: String,
}

/// The key attributes of a table or an index: an index may have several of each.
#[derive(Debug, Clone)]
pub struct KeyAttributes {
    /// Those that the items of one partition have in common.
    pub hash: Vec<KeyAttribute>,
    /// Those that order them.
    pub range: Vec<KeyAttribute>,
}

impl KeyAttributes {
    /// Those that a key schema says.
    pub fn new(schema: &[KeySchemaElement], definitions: &[AttributeDefinition]) -> Answer<Self> {
        let of = |role: &str| {
            let elements = schema.iter().filter(|element| element.key_type == role);
            let attributes = elements.map(|element| {
                let name = &element.attribute_name;
                let definition = definitions.iter().find(|definition| definition.attribute_name == *name);
                let definition = definition.ok_or_else(|| {
                    Failure::invalid(
                        "One or more parameter values were invalid: Some index key attributes are not defined",
                    )
                })?;
                Ok(KeyAttribute { name: name.clone(), kind: definition.attribute_type.clone() })
            });
            attributes.collect::<Answer<Vec<_>>>()
        };
        let (hash, range) = (of("HASH")?, of("RANGE")?);
        if hash.is_empty() {
            return Err(Failure::invalid(
                "No Hash Key specified in schema. All Dynamo DB tables must have exactly one hash key",
            ));
        }
        Ok(Self { hash, range })
    }

    /// All attributes.
    pub fn all(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash.iter().chain(&self.range)
    }

    /// Whether an attribute is one of them.
    pub fn has(&self, name: &str) -> bool {
        self.all().any(|attribute| attribute.name == name)
    }

    /// The key of an item that is written to the table.
    pub fn of_item(&self, item: &Item) -> Answer<Key> {
        let hash = self.hash.first().map(|attribute| attribute.part(item, LONGEST_HASH_KEY));
        let range = self.range.first().map(|attribute| attribute.part(item, LONGEST_RANGE_KEY));
        Ok(Key { hash: hash.unwrap_or(Ok(Part::None))?, range: range.unwrap_or(Ok(Part::None))? })
    }

    /// The key that a request names: it has the key attributes and nothing else.
    pub fn of_key(&self, key: &Item) -> Answer<Key> {
        if key.len() != self.all().count() || !self.all().all(|attribute| key.contains_key(&attribute.name)) {
            return Err(mismatch());
        }
        let is_typed =
            |attribute: &KeyAttribute| key.get(&attribute.name).is_some_and(|value| value.kind() == attribute.kind);
        if !self.all().all(is_typed) {
            return Err(mismatch());
        }
        self.of_item(key)
    }

    /// The parts of an index key; `None` where the item is not in the index.
    pub fn of_indexed(&self, item: &Item) -> Option<(Vec<Part>, Vec<Part>)> {
        let parts = |attributes: &[KeyAttribute]| {
            attributes.iter().map(|attribute| item.get(&attribute.name).and_then(part)).collect::<Option<Vec<_>>>()
        };
        Some((parts(&self.hash)?, parts(&self.range)?))
    }

    /// That what an item has for an index can be in it.
    pub fn check_indexed(&self, item: &Item, index: &str) -> Answer<()> {
        for attribute in self.all() {
            let Some(value) = item.get(&attribute.name) else { continue };
            if value.kind() != attribute.kind {
                let (name, expected, actual) = (&attribute.name, &attribute.kind, value.kind());
                return Err(Failure::invalid(format!(
                    "One or more parameter values were invalid: Type mismatch for Index Key {name} Expected: {expected} \
                     Actual: {actual} IndexName: {index}"
                )));
            }
            if value.length() == Some(0) {
                return Err(Failure::invalid(format!(
                    "One or more parameter values are not valid. A value specified for a secondary index key is not \
                     supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: \
                     {index}, IndexKey: {}",
                    attribute.name
                )));
            }
        }
        Ok(())
    }

    /// The key attributes of an item.
    pub fn take(&self, item: &Item) -> Item {
        let attributes = self.all().filter_map(|attribute| item.get_key_value(&attribute.name));
        attributes.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl KeyAttribute {
    fn part(&self, item: &Item, longest: usize) -> Answer<Part> {
        let invalid = |why: String| Failure::invalid(format!("One or more parameter values were invalid: {why}"));
        let name = &self.name;
        let value = item.get(name).ok_or_else(|| invalid(format!("Missing the key {name} in the item")))?;
        let part = part(value).filter(|_| value.kind() == self.kind).ok_or_else(|| {
            invalid(format!("Type mismatch for key {name} expected: {} actual: {}", self.kind, value.kind()))
        })?;
        match value.length() {
            Some(0) => Err(Failure::empty_key(name)),
            Some(length) if length > longest => {
                let which = if longest == LONGEST_HASH_KEY { "hashkey" } else { "rangekey" };
                Err(invalid(format!("Size of {which} has exceeded the maximum size limit of{longest} bytes")))
            }
            _ => Ok(part),
        }
    }
}

/// A key that is not one of the table.
pub fn mismatch() -> Failure {
    Failure::invalid("The provided key element does not match the schema")
}

/// A value as a part of a key; `None` where it cannot be one.
pub fn part(value: &Value) -> Option<Part> {
    match value {
        Value::S(text) => Some(Part::Text(text.clone())),
        Value::N(number) => Some(Part::Number(number.clone())),
        Value::B(bytes) => Some(Part::Bytes(bytes.0.clone())),
        _ => None,
    }
}
