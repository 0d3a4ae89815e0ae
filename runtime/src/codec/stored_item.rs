//! Items as they are stored, which upgrades change.

use super::item::{FromAttribute, ToAttribute};
use super::types::Number;
use super::value_reader::ValueReader;
use super::writer::write_value;
use crate::ground::{AttributeMap, Kind, ReadError, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashSet;
use std::fmt;

/// An item as it is stored. An upgrade gets it in the form of an earlier schema version, and changes it into the form of
/// the next version.
///
/// Names are those of attributes. A method that changes the form of an attribute leaves an absent attribute, NULL, and
/// a value that has the new form already, as they are.
///
/// ```
/// use dyntastic::ReadError;
/// use dyntastic::codec::StoredItem;
///
/// /// The full name is stored as one text since version 3.
/// fn v2_to_v3(item: &mut StoredItem) -> Result<(), ReadError> {
///     let first: Option<String> = item.take("first_name")?;
///     let last: Option<String> = item.take("last_name")?;
///     item.set("name", &format!("{} {}", first.unwrap_or_default(), last.unwrap_or_default()))
/// }
///
/// let mut item = StoredItem::default();
/// item.set("first_name", "Ada")?;
/// item.set("last_name", "Lovelace")?;
/// v2_to_v3(&mut item)?;
/// assert_eq!(item.get::<String>("name")?.as_deref(), Some("Ada Lovelace"));
/// # Ok::<_, ReadError>(())
/// ```
#[derive(Clone, Default, PartialEq)]
pub struct StoredItem {
    /// The attributes, as the SDK's types.
    pub attributes: AttributeMap,
}

impl StoredItem {
    /// Whether the item has the attribute.
    pub fn has(&self, name: &str) -> bool {
        self.attributes.contains_key(name)
    }

    /// The value of an attribute; `None` if it is absent or NULL.
    ///
    /// # Errors
    ///
    /// The type has no such value.
    pub fn get<T: FromAttribute>(&self, name: &str) -> Result<Option<T>, ReadError> {
        read(name, self.attributes.get(name).cloned())
    }

    /// Removes an attribute, and returns its value; `None` if it is absent or NULL.
    ///
    /// # Errors
    ///
    /// The type has no such value. The attribute stays.
    pub fn take<T: FromAttribute>(&mut self, name: &str) -> Result<Option<T>, ReadError> {
        let value = self.get(name)?;
        self.attributes.remove(name);
        Ok(value)
    }

    /// Sets an attribute. A value that is stored without an attribute, such as `None`, removes it.
    ///
    /// # Errors
    ///
    /// DynamoDB cannot store the value.
    pub fn set<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ReadError> {
        match value.is_absent() {
            true => drop(self.attributes.remove(name)),
            false => {
                let value = write_value(value).map_err(|error| unwritable(&error).within_name(name))?;
                self.attributes.insert(name.to_owned(), value);
            }
        }
        Ok(())
    }

    /// Removes an attribute.
    pub fn remove(&mut self, name: &str) {
        self.attributes.remove(name);
    }

    /// Gives an attribute another name, if the item has it.
    ///
    /// # Errors
    ///
    /// The item has a value under the other name too.
    pub fn rename(&mut self, from: &str, to: &str) -> Result<(), ReadError> {
        if !self.has(from) || (self.is_null(from) && self.has(to)) {
            return Ok(());
        }
        if self.has(to) && !self.is_null(to) {
            return Err(would_be_lost("an attribute that can be renamed", to).within_name(from));
        }
        if let Some(value) = self.attributes.remove(from) {
            self.attributes.insert(to.to_owned(), value);
        }
        Ok(())
    }

    /// Sets an attribute that the item lacks, or that is NULL.
    ///
    /// # Errors
    ///
    /// DynamoDB cannot store the value.
    pub fn set_default<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), ReadError> {
        match self.attributes.get(name) {
            None | Some(AttributeValue::Null(_)) => self.set(name, value),
            Some(_) => Ok(()),
        }
    }

    /// Replaces a text by its parts. Each part is the constant before it, and the attribute that gets the text up to the
    /// next constant; `end` is the constant at the end.
    ///
    /// # Errors
    ///
    /// The attribute is no text, its text lacks a constant, or the item has a value where a part belongs.
    pub fn split(&mut self, name: &str, parts: &[(&str, &str)], end: &str) -> Result<(), ReadError> {
        let Some(text) = self.get::<String>(name)? else { return Ok(()) };
        let lacks = |constant: &str| {
            let reason = format!("it lacks `{constant}`");
            ReadError::value("a text of the form that is split", reason).within_name(name)
        };
        let (mut rest, mut found) = (text.as_str(), Vec::new());
        if parts.is_empty() && rest != end {
            return Err(lacks(end));
        }
        for (position, (before, attribute)) in parts.iter().enumerate() {
            rest = rest.strip_prefix(before).ok_or_else(|| lacks(before))?;
            let next = parts.get(position + 1).map_or(end, |(next, _)| next);
            let is_last = position + 1 == parts.len();
            let value = match is_last {
                true => rest.strip_suffix(end),
                false => rest.find(next).and_then(|at| rest.get(..at)),
            };
            let value = value.ok_or_else(|| lacks(next))?;
            rest = rest.get(value.len()..).unwrap_or_default();
            found.push((*attribute, value));
        }
        let mut made = HashSet::new();
        let is_taken = |part: &str| part != name && self.has(part) && !self.is_null(part);
        if let Some((part, _)) = found.iter().find(|(part, _)| is_taken(part) || !made.insert(*part)) {
            return Err(would_be_lost("a text that can be split", part).within_name(name));
        }
        self.attributes.remove(name);
        for (attribute, value) in found {
            self.set(attribute, value)?;
        }
        Ok(())
    }

    fn is_null(&self, name: &str) -> bool {
        matches!(self.attributes.get(name), Some(AttributeValue::Null(_)))
    }

    /// Turns a text with a number into a number, and a boolean into 0 or 1.
    ///
    /// # Errors
    ///
    /// The attribute is neither, or the text is no number.
    pub fn to_number(&mut self, name: &str) -> Result<(), ReadError> {
        self.convert(name, Kind::Number, |value| match value {
            AttributeValue::Bool(value) => Some(AttributeValue::N(u8::from(*value).to_string())),
            AttributeValue::S(text) => {
                let number = Number::parse(text).filter(|number| number.check().is_ok())?;
                // DynamoDB stores `007` as 7, so that a later upgrade sees the same of a stored item.
                Some(AttributeValue::N(number.to_integer_text().unwrap_or_else(|| text.clone())))
            }
            _ => None,
        })
    }

    /// Turns a number or a boolean into a text.
    ///
    /// # Errors
    ///
    /// The attribute is neither.
    pub fn to_text(&mut self, name: &str) -> Result<(), ReadError> {
        self.convert(name, Kind::String, |value| match value {
            AttributeValue::N(number) => Some(AttributeValue::S(number.clone())),
            AttributeValue::Bool(value) => Some(AttributeValue::S(value.to_string())),
            _ => None,
        })
    }

    /// Turns 0, 1, or the text `true` or `false` in any case, into a boolean.
    ///
    /// # Errors
    ///
    /// The attribute is none of these.
    pub fn to_boolean(&mut self, name: &str) -> Result<(), ReadError> {
        self.convert(name, Kind::Bool, |value| {
            let (AttributeValue::N(text) | AttributeValue::S(text)) = value else { return None };
            match text.to_lowercase().as_str() {
                "0" | "false" => Some(AttributeValue::Bool(false)),
                "1" | "true" => Some(AttributeValue::Bool(true)),
                _ => None,
            }
        })
    }

    /// Turns a set into a list.
    ///
    /// # Errors
    ///
    /// The attribute is no set.
    pub fn to_list(&mut self, name: &str) -> Result<(), ReadError> {
        self.convert(name, Kind::List, |value| {
            Some(AttributeValue::L(match value {
                AttributeValue::Ss(texts) => texts.iter().cloned().map(AttributeValue::S).collect(),
                AttributeValue::Ns(numbers) => numbers.iter().cloned().map(AttributeValue::N).collect(),
                AttributeValue::Bs(blobs) => blobs.iter().cloned().map(AttributeValue::B).collect(),
                _ => return None,
            }))
        })
    }

    /// Changes an attribute that is neither absent nor NULL, and has not the new type already.
    fn convert(
        &mut self,
        name: &str,
        to: Kind,
        convert: impl FnOnce(&AttributeValue) -> Option<AttributeValue>,
    ) -> Result<(), ReadError> {
        let Some(value) = self.attributes.get_mut(name) else { return Ok(()) };
        let found = ValueReader::new(value.clone()).kind().map_err(|error| error.within_name(name))?;
        if found == to || found == Kind::Null {
            return Ok(());
        }
        *value =
            convert(value).ok_or_else(|| ReadError::type_mismatch(to.as_str(), found.as_str()).within_name(name))?;
        Ok(())
    }
}

fn read<T: FromAttribute>(name: &str, value: Option<AttributeValue>) -> Result<Option<T>, ReadError> {
    let Some(reader) = value.map(ValueReader::new) else { return Ok(None) };
    if reader.is_null() {
        return Ok(T::from_null());
    }
    T::read(reader).map(Some).map_err(|error| error.within_name(name))
}

fn would_be_lost(expected: &'static str, name: &str) -> ReadError {
    ReadError::value(expected, format!("the item also has `{name}`, which would be lost"))
}

fn unwritable(error: &WriteError) -> ReadError {
    ReadError::value("a value that DynamoDB can store", error.kind())
}

/// Omits the values, because debug texts hold none.
impl fmt::Debug for StoredItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.attributes.keys()).finish()
    }
}
