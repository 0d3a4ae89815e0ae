//! Writing attribute values.

use super::{AttributeMap, Kind};
use crate::Model;
use crate::item::{ToAttribute, UnknownAttributes, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

/// Writes the attributes of a struct.
#[derive(Debug)]
pub struct ItemWriter<'w> {
    attributes: &'w mut AttributeMap,
}

impl<'w> ItemWriter<'w> {
    pub(crate) fn new(attributes: &'w mut AttributeMap) -> Self {
        Self { attributes }
    }

    /// Writes attributes that the struct does not know, before its own.
    pub fn unknown(&mut self, attributes: &UnknownAttributes) {
        self.attributes.extend(attributes.as_map().iter().map(|(name, value)| (name.clone(), value.clone())));
    }

    /// Writes a model's whole item, with the keys that are made of its fields.
    ///
    /// # Errors
    ///
    /// A value is one that DynamoDB cannot hold.
    pub fn model<M: Model>(&mut self, item: &M) -> Result<(), WriteError> {
        item.write(self)?;
        M::LAYOUT.complete(self.attributes)
    }

    /// Writes one attribute; an absent value is left out.
    ///
    /// # Errors
    ///
    /// The value cannot be written; the error's path begins with the attribute's name.
    pub fn attribute<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), WriteError> {
        if value.is_absent() {
            return Ok(());
        }
        let written = write_value(value).map_err(|error| error.within_name(name))?;
        self.attributes.insert(name.to_owned(), written);
        Ok(())
    }
}

/// Where one attribute value goes.
#[derive(Debug)]
pub struct ValueWriter<'w> {
    slot: &'w mut AttributeValue,
}

/// A value as the SDK's attribute value.
pub(crate) fn write_value<T: ToAttribute + ?Sized>(value: &T) -> Result<AttributeValue, WriteError> {
    let mut slot = AttributeValue::Null(true);
    value.write(ValueWriter { slot: &mut slot })?;
    Ok(slot)
}

/// A value where something has to stand: NULL, if it is absent.
fn write_element<T: ToAttribute + ?Sized>(value: &T) -> Result<AttributeValue, WriteError> {
    if value.is_absent() { Ok(AttributeValue::Null(true)) } else { write_value(value) }
}

impl<'w> ValueWriter<'w> {
    /// A text, S.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn string(self, text: &str) -> Result<(), WriteError> {
        *self.slot = AttributeValue::S(text.to_owned());
        Ok(())
    }

    /// A number, N, in decimal text that is within DynamoDB's limits.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn number(self, text: &str) -> Result<(), WriteError> {
        *self.slot = AttributeValue::N(text.to_owned());
        Ok(())
    }

    /// A boolean, BOOL.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn bool(self, value: bool) -> Result<(), WriteError> {
        *self.slot = AttributeValue::Bool(value);
        Ok(())
    }

    /// Bytes, B.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn bytes(self, bytes: &[u8]) -> Result<(), WriteError> {
        *self.slot = AttributeValue::B(Blob::new(bytes));
        Ok(())
    }

    /// NULL.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn null(self) -> Result<(), WriteError> {
        *self.slot = AttributeValue::Null(true);
        Ok(())
    }

    /// A list, L, of about this many elements.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn list(self, length: usize) -> Result<ListWriter<'w>, WriteError> {
        Ok(ListWriter { slot: self.slot, values: Vec::with_capacity(length) })
    }

    /// A set, SS, NS or BS as its elements are, of about this many elements.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn set(self, length: usize) -> Result<SetWriter<'w>, WriteError> {
        Ok(SetWriter { slot: self.slot, kind: None, values: Vec::with_capacity(length) })
    }

    /// A map, M, of about this many entries.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn map(self, length: usize) -> Result<MapWriter<'w>, WriteError> {
        Ok(MapWriter { slot: self.slot, entries: AttributeMap::with_capacity(length) })
    }

    /// A struct, in a map, M.
    ///
    /// # Errors
    ///
    /// An attribute cannot be written.
    pub fn item<T: crate::Item>(self, item: &T) -> Result<(), WriteError> {
        self.map_of(AttributeMap::new(), item)
    }

    /// A struct, in a map, M, with an attribute that tells which struct it is.
    ///
    /// # Errors
    ///
    /// An attribute cannot be written.
    pub fn tagged<T: crate::Item>(self, tag: &str, value: &str, item: &T) -> Result<(), WriteError> {
        self.map_of(AttributeMap::from([(tag.to_owned(), AttributeValue::S(value.to_owned()))]), item)
    }

    /// A map, M, of an attribute alone that tells what it is.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn tag(self, tag: &str, value: &str) -> Result<(), WriteError> {
        *self.slot = AttributeValue::M(AttributeMap::from([(tag.to_owned(), AttributeValue::S(value.to_owned()))]));
        Ok(())
    }

    fn map_of<T: crate::Item>(self, mut attributes: AttributeMap, item: &T) -> Result<(), WriteError> {
        item.write(&mut ItemWriter::new(&mut attributes))?;
        *self.slot = AttributeValue::M(attributes);
        Ok(())
    }
}

/// Writes the elements of a list.
#[derive(Debug)]
pub struct ListWriter<'w> {
    slot: &'w mut AttributeValue,
    values: Vec<AttributeValue>,
}

impl ListWriter<'_> {
    /// Writes the next element; an absent one is NULL.
    ///
    /// # Errors
    ///
    /// The element cannot be written.
    pub fn element<T: ToAttribute + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        self.values.push(write_element(value)?);
        Ok(())
    }

    /// Ends the list.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn finish(self) -> Result<(), WriteError> {
        *self.slot = AttributeValue::L(self.values);
        Ok(())
    }
}

/// Writes the elements of a set.
#[derive(Debug)]
pub struct SetWriter<'w> {
    slot: &'w mut AttributeValue,
    kind: Option<Kind>,
    values: Vec<AttributeValue>,
}

impl SetWriter<'_> {
    /// Writes the next element, in their order; one that is stored as the one before it is passed over.
    ///
    /// # Errors
    ///
    /// The element cannot be written, is not stored as S, N or B, or not as the same of them as the others.
    pub fn element<T: ToAttribute + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        let written = write_value(value)?;
        let kind = match written {
            AttributeValue::S(_) => Kind::StringSet,
            AttributeValue::N(_) => Kind::NumberSet,
            AttributeValue::B(_) => Kind::BinarySet,
            _ => return Err(WriteError::new(WriteErrorKind::SetElement)),
        };
        if *self.kind.get_or_insert(kind) != kind {
            return Err(WriteError::new(WriteErrorKind::SetElement));
        }
        // Two times within a microsecond are one text, and DynamoDB refuses an element that stands twice.
        if self.values.last() != Some(&written) {
            self.values.push(written);
        }
        Ok(())
    }

    /// Ends the set; one without elements is NULL.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn finish(self) -> Result<(), WriteError> {
        let values = self.values.into_iter();
        let text = |value| match value {
            AttributeValue::S(text) | AttributeValue::N(text) => Some(text),
            _ => None,
        };
        let blob = |value| match value {
            AttributeValue::B(blob) => Some(blob),
            _ => None,
        };
        *self.slot = match self.kind {
            Some(Kind::StringSet) => AttributeValue::Ss(values.filter_map(text).collect()),
            Some(Kind::NumberSet) => AttributeValue::Ns(values.filter_map(text).collect()),
            Some(_) => AttributeValue::Bs(values.filter_map(blob).collect()),
            None => AttributeValue::Null(true),
        };
        Ok(())
    }
}

/// Writes the entries of a map.
#[derive(Debug)]
pub struct MapWriter<'w> {
    slot: &'w mut AttributeValue,
    entries: AttributeMap,
}

impl MapWriter<'_> {
    /// Writes an entry; an absent value is NULL.
    ///
    /// # Errors
    ///
    /// The value cannot be written; the error's path begins with the entry's name.
    pub fn entry<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), WriteError> {
        let written = write_element(value).map_err(|error| error.within_name(name))?;
        self.entries.insert(name.to_owned(), written);
        Ok(())
    }

    /// Ends the map.
    ///
    /// # Errors
    ///
    /// None of this type's own.
    pub fn finish(self) -> Result<(), WriteError> {
        *self.slot = AttributeValue::M(self.entries);
        Ok(())
    }
}
