//! The views of the types that a schema defines.

use super::structure::{self, Rules};
use super::{docs, json, patches, rust};
use crate::model::{EnumType, EnumValue, ModelSet, StructType, UnionType, differ_much};
use dyntastic_templates::{DerivesView, EnumView, TypeView, UnionView, VariantView};

/// The view of a struct.
pub(crate) fn type_view(set: &ModelSet, of: &StructType) -> TypeView {
    let rules = Rules {
        validate: of.validate.as_ref(),
        keeps_unknown: of.keeps_unknown,
        extras: Some(&of.extras),
        is_copy: of.is_copy(),
        ..Rules::default()
    };
    TypeView {
        of: structure::built(set, &of.name, &docs::structure(of), &of.fields, &rules),
        patch: of.patch.as_ref().map(|patch| patches::of_struct(set, of, patch)),
    }
}

/// The view of an enum.
pub(crate) fn enum_view(set: &ModelSet, of: &EnumType) -> EnumView {
    let variant = |variant: &crate::model::EnumVariant| VariantView {
        ident: variant.name.clone(),
        doc: docs::lines(&docs::enum_variant(variant)),
        value: match &variant.value {
            EnumValue::Text(text) => rust::literal(text),
            EnumValue::Number(number) => number.to_string(),
        },
        json_name: variant.json_name.as_deref().map(rust::literal),
        of: String::new(),
        is_checked: false,
        is_transformed: false,
    };
    let copy = of.is_copy().then_some("Copy");
    let own = ["Debug", "Clone"].into_iter().chain(copy).chain(["PartialEq", "Eq", "PartialOrd", "Ord", "Hash"]);
    let mut derives = DerivesView { traits: own.collect(), ..DerivesView::default() };
    derives.others = structure::others(&derives, &[], &of.extras);
    EnumView {
        name: of.name.clone(),
        doc: docs::lines(&docs::enumeration(of)),
        derives,
        attributes: of.extras.attributes.clone(),
        serde: set.serde.is_some(),
        json_schema: set.json_schema,
        fakes: set.fakes,
        number: of.is_number(),
        is_named: of.is_named(),
        other: of.other,
        ignores_case: of.ignores_case,
        variants: of.variants.iter().map(variant).collect(),
        expected: rust::literal(&of.name),
    }
}

/// The view of a union.
pub(crate) fn union_view(set: &ModelSet, of: &UnionType) -> UnionView {
    let is_checked = |of: &Option<String>| of.as_ref().is_some_and(|of| set.constrained.contains(of));
    let variant = |variant: &crate::model::UnionVariant| VariantView {
        ident: variant.name.clone(),
        doc: docs::lines(&docs::union_variant(of, variant)),
        value: rust::literal(&variant.value),
        json_name: None,
        of: variant.of.clone().unwrap_or_default(),
        is_checked: is_checked(&variant.of),
        is_transformed: variant.of.as_ref().is_some_and(|of| set.transformed.contains(of)),
    };
    let eq = (!set.without_eq.contains(&of.name)).then_some(["Eq", "Hash"]);
    let own = ["Debug", "Clone", "PartialEq"].into_iter().chain(eq.into_iter().flatten());
    let mut derives = DerivesView {
        is_of_context: false,
        traits: own.collect(),
        serde: set.serde.is_some(),
        schemars: set.json_schema,
        others: Vec::new(),
    };
    derives.others = structure::others(&derives, &[], &of.extras);
    UnionView {
        name: of.name.clone(),
        doc: docs::lines(&docs::union(of)),
        derives,
        json: json::union(set, of),
        fakes: set.fakes,
        attributes: of.extras.attributes.clone(),
        tag: rust::literal(&of.tag),
        is_checked: set.constrained.contains(&of.name),
        is_transformed: set.transformed.contains(&of.name),
        has_large_variant: differ_much(
            of.variants.iter().map(|variant| variant.of.as_ref().map_or(0, |name| set.sizes.of_definition(name))),
        ),
        variants: of.variants.iter().map(variant).collect(),
        structs: of.structs.iter().map(|of| type_view(set, of)).collect(),
        expected: rust::literal(&of.name),
    }
}
