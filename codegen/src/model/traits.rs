//! The traits of std that a schema can derive, and the types that implement them.

use super::{DecimalType, Default, EnumType, Named, NamedKind, Scalar, StructType, TimeKind, TimeTypes, Type};

/// A trait of std that not every emitted type implements; `Clone`, `Debug` and `PartialEq` are always there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum StdTrait {
    Copy,
    Default,
    Eq,
    Hash,
    Ord,
    PartialOrd,
}

/// The derive macros that code finds without a path.
pub(crate) const DERIVES: [&str; 9] =
    ["Clone", "Copy", "Debug", "Default", "Eq", "Hash", "Ord", "PartialEq", "PartialOrd"];

/// The derive macro of std with this path: `Copy`, or a longer path such as `std::hash::Hash`.
pub(crate) fn derive_of_std(path: &str) -> Option<&'static str> {
    let mut parts = path.trim().trim_start_matches("::").split("::").map(|part| part.trim().trim_start_matches("r#"));
    let (first, last) = (parts.next()?, parts.last());
    let name = match last {
        None => first,
        Some(last) if matches!(first, "std" | "core") => last,
        Some(_) => return None,
    };
    DERIVES.into_iter().find(|of| *of == name)
}

/// A derive macro, whichever of its paths names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DeriveMacro<'p> {
    Std(&'static str),
    /// `Serialize` or `Deserialize`.
    Serde(&'p str),
    JsonSchema,
    /// A user's, by its path.
    Other(&'p str),
}

impl<'p> DeriveMacro<'p> {
    pub(crate) fn of(path: &'p str) -> Self {
        let path = path.trim_start_matches("::");
        // The runtime has serde and schemars too.
        match (derive_of_std(path), path.strip_prefix("dyntastic::").unwrap_or(path)) {
            (Some(name), _) => Self::Std(name),
            (None, "serde::Serialize") => Self::Serde("Serialize"),
            (None, "serde::Deserialize") => Self::Serde("Deserialize"),
            (None, "schemars::JsonSchema") => Self::JsonSchema,
            (None, path) => Self::Other(path),
        }
    }
}

/// Whether a type implements a trait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Implements<'m> {
    Yes,
    No,
    /// If the schema's type with this name in Rust does.
    If(&'m str),
    /// If a user's type does, which the generator does not know.
    Unknown,
}

impl StdTrait {
    pub(crate) const ALL: [Self; 6] = [Self::Copy, Self::Default, Self::Eq, Self::Hash, Self::Ord, Self::PartialOrd];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Copy => "Copy",
            Self::Default => "Default",
            Self::Eq => "Eq",
            Self::Hash => "Hash",
            Self::Ord => "Ord",
            Self::PartialOrd => "PartialOrd",
        }
    }

    /// The trait whose derive macro has this path.
    pub(crate) fn of_path(path: &str) -> Option<Self> {
        let name = derive_of_std(path)?;
        Self::ALL.into_iter().find(|of| of.name() == name)
    }
}

impl Scalar {
    pub(crate) fn implements(self, of: StdTrait) -> bool {
        match of {
            StdTrait::Copy => {
                !matches!(self, Scalar::String | Scalar::Bytes | Scalar::Url | Scalar::Decimal(DecimalType::Bigdecimal))
            }
            StdTrait::Default => !matches!(
                self,
                Scalar::Url
                    | Scalar::Ipv4
                    | Scalar::Ipv6
                    | Scalar::Ip
                    | Scalar::Time(
                        TimeKind::DateTime | TimeKind::Date | TimeKind::Time | TimeKind::NaiveDateTime,
                        TimeTypes::Time
                    )
            ),
            StdTrait::Eq | StdTrait::Hash | StdTrait::Ord => !self.is_float(),
            StdTrait::PartialOrd => true,
        }
    }
}

impl Type {
    pub(crate) fn implements(&self, of: StdTrait) -> Implements<'_> {
        let known = |does| if does { Implements::Yes } else { Implements::No };
        match self {
            Type::Scalar(scalar) => known(scalar.implements(of)),
            Type::Vector(_) => known(of == StdTrait::PartialOrd),
            Type::Json => known(matches!(of, StdTrait::Default | StdTrait::Eq | StdTrait::Hash)),
            Type::Optional(_) | Type::List(_) | Type::Set(_) | Type::Map(_) if of == StdTrait::Default => {
                Implements::Yes
            }
            Type::List(_) | Type::Set(_) | Type::Map(_) if of == StdTrait::Copy => Implements::No,
            Type::Optional(inner) | Type::List(inner) | Type::Set(inner) | Type::Map(inner) => inner.implements(of),
            Type::Named(Named { kind: NamedKind::Rust { .. }, .. }) => Implements::Unknown,
            Type::Named(Named { boxed: true, .. }) if of == StdTrait::Copy => Implements::No,
            Type::Named(named) => Implements::If(&named.name),
        }
    }

    /// Whether it is `Copy` without the derives that the schema adds.
    pub(crate) fn is_copy(&self) -> bool {
        match self {
            Type::Scalar(scalar) => scalar.implements(StdTrait::Copy),
            Type::Named(Named { kind: NamedKind::Enum { number, other, .. }, .. }) => *number || !other,
            _ => false,
        }
    }
}

impl StructType {
    /// Whether it derives `Copy` without being asked.
    pub(crate) fn is_copy(&self) -> bool {
        !self.keeps_unknown && self.fields.iter().all(|field| field.ty.present().is_copy())
    }

    /// Whether it implements `Default` without being asked.
    pub(crate) fn has_default(&self) -> bool {
        self.fields.iter().all(|field| field.default != Default::Required)
    }
}

impl EnumType {
    /// Whether it derives `Copy`.
    pub(crate) fn is_copy(&self) -> bool {
        !self.other || self.is_number()
    }
}
