//! Values of a schema's types, and their stored forms.

use super::description::{Definition, Described, Enum, Field, Form, StoredVariant, Structure, Type, Union};
use super::scalar::{Scalar, ScalarType};
use crate::codec::{
    self, FromAttribute, ItemReader, ItemWriter, TextForm, ToAttribute, UnknownAttributes, ValueReader, ValueWriter,
};
use crate::ground::{self, Kind, ReadError, ReadErrorKind, Segment, WriteError};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// The form of elements, and of fields without a form of their own.
static OWN: Form = Form::Own;

/// The type of encrypted values.
pub(super) static BYTES: Type = Type::Scalar(ScalarType::Bytes);

/// The form of times that have more digits than the forms that texts have in six.
static NANOS: Form = Form::Nanos;

#[derive(Clone, PartialEq)]
pub(super) enum Value {
    None,
    /// It could not be read.
    Unread,
    Scalar(Scalar),
    Json(serde_json::Value),
    List(Vec<Value>),
    /// In order, each once.
    Set(Vec<Value>),
    Map(BTreeMap<String, Value>),
    Vector(Vec<f32>),
    Struct(Box<StructValue>),
    /// A variant of a union by its position, and its struct.
    Union(usize, Option<Box<StructValue>>),
    /// A variant of an enum by its position.
    Variant(usize),
    OtherText(String),
    OtherNumber(i64),
}

/// The values of a struct's fields, in their order.
#[derive(Clone, PartialEq)]
pub(super) struct StructValue {
    pub(super) fields: Vec<Value>,
    pub(super) unknown: UnknownAttributes,
}

/// A type, with its stored form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Typed {
    pub(super) schema: &'static Described,
    pub(super) ty: &'static Type,
    pub(super) form: &'static Form,
}

/// A value that is written.
pub(super) struct Written<'v>(pub(super) Typed, pub(super) &'v Value);

impl Value {
    /// The order of elements of sets, which is that of emitted types.
    fn order(&self, other: &Self) -> Ordering {
        let rank = |of: &Self| match of {
            Value::Variant(position) => *position,
            _ => usize::MAX,
        };
        match (self, other) {
            (Value::Scalar(one), Value::Scalar(other)) => one.order(other),
            (Value::OtherText(one), Value::OtherText(other)) => one.cmp(other),
            (Value::OtherNumber(one), Value::OtherNumber(other)) => one.cmp(other),
            (one, other) => rank(one).cmp(&rank(other)),
        }
    }

    pub(super) fn set(mut elements: Vec<Value>) -> Self {
        elements.sort_by(Value::order);
        elements.dedup_by(|one, other| one.order(other) == Ordering::Equal);
        Value::Set(elements)
    }
}

impl Structure {
    /// The type of a field; of an optional field, the type of a present value.
    pub(super) fn present(schema: &'static Described, field: &'static Field) -> Typed {
        let ty = match &field.ty {
            Type::Optional(of) => of,
            ty => ty,
        };
        Typed { schema, ty, form: &field.form }
    }
}

impl Described {
    pub(super) fn structure(&'static self, name: &str) -> Option<&'static Structure> {
        match self.types.get(name)? {
            Definition::Struct(of) => Some(of),
            _ => None,
        }
    }
}

impl Typed {
    /// The type of elements.
    pub(super) fn element(self, ty: &'static Type) -> Self {
        Self { ty, form: &OWN, ..self }
    }

    pub(super) fn inner(self, ty: &'static Type) -> Self {
        Self { ty, ..self }
    }

    /// The stored form of a value.
    fn form_of(self, value: &Scalar) -> &'static Form {
        match self.form {
            Form::Own | Form::Pydantic if self.schema.keeps_digits && value.is_finer_than_micros() => &NANOS,
            form => form,
        }
    }

    /// The value of NULL; `None` if NULL counts as absent.
    fn null(self) -> Option<Value> {
        match self.ty {
            Type::Optional(_) => Some(Value::None),
            Type::Json if *self.form == Form::Own => Some(Value::Json(serde_json::Value::Null)),
            _ => None,
        }
    }

    fn read(self, reader: ValueReader<'_>) -> Result<Value, ReadError> {
        match self.ty {
            Type::Scalar(of) => of.read(self.form, reader).map(Value::Scalar),
            Type::Json if *self.form == Form::Text => TextForm::read_any(reader).map(Value::Json),
            Type::Json => FromAttribute::read(reader).map(Value::Json),
            Type::Optional(_) if reader.is_null() => Ok(Value::None),
            Type::Optional(of) => self.inner(of).read(reader),
            Type::Vector(dimensions) => {
                let values = Vec::<f32>::read(reader)?;
                match values.len() {
                    length if length == *dimensions => Ok(Value::Vector(values)),
                    length => Err(ReadError::value("a vector", ground::dimensions(*dimensions, length))),
                }
            }
            Type::List(of) => self.element(of).read_list(reader).map(Value::List),
            Type::Set(of) if *self.form == Form::List && reader.kind()? == Kind::List => {
                let element = self.element(of);
                let mut list = reader.list()?;
                let mut elements = Vec::new();
                while let Some(value) = list.next_element()? {
                    let index = elements.len();
                    elements.push(element.read(value).map_err(|error| error.within(Segment::Index(index)))?);
                }
                Ok(Value::set(elements))
            }
            Type::Set(of) => self.element(of).read_set(reader),
            Type::Map(of) => {
                let (element, mut map) = (self.element(of), reader.map()?);
                let mut entries = BTreeMap::new();
                while let Some(name) = map.next_name()? {
                    let value = element.read_element(map.value()).map_err(|error| error.within_name(&name))?;
                    entries.insert(name, value);
                }
                Ok(Value::Map(entries))
            }
            Type::Named(name) => match self.schema.types.get(name) {
                Some(Definition::Struct(of)) => {
                    of.read(self.schema, &mut reader.item()?).map(|value| Value::Struct(Box::new(value)))
                }
                Some(Definition::Enum(of)) => of.read(reader),
                Some(Definition::Union(of)) => of.read(self.schema, reader),
                None => Err(ReadError::value("a type of the schema", "the schema does not have it")),
            },
            Type::Rust(_) => Err(ReadError::value("a type of the app", "only the app can read it")),
            Type::Encrypted(_) if reader.kind()? == Kind::Binary => self.element(&BYTES).read(reader),
            Type::Encrypted(plain) => self.inner(plain).read(reader),
        }
    }

    fn read_element(self, reader: ValueReader<'_>) -> Result<Value, ReadError> {
        match self.null() {
            Some(value) if reader.is_null() => Ok(value),
            _ => self.read(reader),
        }
    }

    fn read_list(self, reader: ValueReader<'_>) -> Result<Vec<Value>, ReadError> {
        let mut list = reader.list()?;
        let mut values = Vec::new();
        while let Some(value) = list.next_element()? {
            let index = values.len();
            values.push(self.read_element(value).map_err(|error| error.within(Segment::Index(index)))?);
        }
        Ok(values)
    }

    fn read_set(self, reader: ValueReader<'_>) -> Result<Value, ReadError> {
        if reader.is_null() {
            return Ok(Value::Set(Vec::new()));
        }
        let mut set = reader.set()?;
        let mut values = Vec::new();
        while let Some(value) = set.next_element()? {
            values.push(self.read(value).map_err(ReadError::of_set)?);
        }
        Ok(Value::set(values))
    }
}

impl Field {
    /// Reads the reader's current attribute.
    pub(super) fn read(
        &'static self,
        schema: &'static Described,
        reader: &mut ItemReader<'_>,
    ) -> Result<Option<Value>, ReadError> {
        let present = Structure::present(schema, self);
        if self.computed {
            // Emitted code does not read it, so that another value is no mistake in the item.
            let stored = reader.value_by(|| None, ValueReader::value)?;
            return Ok(stored.and_then(|value| present.read(ValueReader::new(value)).ok()));
        }
        if self.absent_if_empty {
            return reader.non_empty_by(|value| present.read(value));
        }
        if self.hash_of.is_some() {
            // The app reads no hashes: an attribute of its name from before may be anything.
            let read = |value: ValueReader<'_>| match value.kind()? {
                Kind::Binary => present.read(value),
                _ => Ok(Value::None),
            };
            return reader.value_by(|| present.null(), read);
        }
        let read = |reader: &mut ItemReader<'_>| reader.value_by(|| present.null(), |value| present.read(value));
        match self.is_checked_key {
            false => read(reader),
            true => reader.value_of_key_by(read, |value, stored| {
                let mut value = value.clone();
                self.transform(schema, &mut value);
                stored.check(&Written(present, &value))
            }),
        }
    }
}

impl Structure {
    /// Reads a struct that is no model.
    pub(super) fn read(
        &'static self,
        schema: &'static Described,
        reader: &mut ItemReader<'_>,
    ) -> Result<StructValue, ReadError> {
        let names: Vec<&'static str> = self.fields.iter().map(|field| field.attribute.as_str()).collect();
        let mut values: Vec<Option<Value>> = vec![None; names.len()];
        // The names are those of this struct, which is never freed.
        let names = super::leaked::names(names);
        while let Some(at) = reader.next(names)? {
            if let (Some(field), Some(value)) = (self.fields.get(at), values.get_mut(at)) {
                *value = field.read(schema, reader)?;
            }
        }
        let unknown = if self.keeps_unknown { reader.unknown() } else { UnknownAttributes::default() };
        self.finish(schema, values, unknown)
    }

    /// The struct of these values and the defaults.
    pub(super) fn finish(
        &'static self,
        schema: &'static Described,
        values: Vec<Option<Value>>,
        unknown: UnknownAttributes,
    ) -> Result<StructValue, ReadError> {
        let fields = self.fields.iter().zip(values).map(|(field, value)| {
            let missing = || ReadError::new(ReadErrorKind::Missing).within_name(&field.attribute);
            value.or_else(|| field.missing(schema)).ok_or_else(missing)
        });
        Ok(StructValue { fields: fields.collect::<Result<_, _>>()?, unknown })
    }

    pub(super) fn write(&'static self, schema: &'static Described, value: &StructValue, writer: &mut ItemWriter<'_>) {
        if self.keeps_unknown {
            writer.unknown(&value.unknown);
        }
        for (field, value) in self.fields.iter().zip(&value.fields).filter(|(field, _)| !field.computed) {
            writer.attribute(&field.attribute, &Written(Self::present(schema, field), value));
        }
    }
}

impl Enum {
    /// The value with a stored text.
    pub(super) fn of_text(&self, text: &str, in_any_case: bool) -> Option<Value> {
        let lower = text.to_lowercase();
        let is = |value: &StoredVariant| match value {
            StoredVariant::Text(own) if in_any_case && self.ignores_case => own.to_lowercase() == lower,
            StoredVariant::Text(own) => own == text,
            StoredVariant::Number(_) => false,
        };
        let found = self.variants.iter().position(|variant| is(&variant.value)).map(Value::Variant);
        found.or_else(|| self.other.then(|| Value::OtherText(text.to_owned())))
    }

    pub(super) fn of_number(&self, number: i64) -> Option<Value> {
        let found = self.variants.iter().position(|variant| variant.value == StoredVariant::Number(number));
        found.map(Value::Variant).or_else(|| self.other.then_some(Value::OtherNumber(number)))
    }

    pub(super) fn is_number(&self) -> bool {
        self.variants.first().is_some_and(|variant| matches!(variant.value, StoredVariant::Number(_)))
    }

    fn read(&'static self, reader: ValueReader<'_>) -> Result<Value, ReadError> {
        if self.is_number() {
            let number = i64::read(reader)?;
            return self.of_number(number).ok_or_else(|| ReadError::value(&self.name, "no variant has this number"));
        }
        reader.with_str(|text| {
            self.of_text(text, true).ok_or_else(|| ReadError::value(&self.name, "no variant has this text"))
        })
    }

    /// The stored form of a value.
    pub(super) fn stored(&self, value: &Value) -> StoredVariant {
        match value {
            Value::Variant(position) => match self.variants.get(*position) {
                Some(variant) => variant.value.clone(),
                None => StoredVariant::Text(String::new()),
            },
            Value::OtherNumber(number) => StoredVariant::Number(*number),
            Value::OtherText(text) => match self.of_text(text, true) {
                Some(listed @ Value::Variant(_)) => self.stored(&listed),
                _ => StoredVariant::Text(text.clone()),
            },
            _ => StoredVariant::Text(String::new()),
        }
    }
}

impl Union {
    fn read(&'static self, schema: &'static Described, reader: ValueReader<'_>) -> Result<Value, ReadError> {
        let mut reader = reader.item()?;
        let tag = reader.tag(&self.tag)?;
        let Some(position) = self.variants.iter().position(|variant| variant.value == tag) else {
            return Err(reader.unknown_tag(&self.tag, &self.name));
        };
        let structure = self.structure(schema, position);
        if structure.is_none()
            && self.keeps_unknown
            && let Some(name) = reader.unknown().as_map().keys().min()
        {
            let reason = format!("the variant `{tag}` has no fields, so `{name}` would be lost");
            return Err(ReadError::value(&self.name, reason));
        }
        let value = structure.map(|of| of.read(schema, &mut reader)).transpose()?;
        Ok(Value::Union(position, value.map(Box::new)))
    }

    pub(super) fn structure(&'static self, schema: &'static Described, variant: usize) -> Option<&'static Structure> {
        schema.structure(self.variants.get(variant)?.of.as_ref()?)
    }
}

impl ToAttribute for Written<'_> {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        let Self(of, value) = *self;
        match (of.ty, value) {
            (_, Value::None) => writer.null(),
            (Type::Optional(inner), value) => Written(of.inner(inner), value).write(writer),
            (Type::Encrypted(_), Value::Scalar(Scalar::Bytes(_))) => Written(of.element(&BYTES), value).write(writer),
            (Type::Encrypted(plain), value) => Written(of.inner(plain), value).write(writer),
            (_, Value::Scalar(value)) => value.write(of.form_of(value), writer),
            (_, Value::Json(value)) if *of.form == Form::Text => writer.string(&value.to_text()?),
            (_, Value::Json(value)) => value.write(writer),
            (_, Value::Vector(values)) => codec::write_vector(values, writer),
            (Type::Set(_), Value::Set(values)) if values.is_empty() && *of.form != Form::List => writer.null(),
            (Type::Set(element), Value::Set(values)) if *of.form != Form::List => {
                let mut set = writer.set(values.len())?;
                for value in values {
                    set.element(&Written(of.element(element), value))?;
                }
                set.finish()
            }
            (Type::List(element) | Type::Set(element), Value::List(values) | Value::Set(values)) => {
                let mut list = writer.list(values.len())?;
                for (index, value) in values.iter().enumerate() {
                    let written = list.element(&Written(of.element(element), value));
                    written.map_err(|error| error.within(Segment::Index(index)))?;
                }
                list.finish()
            }
            (Type::Map(element), Value::Map(entries)) => {
                let mut map = writer.map(entries.len())?;
                for (name, value) in entries {
                    map.entry(name, &Written(of.element(element), value))?;
                }
                map.finish()
            }
            (Type::Named(name), value) => match (of.schema.types.get(name), value) {
                (Some(Definition::Struct(structure)), Value::Struct(value)) => {
                    writer.item_with(None, |writer| structure.write(of.schema, value, writer))
                }
                (Some(Definition::Union(union)), Value::Union(position, value)) => {
                    let tag = union.variants.get(*position).map(|variant| (union.tag.as_str(), variant.value.as_str()));
                    let structure = union.structure(of.schema, *position).zip(value.as_deref());
                    writer.item_with(tag, |writer| {
                        if let Some((structure, value)) = structure {
                            structure.write(of.schema, value, writer);
                        }
                    })
                }
                (Some(Definition::Enum(of)), value) => match of.stored(value) {
                    StoredVariant::Text(text) => writer.string(&text),
                    StoredVariant::Number(number) => number.write(writer),
                },
                _ => writer.null(),
            },
            _ => writer.null(),
        }
    }

    fn is_absent(&self) -> bool {
        match self.1 {
            Value::None => true,
            Value::Set(values) => values.is_empty() && *self.0.form != Form::List,
            _ => false,
        }
    }
}
