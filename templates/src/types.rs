//! The types that a schema defines.

use crate::{DerivesView, JsonView, PatchView, StructView};
use askama::Template;

/// The code that is emitted for a struct that is stored as M.
#[derive(Debug, Template)]
#[template(path = "type.rs.j2", escape = "none", whitespace = "preserve")]
pub struct TypeView {
    /// The struct.
    pub of: StructView,
    /// The struct that changes single fields of a value.
    pub patch: Option<PatchView>,
}

/// The code that is emitted for an enum that is stored as S or N.
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
    /// Whether there are made-up values of it.
    pub fakes: bool,
    /// Whether it is stored as N.
    pub number: bool,
    /// Whether its variants have their names in JSON rather than their stored values.
    pub is_named: bool,
    /// Whether it keeps values that are not a variant.
    pub other: bool,
    /// Whether reads take its texts in any case.
    pub ignores_case: bool,
    /// The variants.
    pub variants: Vec<VariantView>,
    /// The expected values, for the error of an unknown value, as a literal.
    pub expected: String,
}

/// The code that is emitted for an enum of structs.
#[derive(Debug, Template)]
#[template(path = "union.rs.j2", escape = "none", whitespace = "preserve")]
pub struct UnionView {
    /// The enum's identifier.
    pub name: String,
    /// The doc of the enum.
    pub doc: Vec<String>,
    /// The derived traits.
    pub derives: DerivesView,
    /// Whether there are made-up values of it.
    pub fakes: bool,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// The attributes of serde and schemars.
    pub json: JsonView,
    /// The attribute that distinguishes the variants, as a literal.
    pub tag: String,
    /// Whether a variant has constraints.
    pub is_checked: bool,
    /// Whether a variant has transforms.
    pub is_transformed: bool,
    /// Whether clippy's `large_enum_variant` would warn of one of its variants.
    pub has_large_variant: bool,
    /// The variants.
    pub variants: Vec<VariantView>,
    /// The structs of variants that have fields of their own.
    pub structs: Vec<TypeView>,
    /// The expected tags, for the error of an unknown tag, as a literal.
    pub expected: String,
}

/// A variant of an enum.
#[derive(Debug)]
pub struct VariantView {
    /// The variant's identifier.
    pub ident: String,
    /// The doc of the variant.
    pub doc: Vec<String>,
    /// Its stored value, as a literal.
    pub value: String,
    /// Its name in JSON as a literal, if that is not its stored value.
    pub json_name: Option<String>,
    /// The type that it holds; empty without one.
    pub of: String,
    /// Whether that type has constraints.
    pub is_checked: bool,
    /// Whether that type has transforms.
    pub is_transformed: bool,
}

impl UnionView {
    /// Whether this is the only variant of its type.
    fn is_made_of(&self, variant: &VariantView) -> bool {
        !variant.of.is_empty() && self.variants.iter().filter(|other| other.of == variant.of).count() == 1
    }

    /// The variant with constraints, if it is the only one and others have none.
    fn only_checked(&self) -> Option<&VariantView> {
        self.only(|variant| variant.is_checked).filter(|_| self.has_unchecked())
    }

    /// The variant with transforms, if it is the only one and others have none.
    fn only_transformed(&self) -> Option<&VariantView> {
        self.only(|variant| variant.is_transformed).filter(|_| self.has_untransformed())
    }

    fn only(&self, is: fn(&VariantView) -> bool) -> Option<&VariantView> {
        let mut variants = self.variants.iter().filter(|variant| is(variant));
        variants.next().filter(|_| variants.next().is_none())
    }

    fn has_untransformed(&self) -> bool {
        self.variants.iter().any(|variant| !variant.is_transformed)
    }

    fn has_unchecked(&self) -> bool {
        self.variants.iter().any(|variant| !variant.is_checked)
    }
}
