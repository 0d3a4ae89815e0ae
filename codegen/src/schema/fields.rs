//! Fields, as written.

use super::{ExtrasDecl, Spanned};
use crate::node::Node;
use crate::sources::Span;
use crate::terms::{Compression, Empty, FieldRole, Precision, Transform, Unencrypted};

/// An entry of `fields:`.
#[derive(Debug, Clone)]
pub(crate) struct FieldDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) ty: Option<Spanned<String>>,
    pub(crate) attribute: Option<Spanned<String>>,
    pub(crate) format: Option<Spanned<String>>,
    pub(crate) empty: Option<Spanned<Empty>>,
    pub(crate) precision: Option<Spanned<Precision>>,
    pub(crate) transform: Vec<Spanned<Transform>>,
    pub(crate) sensitive: bool,
    /// The path of the function that makes up its values.
    pub(crate) fake: Option<Spanned<String>>,
    pub(crate) seal: SealDecl,
    /// The place of `stored: false`.
    pub(crate) key_only: Option<Span>,
    pub(crate) role: Option<Spanned<FieldRole>>,
    pub(crate) sequence: SequenceDecl,
    pub(crate) ttl: Option<TtlDecl>,
    /// The place of `unique: true`.
    pub(crate) unique: Option<Span>,
    /// The text or the function that it is computed by.
    pub(crate) computed: Option<Spanned<String>>,
    pub(crate) json: FieldJsonDecl,
    pub(crate) extras: ExtrasDecl,
    pub(crate) constraints: Vec<ConstraintDecl>,
    pub(crate) default: Option<DefaultDecl>,
}

/// A field's `encrypt:` and `compress:`.
#[derive(Debug, Default, Clone)]
pub(crate) struct SealDecl {
    pub(crate) encrypt: Option<EncryptDecl>,
    pub(crate) compress: Option<Spanned<Compression>>,
}

/// `personal`, or `{ key: personal, unencrypted: read, searchable: true }`.
#[derive(Debug, Clone)]
pub(crate) struct EncryptDecl {
    /// The name of the key.
    pub(crate) key: Spanned<String>,
    pub(crate) unencrypted: Option<Spanned<Unencrypted>>,
    /// The attribute of the hashes, if it is named; `true` names none.
    pub(crate) searchable: Option<Spanned<Option<String>>>,
}

impl SealDecl {
    /// The place that seals the field, if one does.
    pub(crate) fn span(&self) -> Option<Span> {
        let encrypt = self.encrypt.as_ref().map(|encrypt| encrypt.key.span);
        encrypt.or_else(|| self.compress.as_ref().map(|compress| compress.span))
    }
}

/// A field's `sequence:`. Its role says whether it has one.
#[derive(Debug, Default, Clone)]
pub(crate) struct SequenceDecl {
    /// The place of the key.
    pub(crate) span: Option<Span>,
    /// The first number.
    pub(crate) start: Option<Spanned<u64>>,
    /// How many numbers a request reserves.
    pub(crate) block: Option<Spanned<u32>>,
}

/// A field's `ttl:`.
#[derive(Debug, Clone)]
pub(crate) struct TtlDecl {
    /// The place of the key.
    pub(crate) span: Span,
    /// The seconds after which an item expires.
    pub(crate) after: Spanned<u64>,
    /// The field with the time that they count from; `None` if they count from each write.
    pub(crate) from: Option<Spanned<String>>,
}

/// A field's `serde:`.
#[derive(Debug, Default, Clone)]
pub(crate) struct FieldJsonDecl {
    /// The place of the key.
    pub(crate) span: Option<Span>,
    /// The place of `skip: true`.
    pub(crate) skip: Option<Span>,
    pub(crate) name: Option<Spanned<String>>,
}

/// An entry of `mixins:`: fields that several definitions take.
#[derive(Debug)]
pub(crate) struct MixinDecl {
    pub(crate) name: Spanned<String>,
    /// The place of its value.
    pub(crate) span: Span,
    pub(crate) fields: Vec<FieldDecl>,
}

/// An entry of `contexts:`: fields of models whose values a client holds.
#[derive(Debug)]
pub(crate) struct ContextDecl {
    pub(crate) name: Spanned<String>,
    /// The place of its value.
    pub(crate) span: Span,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) fields: Vec<FieldDecl>,
}

/// A constraint on a field's values, such as `min_length: 1`.
#[derive(Debug, Clone)]
pub(crate) struct ConstraintDecl {
    pub(crate) key: Spanned<&'static str>,
    pub(crate) value: ConstraintValue,
}

impl ConstraintDecl {
    /// The constraints of a field, an element, a key or a value, in the order in which they are read.
    pub(crate) const SIMPLE: &[&str] = &[
        "min_length",
        "max_length",
        "pattern",
        "one_of",
        "minimum",
        "maximum",
        "exclusive_minimum",
        "exclusive_maximum",
        "multiple_of",
        "min_items",
        "max_items",
        "unique_items",
        "past",
        "future",
        "after",
        "before",
        "validate",
    ];
    /// The constraints that hold those of elements.
    pub(crate) const NESTED: [&str; 3] = ["items", "keys", "values"];

    /// The place of its kind in the order in which constraints are read.
    pub(crate) fn order(&self) -> usize {
        let mut kinds = Self::SIMPLE.iter().chain(&Self::NESTED);
        kinds.position(|kind| *kind == self.key.value).unwrap_or(usize::MAX)
    }
}

#[derive(Debug, Clone)]
pub(crate) enum ConstraintValue {
    Node(Node),
    /// Constraints of the elements of a collection, or of the keys or values of a map.
    Nested(Vec<ConstraintDecl>),
    /// Changes of the elements.
    Transforms(Vec<Spanned<Transform>>),
}

/// A field's `default:`.
#[derive(Debug, Clone)]
pub(crate) enum DefaultDecl {
    /// The value as written: a literal, or the name of a factory if the type has one of that name.
    Plain(Node),
    /// `{ value: … }`: always a literal.
    Value(Node),
    /// `{ factory: … }`: always a factory.
    Factory(Spanned<String>),
}

impl DefaultDecl {
    /// The place of its value.
    pub(crate) fn span(&self) -> Span {
        match self {
            DefaultDecl::Plain(node) | DefaultDecl::Value(node) => node.span,
            DefaultDecl::Factory(name) => name.span,
        }
    }
}
