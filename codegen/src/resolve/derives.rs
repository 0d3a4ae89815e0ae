//! Checks that a definition can derive the traits of std that its schema asks for. A user's type may implement every
//! trait: nothing is known of it.

use super::{Resolved, holds, names, resolver::Resolver};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Default, Field, Implements, Literal, StdTrait, TypeDefinition, UnionType, derive_of_std};
use crate::schema::{FieldDecl, Schema, Spanned, StructKind, UnionDecl, VariantKind};
use crate::text::show;
use std::collections::{BTreeMap, HashSet};

/// Reports the traits that a definition cannot derive.
pub(crate) fn check(
    types: &[TypeDefinition],
    models: &[Resolved<'_>],
    without_eq: &HashSet<String>,
    resolver: &mut Resolver<'_>,
) {
    let types = definitions(types, without_eq, resolver.schema);
    let is_eq = |field: &Field| field.ty.parts().all(|part| part.is_eq(without_eq));
    let equal = |fields: &[Field]| fields.iter().all(is_eq).then_some(StdTrait::Eq).into_iter();
    let models: Vec<Definition<'_>> = models
        .iter()
        .map(|(declared, model)| Definition {
            name: &declared.name,
            asked: &declared.extras.derive,
            derived: equal(&model.fields).chain(asked(&declared.extras.derive)).collect(),
            parts: fields(&declared.fields, &model.fields),
            lacks: if model.keeps_unknown { unknown_attributes } else { nothing },
        })
        .collect();
    for of in types.values().chain(&models) {
        for path in of.asked {
            let refused = StdTrait::of_path(&path.value).and_then(|wanted| refuse(of, wanted, path, &types));
            let refused = refused.or_else(|| second(of, path));
            let is_refused = refused.is_some();
            resolver.found.extend(refused);
            if !is_refused && StdTrait::of_path(&path.value) == Some(StdTrait::Default) {
                resolver.found.extend(of.parts.iter().filter_map(|part| broken_default(part, path)));
            }
        }
    }
}

/// An emitted struct or enum, as far as its traits depend on it.
struct Definition<'s> {
    name: &'s Spanned<String>,
    /// The schema's derives.
    asked: &'s [Spanned<String>],
    /// The traits that it derives, also without being asked.
    derived: Vec<StdTrait>,
    parts: Vec<Part<'s>>,
    /// The reason why it cannot have a trait, whatever its parts are.
    lacks: fn(StdTrait) -> Option<&'static str>,
}

/// A field, or a variant that holds a struct of the schema.
struct Part<'s> {
    what: &'static str,
    name: &'s Spanned<String>,
    ty: &'s Spanned<String>,
    held: Held<'s>,
}

#[derive(Clone, Copy)]
enum Held<'s> {
    Field(&'s Field),
    /// A struct of the schema, by its name in Rust.
    Struct(&'s str),
}

fn nothing(_: StdTrait) -> Option<&'static str> {
    None
}

fn unknown_attributes(of: StdTrait) -> Option<&'static str> {
    (of != StdTrait::Default).then_some("what `unknown_attributes: keep` keeps does not implement it")
}

fn a_default(of: StdTrait) -> Option<&'static str> {
    (of == StdTrait::Default).then_some("no variant is the default")
}

fn a_default_and_copies(of: StdTrait) -> Option<&'static str> {
    let copies = (of == StdTrait::Copy).then_some("the text that `other: true` keeps does not implement it");
    copies.or_else(|| a_default(of))
}

fn asked(paths: &[Spanned<String>]) -> impl Iterator<Item = StdTrait> {
    paths.iter().filter_map(|path| StdTrait::of_path(&path.value))
}

fn fields<'s>(declared: &'s [FieldDecl], fields: &'s [Field]) -> Vec<Part<'s>> {
    let part = |(decl, field): (&'s FieldDecl, &'s Field)| {
        Some(Part { what: "field", name: &decl.name, ty: decl.ty.as_ref()?, held: Held::Field(field) })
    };
    declared.iter().zip(fields).filter_map(part).collect()
}

/// The types that the schema defines, by their names in Rust.
fn definitions<'s>(
    types: &'s [TypeDefinition],
    without_eq: &HashSet<String>,
    schema: &'s Schema,
) -> BTreeMap<&'s str, Definition<'s>> {
    let by_name: BTreeMap<&str, &TypeDefinition> = types.iter().map(|of| (of.name(), of)).collect();
    let find = |written| by_name.get(names::type_name(written, "type").ok()?.as_str()).copied();
    let eq = |name: &str| if without_eq.contains(name) { &[][..] } else { &[StdTrait::Eq, StdTrait::Hash] };
    let mut found = BTreeMap::new();
    for declared in &schema.types {
        if let Some(TypeDefinition::Struct(of)) = find(&declared.name)
            && let StructKind::Fields { fields: listed, .. } = &declared.kind
        {
            let copy = of.is_copy().then_some(StdTrait::Copy);
            let own = eq(&of.name).iter().copied().chain(copy).chain(of.has_default().then_some(StdTrait::Default));
            let definition = Definition {
                name: &declared.name,
                asked: &declared.extras.derive,
                derived: own.chain(asked(&declared.extras.derive)).collect(),
                parts: fields(listed, &of.fields),
                lacks: if of.keeps_unknown { unknown_attributes } else { nothing },
            };
            found.insert(of.name.as_str(), definition);
        }
    }
    for declared in &schema.enums {
        if let Some(TypeDefinition::Enum(of)) = find(&declared.name) {
            let lacks = if of.is_copy() { a_default } else { a_default_and_copies };
            let derived = StdTrait::ALL.into_iter().filter(|wanted| lacks(*wanted).is_none()).collect();
            let (name, asked) = (&declared.name, declared.extras.derive.as_slice());
            found.insert(of.name.as_str(), Definition { name, asked, derived, parts: Vec::new(), lacks });
        }
    }
    for declared in &schema.unions {
        if let Some(TypeDefinition::Union(of)) = find(&declared.name) {
            let definition = Definition {
                name: &declared.name,
                asked: &declared.extras.derive,
                derived: eq(&of.name).iter().copied().chain(asked(&declared.extras.derive)).collect(),
                parts: of_union(declared, of),
                lacks: a_default,
            };
            found.insert(of.name.as_str(), definition);
        }
    }
    found
}

/// The parts of a union: the structs of the schema that its variants hold, and the fields of the variants' own structs.
fn of_union<'s>(declared: &'s UnionDecl, of: &'s UnionType) -> Vec<Part<'s>> {
    let mut parts = Vec::new();
    for (declared, variant) in declared.variants.iter().zip(&of.variants) {
        let Some(name) = variant.of.as_deref() else { continue };
        match &declared.kind {
            VariantKind::Type(ty) => {
                parts.push(Part { what: "variant", name: &declared.name, ty, held: Held::Struct(name) });
            }
            VariantKind::Fields(listed) => {
                let own = of.structs.iter().filter(|of| of.name == name);
                parts.extend(own.flat_map(|of| fields(listed, &of.fields)));
            }
        }
    }
    parts
}

impl Part<'_> {
    fn implements(&self, wanted: StdTrait) -> Implements<'_> {
        match self.held {
            // The schema's default counts, not the type's.
            Held::Field(field) if wanted == StdTrait::Default && field.default != Default::Required => Implements::Yes,
            Held::Field(field) => field.ty.implements(wanted),
            Held::Struct(name) => Implements::If(name),
        }
    }
}

/// The mistake if a definition cannot derive a trait that its schema asks for.
fn refuse(
    of: &Definition<'_>,
    wanted: StdTrait,
    path: &Spanned<String>,
    types: &BTreeMap<&str, Definition<'_>>,
) -> Option<Diagnostic> {
    let (name, wanted_name) = (show(&of.name.value), wanted.name());
    let refuse = |label: String| {
        Diagnostic::new(Code::BadDerive, format!("`{name}` cannot derive `{wanted_name}`")).at(path.span, label)
    };
    let lacking =
        |part: &Part<'_>| refuse(format!("its {} `{}` does not implement it", part.what, show(&part.name.value)));
    if let Some(reason) = (of.lacks)(wanted) {
        let help = match wanted {
            StdTrait::Default => format!("drop it, and write `impl Default for {name}` by hand"),
            _ => "drop it, or the setting".to_owned(),
        };
        return Some(refuse(reason.to_owned()).help(help));
    }
    // The types that would have to derive it too, each with the part of this definition that leads to it.
    let mut open: Vec<(&Definition<'_>, &Part<'_>)> = Vec::new();
    let mut seen: HashSet<&str> = HashSet::new();
    let mut next = 0;
    let mut current = Some((of, None));
    while let Some((holder, through)) = current {
        for part in &holder.parts {
            let first = through.unwrap_or(part);
            let (place, reason) = match part.implements(wanted) {
                Implements::Yes | Implements::Unknown => continue,
                Implements::No => {
                    (part.ty.span, format!("`{}` does not implement `{wanted_name}`", show(&part.ty.value)))
                }
                Implements::If(name) => match types.get(name) {
                    Some(inner) if !inner.derived.contains(&wanted) => match (inner.lacks)(wanted) {
                        Some(reason) => (inner.name.span, reason.to_owned()),
                        None => {
                            open.extend(seen.insert(name).then_some((inner, first)));
                            continue;
                        }
                    },
                    _ => continue,
                },
            };
            return Some(lacking(first).related(place, reason).help(without(wanted)));
        }
        current = open.get(next).map(|(inner, first)| (*inner, Some(*first)));
        next += 1;
    }
    if let Some((inner, first)) = open.first() {
        let names: Vec<String> = open.iter().map(|(of, _)| format!("`{}`", show(&of.name.value))).collect();
        return Some(
            lacking(first)
                .related(inner.name.span, format!("it does not derive `{wanted_name}`"))
                .help(format!("add `derive: {wanted_name}` to {} too", names.join(", "))),
        );
    }
    let needed = [StdTrait::PartialOrd, StdTrait::Eq].into_iter().find(|needed| !of.derived.contains(needed));
    let needed = needed.filter(|_| wanted == StdTrait::Ord)?.name();
    Some(refuse(format!("it needs `{needed}`")).help(format!("add `{needed}` to the list")))
}

/// The mistake that a definition has a trait of std, and derives another macro of its name, which would implement it
/// again.
fn second(of: &Definition<'_>, path: &Spanned<String>) -> Option<Diagnostic> {
    let last = path.value.rsplit("::").next()?.trim();
    let last = last.strip_prefix("r#").unwrap_or(last);
    let is_there = ["Clone", "Debug", "PartialEq"].contains(&last) || of.derived.iter().any(|of| of.name() == last);
    (is_there && derive_of_std(&path.value).is_none()).then(|| {
        Diagnostic::new(Code::BadDerive, format!("`{}` has the trait `{last}` already", show(&of.name.value)))
            .at(path.span, "this would implement it again")
            .help(format!("drop it; a macro that implements another trait needs another name than `{last}`"))
    })
}

/// The warning that a field's value in a derived `Default` breaks the field's constraints.
fn broken_default(part: &Part<'_>, path: &Spanned<String>) -> Option<Diagnostic> {
    let Held::Field(field) = part.held else { return None };
    let value = holds::of_std(&field.default, &field.ty)?;
    if field.constraints.iter().all(|constraint| holds::holds(constraint, &value)) {
        return None;
    }
    let message = format!("the default of `{}` breaks a constraint", show(&part.name.value));
    let value = match value {
        Literal::Text(_) => "an empty text",
        Literal::List(_) | Literal::Map(_) => "empty",
        _ => "0",
    };
    Some(
        Diagnostic::new(Code::BrokenDefault, message)
            .at(path.span, "a value of `Default` cannot be saved")
            .related(part.name.span, format!("it is {value} there"))
            .help("give the field a `default:`, or drop the derive"),
    )
}

fn without(wanted: StdTrait) -> &'static str {
    match wanted {
        StdTrait::Copy => "drop it: `clone` copies such a value",
        StdTrait::Default => "drop it, make the field optional, or give it a `default:`",
        _ => "drop it, or give the field a type that implements it",
    }
}
