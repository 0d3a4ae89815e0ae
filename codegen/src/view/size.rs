//! How many bytes values take in memory, about.

use crate::model::{Field, ModelSet, Named, NamedKind, Scalar, Type, TypeDefinition};

/// The difference of the two largest variants of an enum at which a lint speaks up (clippy's `large_enum_variant`: 200 bytes),
/// less what this estimate may miss.
const LARGE: usize = 180;

/// Whether one of these variants is much larger than the others, by the fields of the struct that each holds.
pub(super) fn differ_much<'m>(set: &ModelSet, variants: impl Iterator<Item = &'m [Field]>) -> bool {
    let mut sizes: Vec<usize> = variants.map(|fields| of_fields(set, fields)).collect();
    sizes.sort_unstable();
    match sizes.as_slice() {
        [.., second, largest] => largest.saturating_sub(*second) >= LARGE,
        _ => false,
    }
}

/// The fields of a struct of the schema; none where it is another type.
pub(super) fn fields_of<'m>(set: &'m ModelSet, name: &str) -> &'m [Field] {
    let structs = set.types.iter().flat_map(TypeDefinition::structs);
    structs.into_iter().find(|of| of.name == name).map_or(&[], |of| of.fields.as_slice())
}

fn of_fields(set: &ModelSet, fields: &[Field]) -> usize {
    fields.iter().map(|field| of(set, &field.ty).next_multiple_of(4)).sum()
}

fn of(set: &ModelSet, ty: &Type) -> usize {
    match ty {
        Type::Optional(inner) => of(set, inner),
        Type::List(_) | Type::Set(_) | Type::Map(_) => 24,
        Type::Json => 32,
        Type::Named(Named { boxed: true, .. }) => 8,
        Type::Named(Named { name, kind: NamedKind::Struct, .. }) => of_fields(set, fields_of(set, name)),
        Type::Named(Named { name, kind: NamedKind::Union, .. }) => {
            let union = set.types.iter().find(|of| of.name() == name);
            let structs = union.into_iter().flat_map(TypeDefinition::structs);
            8 + structs.map(|of| of_fields(set, &of.fields)).max().unwrap_or_default()
        }
        Type::Named(_) => 24,
        Type::Scalar(scalar) => match scalar {
            Scalar::Bool | Scalar::F32 | Scalar::Ipv4 | Scalar::Ipv4Net => 4,
            Scalar::Int(_) | Scalar::F64 => 8,
            Scalar::Bytes => 32,
            Scalar::Url => 88,
            Scalar::String => 24,
            _ => 16,
        },
    }
}
