//! The types of fields, and the types that a schema defines.

use super::{DecimalType, Doc, Extras, Field, Int, KeyKind, TimeTypes};
use std::collections::HashSet;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar(Scalar),
    Json,
    List(Box<Type>),
    /// Elements are stored as S, N or B, and have an order.
    Set(Box<Type>),
    Map(Box<Type>),
    /// Numbers of type `f32`, as many as it has dimensions.
    Vector(u16),
    /// Never directly in another optional.
    Optional(Box<Type>),
    Named(Named),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Bool,
    Int(Int),
    F32,
    F64,
    Decimal(DecimalType),
    Bytes,
    Uuid,
    Ulid,
    Url,
    Ipv4,
    Ipv6,
    Ip,
    Ipv4Net,
    Ipv6Net,
    IpNet,
    Time(TimeKind, TimeTypes),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TimeKind {
    DateTime,
    Date,
    Time,
    NaiveDateTime,
    Duration,
}

/// A type that the schema defines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Named {
    /// The type's name: a Rust type identifier, or the path of a user's type.
    pub(crate) name: String,
    pub(crate) kind: NamedKind,
    /// Whether the value is in a `Box`, since it can hold values of its own type.
    pub(crate) boxed: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NamedKind {
    Struct,
    Union,
    Enum { number: bool, other: bool, ignores_case: bool },
    Rust { key: Option<KeyKind>, eq: bool },
}

/// A type that the schema defines.
#[derive(Debug)]
pub(crate) enum TypeDefinition {
    Struct(StructType),
    Enum(EnumType),
    Union(UnionType),
}

/// A struct that is stored as M.
#[derive(Debug)]
pub(crate) struct StructType {
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    pub(crate) extras: Extras,
    pub(crate) fields: Vec<Field>,
    /// The path of a function that checks the whole value.
    pub(crate) validate: Option<String>,
    /// Whether it keeps stored attributes without a field.
    pub(crate) keeps_unknown: bool,
    /// The name of the struct that changes single fields of a value.
    pub(crate) patch: Option<String>,
}

/// An enum that is stored as S or N.
#[derive(Debug)]
pub(crate) struct EnumType {
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    pub(crate) extras: Extras,
    /// Whether it keeps values that are not a variant.
    pub(crate) other: bool,
    /// Whether reads take its texts in any case.
    pub(crate) ignores_case: bool,
    pub(crate) variants: Vec<EnumVariant>,
}

#[derive(Debug)]
pub(crate) struct EnumVariant {
    /// In upper camel case.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    pub(crate) value: EnumValue,
    /// Its name in JSON, if that is not its stored value.
    pub(crate) json_name: Option<String>,
}

/// The stored value of a variant. All values of an enum have the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EnumValue {
    Text(String),
    Number(i64),
}

/// An enum of structs that is stored as M. An attribute distinguishes the variants.
#[derive(Debug)]
pub(crate) struct UnionType {
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    pub(crate) extras: Extras,
    /// The attribute that distinguishes the variants.
    pub(crate) tag: String,
    pub(crate) variants: Vec<UnionVariant>,
    /// The structs of variants that have fields of their own.
    pub(crate) structs: Vec<StructType>,
}

#[derive(Debug)]
pub(crate) struct UnionVariant {
    /// In upper camel case.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The value of the tag.
    pub(crate) value: String,
    /// The name of the variant's struct, if it holds one.
    pub(crate) of: Option<String>,
}

impl TypeDefinition {
    pub(crate) fn name(&self) -> &str {
        match self {
            TypeDefinition::Struct(of) => &of.name,
            TypeDefinition::Enum(of) => &of.name,
            TypeDefinition::Union(of) => &of.name,
        }
    }

    pub(crate) fn extras(&self) -> &Extras {
        match self {
            TypeDefinition::Struct(of) => &of.extras,
            TypeDefinition::Enum(of) => &of.extras,
            TypeDefinition::Union(of) => &of.extras,
        }
    }

    /// The structs of the definition.
    pub(crate) fn structs(&self) -> &[StructType] {
        match self {
            TypeDefinition::Struct(of) => std::slice::from_ref(of),
            TypeDefinition::Enum(_) => &[],
            TypeDefinition::Union(of) => &of.structs,
        }
    }

    /// The structs of the definition, mutable.
    pub(crate) fn structs_mut(&mut self) -> &mut [StructType] {
        match self {
            TypeDefinition::Struct(of) => std::slice::from_mut(of),
            TypeDefinition::Enum(_) => &mut [],
            TypeDefinition::Union(of) => &mut of.structs,
        }
    }
}

impl EnumType {
    /// Whether it is stored as N.
    pub(crate) fn is_number(&self) -> bool {
        self.variants.iter().any(|variant| matches!(variant.value, EnumValue::Number(_)))
    }

    /// Whether its variants have their names in JSON rather than their stored values.
    pub(crate) fn is_named(&self) -> bool {
        self.variants.iter().any(|variant| variant.json_name.is_some())
    }
}

impl Scalar {
    pub(crate) fn is_float(self) -> bool {
        matches!(self, Scalar::F32 | Scalar::F64)
    }

    fn key_kind(self) -> Option<KeyKind> {
        match self {
            Scalar::String
            | Scalar::Uuid
            | Scalar::Ulid
            | Scalar::Url
            | Scalar::Ipv4
            | Scalar::Ipv6
            | Scalar::Ip
            | Scalar::Ipv4Net
            | Scalar::Ipv6Net
            | Scalar::IpNet
            | Scalar::Time(..) => Some(KeyKind::String),
            Scalar::Int(_) | Scalar::Decimal(_) => Some(KeyKind::Number),
            Scalar::Bytes => Some(KeyKind::Binary),
            Scalar::Bool | Scalar::F32 | Scalar::F64 => None,
        }
    }
}

impl Type {
    /// The attribute type of a key or of a set's element of this type; `None` if it can be neither.
    pub(crate) fn key_kind(&self) -> Option<KeyKind> {
        match self {
            Type::Scalar(scalar) => scalar.key_kind(),
            Type::Named(Named { kind: NamedKind::Enum { number: true, .. }, .. }) => Some(KeyKind::Number),
            Type::Named(Named { kind: NamedKind::Enum { number: false, .. }, .. }) => Some(KeyKind::String),
            Type::Named(Named { kind: NamedKind::Rust { key, .. }, .. }) => *key,
            _ => None,
        }
    }

    /// This type and all types in it.
    pub(crate) fn parts(&self) -> impl Iterator<Item = &Type> {
        std::iter::successors(Some(self), |ty| match ty {
            Type::List(inner) | Type::Set(inner) | Type::Map(inner) | Type::Optional(inner) => Some(inner),
            Type::Scalar(_) | Type::Json | Type::Vector(_) | Type::Named(_) => None,
        })
    }

    /// Whether it is a time with a fraction of a second that has a fixed number of digits.
    pub(crate) fn has_fraction(&self) -> bool {
        use TimeKind::{DateTime, NaiveDateTime, Time};
        matches!(self, Type::Scalar(Scalar::Time(DateTime | NaiveDateTime | Time, _)))
    }

    /// Without `Optional`.
    pub(crate) fn present(&self) -> &Type {
        match self {
            Type::Optional(inner) => inner,
            other => other,
        }
    }

    pub(crate) fn present_mut(&mut self) -> &mut Type {
        match self {
            Type::Optional(inner) => inner,
            other => other,
        }
    }

    /// Whether this part of a type implements `Eq`, given the schema's types that do not.
    pub(crate) fn is_eq(&self, without_eq: &HashSet<String>) -> bool {
        match self {
            Type::Scalar(scalar) => !scalar.is_float(),
            Type::Vector(_) => false,
            Type::Named(Named { kind: NamedKind::Rust { eq, .. }, .. }) => *eq,
            Type::Named(named) => !without_eq.contains(&named.name),
            _ => true,
        }
    }
}
