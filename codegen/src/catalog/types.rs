//! The schema's own types as data.

use super::entries::{CatalogType, CatalogTypeKind, CatalogVariant};
use super::fields;
use crate::model::{EnumType, EnumValue, ModelSet, StructType, TypeDefinition, UnionType};

/// The types, each union followed by the structs of its variants.
pub(super) fn of(set: &ModelSet) -> Vec<CatalogType> {
    let mut types = Vec::new();
    for definition in &set.types {
        match definition {
            TypeDefinition::Struct(of) => types.push(structure(of)),
            TypeDefinition::Enum(of) => types.push(enumeration(of)),
            TypeDefinition::Union(of) => {
                types.push(union(of));
                types.extend(of.structs.iter().map(structure));
            }
        }
    }
    types
}

fn structure(of: &StructType) -> CatalogType {
    let fields = of.fields.iter().map(fields::of).collect();
    let kind = CatalogTypeKind::Struct { fields, keeps_unknown: of.keeps_unknown };
    CatalogType { name: of.name.clone(), doc: of.doc.clone(), kind }
}

fn enumeration(of: &EnumType) -> CatalogType {
    let variants = of.variants.iter().map(|variant| CatalogVariant {
        name: variant.name.clone(),
        doc: variant.doc.clone(),
        value: match &variant.value {
            EnumValue::Text(text) => text.clone(),
            EnumValue::Number(number) => number.to_string(),
        },
        of: None,
    });
    let variants = variants.collect();
    let kind = CatalogTypeKind::Enum { variants, other: of.other, ignores_case: of.ignores_case };
    CatalogType { name: of.name.clone(), doc: of.doc.clone(), kind }
}

fn union(of: &UnionType) -> CatalogType {
    let variants = of.variants.iter().map(|variant| CatalogVariant {
        name: variant.name.clone(),
        doc: variant.doc.clone(),
        value: variant.value.clone(),
        of: variant.of.clone(),
    });
    let kind = CatalogTypeKind::Union { tag: of.tag.clone(), variants: variants.collect() };
    CatalogType { name: of.name.clone(), doc: of.doc.clone(), kind }
}
