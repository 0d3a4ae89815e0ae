//! Reading the attributes of a struct: one pass, each once, from the SDK's attribute map or from the JSON on the wire.

use super::item::{FromAttribute, ToAttribute};
use super::json::Json;
use super::stored_key::Stored;
use super::unknown::UnknownAttributes;
use super::value_reader::ValueReader;
use super::wire::WireItem;
use crate::ground::{AttributeMap, Kind, ReadError, ReadErrorKind, Violations};
use crate::validate::Validate;
use aws_sdk_dynamodb::types::AttributeValue;

/// Reads the attributes of a struct by their names.
#[derive(Debug)]
pub struct ItemReader<'r>(Attributes<'r>);

#[derive(Debug)]
enum Attributes<'r> {
    Map {
        attributes: AttributeMap,
        /// The first of the names that has not been looked for.
        position: usize,
        name: &'static str,
        value: Option<AttributeValue>,
    },
    Wire(WireItem<'r>),
}

impl<'r> ItemReader<'r> {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self(Attributes::Map { attributes, position: 0, name: "", value: None })
    }

    /// Reads JSON from its opening brace on: an item of the model that the discriminator tells.
    pub(crate) fn wire(json: Json<'r>, discriminator: Option<(&'static str, &'static str)>) -> Self {
        Self(Attributes::Wire(WireItem::new(json, discriminator, false)))
    }

    /// Reads JSON from the brace of a struct that is a value, on.
    pub(super) fn nested(json: Json<'r>) -> Self {
        Self(Attributes::Wire(WireItem::new(json, None, true)))
    }

    /// Goes on to the next attribute that has one of these names, and returns its place among them; an
    /// attribute with another name is passed over. Each call of one reader takes the same names. The
    /// attributes come in any order.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    #[inline]
    pub(crate) fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        if let Attributes::Wire(item) = &mut self.0
            && let Some(index) = item.next_expected()
        {
            return Ok(Some(index));
        }
        self.next_of_any(names)
    }

    fn next_of_any(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        match &mut self.0 {
            Attributes::Wire(item) => item.next(names).map_err(ReadError::from),
            Attributes::Map { attributes, position, name: current, value: current_value } => {
                while let Some(name) = names.get(*position) {
                    let index = *position;
                    *position += 1;
                    if let Some(value) = attributes.remove(*name) {
                        (*current, *current_value) = (name, Some(value));
                        return Ok(Some(index));
                    }
                }
                Ok(None)
            }
        }
    }

    /// Whether what was read to its end is of the model that it was read as.
    pub(crate) fn is_own(&self) -> bool {
        match &self.0 {
            Attributes::Wire(item) => item.is_own(),
            Attributes::Map { .. } => true,
        }
    }

    /// The value of the attribute that the reader went to; `None` where it is NULL and NULL means
    /// nothing to the type, and where it has been read already.
    ///
    /// # Errors
    ///
    /// The value is not one of the type; the error's path begins with the attribute's name.
    #[inline]
    pub fn value<T: FromAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        let reader = match &mut self.0 {
            Attributes::Wire(item) => item.current().map(ValueReader::wire),
            Attributes::Map { value, .. } => value.take().map(ValueReader::new),
        };
        let Some(reader) = reader else { return Ok(None) };
        if reader.is_null() {
            return Ok(T::from_null());
        }
        match T::read(reader) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.within_current(error)),
        }
    }

    /// The same of a field that is a key of the table: the value has to be stored as it is written.
    ///
    /// # Errors
    ///
    /// The value is not one of the type, or [`ReadErrorKind::OtherKey`].
    pub fn key_value<T: FromAttribute + ToAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        let stored = match &self.0 {
            Attributes::Wire(item) => item.current().map(|json| ValueReader::wire(json).stored()),
            Attributes::Map { value, .. } => value.clone().map(|value| Stored::read(ValueReader::new(value))),
        };
        let value = self.value::<T>()?;
        if let (Some(value), Some(Ok(stored))) = (&value, stored) {
            stored.check(value).map_err(|error| self.within_current(error))?;
        }
        Ok(value)
    }

    /// The value as it is stored of the attribute that the reader went to.
    pub(super) fn stored(&mut self) -> Result<Option<Stored<'r>>, ReadError> {
        let reader = match &mut self.0 {
            Attributes::Wire(item) => item.current().map(ValueReader::wire),
            Attributes::Map { value, .. } => value.take().map(ValueReader::new),
        };
        reader.map(Stored::read).transpose().map_err(|error| self.within_current(error))
    }

    #[cold]
    fn within_current(&self, error: ReadError) -> ReadError {
        error.within_name(match &self.0 {
            Attributes::Wire(item) => item.current_name(),
            Attributes::Map { name, .. } => name,
        })
    }

    /// The attributes that have not been asked for.
    pub fn unknown(&mut self) -> UnknownAttributes {
        self.unknown_beside(&[])
    }

    /// The attributes that no field and no key stands for.
    pub fn unknown_beside(&mut self, keys: &[&str]) -> UnknownAttributes {
        UnknownAttributes::new(match &mut self.0 {
            Attributes::Map { attributes, .. } => {
                attributes.retain(|name, _| !keys.contains(&name.as_str()));
                std::mem::take(attributes)
            }
            Attributes::Wire(item) => item.unknown(keys),
        })
    }

    /// The value of an attribute of a key.
    ///
    /// # Errors
    ///
    /// There is none, or it is not one of the type.
    pub fn key<T: FromAttribute>(&mut self, name: &'static str) -> Result<T, ReadError> {
        let value = self.take(name)?.map(|value| T::read(ValueReader::new(value)));
        self.required(name, value.transpose().map_err(|error| error.within_name(name))?)
    }

    /// The text of the attribute that tells an item's model, if there is one.
    pub fn model(&self, discriminator: &str) -> Option<String> {
        let value = match &self.0 {
            Attributes::Map { attributes, .. } => attributes.get(discriminator).cloned(),
            Attributes::Wire(item) => item.find(discriminator).ok().flatten(),
        };
        match value {
            Some(AttributeValue::S(text)) => Some(text),
            _ => None,
        }
    }

    /// The struct that was read, if it holds its constraints.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::Invalid`] where it does not.
    pub fn validated<T: Validate>(&self, value: T) -> Result<T, ReadError> {
        match Violations::of("", &value) {
            Ok(()) => Ok(value),
            Err(violations) => Err(ReadError::new(ReadErrorKind::Invalid(Box::new(violations)))),
        }
    }

    /// The text of the attribute that tells which struct this is; it is read as no attribute of the struct.
    ///
    /// # Errors
    ///
    /// There is none, or it is no text.
    pub fn tag(&mut self, name: &'static str) -> Result<String, ReadError> {
        match self.take(name)? {
            Some(AttributeValue::S(text)) => Ok(text),
            Some(other) => Err(ValueReader::new(other).mismatch(Kind::String).within_name(name)),
            None => Err(missing(name)),
        }
    }

    /// An attribute, which is read as no attribute of the struct then.
    fn take(&mut self, name: &'static str) -> Result<Option<AttributeValue>, ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => Ok(attributes.remove(name)),
            Attributes::Wire(item) => item.take(name).map_err(ReadError::from),
        }
    }

    /// The error of a tag that no variant has.
    pub fn unknown_tag(&self, name: &'static str, expected: &'static str) -> ReadError {
        ReadError::value(expected, "no variant has this tag").within_name(name)
    }

    /// The value of an attribute that has to be there.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::Missing`] where there is none.
    #[inline]
    pub fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, ReadError> {
        match value {
            Some(value) => Ok(value),
            None => Err(missing(name)),
        }
    }
}

#[cold]
fn missing(name: &'static str) -> ReadError {
    ReadError::new(ReadErrorKind::Missing).within_name(name)
}
