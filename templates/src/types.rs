//! The types that a schema defines.

use crate::{DerivesView, JsonView, StructView};
use askama::Template;

/// What is emitted for a struct that is stored as M.
#[derive(Debug, Template)]
#[template(path = "type.rs.j2", escape = "none", whitespace = "preserve")]
pub struct TypeView {
    /// The struct.
    pub of: StructView,
}

/// What is emitted for an enum that is stored as S or N.
#[derive(Debug, Template)]
#[template(path = "enum.rs.j2", escape = "none", whitespace = "preserve")]
pub struct EnumView {
    /// The enum's identifier.
    pub name: String,
    /// The doc of the enum.
    pub doc: Vec<String>,
    /// The derived traits.
    pub derives: DerivesView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// Whether serde's traits are implemented.
    pub serde: bool,
    /// Whether schemars' trait is implemented.
    pub json_schema: bool,
    /// Whether it is stored as N.
    pub number: bool,
    /// Whether it keeps values that are no variant.
    pub other: bool,
    /// The variants.
    pub variants: Vec<VariantView>,
    /// What is expected where a value is no variant, as a literal.
    pub expected: String,
}

/// What is emitted for an enum of structs.
#[derive(Debug, Template)]
#[template(path = "union.rs.j2", escape = "none", whitespace = "preserve")]
pub struct UnionView {
    /// The enum's identifier.
    pub name: String,
    /// The doc of the enum.
    pub doc: Vec<String>,
    /// The derived traits.
    pub derives: DerivesView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// What serde and schemars are told.
    pub json: JsonView,
    /// The attribute that tells the variants apart, as a literal.
    pub tag: String,
    /// Whether a variant has constraints.
    pub is_checked: bool,
    /// Whether a lint finds one of its variants too large beside the others.
    pub has_large_variant: bool,
    /// The variants.
    pub variants: Vec<VariantView>,
    /// The structs of variants that have fields of their own.
    pub structs: Vec<TypeView>,
    /// What is expected where the tag is of no variant, as a literal.
    pub expected: String,
}

/// A variant of an enum.
#[derive(Debug)]
pub struct VariantView {
    /// The variant's identifier.
    pub ident: String,
    /// The doc of the variant.
    pub doc: Vec<String>,
    /// What is stored for it, as a literal.
    pub value: String,
    /// The type that it holds; empty where it holds nothing.
    pub of: String,
    /// Whether that type has constraints.
    pub is_checked: bool,
}

impl UnionView {
    /// Whether a value of the variant's type is of this variant and no other.
    fn is_made_of(&self, variant: &VariantView) -> bool {
        !variant.of.is_empty() && self.variants.iter().filter(|other| other.of == variant.of).count() == 1
    }

    /// The only variant with constraints, beside others without.
    fn only_checked(&self) -> Option<&VariantView> {
        let mut checked = self.variants.iter().filter(|variant| variant.is_checked);
        checked.next().filter(|_| checked.next().is_none() && self.has_unchecked())
    }

    fn has_unchecked(&self) -> bool {
        self.variants.iter().any(|variant| !variant.is_checked)
    }
}
