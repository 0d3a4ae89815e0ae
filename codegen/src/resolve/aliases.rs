//! Type aliases for the long types of fields.

use super::names::Namespace;
use crate::model::{Field, Model, Named, Projection, Scalar, StructType, TimeKind, TimeTypes, Type, TypeDefinition};
use heck::ToUpperCamelCase;
use std::collections::HashMap;

/// Gives the long types of fields names that no other type has.
pub(crate) fn resolve(models: &mut [Model], types: &mut [TypeDefinition], namespace: &Namespace) {
    let mut taken: Vec<String> = Vec::new();
    for model in models {
        let computed = model.computed.iter_mut().map(|of| &mut of.field);
        let aliases = name(&model.name, model.fields.iter_mut().chain(computed), namespace, &mut taken);
        if aliases.is_empty() {
            continue;
        }
        let of_projections = model.projections.iter_mut().map(|projection| &mut projection.fields);
        let of_indexes = model.indexes.iter_mut().filter_map(|index| match &mut index.projection {
            Projection::Fields { fields, .. } => Some(fields),
            Projection::All => None,
        });
        let of_vectors = model.vector_indexes.iter_mut().map(|index| &mut index.fields);
        let of_inputs = model.inputs.fields_mut();
        for field in of_projections.chain(of_indexes).chain(of_vectors).flatten().chain(of_inputs) {
            field.alias = aliases.get(&field.name).cloned();
        }
    }
    for StructType { name: owner, fields, .. } in types.iter_mut().flat_map(TypeDefinition::structs_mut) {
        name(owner, fields.iter_mut(), namespace, &mut taken);
    }
}

/// Gives the long types of these fields names, and returns the aliases with their fields.
fn name<'f>(
    owner: &str,
    fields: impl Iterator<Item = &'f mut Field>,
    namespace: &Namespace,
    taken: &mut Vec<String>,
) -> HashMap<String, String> {
    let mut aliases = HashMap::new();
    for field in fields.filter(|field| is_long(&field.ty)) {
        let wanted = format!("{owner}{}", field.name.to_upper_camel_case());
        let numbered = (2_u32..).map(|number| format!("{wanted}{number}"));
        let mut names = std::iter::once(wanted.clone()).chain(numbered);
        field.alias = names.find(|name| !namespace.has(name) && !taken.contains(name));
        taken.extend(field.alias.clone());
        aliases.extend(field.alias.clone().map(|alias| (field.name.clone(), alias)));
    }
    aliases
}

/// The maximum number of names in a type without an alias, not counting an `Option` around it. A longer type is hard to
/// read among other fields.
const MOST: usize = 5;

fn is_long(of: &Type) -> bool {
    names_in(of.present()) > MOST
}

/// The number of names in a type.
fn names_in(of: &Type) -> usize {
    match of {
        Type::List(of) | Type::Set(of) | Type::Optional(of) => 1 + names_in(of),
        Type::Map(of) => 2 + names_in(of),
        Type::Named(Named { boxed: true, .. }) | Type::Scalar(Scalar::Time(TimeKind::DateTime, TimeTypes::Chrono)) => 2,
        Type::Scalar(_) | Type::Json | Type::Vector(_) | Type::Named(_) => 1,
    }
}
