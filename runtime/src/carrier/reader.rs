//! Reading attribute values: one pass, each value once.

use super::{AttributeMap, Kind};
use crate::item::{FromAttribute, ReadError, ReadErrorKind, UnknownAttributes};
use crate::{Validate, Violations};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::hash_map;
use std::marker::PhantomData;
use std::vec;

/// Reads the attributes of a struct by their names.
#[derive(Debug)]
pub struct ItemReader<'r> {
    attributes: AttributeMap,
    /// The first of the names that has not been looked for.
    position: usize,
    current: Option<(&'static str, AttributeValue)>,
    carrier: PhantomData<&'r ()>,
}

impl<'r> ItemReader<'r> {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self { attributes, position: 0, current: None, carrier: PhantomData }
    }

    /// Goes on to the next attribute that has one of these names, and returns its place among them; an
    /// attribute with another name is passed over. Each call of one reader takes the same names. The
    /// attributes come in any order.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        while let Some(name) = names.get(self.position) {
            let index = self.position;
            self.position += 1;
            if let Some(value) = self.attributes.remove(*name) {
                self.current = Some((name, value));
                return Ok(Some(index));
            }
        }
        Ok(None)
    }

    /// The value of the attribute that [`next`](Self::next) went to; `None` where it is NULL and NULL means
    /// nothing to the type, and where it has been read already.
    ///
    /// # Errors
    ///
    /// The value is not one of the type; the error's path begins with the attribute's name.
    pub fn value<T: FromAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        let Some((name, value)) = self.current.take() else {
            return Ok(None);
        };
        let reader = ValueReader::new(value);
        if reader.is_null() {
            return Ok(T::from_null());
        }
        T::read(reader).map(Some).map_err(|error| error.within_name(name))
    }

    /// The attributes that have not been asked for.
    pub fn unknown(&mut self) -> UnknownAttributes {
        UnknownAttributes::new(std::mem::take(&mut self.attributes))
    }

    /// The value of an attribute of a key.
    ///
    /// # Errors
    ///
    /// There is none, or it is not one of the type.
    pub fn key<T: FromAttribute>(&mut self, name: &'static str) -> Result<T, ReadError> {
        let value = self.attributes.remove(name).map(|value| T::read(ValueReader::new(value)));
        self.required(name, value.transpose().map_err(|error| error.within_name(name))?)
    }

    /// The attributes that no field and no key stands for.
    pub fn unknown_beside(&mut self, keys: &[&str]) -> UnknownAttributes {
        self.attributes.retain(|name, _| !keys.contains(&name.as_str()));
        self.unknown()
    }

    /// The text of the attribute that tells an item's model, if there is one.
    pub fn model(&self, discriminator: &str) -> Option<String> {
        match self.attributes.get(discriminator) {
            Some(AttributeValue::S(text)) => Some(text.clone()),
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
        match self.attributes.remove(name) {
            Some(AttributeValue::S(text)) => Ok(text),
            Some(other) => Err(ValueReader::new(other).mismatch(Kind::String).within_name(name)),
            None => Err(ReadError::new(ReadErrorKind::Missing).within_name(name)),
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
    pub fn required<T>(&self, name: &'static str, value: Option<T>) -> Result<T, ReadError> {
        value.ok_or_else(|| ReadError::new(ReadErrorKind::Missing).within_name(name))
    }
}

/// One attribute value, to be read once.
#[derive(Debug)]
pub struct ValueReader<'r> {
    value: AttributeValue,
    carrier: PhantomData<&'r ()>,
}

impl<'r> ValueReader<'r> {
    pub(crate) fn new(value: AttributeValue) -> Self {
        Self { value, carrier: PhantomData }
    }

    /// The value's type.
    ///
    /// # Errors
    ///
    /// The value is of a type that this version does not know.
    pub fn kind(&self) -> Result<Kind, ReadError> {
        Ok(match &self.value {
            AttributeValue::S(_) => Kind::String,
            AttributeValue::N(_) => Kind::Number,
            AttributeValue::B(_) => Kind::Binary,
            AttributeValue::Bool(_) => Kind::Bool,
            AttributeValue::Null(_) => Kind::Null,
            AttributeValue::L(_) => Kind::List,
            AttributeValue::M(_) => Kind::Map,
            AttributeValue::Ss(_) => Kind::StringSet,
            AttributeValue::Ns(_) => Kind::NumberSet,
            AttributeValue::Bs(_) => Kind::BinarySet,
            _ => return Err(ReadError::new(ReadErrorKind::UnknownKind)),
        })
    }

    /// Whether the value is NULL.
    pub fn is_null(&self) -> bool {
        matches!(self.value, AttributeValue::Null(_))
    }

    /// A text, S.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn string(self) -> Result<String, ReadError> {
        match self.value {
            AttributeValue::S(text) => Ok(text),
            _ => Err(self.mismatch(Kind::String)),
        }
    }

    /// What a text, S, stands for.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    pub fn with_str<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        match &self.value {
            AttributeValue::S(text) => parse(text),
            _ => Err(self.mismatch(Kind::String)),
        }
    }

    /// What a number's text, N, stands for.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    pub fn number<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        match &self.value {
            AttributeValue::N(text) => parse(text),
            _ => Err(self.mismatch(Kind::Number)),
        }
    }

    /// A boolean, BOOL.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn bool(self) -> Result<bool, ReadError> {
        match self.value {
            AttributeValue::Bool(value) => Ok(value),
            _ => Err(self.mismatch(Kind::Bool)),
        }
    }

    /// Bytes, B.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn bytes(self) -> Result<Vec<u8>, ReadError> {
        match self.value {
            AttributeValue::B(blob) => Ok(blob.into_inner()),
            _ => Err(self.mismatch(Kind::Binary)),
        }
    }

    /// The elements of a list, L.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn list(self) -> Result<ListReader<'r>, ReadError> {
        match self.value {
            AttributeValue::L(values) => Ok(ListReader { values: values.into_iter(), carrier: PhantomData }),
            _ => Err(self.mismatch(Kind::List)),
        }
    }

    /// The elements of a set: SS, NS or BS.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn set(self) -> Result<SetReader<'r>, ReadError> {
        let elements = match self.value {
            AttributeValue::Ss(texts) => Elements::Strings(texts.into_iter()),
            AttributeValue::Ns(texts) => Elements::Numbers(texts.into_iter()),
            AttributeValue::Bs(blobs) => Elements::Binaries(blobs.into_iter()),
            _ => return Err(ReadError::type_mismatch("a set", self.kind()?.as_str())),
        };
        Ok(SetReader { elements, carrier: PhantomData })
    }

    /// The entries of a map, M, whatever their names.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn map(self) -> Result<MapReader<'r>, ReadError> {
        match self.value {
            AttributeValue::M(entries) => {
                Ok(MapReader { entries: entries.into_iter(), current: None, carrier: PhantomData })
            }
            _ => Err(self.mismatch(Kind::Map)),
        }
    }

    /// The attributes of a struct in a map, M.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn item(self) -> Result<ItemReader<'r>, ReadError> {
        match self.value {
            AttributeValue::M(attributes) => Ok(ItemReader::new(attributes)),
            _ => Err(self.mismatch(Kind::Map)),
        }
    }

    fn mismatch(&self, expected: Kind) -> ReadError {
        match self.kind() {
            Ok(found) => ReadError::type_mismatch(expected.as_str(), found.as_str()),
            Err(error) => error,
        }
    }
}

/// The elements of a list.
#[derive(Debug)]
pub struct ListReader<'r> {
    values: vec::IntoIter<AttributeValue>,
    carrier: PhantomData<&'r ()>,
}

impl ListReader<'_> {
    /// The next element.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        Ok(self.values.next().map(ValueReader::new))
    }

    /// How many elements there are at least.
    pub fn size_hint(&self) -> usize {
        self.values.len()
    }
}

/// The elements of a set.
#[derive(Debug)]
pub struct SetReader<'r> {
    elements: Elements,
    carrier: PhantomData<&'r ()>,
}

#[derive(Debug)]
enum Elements {
    Strings(vec::IntoIter<String>),
    Numbers(vec::IntoIter<String>),
    Binaries(vec::IntoIter<Blob>),
}

impl SetReader<'_> {
    /// The next element, as a value of type S, N or B.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        let value = match &mut self.elements {
            Elements::Strings(texts) => texts.next().map(AttributeValue::S),
            Elements::Numbers(texts) => texts.next().map(AttributeValue::N),
            Elements::Binaries(blobs) => blobs.next().map(AttributeValue::B),
        };
        Ok(value.map(ValueReader::new))
    }
}

/// The entries of a map.
#[derive(Debug)]
pub struct MapReader<'r> {
    entries: hash_map::IntoIter<String, AttributeValue>,
    current: Option<AttributeValue>,
    carrier: PhantomData<&'r ()>,
}

impl MapReader<'_> {
    /// Goes on to the next entry, and returns its name.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_name(&mut self) -> Result<Option<String>, ReadError> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.current = Some(value);
        Ok(Some(name))
    }

    /// The value of the entry that [`next_name`](Self::next_name) went to; NULL if it has been read already.
    pub fn value(&mut self) -> ValueReader<'_> {
        ValueReader::new(self.current.take().unwrap_or(AttributeValue::Null(true)))
    }
}
