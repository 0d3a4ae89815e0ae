//! Types that lead to each other in so long a chain that the compiler does not follow it.
//!
//! Futures are `Send` only if the values in them are, and rustdoc lists for each type whether it is `Send` or
//! `RefUnwindSafe`. To know that, the compiler goes through a type's fields in their order, depth first, and back at a
//! type that it has already met. Each struct, `Option`, `Box` and collection on the way is a level, or several, of its
//! recursion limit.

use super::cycles::held;
use super::groups::groups;
use super::names;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Named, Type, TypeDefinition};
use crate::text::show;
use std::collections::{HashMap, HashSet};

/// The levels that types may take of rustc's recursion limit, 128.
const MOST_LEVELS: usize = 120;

/// The levels of rustc 1.95 for `RefUnwindSafe`; `Send` takes fewer of them, and leaves some to the futures around.
const STRUCT: usize = 1;
const OPTION: usize = 1;
const BOX: usize = 4;
const LIST: usize = 3;
const MAP: usize = 10;

/// The types that each type holds, in the order of its fields, with the levels that lead to them.
type Held<'m> = HashMap<&'m str, Vec<(usize, &'m str)>>;

/// Reports the types from which the compiler goes too deep; those that are met on the way are not further mistakes.
pub(crate) fn check(types: &[TypeDefinition], resolver: &mut Resolver<'_>) {
    let all = all_held(types);
    let bounds = bounds(&all);
    let schema = resolver.schema;
    let mut reported: HashSet<&str> = HashSet::new();
    for written in schema.types.iter().map(|of| &of.name).chain(schema.unions.iter().map(|of| &of.name)) {
        let Some((start, _)) = names::type_name(written, "type").ok().and_then(|name| all.get_key_value(name.as_str()))
        else {
            continue;
        };
        let may_be_deep = bounds.get(start).is_some_and(|bound| *bound > MOST_LEVELS) && !reported.contains(start);
        let Some(met) = may_be_deep.then(|| deep(start, &all)).flatten() else { continue };
        let message = format!("the compiler does not follow the types that `{}` leads to", show(&written.value));
        let diagnostic = Diagnostic::new(Code::TypeNotAllowed, message)
            .at(written.span, format!("{} types in a chain, each of which holds the next one", met.len()))
            .help("it follows some 20 types that hold each other in optional fields or lists, and 10 in maps")
            .help("let a type hold the key of another's item, or a `json`");
        resolver.report(diagnostic);
        reported.extend(met);
    }
}

fn all_held(types: &[TypeDefinition]) -> Held<'_> {
    let structs = types.iter().flat_map(TypeDefinition::structs);
    let mut all: Held<'_> = structs.map(|of| (of.name.as_str(), of.fields.iter().filter_map(step).collect())).collect();
    for of in types {
        if let TypeDefinition::Union(of) = of {
            all.insert(&of.name, of.variants.iter().filter_map(|of| Some((STRUCT, of.of.as_deref()?))).collect());
        }
    }
    all
}

/// The type that a field holds, and the levels from the field's struct to it.
fn step(field: &Field) -> Option<(usize, &str)> {
    let (mut ty, mut levels) = (&field.ty, STRUCT);
    loop {
        (ty, levels) = match ty {
            Type::Optional(inner) => (inner, levels + OPTION),
            Type::List(inner) => (inner, levels + LIST),
            Type::Map(inner) => (inner, levels + MAP),
            Type::Named(Named { boxed: true, .. }) => return Some((levels + BOX, held(ty)?)),
            _ => return Some((levels, held(ty)?)),
        };
    }
}

/// For each type, levels that no way from it exceeds.
fn bounds<'m>(all: &Held<'m>) -> HashMap<&'m str, usize> {
    let names = all.iter().map(|(name, held)| (*name, held.iter().map(|(_, inner)| *inner).collect()));
    let groups = groups(&names.collect());
    let mut members: Vec<Vec<&str>> = vec![Vec::new(); groups.values().max().map_or(0, |most| most + 1)];
    for (name, group) in &groups {
        members.get_mut(*group).into_iter().for_each(|of| of.push(name));
    }
    let mut bounds: HashMap<&str, usize> = HashMap::new();
    // A group leads only to groups with larger numbers.
    for group in members.iter().rev() {
        let held = || group.iter().filter_map(|name| all.get(name)).map(|held| held.iter());
        let inside: usize = held().map(|held| held.map(|(levels, _)| *levels).max().unwrap_or(0)).sum();
        let outside = held().flatten().filter_map(|(_, inner)| bounds.get(inner)).max().copied().unwrap_or(0);
        bounds.extend(group.iter().map(|name| (*name, inside.saturating_add(outside))));
    }
    bounds
}

/// The chain in which the compiler goes too deep from a type, if there is one.
fn deep<'m>(start: &'m str, all: &Held<'m>) -> Option<Vec<&'m str>> {
    let mut met = HashSet::from([start]);
    let mut open = vec![(start, 0, all.get(start).into_iter().flatten())];
    while let Some((_, level, rest)) = open.last_mut() {
        let level = *level;
        match rest.next() {
            Some((levels, _)) if level + levels > MOST_LEVELS => {
                return Some(open.iter().map(|(of, ..)| *of).collect());
            }
            Some((levels, inner)) if met.insert(inner) => {
                open.push((inner, level + levels, all.get(inner).into_iter().flatten()));
            }
            Some(_) => {}
            None => _ = open.pop(),
        }
    }
    None
}
