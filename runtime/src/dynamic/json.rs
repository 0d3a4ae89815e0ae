//! Values in JSON, as serde reads and writes them for emitted code.

use super::description::{Default, Definition, Described, Enum, Field, Structure, Type, Union};
use super::json_error::JsonError;
use super::value::{BYTES, StructValue, Typed, Value};
use super::{attribute_json, json_value};
use crate::codec::{UnknownAttributes, in_json};
use crate::ground::{self, AttributeMap, Segment};
use serde::de::{Deserialize, Deserializer, Error as _, MapAccess, Visitor};
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::fmt;

/// The name under which JSON has the attributes without a field, in DynamoDB's own JSON.
pub(super) const UNKNOWN: &str = "$unknown";

pub(super) type Entries = BTreeMap<String, Box<RawValue>>;

/// The entries of an object. A name that is there twice is a mistake, as it is for the structs of an app.
struct Distinct(Entries);

impl<'de> Deserialize<'de> for Distinct {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Distinctly;
        impl<'de> Visitor<'de> for Distinctly {
            type Value = Entries;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Entries::new();
                while let Some((name, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    if entries.contains_key(&name) {
                        return Err(A::Error::custom(format_args!("`{name}` is there twice")));
                    }
                    entries.insert(name, value);
                }
                Ok(entries)
            }
        }
        from.deserialize_map(Distinctly).map(Distinct)
    }
}

pub(super) fn entries(json: &RawValue) -> Result<Entries, JsonError> {
    let Distinct(entries) = serde_json::from_str(json.get())?;
    Ok(entries)
}

impl Typed {
    pub(super) fn of_json(self, json: &RawValue, in_union: bool) -> Result<Value, JsonError> {
        let element = |ty, json: &RawValue| self.element(ty).of_json(json, in_union);
        let all = |ty, json: &RawValue| {
            let values: Vec<Box<RawValue>> = serde_json::from_str(json.get())?;
            let of = |(index, json): (usize, &RawValue)| {
                element(ty, json).map_err(|error| error.within(Segment::Index(index)))
            };
            JsonError::all::<_, Vec<_>>(values.iter().map(AsRef::as_ref).enumerate().map(of))
        };
        Ok(match self.ty {
            Type::Scalar(of) => Value::Scalar(of.of_json(json.get(), in_union).map_err(JsonError::new)?),
            Type::Json => Value::Json(json_value::of_json(json)?),
            Type::Optional(_) if json.get() == "null" => Value::None,
            Type::Optional(inner) => Typed { ty: inner, ..self }.of_json(json, in_union)?,
            Type::Vector(dimensions) => {
                let values: Vec<&RawValue> = serde_json::from_str(json.get())?;
                let number = |(index, json): (usize, &RawValue)| {
                    let finite = serde_json::from_str::<f32>(json.get()).ok().filter(|value| value.is_finite());
                    finite.ok_or_else(|| JsonError::new("it is no number of 32 bits").within(Segment::Index(index)))
                };
                let length = values.len();
                let numbers = JsonError::all(values.into_iter().enumerate().map(number));
                if length != *dimensions {
                    return Err(JsonError::new(ground::dimensions(*dimensions, length)).after(numbers.err()));
                }
                Value::Vector(numbers?)
            }
            Type::List(of) => Value::List(all(of, json)?),
            Type::Set(of) => Value::set(all(of, json)?),
            Type::Map(of) => {
                let entry = |(name, json): (String, Box<RawValue>)| {
                    let value = element(of, &json).map_err(|error| error.within(name.as_str().into()))?;
                    Ok((name, value))
                };
                Value::Map(JsonError::all(entries(json)?.into_iter().map(entry))?)
            }
            Type::Named(name) => match self.schema.types.get(name) {
                Some(Definition::Struct(of)) => Value::Struct(Box::new(of.of_json(self.schema, entries(json)?)?)),
                Some(Definition::Union(of)) => of.of_json(self.schema, json)?,
                Some(Definition::Enum(of)) => of.of_json(json)?,
                None => return Err(JsonError::new("the schema does not have its type")),
            },
            Type::Encrypted(plain) => match self.element(&BYTES).of_json(json, in_union) {
                Ok(bytes) => bytes,
                Err(_) => self.inner(plain).of_json(json, in_union)?,
            },
            Type::Rust(path) => return Err(JsonError::new(format_args!("only the app can read its type `{path}`"))),
        })
    }

    pub(super) fn write_json(self, value: &Value, in_union: bool, json: &mut String) -> Result<(), JsonError> {
        match (self.ty, value) {
            (_, Value::None) => json.push_str("null"),
            (Type::Optional(inner), value) => Typed { ty: inner, ..self }.write_json(value, in_union, json)?,
            (Type::Encrypted(plain), value) if !matches!(value, Value::Scalar(_)) => {
                self.inner(plain).write_json(value, in_union, json)?;
            }
            (_, Value::Scalar(value)) => match value.all_digits().filter(|_| self.schema.keeps_digits) {
                Some(text) => json.push_str(&serde_json::to_string(&text)?),
                None => json.push_str(&value.to_json(in_union)?),
            },
            (_, Value::Json(value)) => json.push_str(&value.to_string()),
            (_, Value::Vector(values)) => json.push_str(&serde_json::to_string(values)?),
            (Type::List(of) | Type::Set(of), Value::List(values) | Value::Set(values)) => {
                json.push('[');
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        json.push(',');
                    }
                    self.element(of).write_json(value, in_union, json)?;
                }
                json.push(']');
            }
            (Type::Map(of), Value::Map(entries)) => {
                json.push('{');
                for (index, (name, value)) in entries.iter().enumerate() {
                    begin_entry(json, index > 0, name)?;
                    self.element(of).write_json(value, in_union, json)?;
                }
                json.push('}');
            }
            (Type::Named(name), value) => match (self.schema.types.get(name), value) {
                (Some(Definition::Struct(of)), Value::Struct(value)) => {
                    of.write_json(self.schema, value, None, json)?
                }
                (Some(Definition::Union(of)), Value::Union(position, value)) => {
                    of.write_json(self.schema, *position, value.as_deref(), json)?;
                }
                (Some(Definition::Enum(of)), value) => json.push_str(&of.to_json(value)?),
                _ => return Err(JsonError::new("the value is not of its type")),
            },
            _ => return Err(JsonError::new("the value is not of its type")),
        }
        Ok(())
    }
}

/// Writes the name of an entry, and a comma before it if others come first.
pub(super) fn begin_entry(json: &mut String, has_others: bool, name: &str) -> Result<(), JsonError> {
    if has_others {
        json.push(',');
    }
    json.push_str(&serde_json::to_string(name)?);
    json.push(':');
    Ok(())
}

impl Field {
    pub(super) fn of_json(
        &'static self,
        schema: &'static Described,
        in_union: bool,
        json: Option<&RawValue>,
    ) -> Result<Value, JsonError> {
        let typed = Typed { schema, ty: &self.ty, form: &self.form };
        let read = match (json, &self.default) {
            (Some(json), _) => typed.of_json(json, in_union),
            (None, Default::Required) => Err(JsonError::new("it has no value, and the schema has no default")),
            (None, _) => self.missing(schema).ok_or_else(|| JsonError::new("its default cannot be made")),
        };
        read.map_err(|error| error.within(self.json.as_str().into()))
    }
}

impl Structure {
    pub(super) fn of_json(
        &'static self,
        schema: &'static Described,
        mut json: Entries,
    ) -> Result<StructValue, JsonError> {
        let unknown = json.remove(UNKNOWN).map(|unknown| self.unknown_of_json(&unknown)).transpose();
        let field = |field: &'static Field| field.of_json(schema, self.in_union, json.remove(&field.json).as_deref());
        let fields = JsonError::all(self.fields.iter().map(field).collect::<Vec<_>>().into_iter());
        let surplus = json.keys().map(|name| {
            let names: Vec<String> = self.fields.iter().map(|field| format!("`{}`", field.json)).collect();
            let reason = format!("`{}` has no such field: it has {}", self.name, names.join(", "));
            Err::<(), _>(JsonError::new(reason).within(name.as_str().into()))
        });
        let surplus = JsonError::all::<_, ()>(surplus);
        match (surplus, unknown, fields) {
            (Ok(()), Ok(unknown), Ok(fields)) => Ok(StructValue { fields, unknown: unknown.unwrap_or_default() }),
            // A name that no field has comes first: it may be the reason why a field has no value.
            (surplus, unknown, fields) => {
                let found = [surplus.err(), unknown.err(), fields.err()];
                Err(JsonError { mistakes: found.into_iter().flatten().flat_map(|error| error.mistakes).collect() })
            }
        }
    }

    fn unknown_of_json(&'static self, json: &RawValue) -> Result<UnknownAttributes, JsonError> {
        let attribute = |(name, json): (String, Box<RawValue>)| {
            let field = self.fields.iter().find(|field| field.attribute == name);
            let read = match field {
                Some(field) => Err(format!("it is the attribute of the field `{}`", field.json)),
                None if self.made.contains(&name) => Err("it is an attribute that every write makes".to_owned()),
                None => attribute_json::value_of_json(json.get()),
            };
            match read {
                Ok(value) => Ok((name, value)),
                Err(why) => Err(JsonError::new(why).within(name.as_str().into())),
            }
        };
        let read = || match self.keeps_unknown {
            true => JsonError::all::<_, AttributeMap>(entries(json)?.into_iter().map(attribute)),
            false => Err(JsonError::new(format_args!("`{}` keeps no attributes without a field", self.name))),
        };
        read().map(UnknownAttributes::new).map_err(|error| error.within(UNKNOWN.into()))
    }

    pub(super) fn write_json(
        &'static self,
        schema: &'static Described,
        value: &StructValue,
        tag: Option<(&str, &str)>,
        json: &mut String,
    ) -> Result<(), JsonError> {
        json.push('{');
        if let Some((tag, variant)) = tag {
            begin_entry(json, false, tag)?;
            json.push_str(&serde_json::to_string(variant)?);
        }
        let start = json.len();
        for (field, value) in self.fields.iter().zip(&value.fields) {
            begin_entry(json, tag.is_some() || json.len() > start, &field.json)?;
            let written = Typed { schema, ty: &field.ty, form: &field.form }.write_json(value, self.in_union, json);
            written.map_err(|error| error.within(field.json.as_str().into()))?;
        }
        if !value.unknown.as_map().is_empty() {
            begin_entry(json, tag.is_some() || json.len() > start, UNKNOWN)?;
            json.push_str(&attribute_json::to_json(value.unknown.as_map()));
        }
        json.push('}');
        Ok(())
    }
}

impl Union {
    fn of_json(&'static self, schema: &'static Described, json: &RawValue) -> Result<Value, JsonError> {
        let mut json = entries(json)?;
        let tag = json.remove(&self.tag).ok_or_else(|| JsonError::new("it has no value"));
        let tag = tag.and_then(|tag| Ok(serde_json::from_str::<String>(tag.get())?));
        let find = |tag: String| {
            let unknown = || {
                let all: Vec<String> = self.variants.iter().map(|of| format!("`{}`", of.value)).collect();
                JsonError::new(format_args!("no variant has this tag: it is one of {}", all.join(", ")))
            };
            self.variants.iter().position(|variant| variant.value == tag).ok_or_else(unknown)
        };
        let position = tag.and_then(find).map_err(|error| error.within(self.tag.as_str().into()))?;
        let structure = self.structure(schema, position);
        let value = structure.map(|of| of.of_json(schema, json)).transpose()?;
        Ok(Value::Union(position, value.map(Box::new)))
    }

    fn write_json(
        &'static self,
        schema: &'static Described,
        position: usize,
        value: Option<&StructValue>,
        json: &mut String,
    ) -> Result<(), JsonError> {
        let variant = self.variants.get(position).map_or("", |variant| variant.value.as_str());
        match self.structure(schema, position).zip(value) {
            Some((structure, value)) => structure.write_json(schema, value, Some((&self.tag, variant)), json),
            None => {
                json.push('{');
                begin_entry(json, false, &self.tag)?;
                json.push_str(&serde_json::to_string(variant)?);
                json.push('}');
                Ok(())
            }
        }
    }
}

impl Enum {
    fn is_named(&self) -> bool {
        self.variants.iter().any(|variant| variant.json_name.is_some())
    }

    fn of_json(&self, json: &RawValue) -> Result<Value, JsonError> {
        let unlisted = || {
            let all: Vec<String> = self.variants.iter().filter_map(|of| self.name_of(of)).collect();
            let other = match (self.other, self.is_number()) {
                (false, _) => "",
                (true, true) => ", or another number",
                (true, false) => ", or another text",
            };
            JsonError::new(format_args!("no variant of `{}`: it is one of {}{other}", self.name, all.join(", ")))
        };
        if self.is_named() {
            let name = match serde_json::from_str(json.get()).map_err(|_| unlisted())? {
                in_json::Variant::Number(number) => return self.of_number(number).ok_or_else(unlisted),
                in_json::Variant::Name(name) => name,
            };
            let named = |variant: &super::description::Variant| variant.json_name.as_deref() == Some(name.as_str());
            return self.variants.iter().position(named).map(Value::Variant).ok_or_else(unlisted);
        }
        match self.is_number() {
            true => self.of_number(serde_json::from_str(json.get()).map_err(|_| unlisted())?),
            // Emitted code takes other cases only where it keeps unlisted texts.
            false => self.of_text(&serde_json::from_str::<String>(json.get()).map_err(|_| unlisted())?, self.other),
        }
        .ok_or_else(unlisted)
    }

    fn name_of(&self, of: &super::description::Variant) -> Option<String> {
        use super::description::StoredVariant;
        match (&of.json_name, &of.value) {
            (Some(name), _) => serde_json::to_string(name).ok(),
            (None, StoredVariant::Text(text)) => serde_json::to_string(text).ok(),
            (None, StoredVariant::Number(number)) => Some(number.to_string()),
        }
    }

    fn to_json(&self, value: &Value) -> Result<String, JsonError> {
        use super::description::StoredVariant;
        if let Value::Variant(position) = value
            && let Some(name) = self.variants.get(*position).and_then(|variant| variant.json_name.as_ref())
        {
            return Ok(serde_json::to_string(name)?);
        }
        Ok(match self.stored(value) {
            StoredVariant::Text(text) => serde_json::to_string(&text)?,
            StoredVariant::Number(number) => number.to_string(),
        })
    }
}
