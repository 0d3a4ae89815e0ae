//! The comparison of an item's stored key with the key that its model writes.
//!
//! Another text of the same values, such as an upper-case uuid, is another key: the model cannot find, change or delete
//! the item by it.

use super::fields::Slot;
use super::item::ToAttribute;
use super::reader::ItemReader;
use super::types::normal_number;
use super::value_reader::ValueReader;
use super::writer::{ValueWriter, write_value};
use crate::description::{KeyTemplate, Layout, Texts};
use crate::ground::{AttributeMap, Kind, Names, ReadError, ReadErrorKind};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// The stored value of a key attribute.
#[derive(Debug, PartialEq)]
pub(crate) enum Stored<'r> {
    Text(Cow<'r, str>),
    Number(Cow<'r, str>),
    Bytes(Vec<u8>),
}

impl<'r> Stored<'r> {
    pub(super) fn read(reader: ValueReader<'r>) -> Result<Self, ReadError> {
        Ok(match reader.kind()? {
            Kind::Number => Stored::Number(reader.text(Kind::Number)?),
            Kind::Binary => Stored::Bytes(reader.bytes()?),
            _ => Stored::Text(reader.text(Kind::String)?),
        })
    }

    fn value(&self) -> AttributeValue {
        match self {
            Stored::Text(text) => AttributeValue::S(text.clone().into_owned()),
            Stored::Number(text) => AttributeValue::N(text.clone().into_owned()),
            Stored::Bytes(bytes) => AttributeValue::B(Blob::new(bytes.as_slice())),
        }
    }

    /// Checks that the written form of a value equals the stored value.
    pub(crate) fn check<T: ToAttribute + ?Sized>(&self, value: &T) -> Result<(), ReadError> {
        let mut written = Written::default();
        if let Stored::Text(text) = self
            && value.write(ValueWriter::text(&mut written)).is_ok()
            && written.kind == Some(Kind::String)
        {
            return compare(text, &written.text);
        }
        match (self, write_value(value)) {
            // DynamoDB treats all texts of a number as equal.
            (Stored::Number(stored), Ok(AttributeValue::N(text))) => {
                match normal_number(stored) == normal_number(&text) {
                    true => Ok(()),
                    false => Err(other_key(stored, &text)),
                }
            }
            (Stored::Bytes(stored), Ok(AttributeValue::B(blob))) if stored == blob.as_ref() => Ok(()),
            _ => Err(other_key("", "")),
        }
    }
}

fn compare(stored: &str, written: &str) -> Result<(), ReadError> {
    if stored == written { Ok(()) } else { Err(other_key(stored, written)) }
}

#[cold]
fn other_key(stored: &str, written: &str) -> ReadError {
    ReadError::new(ReadErrorKind::OtherKey { stored: stored.to_owned(), written: written.to_owned() })
}

/// The written form of a value.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) text: String,
    /// The type, S or N; `None` for other types.
    pub(super) kind: Option<Kind>,
    /// A value of another type than S and N.
    pub(super) other: AttributeValue,
}

impl Default for Written {
    fn default() -> Self {
        Self { text: String::new(), kind: None, other: AttributeValue::Null(true) }
    }
}

impl Written {
    pub(super) fn push(&mut self, kind: Kind, text: &str) {
        self.text.push_str(text);
        self.kind = Some(kind);
    }
}

/// The stored key of an item, if it is made of fields.
#[derive(Debug, Default)]
pub struct StoredKey<'r> {
    hash_key: Option<Stored<'r>>,
    range_key: Option<Stored<'r>>,
    /// The keys of indexes that hold fields, by their attributes.
    index_keys: Vec<(&'static str, Stored<'r>)>,
}

impl<'r> StoredKey<'r> {
    /// Reads the hash key, the reader's current attribute.
    ///
    /// # Errors
    ///
    /// The type of the value is not S, N or B.
    pub fn hash_key(&mut self, reader: &mut ItemReader<'r>) -> Result<(), ReadError> {
        self.hash_key = reader.stored()?;
        Ok(())
    }

    /// Reads the range key, the reader's current attribute.
    ///
    /// # Errors
    ///
    /// The type of the value is not S, N or B.
    pub fn range_key(&mut self, reader: &mut ItemReader<'r>) -> Result<(), ReadError> {
        self.range_key = reader.stored()?;
        Ok(())
    }

    /// Reads a key of an index, the reader's current attribute.
    ///
    /// # Errors
    ///
    /// The type of the value is not S, N or B.
    pub fn index_key(&mut self, reader: &mut ItemReader<'r>) -> Result<(), ReadError> {
        let stored = reader.stored()?;
        self.index_keys.extend(stored.map(|stored| (reader.current_name(), stored)));
        Ok(())
    }

    /// Reads the fields that only keys have, each into its slot. `layout` is that of the model.
    ///
    /// # Errors
    ///
    /// The item has no such key attribute, its key does not have the form of the template ([`ReadErrorKind::KeyForm`]), or a
    /// field's type has no such value.
    pub fn fields(&self, layout: Layout, names: Names, slots: &mut [&mut dyn Slot]) -> Result<(), ReadError> {
        let mut fields = AttributeMap::new();
        for (template, stored) in layout.keys.iter().zip([&self.hash_key, &self.range_key]) {
            if template.is_field() {
                continue;
            }
            fields.extend(parse(template, stored.as_ref())?);
        }
        for name in names {
            if fields.contains_key(*name) {
                continue;
            }
            let stored_of = |template: &KeyTemplate| {
                self.index_keys.iter().find(|(attribute, _)| *attribute == template.attribute).map(|(_, stored)| stored)
            };
            let mut holders = layout.index_keys.iter().filter(|template| template.determines(name));
            let read = holders.clone().find(|template| stored_of(template).is_some());
            if let Some(template) = read.or_else(|| holders.next()) {
                for (field, value) in parse(template, stored_of(template))? {
                    fields.entry(field).or_insert(value);
                }
            }
        }
        ItemReader::new(fields).fields(names, slots)
    }

    /// Checks that the model makes this key from its fields. A key attribute that was not read is not checked.
    ///
    /// `layout` is that of the model, and `fields` are the fields of its key templates, in their order. The fields that choose
    /// the shard of a key follow those in it.
    ///
    /// # Errors
    ///
    /// [`ReadErrorKind::OtherKey`] if the model makes another key.
    pub fn check(&self, layout: Layout, fields: &[&dyn ToAttribute]) -> Result<(), ReadError> {
        let mut fields = fields.iter();
        let mut written = Written::default();
        for (template, stored) in layout.keys.iter().zip([&self.hash_key, &self.range_key]) {
            // A key that is a field is checked when the field is read.
            if template.is_field() {
                continue;
            }
            let values = fields.by_ref().take(template.made_of().count());
            if let Some(stored) = stored {
                check_template(template, stored, values.copied(), &mut written)
                    .map_err(|error| error.within_name(template.attribute))?;
            } else {
                values.for_each(drop);
            }
        }
        Ok(())
    }
}

/// The fields of a stored key.
fn parse(template: &KeyTemplate, stored: Option<&Stored<'_>>) -> Result<Vec<(String, AttributeValue)>, ReadError> {
    let Some(stored) = stored.map(Stored::value) else {
        return Err(ReadError::new(ReadErrorKind::Missing).within_name(template.attribute));
    };
    template.parse(&stored).ok_or_else(|| {
        let stored = stored.as_s().cloned().unwrap_or_default();
        let kind = ReadErrorKind::KeyForm { stored, template: template.to_string() };
        ReadError::new(kind).within_name(template.attribute)
    })
}

fn check_template<'v>(
    template: &KeyTemplate,
    stored: &Stored<'_>,
    mut values: impl Iterator<Item = &'v dyn ToAttribute>,
    written: &mut Written,
) -> Result<(), ReadError> {
    if template.is_own() {
        return values.next().map_or(Ok(()), |value| stored.check(value));
    }
    written.text.clear();
    if let Stored::Text(text) = stored {
        written.text.reserve(text.len());
    }
    for (part, value) in template.parts.iter().zip(values.by_ref()) {
        written.text.push_str(part.before);
        let start = written.text.len();
        // The error can be ignored: without the value, the texts differ.
        let _ = value.write(ValueWriter::text(written));
        part.replace(&mut written.text, start);
    }
    written.text.push_str(template.end);
    if let Some(shards) = template.shards {
        let mut texts = Texts::default();
        for value in values {
            let mut written = Written::default();
            let _ = value.write(ValueWriter::text(&mut written));
            texts.add(&written.text);
        }
        template.push_shard(&mut written.text, texts.shard(shards));
    }
    match stored {
        Stored::Text(text) => compare(text, &written.text),
        _ => Err(other_key("", &written.text)),
    }
}
