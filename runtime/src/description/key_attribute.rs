//! The attributes of keys.

/// A key attribute and its type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyAttribute {
    pub(crate) name: &'static str,
    pub(crate) kind: KeyKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    String,
    Number,
    Binary,
}

impl KeyAttribute {
    /// A key of type S.
    pub const fn string(name: &'static str) -> Self {
        Self { name, kind: KeyKind::String }
    }

    /// A key of type N.
    pub const fn number(name: &'static str) -> Self {
        Self { name, kind: KeyKind::Number }
    }

    /// A key of type B.
    pub const fn binary(name: &'static str) -> Self {
        Self { name, kind: KeyKind::Binary }
    }
}
