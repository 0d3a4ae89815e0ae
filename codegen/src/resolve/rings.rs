//! Types that hold each other in so long a chain that the compiler does not follow it.
//!
//! Futures are `Send` only if the values in them are. To know that of a type, the compiler goes through its fields in
//! their order, depth first, and back at a type that it has already met. Each struct, `Option`, `Box` and collection on
//! the way is a level, or several, of its recursion limit.

use super::cycles::held;
use super::groups::groups;
use super::names;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Named, Type, TypeDefinition};
use crate::text::show;
use std::collections::{HashMap, HashSet};

/// The levels that types may take of rustc's recursion limit, 128. The rest is for the futures that hold them.
const MOST_LEVELS: usize = 96;

/// The types that each type holds, in the order of its fields, with the levels that lead to them.
type Held<'m> = HashMap<&'m str, Vec<(usize, &'m str)>>;

/// Reports each group of types with too long a chain.
pub(crate) fn check(types: &[TypeDefinition], resolver: &mut Resolver<'_>) {
    let all = all_held(types);
    let names = all.iter().map(|(name, held)| (*name, held.iter().map(|(_, inner)| *inner).collect()));
    let mut members: HashMap<usize, Vec<&str>> = HashMap::new();
    for (name, group) in groups(&names.collect()) {
        members.entry(group).or_default().push(name);
    }
    let levels = |name: &&str| all.get(*name).into_iter().flatten().map(|(levels, _)| *levels).max().unwrap_or(0);
    let is_long = |group: &&Vec<&str>| {
        group.iter().map(levels).sum::<usize>() > MOST_LEVELS && {
            let inside: HashSet<&str> = group.iter().copied().collect();
            group.iter().any(|start| is_deep(start, &all, &inside))
        }
    };
    let deep: Vec<HashSet<&str>> =
        members.values().filter(is_long).map(|group| group.iter().copied().collect()).collect();
    let schema = resolver.schema;
    for group in deep {
        let declared = schema.types.iter().map(|of| &of.name).chain(schema.unions.iter().map(|of| &of.name));
        let is_member = |name| names::type_name(name, "type").is_ok_and(|name| group.contains(name.as_str()));
        let Some(first) = declared.into_iter().find(|name| is_member(name)) else { continue };
        let message =
            format!("`{}` and the types that it leads to hold each other in too long a chain", show(&first.value));
        let diagnostic = Diagnostic::new(Code::TypeNotAllowed, message)
            .at(first.span, format!("{} types lead to each other", group.len()))
            .help("the compiler follows some 24 types, or fewer in lists and maps, until it meets a type again")
            .help("let some of them hold a key of the other's item, or a `json`");
        resolver.report(diagnostic);
    }
}

fn all_held(types: &[TypeDefinition]) -> Held<'_> {
    let structs = types.iter().flat_map(TypeDefinition::structs);
    let mut all: Held<'_> = structs.map(|of| (of.name.as_str(), of.fields.iter().filter_map(step).collect())).collect();
    for of in types {
        if let TypeDefinition::Union(of) = of {
            all.insert(&of.name, of.variants.iter().filter_map(|of| Some((1, of.of.as_deref()?))).collect());
        }
    }
    all
}

/// The type that a field holds, and the levels from the field's struct to it.
fn step(field: &Field) -> Option<(usize, &str)> {
    let (mut ty, mut levels) = (&field.ty, 1);
    loop {
        (ty, levels) = match ty {
            Type::Optional(inner) => (inner, levels + 1),
            Type::List(inner) | Type::Map(inner) => (inner, levels + 3),
            Type::Named(Named { boxed: true, .. }) => return Some((levels + 2, held(ty)?)),
            _ => return Some((levels, held(ty)?)),
        };
    }
}

/// Whether the compiler goes too deep from a type, among those of its group.
fn is_deep(start: &str, all: &Held<'_>, group: &HashSet<&str>) -> bool {
    let mut met = HashSet::from([start]);
    let mut open = vec![(0, all.get(start).into_iter().flatten())];
    while let Some((level, rest)) = open.last_mut() {
        let level = *level;
        match rest.next() {
            Some((levels, _)) if level + levels > MOST_LEVELS => return true,
            Some((levels, inner)) if group.contains(inner) && met.insert(inner) => {
                open.push((level + levels, all.get(inner).into_iter().flatten()));
            }
            Some(_) => {}
            None => _ = open.pop(),
        }
    }
    false
}
