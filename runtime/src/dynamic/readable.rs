//! What can be read of JSON with mistakes, so that its other values are checked too.

use super::description::{Definition, Described, Field, Structure, Type, Union};
use super::json::{Entries, entries};
use super::value::{StructValue, Typed, Value};
use crate::codec::UnknownAttributes;
use serde_json::value::RawValue;

impl Typed {
    /// The value, without the parts that cannot be read.
    fn readable(self, json: &RawValue, in_union: bool) -> Value {
        self.of_json(json, in_union).ok().or_else(|| self.parts(json, in_union)).unwrap_or(Value::Unread)
    }

    /// The parts that can be read of a value that is none of the type.
    fn parts(self, json: &RawValue, in_union: bool) -> Option<Value> {
        let element = |ty, json: &RawValue| self.element(ty).readable(json, in_union);
        Some(match self.ty {
            Type::Optional(inner) => return self.inner(inner).parts(json, in_union),
            Type::List(of) => {
                let values: Vec<&RawValue> = serde_json::from_str(json.get()).ok()?;
                Value::List(values.into_iter().map(|json| element(of, json)).collect())
            }
            Type::Map(of) => {
                let entry = |(name, json): (String, Box<RawValue>)| (name, element(of, &json));
                Value::Map(entries(json).ok()?.into_iter().map(entry).collect())
            }
            Type::Named(name) => match self.schema.types.get(name)? {
                Definition::Struct(of) => {
                    Value::Struct(Box::new(of.readable_of_json(self.schema, entries(json).ok()?)))
                }
                Definition::Union(of) => of.readable(self.schema, json)?,
                Definition::Enum(_) => return None,
            },
            _ => return None,
        })
    }
}

impl Value {
    /// Whether all of it was read.
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Value::Unread => false,
            Value::List(values) => values.iter().all(Self::is_whole),
            Value::Map(entries) => entries.values().all(Self::is_whole),
            Value::Struct(of) | Value::Union(_, Some(of)) => of.fields.iter().all(Self::is_whole),
            _ => true,
        }
    }
}

impl Structure {
    /// The struct, without the fields that cannot be read.
    pub(super) fn readable_of_json(&'static self, schema: &'static Described, mut json: Entries) -> StructValue {
        let field = |field: &'static Field| match json.remove(&field.json) {
            Some(json) => Typed { schema, ty: &field.ty, form: &field.form }.readable(&json, self.in_union),
            None => field.missing(schema).unwrap_or(Value::Unread),
        };
        StructValue { fields: self.fields.iter().map(field).collect(), unknown: UnknownAttributes::default() }
    }
}

impl Union {
    fn readable(&'static self, schema: &'static Described, json: &RawValue) -> Option<Value> {
        let mut json = entries(json).ok()?;
        let tag: String = serde_json::from_str(json.remove(&self.tag)?.get()).ok()?;
        let position = self.variants.iter().position(|variant| variant.value == tag)?;
        let value = self.structure(schema, position).map(|of| Box::new(of.readable_of_json(schema, json)));
        Some(Value::Union(position, value))
    }
}
