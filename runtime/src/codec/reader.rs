//! The reader of a struct's attributes, for both codecs. It reads each attribute once, in one pass.

use super::item::{FromAttribute, ToAttribute};
use super::json::{Json, Malformed};
use super::stored_key::Stored;
use super::unknown::UnknownAttributes;
use super::upgrades::Upgrades;
use super::value_reader::ValueReader;
use super::wire::WireItem;
use crate::description::{Discriminator, Seal, Seals};
use crate::ground::{AttributeMap, Kind, Names, ReadError, ReadErrorKind, Violations};
use crate::keys::Keys;
use crate::validate::Validate;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// Reads the attributes of a struct by their names.
#[derive(Debug)]
pub struct ItemReader<'r>(Attributes<'r>, AfterRead);

/// Whether the `after_read` of a model changes the items that are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AfterRead {
    Called,
    LeftOut,
}

#[derive(Debug)]
enum Attributes<'r> {
    Map {
        attributes: AttributeMap,
        /// The index of the first name that has not been looked up.
        position: usize,
        name: &'static str,
        value: Option<AttributeValue>,
        /// The names that are looked up.
        names: Names,
        opening: Opening<'r>,
        /// The sealed attributes, whose hashes no field has.
        sealed: &'static [Seal],
    },
    Wire(WireItem<'r>),
}

/// How the sealed values of an item are opened.
#[derive(Debug, Clone, Copy)]
pub(super) enum Opening<'r> {
    /// Without keys: compressed values alone.
    WithoutKeys,
    With(&'r Keys),
    /// There are none: only the names of the attributes are looked up.
    ForNames,
    /// They are open.
    Done,
}

impl<'r> ItemReader<'r> {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self::opening(attributes, Opening::WithoutKeys)
    }

    /// A reader of an item without values, which looks up the names of its attributes.
    pub(super) fn for_names(attributes: AttributeMap) -> Self {
        Self::opening(attributes, Opening::ForNames)
    }

    /// Whether the model's `after_read` is called. It is not if only the names of the attributes are looked up, or if the
    /// item is read as it is stored.
    pub(crate) fn calls_after_read(&self) -> bool {
        self.1 == AfterRead::Called && !matches!(self.0, Attributes::Map { opening: Opening::ForNames, .. })
    }

    /// Reads the item as it is stored, without the model's `after_read`.
    pub(super) fn as_stored(&mut self) -> &mut Self {
        self.1 = AfterRead::LeftOut;
        self
    }

    /// A reader of an item whose sealed values are opened in this way.
    pub(super) fn opening(attributes: AttributeMap, opening: Opening<'r>) -> Self {
        let map = Attributes::Map { attributes, position: 0, name: "", value: None, names: &[], opening, sealed: &[] };
        Self(map, AfterRead::Called)
    }

    /// A reader of an item in JSON, from its opening brace on. The discriminator is the one of the item's model.
    pub(crate) fn wire(json: Json<'r>, discriminator: Option<Discriminator>) -> Self {
        Self(Attributes::Wire(WireItem::new(json, discriminator, false)), AfterRead::Called)
    }

    /// A reader of a nested struct in JSON, from its inner opening brace on.
    pub(super) fn nested(json: Json<'r>) -> Self {
        Self(Attributes::Wire(WireItem::new(json, None, true)), AfterRead::Called)
    }

    /// Opens the values that are stored compressed or encrypted. Call it before the attributes are read.
    ///
    /// # Errors
    ///
    /// A value cannot be opened. Sealed values need an attribute map: an item in JSON is read again from the map.
    pub fn opened(&mut self, seals: &Seals) -> Result<(), ReadError> {
        let Attributes::Map { attributes, opening, sealed, .. } = &mut self.0 else { return Err(Malformed.into()) };
        *sealed = seals.attributes;
        match opening {
            Opening::Done => Ok(()),
            Opening::WithoutKeys | Opening::ForNames => seals.open_item(attributes, None),
            Opening::With(keys) => seals.open_item(attributes, Some(keys)),
        }
    }

    /// Brings the item into the form of the current schema version. Call it before the attributes are read.
    ///
    /// # Errors
    ///
    /// The model does not know the item's version, or an upgrade fails. Upgrades need an attribute map: an item in JSON
    /// that is not of the current version is read again from the map.
    pub fn upgraded(&mut self, upgrades: &Upgrades) -> Result<(), ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => upgrades.apply(attributes),
            Attributes::Wire(item) => match upgrades.attribute {
                Some(attribute) if !item.has_version(attribute, upgrades.current()) => Err(Malformed.into()),
                _ => Ok(()),
            },
        }
    }

    /// Checks that the item, of which not all attributes are known, is of the current schema version.
    ///
    /// # Errors
    ///
    /// It is of another version.
    pub fn of_current_version(&mut self, upgrades: &Upgrades) -> Result<(), ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => upgrades.check_current(attributes),
            Attributes::Wire(_) => self.upgraded(upgrades),
        }
    }

    /// Moves to the next attribute that has one of these names, and returns the index of its name. It skips attributes
    /// with other names.
    ///
    /// All calls on one reader must pass the same names. The attributes come in any order.
    ///
    /// # Errors
    ///
    /// The JSON of the item is damaged.
    #[inline]
    pub(crate) fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        if let Attributes::Wire(item) = &mut self.0
            && let Some(index) = item.next_plain()
        {
            return Ok(Some(index));
        }
        self.next_of_any(names)
    }

    fn next_of_any(&mut self, names: &'static [&'static str]) -> Result<Option<usize>, ReadError> {
        match &mut self.0 {
            Attributes::Wire(item) => item.next(names).map_err(ReadError::from),
            Attributes::Map { attributes, position, name: current, value: current_value, names: all, .. } => {
                *all = names;
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

    /// The names of the attributes that have been looked up in an attribute map.
    pub(super) fn names(&self) -> Names {
        match &self.0 {
            Attributes::Map { names, .. } => names,
            Attributes::Wire(_) => &[],
        }
    }

    /// Reads the value of the current attribute. Returns `None` if it is NULL and the type has no value for NULL, and
    /// if it has been read already.
    ///
    /// # Errors
    ///
    /// The type has no such value; the error's path begins with the attribute's name.
    #[inline]
    pub fn value<T: FromAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        self.value_by(T::from_null, T::read)
    }

    /// Reads the value of the current attribute by a function; `null` makes the value of NULL.
    #[inline]
    pub(crate) fn value_by<T>(
        &mut self,
        null: impl FnOnce() -> Option<T>,
        read: impl FnOnce(ValueReader<'r>) -> Result<T, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        let Some(reader) = self.current() else { return Ok(None) };
        if reader.is_null() {
            return Ok(null());
        }
        match read(reader) {
            Ok(value) => Ok(Some(value)),
            Err(error) => Err(self.within_current(error)),
        }
    }

    /// Reads the value of the current attribute. Returns `None` if it is NULL, or an empty text or binary value.
    pub(super) fn non_empty_value<T: FromAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        self.non_empty_by(T::read)
    }

    /// The same by a function.
    pub(crate) fn non_empty_by<T>(
        &mut self,
        read: impl FnOnce(ValueReader<'r>) -> Result<T, ReadError>,
    ) -> Result<Option<T>, ReadError> {
        let value = self.current().map_or(Ok(None), ValueReader::unless_empty);
        value.and_then(|value| value.map(read).transpose()).map_err(|error| self.within_current(error))
    }

    /// The reader of the current attribute's value; `None` if it has been read already.
    #[inline]
    fn current(&mut self) -> Option<ValueReader<'r>> {
        match &mut self.0 {
            Attributes::Wire(item) => item.current().map(ValueReader::wire),
            Attributes::Map { value, .. } => value.take().map(ValueReader::new),
        }
    }

    /// Reads the value of the current attribute, which is a key of the table. The stored value must have the form that
    /// the type writes.
    ///
    /// # Errors
    ///
    /// The type has no such value, or its form differs ([`ReadErrorKind::OtherKey`]).
    pub fn key_value<T: FromAttribute + ToAttribute>(&mut self) -> Result<Option<T>, ReadError> {
        self.value_of_key(|value, stored| stored.check(value))
    }

    /// Reads the value of the current attribute, and compares it with the stored form.
    pub(super) fn value_of_key<T: FromAttribute>(
        &mut self,
        compare: impl FnOnce(&T, &Stored<'r>) -> Result<(), ReadError>,
    ) -> Result<Option<T>, ReadError> {
        self.value_of_key_by(Self::value, compare)
    }

    /// The same by a function.
    pub(crate) fn value_of_key_by<T>(
        &mut self,
        read: impl FnOnce(&mut Self) -> Result<Option<T>, ReadError>,
        compare: impl FnOnce(&T, &Stored<'r>) -> Result<(), ReadError>,
    ) -> Result<Option<T>, ReadError> {
        let stored = match &self.0 {
            Attributes::Wire(item) => item.current().map(|json| ValueReader::wire(json).stored()),
            Attributes::Map { value, .. } => value.clone().map(|value| Stored::read(ValueReader::new(value))),
        };
        let value = read(self)?;
        if let (Some(value), Some(Ok(stored))) = (&value, stored) {
            compare(value, &stored).map_err(|error| self.within_current(error))?;
        }
        Ok(value)
    }

    /// The stored value of the current attribute.
    pub(super) fn stored(&mut self) -> Result<Option<Stored<'r>>, ReadError> {
        self.current().map(Stored::read).transpose().map_err(|error| self.within_current(error))
    }

    #[cold]
    fn within_current(&self, error: ReadError) -> ReadError {
        error.within_name(self.current_name())
    }

    /// The name of the current attribute.
    pub(super) fn current_name(&self) -> &'static str {
        match &self.0 {
            Attributes::Wire(item) => item.current_name(),
            Attributes::Map { name, .. } => name,
        }
    }

    /// The attributes that are not among the names that were read.
    pub fn unknown(&mut self) -> UnknownAttributes {
        self.unknown_beside(&[])
    }

    /// The attributes that belong to neither a field nor a key.
    pub fn unknown_beside(&mut self, keys: &[&str]) -> UnknownAttributes {
        UnknownAttributes::new(match &mut self.0 {
            Attributes::Map { attributes, sealed, .. } => {
                let is_hash = |name: &str| sealed.iter().any(|seal| seal.hash == Some(name));
                attributes.retain(|name, _| !keys.contains(&name.as_str()) && !is_hash(name));
                std::mem::take(attributes)
            }
            Attributes::Wire(item) => item.unknown(keys),
        })
    }

    /// Reads the value of a key attribute.
    ///
    /// # Errors
    ///
    /// The attribute is missing, or the type has no such value.
    pub fn key<T: FromAttribute>(&mut self, name: &'static str) -> Result<T, ReadError> {
        let value = self.take(name)?.map(|value| T::read(ValueReader::new(value)));
        self.required(name, value.transpose().map_err(|error| error.within_name(name))?)
    }

    /// The value of the discriminator; `None` if it is missing or not text.
    pub fn model(&mut self, discriminator: &'static str) -> Option<Cow<'r, str>> {
        match &mut self.0 {
            Attributes::Map { .. } => self.text(discriminator),
            Attributes::Wire(item) => item.model(discriminator),
        }
    }

    /// The value of another attribute of the discriminator; `None` if it is missing or not text.
    pub fn text(&self, name: &str) -> Option<Cow<'r, str>> {
        match &self.0 {
            Attributes::Map { attributes, .. } => match attributes.get(name) {
                Some(AttributeValue::S(text)) => Some(text.clone().into()),
                _ => None,
            },
            Attributes::Wire(item) => item.text(name),
        }
    }

    /// Whether the item's key attributes begin as those of a model's items.
    pub fn has_key_of<M: super::item::Item>(&mut self) -> bool {
        M::model_layout().has_key(|name| self.text(name))
    }

    /// Checks the constraints of the struct that was read, and returns the struct.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::Invalid`] if the struct breaks a constraint.
    pub fn validated<T: Validate>(&self, value: T) -> Result<T, ReadError> {
        match Violations::of("", &value) {
            Ok(()) => Ok(value),
            Err(violations) => Err(ReadError::new(ReadErrorKind::Invalid(Box::new(violations)))),
        }
    }

    /// Reads the tag of a union: the text that says which struct this is. The tag is no attribute of the struct.
    ///
    /// # Errors
    ///
    /// The attribute is missing or not text.
    pub fn tag(&mut self, name: &'static str) -> Result<String, ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => match attributes.remove(name) {
                Some(AttributeValue::S(text)) => Ok(text),
                Some(other) => Err(ValueReader::new(other).mismatch(Kind::String).within_name(name)),
                None => Err(missing(name)),
            },
            Attributes::Wire(item) => item.tag(name).map(Cow::into_owned).ok_or_else(|| missing(name)),
        }
    }

    /// Reads an attribute and removes it from the attributes of the struct.
    fn take(&mut self, name: &'static str) -> Result<Option<AttributeValue>, ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => Ok(attributes.remove(name)),
            Attributes::Wire(item) => item.take(name).map_err(ReadError::from),
        }
    }

    /// Reads the values of the attributes with these names. `read` gets the index of the name, and the value; each value once
    /// for each equal name.
    pub(crate) fn values<const N: usize>(
        &mut self,
        names: [&str; N],
        mut read: impl FnMut(usize, ValueReader<'r>) -> Result<(), ReadError>,
    ) -> Result<(), ReadError> {
        match &mut self.0 {
            Attributes::Map { attributes, .. } => {
                let values = names.iter().map(|name| attributes.get(*name).cloned());
                let mut found = values.enumerate().filter_map(|(index, value)| Some((index, value?)));
                found.try_for_each(|(index, value)| read(index, ValueReader::new(value)))
            }
            Attributes::Wire(item) => item.values(names, |index, json| read(index, ValueReader::wire(json))),
        }
    }

    /// The error for a tag that no variant has.
    pub fn unknown_tag(&self, name: &'static str, expected: &'static str) -> ReadError {
        ReadError::value(expected, "no variant has this tag").within_name(name)
    }

    /// The value of a required attribute.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::Missing`] if there is no value.
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
