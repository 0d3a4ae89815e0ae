//! Types that hold themselves: where a `Box` breaks the cycle, and where nothing does.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, NamedKind, StructType, Type, TypeDefinition};
use crate::read::show;
use crate::schema::Schema;
use std::collections::{HashMap, HashSet};

/// Boxes the fields that close a cycle, and refuses types without an end.
pub(crate) fn resolve(schema: &Schema, definitions: &mut [TypeDefinition], diagnostics: &mut Vec<Diagnostic>) {
    for name in endless(definitions) {
        let declared = schema.types.iter().map(|declared| &declared.name);
        let declared = declared.chain(schema.unions.iter().map(|declared| &declared.name));
        let Some(written) = declared
            .into_iter()
            .find(|written| crate::resolve::names::type_name(written, "type").is_ok_and(|rust| rust == name))
        else {
            continue;
        };
        let message = format!("the type `{}` has no end", show(&written.value));
        diagnostics.push(
            Diagnostic::new(Code::EndlessType, message)
                .at(written.span, "every value of it would hold another")
                .help("make a field on the way optional, a list or a map"),
        );
    }
    let edges = edges(definitions);
    for definition in definitions {
        let structs: &mut [StructType] = match definition {
            TypeDefinition::Struct(of) => std::slice::from_mut(of),
            TypeDefinition::Union(of) => &mut of.structs,
            TypeDefinition::Enum(_) => &mut [],
        };
        for of in structs {
            for field in &mut of.fields {
                let is_optional = matches!(field.ty, Type::Optional(_));
                let ty = match &mut field.ty {
                    Type::Optional(inner) => inner,
                    ty => ty,
                };
                if let Type::Named(named) = ty {
                    let breaks = is_optional || named.kind == NamedKind::Union;
                    named.boxed = breaks && reaches(&edges, &named.name, &of.name);
                }
            }
        }
    }
}

/// The names of the types whose equality is none of all values.
pub(crate) fn without_eq(definitions: &[TypeDefinition]) -> HashSet<String> {
    spread(definitions, |of, found| {
        let parts = of.fields.iter().flat_map(|field| field.ty.parts());
        of.keeps_unknown || !parts.into_iter().all(|part| part.is_eq(found))
    })
}

/// The names of the types that have constraints, or hold a type that has.
pub(crate) fn constrained(definitions: &[TypeDefinition]) -> HashSet<String> {
    spread(definitions, |of, found| {
        let holds = |part: &Type| matches!(part, Type::Named(named) if found.contains(&named.name));
        let is_constrained = |field: &Field| field.is_constrained() || field.ty.parts().any(holds);
        of.validate.is_some() || of.fields.iter().any(is_constrained)
    })
}

/// The types that have something of their own, or of a type that they hold.
fn spread(definitions: &[TypeDefinition], has: impl Fn(&StructType, &HashSet<String>) -> bool) -> HashSet<String> {
    let mut found: HashSet<String> = HashSet::new();
    loop {
        let before = found.len();
        for definition in definitions {
            for of in definition.structs() {
                if has(of, &found) {
                    found.insert(of.name.clone());
                }
            }
            if let TypeDefinition::Union(of) = definition
                && of.variants.iter().filter_map(|variant| variant.of.as_ref()).any(|of| found.contains(of))
            {
                found.insert(of.name.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The types that each type holds by value, be it optionally.
fn edges(definitions: &[TypeDefinition]) -> HashMap<String, Vec<String>> {
    let mut edges: HashMap<String, Vec<String>> = HashMap::new();
    for definition in definitions {
        for of in definition.structs() {
            let held = of.fields.iter().filter_map(|field| held(&field.ty)).map(str::to_owned).collect();
            edges.insert(of.name.clone(), held);
        }
        if let TypeDefinition::Union(of) = definition {
            edges.insert(of.name.clone(), of.variants.iter().filter_map(|variant| variant.of.clone()).collect());
        }
    }
    edges
}

/// The type of the schema that a field holds by value.
fn held(ty: &Type) -> Option<&str> {
    match ty.present() {
        Type::Named(named) if matches!(named.kind, NamedKind::Struct | NamedKind::Union) => Some(&named.name),
        _ => None,
    }
}

fn reaches(edges: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(edges.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

/// The names of a definition and of the structs that are its own.
fn names(of: &TypeDefinition) -> impl Iterator<Item = &str> {
    std::iter::once(of.name()).chain(of.structs().iter().map(|of| of.name.as_str()))
}

/// The structs and unions that have no finite value.
fn endless(definitions: &[TypeDefinition]) -> Vec<String> {
    let known: HashSet<&str> = definitions.iter().flat_map(names).collect();
    let mut finite: HashSet<&str> = HashSet::new();
    let is_finite = |ty: &Type, finite: &HashSet<&str>| match ty {
        Type::Optional(_) => true,
        // What has a mistake of its own is not told again.
        ty => held(ty).is_none_or(|name| finite.contains(name) || !known.contains(name)),
    };
    loop {
        let before = finite.len();
        for definition in definitions {
            for of in definition.structs() {
                if of.fields.iter().all(|field| is_finite(&field.ty, &finite)) {
                    finite.insert(&of.name);
                }
            }
            if let TypeDefinition::Union(of) = definition
                && of.variants.iter().any(|variant| variant.of.as_ref().is_none_or(|of| finite.contains(of.as_str())))
            {
                finite.insert(&of.name);
            }
        }
        if finite.len() == before {
            break;
        }
    }
    let open = definitions.iter().filter(|definition| !matches!(definition, TypeDefinition::Enum(_)));
    let open = open.map(TypeDefinition::name).filter(|name| !finite.contains(name));
    open.map(str::to_owned).collect()
}
