//! Keys of tables and indexes.

use super::failure::{Answer, Failure};
use super::number::Number;
use super::value::{Item, Value};
use serde::{Deserialize, Serialize};

/// The maximum bytes of a hash key ("Service, account, and table quotas in Amazon DynamoDB").
const LONGEST_HASH_KEY: usize = 2048;
/// The maximum bytes of a range key, from the same page.
const LONGEST_RANGE_KEY: usize = 1024;

/// A value of a key attribute, in the order of keys.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// No value, for the range key of a table without one.
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

/// An attribute and its role in a key, in CreateTable's form.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct KeySchemaElement {
    attribute_name: String,
    key_type: String,
}

/// An attribute and its type, in CreateTable's form.
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

/// The key attributes of a table or an index. An index may have several for each of its keys.
#[derive(Debug, Clone)]
pub struct KeyAttributes {
    /// The attributes of the hash key.
    pub hash: Vec<KeyAttribute>,
    /// The attributes of the range key.
    pub range: Vec<KeyAttribute>,
}

impl KeyAttributes {
    /// The key attributes of a key schema.
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

    /// All key attributes.
    pub fn all(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash.iter().chain(&self.range)
    }

    /// Whether an attribute is a key attribute.
    pub fn has(&self, name: &str) -> bool {
        self.all().any(|attribute| attribute.name == name)
    }

    /// The key of an item that is written to the table.
    pub fn of_item(&self, item: &Item) -> Answer<Key> {
        let hash = self.hash.first().map(|attribute| attribute.part(item, LONGEST_HASH_KEY));
        let range = self.range.first().map(|attribute| attribute.part(item, LONGEST_RANGE_KEY));
        Ok(Key { hash: hash.unwrap_or(Ok(Part::None))?, range: range.unwrap_or(Ok(Part::None))? })
    }

    /// The key in a request. It must have the key attributes and nothing else.
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

    /// The parts of an index key; `None` if the item is not in the index.
    pub fn of_indexed(&self, item: &Item) -> Option<(Vec<Part>, Vec<Part>)> {
        let parts = |attributes: &[KeyAttribute]| {
            attributes.iter().map(|attribute| item.get(&attribute.name).and_then(part)).collect::<Option<Vec<_>>>()
        };
        Some((parts(&self.hash)?, parts(&self.range)?))
    }

    /// Checks that the index can hold the item's values of its key attributes.
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

/// The error of a key that does not match the table's.
pub fn mismatch() -> Failure {
    Failure::invalid("The provided key element does not match the schema")
}

/// A value as a part of a key; `None` if its type is not allowed in keys.
pub fn part(value: &Value) -> Option<Part> {
    match value {
        Value::S(text) => Some(Part::Text(text.clone())),
        Value::N(number) => Some(Part::Number(number.clone())),
        Value::B(bytes) => Some(Part::Bytes(bytes.0.clone())),
        _ => None,
    }
}
