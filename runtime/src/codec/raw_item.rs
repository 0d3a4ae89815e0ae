//! A raw item: an item that has not been read as a struct.

use super::as_stored::AsStored;
use super::attribute_map::{write_as_it_is, write_unsealed};
use super::encode::write_json;
use super::item::Item;
use super::json::Document;
use super::reader::{ItemReader, Opening};
use super::sealed::{encrypted_values, may_be_sealed};
use super::size::{self, size_of_item};
use super::{Codec, sdk_item};
use crate::description::{Discriminator, Seals};
use crate::ground::{AttributeMap, ReadError, ReadErrorKind, WriteError};
use crate::keys::{Keys, WriteKeys};
use aws_sdk_dynamodb::types::AttributeValue;
use bytes::Bytes;
use std::fmt;

/// An item that has not been read as a struct: the SDK's attribute map, or the JSON of a response.
#[derive(Clone)]
pub(crate) enum RawItem {
    Map(AttributeMap),
    /// The JSON of the item, without the response around it.
    Wire(Bytes),
    /// An item with encrypted values, and the keys that open them.
    Encrypted(AttributeMap, Keys),
    /// An item with the attributes that are sealed before it is sent, or that have been opened.
    Unsealed(AttributeMap, Seals),
}

/// The initial capacity for the JSON of one item, in bytes.
pub(crate) const LIKELY_SIZE: usize = 512;

impl RawItem {
    /// Writes an item by a codec, as JSON of about `length` bytes.
    pub(crate) fn write<M: Item>(item: &AsStored<'_, M>, codec: Codec, length: usize) -> Result<Self, WriteError> {
        let model = &**item;
        let seals = M::model_seals();
        if !seals.attributes.is_empty() {
            return Ok(RawItem::Unsealed(write_unsealed(model)?, seals));
        }
        Ok(match codec {
            Codec::Wire => RawItem::Wire(write_json(model, length)?.into()),
            Codec::Map => RawItem::Map(write_as_it_is(model)?),
        })
    }

    /// Seals the attributes of an item to write, with the data keys of the operation.
    ///
    /// # Errors
    ///
    /// A value cannot be sealed, or the item is too large.
    pub(crate) fn seal(&mut self, keys: Option<&WriteKeys>) -> Result<(), WriteError> {
        if let RawItem::Unsealed(item, seals) = self {
            seals.seal_item(item, keys)?;
            size::check(item)?;
            *self = RawItem::Map(std::mem::take(item));
        }
        Ok(())
    }

    /// An item whose sealed values have been opened.
    pub(crate) fn opened(item: AttributeMap, seals: Seals) -> Self {
        if seals.attributes.is_empty() { RawItem::Map(item) } else { RawItem::Unsealed(item, seals) }
    }

    /// An item with the keys of its client.
    pub(crate) fn with_keys_of(item: AttributeMap, keys: Option<&Keys>) -> Self {
        let mut item = RawItem::Map(item);
        if let Some(keys) = keys {
            item.with_keys(keys);
        }
        item
    }

    /// Gives the item the keys of its client, if it has encrypted values. Their names and payloads are then known.
    pub(crate) fn with_keys(&mut self, keys: &Keys) {
        let may_be_sealed = match self {
            RawItem::Wire(json) => may_be_sealed(json),
            RawItem::Map(item) => encrypted_values(item).next().is_some(),
            RawItem::Encrypted(..) | RawItem::Unsealed(..) => false,
        };
        if may_be_sealed && let Ok(item) = self.clone().into_map() {
            *self = RawItem::Encrypted(item, keys.clone());
        }
    }

    /// The attributes of an item with encrypted values and their keys.
    #[cfg(feature = "streams")]
    pub(crate) fn encrypted(&self) -> Option<&AttributeMap> {
        match self {
            RawItem::Encrypted(item, _) => Some(item),
            _ => None,
        }
    }

    /// Reads the item, which must be of the model `T`.
    pub(crate) fn read<T: Item>(self) -> Result<T, ReadError> {
        self.read_of(T::model_layout().discriminator)
    }

    /// Reads a part of an item.
    pub(crate) fn read_part<T: Item>(self) -> Result<T, ReadError> {
        self.read_of(None)
    }

    /// Reads the item, which must have the discriminator.
    fn read_of<T: Item>(self, discriminator: Option<Discriminator>) -> Result<T, ReadError> {
        self.read_with(discriminator, T::read)
    }

    /// Reads the item by a function. It must have the discriminator. If the JSON reader fails, `read` reads the attribute map,
    /// so that both codecs return the same errors.
    pub(crate) fn read_with<T>(
        self,
        discriminator: Option<Discriminator>,
        read: impl Fn(&mut ItemReader<'_>) -> Result<T, ReadError>,
    ) -> Result<T, ReadError> {
        if let RawItem::Wire(json) = &self
            && let Ok(document) = Document::new(json)
        {
            let item = read(&mut ItemReader::wire(document.json(), discriminator));
            if item.is_ok() && !document.is_damaged() {
                return item;
            }
        }
        let item = self.of(discriminator)?;
        match item {
            RawItem::Encrypted(attributes, keys) => read(&mut ItemReader::opening(attributes, Opening::With(&keys))),
            RawItem::Unsealed(attributes, _) => read(&mut ItemReader::opening(attributes, Opening::Done)),
            item => read(&mut ItemReader::new(item.into_map()?)),
        }
    }

    /// Reads the item as a model, without the model's `after_read`.
    pub(crate) fn read_as_stored<M: Item>(self) -> Result<M, ReadError> {
        let read = self.read_with(M::model_layout().discriminator, |from| M::read(from.as_stored()));
        read.map_err(|error| error.of(M::model_name()))
    }

    /// Reads the item as a model.
    pub(crate) fn read_model<M: Item>(self) -> Result<M, ReadError> {
        self.read::<M>().map_err(|error| error.of(M::model_name()))
    }

    /// The item, if it is of the model `M`.
    pub(crate) fn own<M: Item>(self) -> Result<Self, ReadError> {
        self.of(M::model_layout().discriminator)
    }

    /// The item, if it has the discriminator.
    fn of(self, discriminator: Option<Discriminator>) -> Result<Self, ReadError> {
        match discriminator.is_none_or(|discriminator| self.is_of(discriminator)) {
            true => Ok(self),
            false => Err(ReadError::new(ReadErrorKind::OtherModel)),
        }
    }

    /// The item, unless it has a value of this attribute: then it is left out as one of another model
    /// ([`unless_foreign`]).
    pub(crate) fn unless_hidden(self, by: Option<&'static str>) -> Result<Self, ReadError> {
        match by.is_some_and(|by| self.is_hidden(by)) {
            true => Err(ReadError::new(ReadErrorKind::OtherModel)),
            false => Ok(self),
        }
    }

    /// Whether the item has a value of this attribute.
    pub(crate) fn is_hidden(&self, by: &'static str) -> bool {
        self.values(&[by]).into_iter().flatten().any(|value| !value.is_null())
    }

    /// Whether the item has the discriminator. Also true if the item cannot be read: the later read of the item returns
    /// the error.
    pub(crate) fn is_of(&self, discriminator: Discriminator) -> bool {
        discriminator.pairs().all(|(attribute, value)| self.has_text(attribute, value))
    }

    fn has_text(&self, attribute: &str, value: &str) -> bool {
        let is_value =
            |map: &AttributeMap| matches!(map.get(attribute), Some(AttributeValue::S(text)) if text == value);
        match self {
            RawItem::Map(map) | RawItem::Encrypted(map, _) | RawItem::Unsealed(map, _) => is_value(map),
            RawItem::Wire(json) => {
                let found = Document::new(json).and_then(|document| document.json().has_text(attribute, value));
                found.unwrap_or_else(|_| self.clone().into_map().ok().is_none_or(|map| is_value(&map)))
            }
        }
    }

    /// Converts the item into the SDK's attribute map.
    pub(crate) fn into_map(self) -> Result<AttributeMap, ReadError> {
        match self {
            RawItem::Map(attributes) | RawItem::Encrypted(attributes, _) | RawItem::Unsealed(attributes, _) => {
                Ok(attributes)
            }
            RawItem::Wire(json) => {
                let entries = Document::new(&json).and_then(|document| document.json().entries(|_| true));
                // The SDK's own reader decides about JSON that this reader does not understand.
                let entries = entries.ok().or_else(|| sdk_item::read(&json));
                entries.ok_or_else(|| ReadError::new(ReadErrorKind::Malformed))
            }
        }
    }

    /// Reads the item by a function. The error comes with the item's key attributes, `key`.
    pub(crate) fn read_by<T>(
        self,
        read: impl FnOnce(Self) -> Result<T, ReadError>,
        key: &[&'static str],
    ) -> Result<T, (ReadError, AttributeMap)> {
        match self {
            // The read consumes the map.
            RawItem::Map(_) | RawItem::Encrypted(..) | RawItem::Unsealed(..) => {
                let values = self.values(key);
                read(self).map_err(|error| (error, named(key, values)))
            }
            RawItem::Wire(_) => read(self.clone()).map_err(|error| (error, self.attributes(key))),
        }
    }

    /// The bytes of the item in a request; the JSON is longer than the size that DynamoDB counts.
    pub(crate) fn size(&self) -> usize {
        match self {
            RawItem::Map(attributes) | RawItem::Encrypted(attributes, _) | RawItem::Unsealed(attributes, _) => {
                size_of_item(attributes)
            }
            RawItem::Wire(json) => json.len(),
        }
    }

    /// The size of the item in bytes, as DynamoDB counts it.
    pub(crate) fn counted_size(&self) -> usize {
        match self.clone().into_map() {
            Ok(attributes) => size_of_item(&attributes),
            Err(_) => self.size(),
        }
    }

    /// Whether the item has no attributes.
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            RawItem::Map(attributes) | RawItem::Encrypted(attributes, _) | RawItem::Unsealed(attributes, _) => {
                attributes.is_empty()
            }
            RawItem::Wire(json) => {
                let first = Document::new(json).and_then(|document| {
                    let json = document.json();
                    json.open(b'{')?;
                    json.next(true, b'}')
                });
                first == Ok(false)
            }
        }
    }

    /// The value of an attribute.
    ///
    /// # Errors
    ///
    /// The item cannot be read.
    #[cfg(feature = "streams")]
    pub(crate) fn value(&self, name: &str) -> Result<Option<AttributeValue>, ReadError> {
        match self {
            RawItem::Map(item) | RawItem::Encrypted(item, _) | RawItem::Unsealed(item, _) => {
                Ok(item.get(name).cloned())
            }
            RawItem::Wire(json) => {
                let mut value = [None];
                let read =
                    Document::new(json).and_then(|document| document.json().some_values(&[name], &mut value, true));
                match read {
                    Ok(()) => Ok(value.into_iter().next().flatten()),
                    Err(_) => Ok(self.clone().into_map()?.remove(name)),
                }
            }
        }
    }

    /// The attributes with these names.
    pub(crate) fn attributes(&self, names: &[&'static str]) -> AttributeMap {
        named(names, self.values(names))
    }

    /// The values of the attributes with these names.
    pub(crate) fn values(&self, names: &[&str]) -> Vec<Option<AttributeValue>> {
        self.some_values(names, true)
    }

    /// The values of the attributes with these names, of an item that was written here.
    pub(crate) fn written_values(&self, names: &[&str]) -> Vec<Option<AttributeValue>> {
        self.some_values(names, false)
    }

    fn some_values(&self, names: &[&str], may_come_twice: bool) -> Vec<Option<AttributeValue>> {
        match self {
            RawItem::Map(item) | RawItem::Encrypted(item, _) | RawItem::Unsealed(item, _) => values_of(item, names),
            RawItem::Wire(json) => {
                let mut values = vec![None; names.len()];
                let read = Document::new(json)
                    .and_then(|document| document.json().some_values(names, &mut values, may_come_twice));
                if read.is_err()
                    && let Ok(item) = self.clone().into_map()
                {
                    return values_of(&item, names);
                }
                values
            }
        }
    }
}

fn values_of(item: &AttributeMap, names: &[&str]) -> Vec<Option<AttributeValue>> {
    names.iter().map(|name| item.get(*name).cloned()).collect()
}

/// The attributes that have a value.
fn named(names: &[&'static str], values: Vec<Option<AttributeValue>>) -> AttributeMap {
    names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?))).collect()
}

/// Omits the values, because debug texts hold none.
impl fmt::Debug for RawItem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RawItem::Map(attributes) | RawItem::Encrypted(attributes, _) | RawItem::Unsealed(attributes, _) => {
                f.debug_set().entries(attributes.keys()).finish()
            }
            RawItem::Wire(json) => write!(f, "{} bytes", json.len()),
        }
    }
}

/// Turns the error of an item of another model into `None`.
pub(crate) fn unless_foreign<T>(read: Result<T, ReadError>) -> Result<Option<T>, ReadError> {
    match read {
        Err(error) if *error.kind() == ReadErrorKind::OtherModel => Ok(None),
        read => read.map(Some),
    }
}
