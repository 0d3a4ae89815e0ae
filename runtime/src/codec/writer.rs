//! The writers of structs and attribute values, for both codecs.

use super::collection_writers::{List, ListWriter, Map, MapWriter, Set, SetWriter};
use super::encode::Encoded;
use super::item::{Item, ToAttribute};
use super::stored_key::Written;
use super::unknown::UnknownAttributes;
use crate::codec::encode;
use crate::ground::{AttributeMap, Kind, WriteError};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;

/// Writes the attributes of a struct, and keeps the first error.
#[derive(Debug)]
pub struct ItemWriter<'w> {
    to: Attributes<'w>,
    written: Result<(), WriteError>,
}

#[derive(Debug)]
enum Attributes<'w> {
    Map(&'w mut AttributeMap),
    /// JSON after the item's opening brace, and whether an attribute has been written.
    Wire(&'w mut Encoded, bool),
}

impl<'w> ItemWriter<'w> {
    pub(crate) fn new(attributes: &'w mut AttributeMap) -> Self {
        Self { to: Attributes::Map(attributes), written: Ok(()) }
    }

    /// A writer into JSON after the item's opening brace.
    pub(crate) fn wire(encoded: &'w mut Encoded) -> Self {
        Self { to: Attributes::Wire(encoded, false), written: Ok(()) }
    }

    /// Calls `write`, and returns the first error.
    pub(crate) fn written(mut self, write: impl FnOnce(&mut Self)) -> Result<(), WriteError> {
        write(&mut self);
        self.written
    }

    #[cold]
    fn keep(&mut self, error: WriteError) {
        if self.written.is_ok() {
            self.written = Err(error);
        }
    }

    /// Writes unknown attributes. Call it before the struct's own attributes, which replace unknown ones of the same
    /// name.
    pub fn unknown(&mut self, attributes: &UnknownAttributes) {
        match &mut self.to {
            Attributes::Map(map) => {
                map.extend(attributes.as_map().iter().map(|(name, value)| (name.clone(), value.clone())));
            }
            // The struct's own attributes replace these, but JSON cannot be changed once it is written.
            Attributes::Wire(encoded, _) => encoded.is_unsure |= !attributes.as_map().is_empty(),
        }
    }

    /// Writes the whole item of a model, with the keys that are made of its fields.
    pub fn model<M: Item>(&mut self, item: &M) {
        item.write(self);
        if self.written.is_err() {
            return;
        }
        match &mut self.to {
            Attributes::Map(map) => self.written = M::model_layout().complete(map),
            Attributes::Wire(encoded, _) => encoded.is_unsure |= !M::model_layout().keys.is_empty(),
        }
    }

    /// Writes one attribute, unless its value is absent. The path of an error begins with the attribute's name.
    pub fn attribute<T: ToAttribute + ?Sized>(&mut self, name: &str, value: &T) {
        if value.is_absent() {
            return;
        }
        let written = match &mut self.to {
            Attributes::Map(map) => write_value(value).map(|written| drop(map.insert(name.to_owned(), written))),
            Attributes::Wire(encoded, is_begun) => {
                encoded.name(name, std::mem::replace(is_begun, true));
                value.write(ValueWriter::new(Slot::Wire(encoded)))
            }
        };
        if let Err(error) = written {
            self.keep(error.within_name(name));
        }
    }
}

/// Writes one attribute value.
#[derive(Debug)]
pub struct ValueWriter<'w>(Target<'w>);

#[derive(Debug)]
enum Target<'w> {
    Slot(Slot<'w>),
    /// The text of a key.
    Text(&'w mut Written),
}

#[derive(Debug)]
enum Slot<'w> {
    Map(&'w mut AttributeValue),
    Wire(&'w mut Encoded),
}

/// Converts a value into the SDK's attribute value.
pub(crate) fn write_value<T: ToAttribute + ?Sized>(value: &T) -> Result<AttributeValue, WriteError> {
    let mut slot = AttributeValue::Null(true);
    value.write(ValueWriter::new(Slot::Map(&mut slot)))?;
    Ok(slot)
}

/// Converts an element into the SDK's attribute value; an absent value becomes NULL.
pub(super) fn write_element<T: ToAttribute + ?Sized>(value: &T) -> Result<AttributeValue, WriteError> {
    if value.is_absent() { Ok(AttributeValue::Null(true)) } else { write_value(value) }
}

impl Encoded {
    pub(super) fn element<T: ToAttribute + ?Sized>(&mut self, value: &T) -> Result<(), WriteError> {
        match value.is_absent() {
            true => {
                self.raw(encode::NULL);
                Ok(())
            }
            false => value.write(ValueWriter::new(Slot::Wire(self))),
        }
    }
}

impl<'w> ValueWriter<'w> {
    pub(super) fn wire(encoded: &'w mut Encoded) -> Self {
        Self::new(Slot::Wire(encoded))
    }

    pub(super) fn text(written: &'w mut Written) -> Self {
        Self(Target::Text(written))
    }

    fn new(slot: Slot<'w>) -> Self {
        Self(Target::Slot(slot))
    }

    /// The destination of a value that is neither text nor a number.
    fn slot(self) -> Slot<'w> {
        match self.0 {
            Target::Slot(slot) => slot,
            Target::Text(written) => Slot::Map(&mut written.other),
        }
    }

    /// Writes a text, S.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn string(self, text: &str) -> Result<(), WriteError> {
        match self.0 {
            Target::Slot(Slot::Map(slot)) => *slot = AttributeValue::S(text.to_owned()),
            Target::Slot(Slot::Wire(encoded)) => encoded.text(b"{\"S\":", text),
            Target::Text(written) => written.push(Kind::String, text),
        }
        Ok(())
    }

    /// Writes a number, N. The text must be a decimal number within DynamoDB's limits.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn number(self, text: &str) -> Result<(), WriteError> {
        match self.0 {
            Target::Slot(Slot::Map(slot)) => *slot = AttributeValue::N(text.to_owned()),
            Target::Slot(Slot::Wire(encoded)) => encoded.text(b"{\"N\":", text),
            Target::Text(written) => written.push(Kind::Number, text),
        }
        Ok(())
    }

    /// Writes a number, N, whose text nobody else needs: the SDK's attribute value takes it without a copy.
    pub(crate) fn owned_number(self, text: String) -> Result<(), WriteError> {
        match self.0 {
            Target::Slot(Slot::Map(slot)) => {
                *slot = AttributeValue::N(text);
                Ok(())
            }
            target => Self(target).number(&text),
        }
    }

    /// Writes a boolean, BOOL.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn bool(self, value: bool) -> Result<(), WriteError> {
        match self.slot() {
            Slot::Map(slot) => *slot = AttributeValue::Bool(value),
            Slot::Wire(encoded) => encoded.raw(if value { b"{\"BOOL\":true}" } else { b"{\"BOOL\":false}" }),
        }
        Ok(())
    }

    /// Writes bytes, B.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn bytes(self, bytes: &[u8]) -> Result<(), WriteError> {
        match self.slot() {
            Slot::Map(slot) => *slot = AttributeValue::B(Blob::new(bytes)),
            Slot::Wire(encoded) => encoded.bytes(bytes),
        }
        Ok(())
    }

    /// Writes NULL.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn null(self) -> Result<(), WriteError> {
        match self.slot() {
            Slot::Map(slot) => *slot = AttributeValue::Null(true),
            Slot::Wire(encoded) => encoded.raw(encode::NULL),
        }
        Ok(())
    }

    /// Writes a list, L, of about `length` elements.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn list(self, length: usize) -> Result<ListWriter<'w>, WriteError> {
        Ok(ListWriter(match self.slot() {
            Slot::Map(slot) => List::Map(slot, Vec::with_capacity(length)),
            Slot::Wire(encoded) => {
                encoded.raw(b"{\"L\":[");
                List::Wire(encoded, false)
            }
        }))
    }

    /// Writes a set of about `length` elements. The type of its elements makes it SS, NS or BS.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn set(self, length: usize) -> Result<SetWriter<'w>, WriteError> {
        Ok(SetWriter(match self.slot() {
            Slot::Map(slot) => Set::Map { slot, kind: None, values: Vec::with_capacity(length) },
            Slot::Wire(encoded) => Set::Wire { start: encoded.json.len(), encoded, kind: None, last: None },
        }))
    }

    /// Writes a map, M, of about `length` entries.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn map(self, length: usize) -> Result<MapWriter<'w>, WriteError> {
        Ok(MapWriter(match self.slot() {
            Slot::Map(slot) => Map::Map(slot, AttributeMap::with_capacity(length)),
            Slot::Wire(encoded) => {
                encoded.raw(b"{\"M\":{");
                Map::Wire(encoded, false)
            }
        }))
    }

    /// Writes a struct as a map, M.
    ///
    /// # Errors
    ///
    /// An attribute cannot be written.
    pub fn item<T: crate::codec::item::Item>(self, item: &T) -> Result<(), WriteError> {
        self.item_with(None, |writer| item.write(writer))
    }

    /// Writes a struct as a map, M, with a tag: an attribute that says which struct it is.
    ///
    /// # Errors
    ///
    /// An attribute cannot be written.
    pub fn tagged<T: crate::codec::item::Item>(self, tag: &str, value: &str, item: &T) -> Result<(), WriteError> {
        self.item_with(Some((tag, value)), |writer| item.write(writer))
    }

    /// Writes a map, M, with only a tag.
    ///
    /// # Errors
    ///
    /// Neither codec returns an error.
    pub fn tag(self, tag: &str, value: &str) -> Result<(), WriteError> {
        self.item_with(Some((tag, value)), |_| {})
    }

    pub(crate) fn item_with(
        self,
        tag: Option<(&str, &str)>,
        write: impl FnOnce(&mut ItemWriter<'_>),
    ) -> Result<(), WriteError> {
        let write = |writer: &mut ItemWriter<'_>| {
            if let Some((tag, value)) = tag {
                writer.attribute(tag, value);
            }
            write(writer);
        };
        match self.slot() {
            Slot::Map(slot) => {
                let mut attributes = AttributeMap::new();
                ItemWriter::new(&mut attributes).written(write)?;
                *slot = AttributeValue::M(attributes);
            }
            Slot::Wire(encoded) => {
                encoded.raw(b"{\"M\":{");
                ItemWriter::wire(encoded).written(write)?;
                encoded.raw(b"}}");
            }
        }
        Ok(())
    }
}
