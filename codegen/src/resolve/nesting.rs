//! Types that nest deeper than DynamoDB stores.

use super::cycles::held;
use super::groups::groups;
use super::resolver::Resolver;
use super::{Resolved, names};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Type, TypeDefinition};
use crate::schema::Spanned;
use crate::text::show;
use std::collections::HashMap;

/// The levels of an attribute that DynamoDB stores: a number or text is one level, and each list or map is one more.
const MAX_LEVELS: usize = 32;

/// A field, as far as the depth of its values depends on it.
#[derive(Clone, Copy)]
struct Edge<'m> {
    /// The number of lists and maps around its innermost type.
    around: usize,
    /// The innermost type, if it can hold others.
    inner: Option<&'m str>,
    /// Whether every value has one of the inner type.
    is_required: bool,
}

type Edges<'m> = HashMap<&'m str, Vec<Edge<'m>>>;

/// Reports the types whose values are too deep for a place where the schema uses them. Where types hold each other, the
/// required fields count; the rest is as deep as the app makes it.
pub(crate) fn check(types: &[TypeDefinition], models: &[Resolved<'_>], resolver: &mut Resolver<'_>) {
    let edges = edges(types);
    let levels = levels(&edges);
    let used = models.iter().flat_map(|(_, model)| model.attributes());
    let mut deep: Vec<(&str, usize)> = Vec::new();
    for Edge { around, inner, .. } in used.map(edge).chain(edges.values().flatten().copied()) {
        let Some(name) = inner else { continue };
        let own = levels.get(name).copied().unwrap_or(1);
        // The types that hold such a type are too deep for the same reason.
        if around + own > MAX_LEVELS && own <= MAX_LEVELS + 1 {
            deep.push((name, around + own));
        }
    }
    deep.sort_unstable_by_key(|(name, levels)| (*name, std::cmp::Reverse(*levels)));
    deep.dedup_by_key(|(name, _)| *name);
    let schema = resolver.schema;
    let declared = schema.types.iter().map(|of| &of.name).chain(schema.unions.iter().map(|of| &of.name));
    for written in declared {
        let found = names::type_name(written, "type").ok();
        let found = found.and_then(|name| deep.iter().find(|(deep, _)| *deep == name));
        if let Some((name, deepest)) = found {
            resolver.report(too_deep(written, *deepest, &chain(name, &edges, &levels)));
        }
    }
}

fn too_deep(written: &Spanned<String>, levels: usize, chain: &[&str]) -> Diagnostic {
    let shown = match chain {
        [first, second, .., last] => format!("`{first}` holds `{second}`, and so on to `{last}`"),
        _ => "the lists and maps count too".to_owned(),
    };
    Diagnostic::new(Code::TypeNotAllowed, format!("`{}` nests too deeply", show(&written.value)))
        .at(written.span, format!("an attribute that holds it has {levels} levels: {shown}"))
        .help(format!("nest fewer types, lists and maps: DynamoDB stores at most {MAX_LEVELS} levels"))
}

fn edge(field: &Field) -> Edge<'_> {
    let (mut ty, mut around, mut is_optional) = (&field.ty, 0, false);
    loop {
        ty = match ty {
            Type::List(inner) | Type::Map(inner) => {
                around += 1;
                inner
            }
            Type::Optional(inner) => {
                is_optional = true;
                inner
            }
            _ => return Edge { around, inner: held(ty), is_required: !is_optional && around == 0 },
        }
    }
}

fn edges(types: &[TypeDefinition]) -> Edges<'_> {
    let structs = types.iter().flat_map(TypeDefinition::structs);
    let mut edges: Edges<'_> =
        structs.map(|of| (of.name.as_str(), of.fields.iter().map(edge).collect::<Vec<_>>())).collect();
    for of in types {
        if let TypeDefinition::Union(of) = of {
            let variants = of.variants.iter().filter_map(|variant| variant.of.as_deref());
            edges
                .insert(&of.name, variants.map(|of| Edge { around: 0, inner: Some(of), is_required: false }).collect());
        }
    }
    edges
}

/// The levels of each type's values. Levels beyond the limit are not told apart.
fn levels<'m>(edges: &Edges<'m>) -> HashMap<&'m str, usize> {
    let names = edges.iter().map(|(name, held)| (*name, held.iter().filter_map(|edge| edge.inner).collect()));
    let groups = groups(&names.collect());
    let mut levels: HashMap<&str, usize> = HashMap::new();
    let mut changed = true;
    while changed {
        changed = false;
        for (name, held) in edges {
            let holds = held.iter().map(|Edge { around, inner, is_required }| match inner {
                Some(inner) if groups.get(inner) == groups.get(name) && !is_required => 0,
                Some(inner) => around + levels.get(inner).copied().unwrap_or(1),
                None => around + 1,
            });
            let own = (1 + holds.max().unwrap_or(0)).min(MAX_LEVELS + 2);
            changed |= levels.insert(name, own) != Some(own);
        }
    }
    levels
}

/// The types that make a type deep, from the outermost to the innermost.
fn chain<'m>(start: &'m str, edges: &Edges<'m>, levels: &HashMap<&str, usize>) -> Vec<&'m str> {
    let mut chain = vec![start];
    while let Some(name) = chain.last()
        && let Some(held) = edges.get(name)
        && chain.len() <= MAX_LEVELS
    {
        let inner = held.iter().filter_map(|edge| Some((edge.around + levels.get(edge.inner?)?, edge.inner?)));
        let Some((_, deepest)) = inner.max() else { break };
        chain.push(deepest);
    }
    chain
}
