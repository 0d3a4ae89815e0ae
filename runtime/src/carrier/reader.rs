//! Reading attribute values: one pass, each value once, from the SDK's attribute map or from the JSON on the wire.

use super::json::{Json, Malformed, text};
use super::wire::{Elements, WireItem};
use super::{AttributeMap, Kind};
use crate::item::{FromAttribute, ReadError, ReadErrorKind, UnknownAttributes};
use crate::{Validate, Violations};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::collections::hash_map;
use std::vec;

/// Reads the attributes of a struct by their names.
#[derive(Debug)]
pub struct ItemReader<'r>(Attributes<'r>);

#[derive(Debug)]
enum Attributes<'r> {
    Map {
        attributes: AttributeMap,
        /// The first of the names that has not been looked for.
        position: usize,
        current: Option<(&'static str, AttributeValue)>,
    },
    Wire(WireItem<'r>),
}

impl<'r> ItemReader<'r> {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self(Attributes::Map { attributes, position: 0, current: None })
    }

    /// Reads JSON from its opening brace on.
    pub(crate) fn wire(json: Json<'r>) -> Self {
        Self(Attributes::Wire(WireItem::new(json, false)))
    }

    /// Goes on to the next attribute that has one of these names, and returns its place among them; an
    /// attribute with another name is passed over. Each call of one reader takes the same names. The
    /// attributes come in any order.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    #[inline]
    pub fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        match &mut self.0 {
            Attributes::Wire(item) => item.next(names).map_err(ReadError::from),
            Attributes::Map { attributes, position, current } => {
                while let Some(name) = names.get(*position) {
                    let index = *position;
                    *position += 1;
                    if let Some(value) = attributes.remove(*name) {
                        *current = Some((name, value));
                        return Ok(Some(index));
                    }
                }
                Ok(None)
            }
        }
    }

    /// The value of the attribute that [`next`](Self::next) went to; `None` where it is NULL and NULL means
    /// nothing to the type, and where it has been read already.
    ///
    /// # Errors
    ///
    /// The value is not one of the type; the error's path begins with the attribute's name.
    #[inline]
    pub fn value<T: FromAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        let (name, reader) = match &mut self.0 {
            Attributes::Map { current, .. } => match current.take() {
                Some((name, value)) => (name, ValueReader::new(value)),
                None => return Ok(None),
            },
            Attributes::Wire(item) => match item.current() {
                Some((name, json)) => (name, ValueReader(Value::Wire(json))),
                None => return Ok(None),
            },
        };
        if reader.is_null() {
            return Ok(T::from_null());
        }
        T::read(reader).map(Some).map_err(|error| error.within_name(name))
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
            None => Err(ReadError::new(ReadErrorKind::Missing).within_name(name)),
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
        value.ok_or_else(|| ReadError::new(ReadErrorKind::Missing).within_name(name))
    }
}

/// One attribute value, to be read once.
#[derive(Debug)]
pub struct ValueReader<'r>(Value<'r>);

#[derive(Debug)]
enum Value<'r> {
    Map(AttributeValue),
    Wire(Json<'r>),
    /// An element of a set, which stands without its type.
    Element(Json<'r>, Kind),
}

impl<'r> ValueReader<'r> {
    pub(crate) fn new(value: AttributeValue) -> Self {
        Self(Value::Map(value))
    }

    /// The value's type.
    ///
    /// # Errors
    ///
    /// The value is of a type that this version does not know.
    pub fn kind(&self) -> Result<Kind, ReadError> {
        Ok(match &self.0 {
            Value::Map(value) => return kind_of(value),
            Value::Wire(json) => peek_kind(*json)?,
            Value::Element(_, kind) => *kind,
        })
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

    /// A text or a number that stands as DynamoDB writes it.
    #[inline]
    fn plain(&self, tag: u8) -> Result<Option<Cow<'r, str>>, Malformed> {
        let Value::Wire(json) = &self.0 else { return Ok(None) };
        json.plain(tag).map(|(raw, escaped)| text(raw, escaped)).transpose()
    }

    /// Goes into the value, if it is of a type.
    #[inline]
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

    /// A text, S.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    #[inline]
    pub fn string(self) -> Result<String, ReadError> {
        if let Some(text) = self.plain(b'S')? {
            return Ok(text.into_owned());
        }
        match self.open(Kind::String)? {
            Opened::Map(AttributeValue::S(text)) => Ok(text),
            Opened::Wire(json, wrapped) => Ok(json.text(wrapped)?.into_owned()),
            Opened::Map(other) => Err(mismatch(&other, Kind::String)),
        }
    }

    /// What a text, S, stands for.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    #[inline]
    pub fn with_str<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        if let Some(text) = self.plain(b'S')? {
            return parse(&text);
        }
        match self.open(Kind::String)? {
            Opened::Map(AttributeValue::S(text)) => parse(&text),
            Opened::Wire(json, wrapped) => parse(&json.text(wrapped)?),
            Opened::Map(other) => Err(mismatch(&other, Kind::String)),
        }
    }

    /// What a number's text, N, stands for.
    ///
    /// # Errors
    ///
    /// The value is of another type, or `parse` fails.
    #[inline]
    pub fn number<T>(self, parse: impl FnOnce(&str) -> Result<T, ReadError>) -> Result<T, ReadError> {
        if let Some(text) = self.plain(b'N')? {
            return parse(&text);
        }
        match self.open(Kind::Number)? {
            Opened::Map(AttributeValue::N(text)) => parse(&text),
            Opened::Wire(json, wrapped) => parse(&json.text(wrapped)?),
            Opened::Map(other) => Err(mismatch(&other, Kind::Number)),
        }
    }

    /// A boolean, BOOL.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn bool(self) -> Result<bool, ReadError> {
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

    /// Bytes, B.
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

    /// The elements of a list, L.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn list(self) -> Result<ListReader<'r>, ReadError> {
        match self.open(Kind::List)? {
            Opened::Map(AttributeValue::L(values)) => Ok(ListReader(List::Map(values.into_iter()))),
            Opened::Wire(json, _) => {
                json.open(b'[')?;
                Ok(ListReader(List::Wire(Elements::new(json))))
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::List)),
        }
    }

    /// The elements of a set: SS, NS or BS.
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

    /// The entries of a map, M, whatever their names.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn map(self) -> Result<MapReader<'r>, ReadError> {
        match self.open(Kind::Map)? {
            Opened::Map(AttributeValue::M(entries)) => {
                Ok(MapReader(Entries::Map { entries: entries.into_iter(), current: None }))
            }
            Opened::Wire(json, _) => {
                json.open(b'{')?;
                Ok(MapReader(Entries::Wire(Elements::new(json))))
            }
            Opened::Map(other) => Err(mismatch(&other, Kind::Map)),
        }
    }

    /// The attributes of a struct in a map, M.
    ///
    /// # Errors
    ///
    /// The value is of another type.
    pub fn item(self) -> Result<ItemReader<'r>, ReadError> {
        match self.open(Kind::Map)? {
            Opened::Map(AttributeValue::M(attributes)) => Ok(ItemReader::new(attributes)),
            Opened::Wire(json, _) => Ok(ItemReader(Attributes::Wire(WireItem::new(json, true)))),
            Opened::Map(other) => Err(mismatch(&other, Kind::Map)),
        }
    }

    fn mismatch(&self, expected: Kind) -> ReadError {
        match self.kind() {
            Ok(found) => ReadError::type_mismatch(expected.as_str(), found.as_str()),
            Err(error) => error,
        }
    }
}

/// A value that has been gone into.
enum Opened<'r> {
    Map(AttributeValue),
    /// Whether an object is around it.
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

/// The item is read again from the SDK's attribute map then, which has the last word.
impl From<Malformed> for ReadError {
    fn from(_: Malformed) -> Self {
        ReadError::new(ReadErrorKind::UnknownKind)
    }
}

/// The elements of a list.
#[derive(Debug)]
pub struct ListReader<'r>(List<'r>);

#[derive(Debug)]
enum List<'r> {
    Map(vec::IntoIter<AttributeValue>),
    Wire(Elements<'r>),
}

impl ListReader<'_> {
    /// The next element.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        Ok(match &mut self.0 {
            List::Map(values) => values.next().map(ValueReader::new),
            List::Wire(elements) => elements.next(b']')?.then(|| ValueReader(Value::Wire(elements.begin()))),
        })
    }

    /// How many elements there are at least.
    pub fn size_hint(&self) -> usize {
        match &self.0 {
            List::Map(values) => values.len(),
            List::Wire(_) => 0,
        }
    }
}

/// The elements of a set.
#[derive(Debug)]
pub struct SetReader<'r>(Set<'r>);

#[derive(Debug)]
enum Set<'r> {
    Strings(vec::IntoIter<String>),
    Numbers(vec::IntoIter<String>),
    Binaries(vec::IntoIter<Blob>),
    Wire(Elements<'r>, Kind),
}

impl SetReader<'_> {
    /// The next element, as a value of type S, N or B.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_element(&mut self) -> Result<Option<ValueReader<'_>>, ReadError> {
        let value = match &mut self.0 {
            Set::Strings(texts) => texts.next().map(AttributeValue::S),
            Set::Numbers(texts) => texts.next().map(AttributeValue::N),
            Set::Binaries(blobs) => blobs.next().map(AttributeValue::B),
            Set::Wire(elements, kind) => {
                let more = elements.next(b']')?;
                return Ok(more.then(|| ValueReader(Value::Element(elements.begin(), *kind))));
            }
        };
        Ok(value.map(ValueReader::new))
    }
}

/// The entries of a map.
#[derive(Debug)]
pub struct MapReader<'r>(Entries<'r>);

#[derive(Debug)]
enum Entries<'r> {
    Map { entries: hash_map::IntoIter<String, AttributeValue>, current: Option<AttributeValue> },
    Wire(Elements<'r>),
}

impl MapReader<'_> {
    /// Goes on to the next entry, and returns its name.
    ///
    /// # Errors
    ///
    /// What carries the item is damaged.
    pub fn next_name(&mut self) -> Result<Option<String>, ReadError> {
        match &mut self.0 {
            Entries::Map { entries, current } => {
                let Some((name, value)) = entries.next() else {
                    return Ok(None);
                };
                *current = Some(value);
                Ok(Some(name))
            }
            Entries::Wire(elements) => match elements.next(b'}')? {
                true => Ok(Some(elements.name()?)),
                false => Ok(None),
            },
        }
    }

    /// The value of the entry that [`next_name`](Self::next_name) went to; NULL if it has been read already.
    pub fn value(&mut self) -> ValueReader<'_> {
        match &mut self.0 {
            Entries::Map { current, .. } => ValueReader::new(current.take().unwrap_or(AttributeValue::Null(true))),
            Entries::Wire(elements) => match elements.is_unread() {
                true => ValueReader(Value::Wire(elements.begin())),
                false => ValueReader::new(AttributeValue::Null(true)),
            },
        }
    }
}
