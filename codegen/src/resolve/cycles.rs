//! Types that hold each other: the fields that need a `Box`, the types that are endless, and properties that spread
//! among types.

use super::groups::{Edges, groups};
use super::names;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Constraint, Field, NamedKind, StructType, Type, TypeDefinition, UnionType};
use crate::schema::Spanned;
use crate::text::show;
use std::collections::{HashMap, HashSet};

/// Boxes the fields that close a cycle, and refuses endless types.
pub(crate) fn resolve(definitions: &mut [TypeDefinition], resolver: &mut Resolver<'_>) {
    let schema = resolver.schema;
    let mut places = HashMap::new();
    let declared = schema.types.iter().map(|declared| &declared.name);
    for written in declared.chain(schema.unions.iter().map(|declared| &declared.name)) {
        if let Ok(name) = names::type_name(written, "type") {
            places.entry(name).or_insert(written);
        }
    }
    for cycle in endless(definitions) {
        let mut cycle = cycle.iter().filter_map(|name| places.get(*name));
        let Some(first) = cycle.next() else { continue };
        let message = format!("the type `{}` is endless", show(&first.value));
        let diagnostic =
            Diagnostic::new(Code::EndlessType, message).at(first.span, "every value of it would hold another");
        let by_way =
            |diagnostic: Diagnostic, other: &&Spanned<String>| diagnostic.related(other.span, "through this type");
        resolver.report(
            cycle
                .fold(diagnostic, by_way)
                .help("make a field of the cycle optional, or a list or a map without `min_items`"),
        );
    }
    let boxed = boxed(definitions);
    for definition in definitions {
        let structs: &mut [StructType] = match definition {
            TypeDefinition::Struct(of) => std::slice::from_mut(of),
            TypeDefinition::Union(of) => &mut of.structs,
            TypeDefinition::Enum(_) => &mut [],
        };
        for of in structs {
            for field in &mut of.fields {
                if let Type::Named(named) = field.ty.present_mut() {
                    named.boxed = boxed.contains(&(of.name.clone(), field.name.clone()));
                }
            }
        }
    }
}

/// The boxed fields, each with its struct: those that lead back to the struct and whose values are finite.
fn boxed(definitions: &[TypeDefinition]) -> HashSet<(String, String)> {
    let groups = groups(&edges(definitions, |field| held(field.ty.present())));
    let mut boxed = HashSet::new();
    for of in definitions.iter().flat_map(TypeDefinition::structs) {
        for field in &of.fields {
            let is_optional = matches!(field.ty, Type::Optional(_));
            if let Type::Named(named) = field.ty.present()
                && (is_optional || named.kind == NamedKind::Union)
                && groups.get(named.name.as_str()).is_some_and(|group| groups.get(of.name.as_str()) == Some(group))
            {
                boxed.insert((of.name.clone(), field.name.clone()));
            }
        }
    }
    boxed
}

/// The names of the types that cannot implement `Eq`.
pub(crate) fn without_eq(definitions: &[TypeDefinition]) -> HashSet<String> {
    spread(definitions, |node, found| match node {
        Node::Struct(of) => {
            of.keeps_unknown || !of.fields.iter().flat_map(|field| field.ty.parts()).all(|part| part.is_eq(found))
        }
        Node::Union(of) => holds_one(of, found),
    })
}

/// The names of the types with constraints, or with a type that has constraints inside.
pub(crate) fn constrained(definitions: &[TypeDefinition]) -> HashSet<String> {
    let holds = |part: &Type, found: &HashSet<String>| match part {
        Type::Named(named) => found.contains(&named.name),
        Type::Vector(_) => true,
        _ => false,
    };
    spread(definitions, |node, found| match node {
        Node::Struct(of) => {
            let is_constrained =
                |field: &Field| field.is_constrained() || field.ty.parts().any(|part| holds(part, found));
            of.validate.is_some() || of.fields.iter().any(is_constrained)
        }
        Node::Union(of) => holds_one(of, found),
    })
}

/// The names of the types with transforms, or with a type that has transforms inside.
pub(crate) fn transformed(definitions: &[TypeDefinition]) -> HashSet<String> {
    spread(definitions, |node, found| match node {
        Node::Struct(of) => of
            .fields
            .iter()
            .any(|field| field.is_transformed() || field.ty.parts().filter_map(held).any(|held| found.contains(held))),
        Node::Union(of) => holds_one(of, found),
    })
}

fn holds_one(of: &UnionType, found: &HashSet<String>) -> bool {
    of.variants.iter().filter_map(|variant| variant.of.as_ref()).any(|of| found.contains(of))
}

/// A type that can hold others.
#[derive(Clone, Copy)]
enum Node<'m> {
    Struct(&'m StructType),
    Union(&'m UnionType),
}

impl<'m> Node<'m> {
    fn name(self) -> &'m str {
        match self {
            Node::Struct(of) => &of.name,
            Node::Union(of) => &of.name,
        }
    }

    /// The types of the schema that it names, at any depth.
    fn uses(self) -> Vec<&'m str> {
        match self {
            Node::Struct(of) => of.fields.iter().flat_map(|field| field.ty.parts()).filter_map(held).collect(),
            Node::Union(of) => of.variants.iter().filter_map(|variant| variant.of.as_deref()).collect(),
        }
    }
}

fn nodes(definitions: &[TypeDefinition]) -> impl Iterator<Item = Node<'_>> {
    definitions.iter().flat_map(|definition| {
        let union = match definition {
            TypeDefinition::Union(of) => Some(Node::Union(of)),
            _ => None,
        };
        definition.structs().iter().map(Node::Struct).chain(union)
    })
}

/// The types that have a property, themselves or through a type that they name. Each type is asked once, and again for
/// each named type that turns out to have it.
fn spread<'m>(definitions: &'m [TypeDefinition], has: impl Fn(Node<'m>, &HashSet<String>) -> bool) -> HashSet<String> {
    let mut users: HashMap<&str, Vec<Node<'m>>> = HashMap::new();
    for node in nodes(definitions) {
        node.uses().into_iter().for_each(|used| users.entry(used).or_default().push(node));
    }
    let mut found = HashSet::new();
    let mut open: Vec<Node<'m>> = nodes(definitions).collect();
    while let Some(node) = open.pop() {
        if !found.contains(node.name()) && has(node, &found) {
            found.insert(node.name().to_owned());
            open.extend(users.get(node.name()).into_iter().flatten());
        }
    }
    found
}

/// The names of the types inside a union, at any depth.
pub(crate) fn in_unions(definitions: &[TypeDefinition]) -> HashSet<String> {
    let uses: HashMap<&str, Vec<&str>> = nodes(definitions).map(|node| (node.name(), node.uses())).collect();
    let unions = nodes(definitions).filter(|node| matches!(node, Node::Union(_)));
    let mut open: Vec<&str> = unions.flat_map(Node::uses).collect();
    let mut found = HashSet::new();
    while let Some(name) = open.pop() {
        if found.insert(name.to_owned()) {
            open.extend(uses.get(name).into_iter().flatten());
        }
    }
    found
}

/// The types that each struct holds by its fields, and each union by its variants.
fn edges<'m>(definitions: &'m [TypeDefinition], by: impl Fn(&'m Field) -> Option<&'m str>) -> Edges<'m> {
    let edges = nodes(definitions).map(|node| match node {
        Node::Struct(of) => (node.name(), of.fields.iter().filter_map(&by).collect()),
        Node::Union(_) => (node.name(), node.uses()),
    });
    edges.collect()
}

/// The name of a type of which every value of the field holds one.
fn needed(field: &Field) -> Option<&str> {
    needed_in(&field.ty, &field.constraints)
}

fn needed_in<'m>(ty: &'m Type, constraints: &'m [Constraint]) -> Option<&'m str> {
    let (Type::List(element) | Type::Map(element)) = ty else { return held(ty) };
    if !constraints.iter().any(|constraint| matches!(constraint, Constraint::MinItems(1..))) {
        return None;
    }
    let of_element = constraints.iter().find_map(|constraint| match constraint {
        Constraint::Items(of) | Constraint::Values(of) => Some(of.as_slice()),
        _ => None,
    });
    needed_in(element, of_element.unwrap_or_default())
}

/// The name of a type of the schema, held by value.
pub(super) fn held(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(named) if matches!(named.kind, NamedKind::Struct | NamedKind::Union) => Some(&named.name),
        _ => None,
    }
}

/// The groups of structs and unions without a finite value, since they hold each other, in the order of the schema.
fn endless(definitions: &[TypeDefinition]) -> Vec<Vec<&str>> {
    let known: HashSet<&str> = nodes(definitions).map(Node::name).collect();
    // A type with mistakes is not reported again.
    let finite = spread(definitions, |node, finite| {
        let is_finite = |name: &str| finite.contains(name) || !known.contains(name);
        match node {
            Node::Struct(of) => of.fields.iter().all(|field| needed(field).is_none_or(is_finite)),
            Node::Union(of) => of.variants.iter().any(|variant| variant.of.as_deref().is_none_or(is_finite)),
        }
    });
    let mut edges = edges(definitions, needed);
    edges.retain(|name, _| !finite.contains(*name));
    edges.values_mut().for_each(|held| held.retain(|name| known.contains(name) && !finite.contains(*name)));
    let groups = groups(&edges);
    let mut cycles: Vec<Vec<&str>> = Vec::new();
    let mut places: HashMap<usize, usize> = HashMap::new();
    for node in nodes(definitions) {
        let Some(group) = groups.get(node.name()) else { continue };
        // A type that only holds an endless one is fixed together with it, so it is not reported.
        if !edges.get(node.name()).into_iter().flatten().any(|held| groups.get(held) == Some(group)) {
            continue;
        }
        let place = *places.entry(*group).or_insert_with(|| {
            cycles.push(Vec::new());
            cycles.len() - 1
        });
        cycles.get_mut(place).into_iter().for_each(|cycle| cycle.push(node.name()));
    }
    cycles
}
