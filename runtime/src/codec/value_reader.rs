//! The reader of one attribute value.

use super::collection_readers::{List, ListReader, Map, MapReader, Set, SetReader};
use super::json::{Json, Malformed};
use super::reader::ItemReader;
use super::stored_key::Stored;
use super::wire::Elements;
use crate::ground::{Kind, ReadError, ReadErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// Reads one attribute value.
#[derive(Debug)]
pub struct ValueReader<'r>(Value<'r>);

#[derive(Debug)]
enum Value<'r> {
    Map(AttributeValue),
    Wire(Json<'r>),
    /// An element of a set, and its type: the JSON of the element does not hold it.
    Element(Json<'r>, Kind),
}

impl<'r> ValueReader<'r> {
    pub(crate) fn new(value: AttributeValue) -> Self {
        Self(Value::Map(value))
    }

    pub(super) fn wire(json: Json<'r>) -> Self {
        Self(Value::Wire(json))
    }

    /// A reader of an element of a set.
    pub(super) fn element(json: Json<'r>, kind: Kind) -> Self {
        Self(Value::Element(json, kind))
    }

    /// The value's type.
    ///
    /// # Errors
    ///
    /// This version of the SDK does not know the type.
    pub fn kind(&self) -> Result<Kind, ReadError> {
        Ok(match &self.0 {
            Value::Map(value) => return kind_of(value),
            Value::Wire(json) => peek_kind(*json)?,
            Value::Element(_, kind) => *kind,
        })
    }

    /// The value, as the SDK's type.
    pub(crate) fn value(self) -> Result<AttributeValue, ReadError> {
        match self.0 {
            Value::Map(value) => Ok(value),
            Value::Wire(json) => Ok(json.value()?),
            Value::Element(..) => Err(ReadError::from(Malformed)),
        }
    }

    /// Whether the value is NULL.
    #[inline]
    pub fn is_null(&self) -> bool {
        match &self.0 {
            Value::Map(value) => matches!(value, AttributeValue::Null(_)),
            Value::Wire(json) => json.is_null(),
            Value::Element(..) => false,
        }
    }

    /// The same value; `None` if it is NULL, or an empty text or binary value.
    pub(crate) fn unless_empty(self) -> Result<Option<Self>, ReadError> {
        let value = self.value()?;
        let is_empty = match &value {
            AttributeValue::S(text) => text.is_empty(),
            AttributeValue::B(bytes) => bytes.as_ref().is_empty(),
            AttributeValue::Null(_) => true,
            _ => false,
        };
        Ok((!is_empty).then(|| Self::new(value)))
    }

    /// Reads a text or a number by the fast path, which needs JSON without white space and escapes.
    #[inline]
    fn plain(&self, tag: u8) -> Option<&'r str> {
        match &self.0 {
            Value::Wire(json) => json.plain(tag),
            _ => None,
        }
    }

    /// Enters the value, if it has the expected type.
    fn open(self, expected: Kind) -> Result<Opened<'r>, ReadError> {
        match self.0 {
            Value::Wire(json) => match json.tag()? {
                found if found == expected => Ok(Opened::Wire(json, true)),
                found => Err(ReadError::type_mismatch(expected.as_str(), found.as_str())),
            },
            Value::Element(json, kind) if kind == expected => Ok(Opened::Wire(json, false)),
            Value::Element(_, kind) => Err(ReadError::type_mismatch(expected.as_str(), kind.as_str())),
            Value::Map(value) => Ok(Opened::Map(value)),
        }
    }

    /// Reads a text, S.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    #[inline]
    pub fn string(self) -> Result<String, ReadError> {
        match self.plain(b'S') {
            Some(text) => Ok(text.to_owned()),
            None => self.any_text(Kind::String).map(Cow::into_owned),
        }
    }

    /// Reads a text, S, and parses it.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    #[inline]
    pub fn with_str<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        match self.plain(b'S') {
            Some(text) => parse(text),
            None => parse(&self.any_text(Kind::String)?),
        }
    }

    /// Reads the text of a number, N, and parses it.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    #[inline]
    pub fn number<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        match self.plain(b'N') {
            Some(text) => parse(text),
            None => parse(&self.any_text(Kind::Number)?),
        }
    }

    /// Reads the text of a text or a number.
    pub(super) fn text(self, kind: Kind) -> Result<Cow<'r, str>, ReadError> {
        let plain = self.plain(if kind == Kind::Number { b'N' } else { b'S' });
        match plain {
            Some(text) => Ok(text.into()),
            None => self.any_text(kind),
        }
    }

    /// Reads the stored value of a key attribute without moving the position.
    pub(super) fn stored(self) -> Result<Stored<'r>, ReadError> {
        match &self.0 {
            Value::Wire(json) => {
                let (json, at, depth) = (*json, json.at(), json.depth());
                let stored = Stored::read(self);
                json.go_to(at, depth);
                stored
            }
            _ => Stored::read(self),
        }
    }

    /// Reads the text of a text or a number in any form of JSON.
    fn any_text(self, kind: Kind) -> Result<Cow<'r, str>, ReadError> {
        match (self.open(kind)?, kind) {
            (Opened::Map(AttributeValue::S(text)), Kind::String) => Ok(text.into()),
            (Opened::Map(AttributeValue::N(text)), Kind::Number) => Ok(text.into()),
            (Opened::Map(other), _) => Err(mismatch(&other, kind)),
            (Opened::Wire(json, wrapped), _) => Ok(json.text(wrapped)?),
        }
    }

    /// Reads a boolean, BOOL.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    #[inline]
    pub fn bool(self) -> Result<bool, ReadError> {
        let plain = match &self.0 {
            Value::Wire(json) => json.plain_bool(),
            _ => None,
        };
        match plain {
            Some(value) => Ok(value),
            None => self.any_bool(),
        }
    }

    fn any_bool(self) -> Result<bool, ReadError> {
        match self.open(Kind::Bool)? {
            Opened::Map(AttributeValue::Bool(value)) => Ok(value),
            Opened::Wire(json, _) => {
                let value = json.bool()?;
                json.close(b'}')?;
                Ok(value)
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::Bool)),
        }
    }

    /// Reads bytes, B.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn bytes(self) -> Result<Vec<u8>, ReadError> {
        match self.open(Kind::Binary)? {
            Opened::Map(AttributeValue::B(blob)) => Ok(blob.into_inner()),
            Opened::Wire(json, wrapped) => {
                let bytes = json.base64()?;
                if wrapped {
                    json.close(b'}')?;
                }
                Ok(bytes)
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::Binary)),
        }
    }

    /// A reader of the elements of a list, L.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    #[inline]
    pub fn list(self) -> Result<ListReader<'r>, ReadError> {
        if let Value::Wire(json) = &self.0
            && json.plain_list()
        {
            return Ok(ListReader(List::Wire(Elements::new(*json))));
        }
        self.any_list()
    }

    fn any_list(self) -> Result<ListReader<'r>, ReadError> {
        match self.open(Kind::List)? {
            Opened::Map(AttributeValue::L(values)) => Ok(ListReader(List::Map(values.into_iter()))),
            Opened::Wire(json, _) => {
                json.open(b'[')?;
                Ok(ListReader(List::Wire(Elements::new(json))))
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::List)),
        }
    }

    /// A reader of the elements of a set: SS, NS or BS.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn set(self) -> Result<SetReader<'r>, ReadError> {
        let set = match self.0 {
            Value::Map(AttributeValue::Ss(texts)) => Set::Strings(texts.into_iter()),
            Value::Map(AttributeValue::Ns(texts)) => Set::Numbers(texts.into_iter()),
            Value::Map(AttributeValue::Bs(blobs)) => Set::Binaries(blobs.into_iter()),
            Value::Wire(json) => {
                let element = match json.tag()? {
                    Kind::StringSet => Kind::String,
                    Kind::NumberSet => Kind::Number,
                    Kind::BinarySet => Kind::Binary,
                    other => return Err(ReadError::type_mismatch("a set", other.as_str())),
                };
                json.open(b'[')?;
                Set::Wire(Elements::new(json), element)
            }
            Value::Map(value) => return Err(ReadError::type_mismatch("a set", kind_of(&value)?.as_str())),
            Value::Element(_, kind) => return Err(ReadError::type_mismatch("a set", kind.as_str())),
        };
        Ok(SetReader(set))
    }

    /// A reader of the entries of a map, M, with any names.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn map(self) -> Result<MapReader<'r>, ReadError> {
        match self.open(Kind::Map)? {
            Opened::Map(AttributeValue::M(entries)) => {
                Ok(MapReader(Map::Map { entries: entries.into_iter(), current: None }))
            }
            Opened::Wire(json, _) => {
                json.open(b'{')?;
                Ok(MapReader(Map::Wire(Elements::new(json))))
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::Map)),
        }
    }

    /// A reader of the attributes of a struct in a map, M.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    #[inline]
    pub fn item(self) -> Result<ItemReader<'r>, ReadError> {
        if let Value::Wire(json) = &self.0
            && json.plain_map()
        {
            return Ok(ItemReader::nested(*json));
        }
        self.any_item()
    }

    fn any_item(self) -> Result<ItemReader<'r>, ReadError> {
        match self.open(Kind::Map)? {
            Opened::Map(AttributeValue::M(attributes)) => Ok(ItemReader::new(attributes)),
            Opened::Wire(json, _) => Ok(ItemReader::nested(json)),
            Opened::Map(other) => Err(mismatch(&other, Kind::Map)),
        }
    }

    pub(super) fn mismatch(&self, expected: Kind) -> ReadError {
        match self.kind() {
            Ok(found) => ReadError::type_mismatch(expected.as_str(), found.as_str()),
            Err(error) => error,
        }
    }
}

/// A value that the reader has entered.
enum Opened<'r> {
    Map(AttributeValue),
    /// JSON, and whether an object is around the value.
    Wire(Json<'r>, bool),
}

fn kind_of(value: &AttributeValue) -> Result<Kind, ReadError> {
    Ok(match value {
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

fn mismatch(value: &AttributeValue, expected: Kind) -> ReadError {
    match kind_of(value) {
        Ok(found) => ReadError::type_mismatch(expected.as_str(), found.as_str()),
        Err(error) => error,
    }
}

fn peek_kind(json: Json<'_>) -> Result<Kind, Malformed> {
    let (at, depth) = (json.at(), json.depth());
    let kind = json.tag();
    json.go_to(at, depth);
    kind
}

/// The kind of this error does not matter: the item is read again from the SDK's attribute map, which decides.
impl From<Malformed> for ReadError {
    fn from(_: Malformed) -> Self {
        ReadError::new(ReadErrorKind::Malformed)
    }
}
