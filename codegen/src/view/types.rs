//! The views of the types that a schema defines.

use super::structure::{self, Rules};
use super::{docs, rust};
use crate::model::{EnumType, EnumValue, ModelSet, StructType, UnionType};
use dyntastic_templates::{EnumView, TypeView, UnionView, VariantView};

/// What the template of a struct places.
pub(crate) fn type_view(set: &ModelSet, of: &StructType) -> TypeView {
    let rules = Rules { validate: of.validate.as_ref(), ..Rules::default() };
    TypeView { of: structure::built(set, &of.name, &docs::structure(of), &of.fields, &rules) }
}

/// What the template of an enum places.
pub(crate) fn enum_view(of: &EnumType) -> EnumView {
    let variant = |variant: &crate::model::EnumVariant| VariantView {
        ident: variant.name.clone(),
        doc: docs::lines(&docs::enum_variant(variant)),
        value: match &variant.value {
            EnumValue::Text(text) => rust::literal(text),
            EnumValue::Number(number) => number.to_string(),
        },
        of: String::new(),
        is_checked: false,
    };
    EnumView {
        name: of.name.clone(),
        doc: docs::lines(&docs::enumeration(of)),
        derives: match of.other && !of.is_number() {
            true => "Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash",
            false => "Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash",
        },
        number: of.is_number(),
        other: of.other,
        variants: of.variants.iter().map(variant).collect(),
        expected: rust::literal(&of.name),
    }
}

/// What the template of a union places.
pub(crate) fn union_view(set: &ModelSet, of: &UnionType) -> UnionView {
    let is_checked = |of: &Option<String>| of.as_ref().is_some_and(|of| set.constrained.contains(of));
    let variant = |variant: &crate::model::UnionVariant| VariantView {
        ident: variant.name.clone(),
        doc: docs::lines(&docs::union_variant(of, variant)),
        value: rust::literal(&variant.value),
        of: variant.of.clone().unwrap_or_default(),
        is_checked: is_checked(&variant.of),
    };
    UnionView {
        name: of.name.clone(),
        doc: docs::lines(&docs::union(of)),
        derives: match set.without_eq.contains(&of.name) {
            false => "Debug, Clone, PartialEq, Eq, Hash",
            true => "Debug, Clone, PartialEq",
        },
        tag: rust::literal(&of.tag),
        is_checked: set.constrained.contains(&of.name),
        variants: of.variants.iter().map(variant).collect(),
        structs: of.structs.iter().map(|of| type_view(set, of)).collect(),
        expected: rust::literal(&of.name),
    }
}
