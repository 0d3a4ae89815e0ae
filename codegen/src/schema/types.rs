//! Enums, structs and unions, as written.

use super::{ExtrasDecl, FieldDecl, Spanned, UnknownDecl};
use crate::node::Node;
use crate::terms::{EnumJson, KeyKind};

/// An entry of `enums:`.
#[derive(Debug)]
pub(crate) struct EnumDecl {
    /// Whether a variant could not be read.
    pub(crate) is_broken: bool,
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    /// Whether values that are not a variant are kept.
    pub(crate) other: bool,
    /// Whether reads take its texts in any case.
    pub(crate) ignore_case: Option<Spanned<bool>>,
    /// Its form in JSON, if it is not the stored one.
    pub(crate) json: Option<Spanned<EnumJson>>,
    pub(crate) variants: Vec<VariantDecl>,
}

/// A variant of an enum.
#[derive(Debug)]
pub(crate) struct VariantDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    /// Its stored value, if it is not its name.
    pub(crate) value: Option<Node>,
}

/// An entry of `types:`.
#[derive(Debug)]
pub(crate) struct StructDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) kind: StructKind,
}

#[derive(Debug)]
pub(crate) enum StructKind {
    Fields {
        fields: Vec<FieldDecl>,
        /// The mixins whose fields it takes.
        mixins: Vec<Spanned<String>>,
        /// The path of a function that checks the whole value.
        validate: Option<Spanned<String>>,
        unknown_attributes: UnknownDecl,
        /// The name of the struct that changes single fields of a value.
        patch: Option<Spanned<String>>,
    },
    /// A user's Rust type, with its settings in the schema.
    Rust { path: Spanned<String>, key: Option<Spanned<KeyKind>>, eq: bool },
}

/// An entry of `unions:`.
#[derive(Debug)]
pub(crate) struct UnionDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) tag: Spanned<String>,
    pub(crate) variants: Vec<UnionVariantDecl>,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct UnionVariantDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    /// The tag's value for it, if it is not its name.
    pub(crate) value: Option<Spanned<String>>,
    pub(crate) kind: VariantKind,
}

#[derive(Debug)]
pub(crate) enum VariantKind {
    /// A struct of its own.
    Fields(Vec<FieldDecl>),
    /// An entry of `types:`.
    Type(Spanned<String>),
}
