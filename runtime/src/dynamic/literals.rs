//! Values that the schema writes out, defaults, and the values that factories make.

use super::description::{Default, Definition, Described, Factory, Field, Literal, Structure, Type};
use super::scalar::{Scalar, ScalarType};
use super::value::{StructValue, Typed, Value};
use crate::codec::UnknownAttributes;
use crate::factory::{self, with_jiff, with_time};
use std::collections::BTreeMap;

impl Typed {
    /// The value of a literal of the schema.
    pub(super) fn literal(self, of: &Literal) -> Option<Value> {
        let all = |element: &'static Type, of: &[Literal]| {
            of.iter().map(|of| self.element(element).literal(of)).collect::<Option<Vec<_>>>()
        };
        Some(match (self.ty, of) {
            (Type::Optional(_), Literal::None) => Value::None,
            (Type::Optional(inner), of) => return self.inner(inner).literal(of),
            (Type::Scalar(ty), of) => Value::Scalar(ty.literal(of)?),
            (Type::Json, Literal::Json(text)) => Value::Json(serde_json::from_str(text).ok()?),
            (Type::List(element), Literal::List(of)) => Value::List(all(element, of)?),
            (Type::Set(element), Literal::Set(of)) => Value::set(all(element, of)?),
            (Type::Map(element), Literal::Map(of)) => {
                let entry = |(name, of): &(String, Literal)| Some((name.clone(), self.element(element).literal(of)?));
                Value::Map(of.iter().map(entry).collect::<Option<_>>()?)
            }
            (Type::Named(name), Literal::Variant(variant)) => match self.schema.types.get(name)? {
                Definition::Enum(of) => Value::Variant(of.variants.iter().position(|of| of.name == *variant)?),
                _ => return None,
            },
            _ => return None,
        })
    }

    /// The default of the type: an empty collection, or a struct of defaults.
    pub(super) fn empty(self) -> Option<Value> {
        match self.ty {
            Type::List(_) => Some(Value::List(Vec::new())),
            Type::Set(_) => Some(Value::Set(Vec::new())),
            Type::Map(_) => Some(Value::Map(BTreeMap::new())),
            Type::Scalar(ty) => [Literal::Number("0".to_owned()), Literal::Bool(false), Literal::Text(String::new())]
                .iter()
                .find_map(|of| ty.literal(of))
                .map(Value::Scalar),
            Type::Named(name) => {
                let fields = &self.schema.structure(name)?.fields;
                let fields = fields.iter().map(|field| field.missing(self.schema)).collect::<Option<_>>()?;
                Some(Value::Struct(Box::new(StructValue { fields, unknown: UnknownAttributes::default() })))
            }
            _ => None,
        }
    }
}

impl ScalarType {
    fn literal(self, of: &Literal) -> Option<Scalar> {
        Some(match (self, of) {
            (ScalarType::String, Literal::Text(text)) => Scalar::String(text.clone()),
            (ScalarType::String | ScalarType::Bool | ScalarType::Bytes, Literal::Number(_)) => return None,
            (_, Literal::Number(text)) => self.of_text(text)?,
            (ScalarType::Uuid, Literal::Uuid(text)) => self.of_text(text)?,
            (ScalarType::Bool, Literal::Bool(value)) => Scalar::Bool(*value),
            (ScalarType::Bytes, Literal::Bytes(bytes)) => Scalar::Bytes(bytes.clone().into()),
            (ScalarType::ChronoDatetime, Literal::Micros(of)) => Scalar::ChronoDatetime(factory::datetime(*of)),
            (ScalarType::ChronoNaive, Literal::Micros(of)) => Scalar::ChronoNaive(factory::naive_datetime(*of)),
            (ScalarType::ChronoClock, Literal::Micros(of)) => Scalar::ChronoClock(factory::time(*of)),
            (ScalarType::ChronoDuration, Literal::Micros(of)) => Scalar::ChronoDuration(factory::duration(*of)),
            (ScalarType::TimeDatetime, Literal::Micros(of)) => Scalar::TimeDatetime(with_time::datetime(*of)),
            (ScalarType::TimeNaive, Literal::Micros(of)) => Scalar::TimeNaive(with_time::naive_datetime(*of)),
            (ScalarType::TimeClock, Literal::Micros(of)) => Scalar::TimeClock(with_time::time(*of)),
            (ScalarType::TimeDuration, Literal::Micros(of)) => Scalar::TimeDuration(with_time::duration(*of)),
            (ScalarType::JiffDatetime, Literal::Micros(of)) => Scalar::JiffDatetime(with_jiff::datetime(*of)),
            (ScalarType::JiffNaive, Literal::Micros(of)) => Scalar::JiffNaive(with_jiff::naive_datetime(*of)),
            (ScalarType::JiffClock, Literal::Micros(of)) => Scalar::JiffClock(with_jiff::time(*of)),
            (ScalarType::JiffDuration, Literal::Micros(of)) => Scalar::JiffDuration(with_jiff::duration(*of)),
            (ScalarType::ChronoDate, Literal::Date(y, m, d)) => Scalar::ChronoDate(factory::date(*y, *m, *d)),
            (ScalarType::TimeDate, Literal::Date(y, m, d)) => Scalar::TimeDate(with_time::date(*y, *m, *d)),
            (ScalarType::JiffDate, Literal::Date(y, m, d)) => Scalar::JiffDate(with_jiff::date(*y, *m, *d)),
            _ => return None,
        })
    }

    /// The value that a factory makes.
    pub(super) fn made(self, by: Factory) -> Option<Scalar> {
        Some(match (by, self) {
            (Factory::UuidV4, _) => Scalar::Uuid(factory::uuid_v4()),
            (Factory::UuidV7, _) => Scalar::Uuid(factory::uuid_v7()),
            (Factory::UuidV4Text, _) => Scalar::String(factory::uuid_v4_text()),
            (Factory::UuidV7Text, _) => Scalar::String(factory::uuid_v7_text()),
            (Factory::Ulid, _) => Scalar::Ulid(factory::ulid()),
            (Factory::UlidText, _) => Scalar::String(factory::ulid_text()),
            (Factory::Now, ScalarType::TimeDatetime) => Scalar::TimeDatetime(with_time::now()),
            (Factory::Now, ScalarType::JiffDatetime) => Scalar::JiffDatetime(with_jiff::now()),
            (Factory::Now, _) => Scalar::ChronoDatetime(factory::now()),
            (Factory::Today, ScalarType::TimeDate) => Scalar::TimeDate(with_time::today()),
            (Factory::Today, ScalarType::JiffDate) => Scalar::JiffDate(with_jiff::today()),
            (Factory::Expiry(of), ScalarType::TimeDatetime) => Scalar::TimeDatetime(with_time::expiry(of)),
            (Factory::Expiry(of), ScalarType::JiffDatetime) => Scalar::JiffDatetime(with_jiff::expiry(of)),
            (Factory::Expiry(of), _) => Scalar::ChronoDatetime(factory::expiry(of)),
            (Factory::Today, _) => Scalar::ChronoDate(factory::today()),
        })
    }
}

impl Value {
    /// The whole seconds of a datetime since 1970.
    pub(super) fn seconds(&self) -> Option<i64> {
        match self {
            Value::Scalar(Scalar::ChronoDatetime(time)) => Some(time.timestamp()),
            Value::Scalar(Scalar::TimeDatetime(time)) => Some(time.unix_timestamp()),
            Value::Scalar(Scalar::JiffDatetime(time)) => Some(time.as_second()),
            _ => None,
        }
    }
}

impl Field {
    /// The value of a field that an item does not have; `None` if it is required.
    pub(super) fn missing(&'static self, schema: &'static Described) -> Option<Value> {
        let present = Structure::present(schema, self);
        match &self.default {
            Default::Required => None,
            Default::Absent => Some(Value::None),
            Default::Empty => present.empty(),
            Default::Literal(of) => present.literal(of),
            Default::Factory(by) => match present.ty {
                Type::Scalar(ty) => ty.made(*by).map(Value::Scalar),
                _ => None,
            },
        }
    }
}
