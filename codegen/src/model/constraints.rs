//! The constraints of values.

use super::{Literal, Transform};

/// A constraint that fits the type of its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Constraint {
    /// The empty value is absent (`empty: absent`), so no present one is empty.
    NotEmpty,
    MinLength(u64),
    MaxLength(u64),
    /// A regular expression.
    Pattern(String),
    Format(TextFormat),
    OneOf(Vec<String>),
    Minimum(Literal),
    Maximum(Literal),
    ExclusiveMinimum(Literal),
    ExclusiveMaximum(Literal),
    MultipleOf(Literal),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    Past,
    Future,
    /// The path of the app's own function.
    Custom(String),
    Items(Vec<Constraint>),
    Keys(Vec<Constraint>),
    Values(Vec<Constraint>),
    /// Constraints of an optional element, if it is present.
    Present(Vec<Constraint>),
    /// A change of an element before it is checked, and no constraint.
    Transform(Transform),
}

impl Constraint {
    /// Whether it changes elements.
    pub(crate) fn transforms(&self) -> bool {
        match self {
            Constraint::Transform(_) => true,
            Constraint::Items(of) | Constraint::Keys(of) | Constraint::Values(of) | Constraint::Present(of) => {
                of.iter().any(Self::transforms)
            }
            _ => false,
        }
    }

    /// Whether it checks a value.
    pub(crate) fn checks(&self) -> bool {
        match self {
            Constraint::Transform(_) => false,
            Constraint::Items(of) | Constraint::Keys(of) | Constraint::Values(of) | Constraint::Present(of) => {
                of.iter().any(Self::checks)
            }
            _ => true,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TextFormat {
    Email,
    Url,
    Hostname,
    Uuid,
    Ipv4,
    Ipv6,
    Slug,
    E164,
}

/// A comparison of a field's time with that of another field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct TimeOrder {
    pub(crate) comparison: Comparison,
    /// The other field's name in Rust, and its attribute.
    pub(crate) field: String,
    pub(crate) attribute: String,
    /// Whether the other field is optional.
    pub(crate) optional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comparison {
    After,
    Before,
}
