//! The types that a schema defines: enums, structs and unions.

use super::names::{self, Namespace};
use super::paths::{function_path, rust_path};
use super::resolver::Resolver;
use super::scope::Scope;
use super::{
    built_in, computed, cycles, defaults, doc, extras, fields, formats, inputs, json, key_only, mixins, roles, scalars,
    seals, types,
};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{
    EnumType, EnumValue, EnumVariant, NamedKind, StructType, Type, TypeDefinition, UnionType, UnionVariant,
};
use crate::node::Node;
use crate::schema::{EnumDecl, FieldDecl, Spanned, StructDecl, StructKind, UnionDecl, UnknownDecl, VariantKind};
use crate::text::show;

/// Resolves the types, and adds their names to the scope. Scalars and mixins are checked before the types that use them.
pub(crate) fn resolve(resolver: &mut Resolver<'_>) -> Vec<TypeDefinition> {
    let schema = resolver.schema;
    resolver.scope.forms = formats::of_types(&schema.formats, resolver);
    let mut definitions = Vec::new();
    for declared in &schema.enums {
        let resolved = enumeration(declared, resolver);
        if resolved.is_none() {
            resolver.scope.note_broken(&declared.name.value);
        }
        definitions.extend(resolved.map(TypeDefinition::Enum));
    }
    let structs = schema.types.iter().filter_map(|declared| Some((declared, name_struct(declared, resolver)?)));
    let structs: Vec<(&StructDecl, String)> = structs.collect();
    schema.types.iter().for_each(|declared| resolver.scope.note_broken(&declared.name.value));
    let unions = schema.unions.iter().filter_map(|declared| Some((declared, name_union(declared, resolver)?)));
    let unions: Vec<(&UnionDecl, String)> = unions.collect();
    schema.unions.iter().for_each(|declared| resolver.scope.note_broken(&declared.name.value));
    // All names are known now, so fields' types can be read.
    for (declared, _) in &structs {
        if let StructKind::Fields { fields, .. } = &declared.kind
            && fields.iter().all(|field| has_default(field, &resolver.scope))
        {
            resolver.scope.set_default(&declared.name.value);
        }
    }
    scalars::check(resolver);
    mixins::check(resolver);
    for (declared, name) in structs {
        definitions.extend(structure(declared, name, resolver).map(TypeDefinition::Struct));
    }
    for (declared, name) in unions {
        definitions.extend(union(declared, name, resolver).map(TypeDefinition::Union));
    }
    cycles::resolve(&mut definitions, resolver);
    definitions
}

/// The Rust name of a type; the name of a built-in type is a mistake.
fn type_name(written: &Spanned<String>, what: &str, resolver: &mut Resolver<'_>) -> Option<String> {
    refuse_built_in(written, what, resolver)?;
    resolver.keep(names::type_name(written, what))
}

/// The mistake that a type has the name of a built-in one, which fields of the name would have.
fn refuse_built_in(written: &Spanned<String>, what: &str, resolver: &mut Resolver<'_>) -> Option<()> {
    if !built_in::is_built_in(&written.value) {
        return Some(());
    }
    let message = format!("the {what} `{}` has the name of a built-in type", show(&written.value));
    let diagnostic = Diagnostic::new(Code::NameCollision, message).at(written.span, "built in").help("rename it");
    resolver.report(diagnostic);
    None
}

fn name_struct(declared: &StructDecl, resolver: &mut Resolver<'_>) -> Option<String> {
    let written = &declared.name.value;
    match &declared.kind {
        StructKind::Rust { path, key, eq } => {
            refuse_built_in(&declared.name, "type", resolver)?;
            let path = resolver.keep(rust_path(path, "type"))?;
            let key = key.as_ref().map(|key| key.value);
            resolver.scope.define(written, &path, NamedKind::Rust { key, eq: *eq });
            None
        }
        StructKind::Fields { .. } => {
            let name = type_name(&declared.name, "type", resolver)?;
            resolver.take_all(names::of_struct(&name, &format!("type `{}`", show(written))), declared.name.span);
            resolver.scope.define(written, &name, NamedKind::Struct);
            Some(name)
        }
    }
}

/// Whether a field can be left out. A type with mistakes is not a second mistake here.
fn has_default(field: &FieldDecl, scope: &Scope) -> bool {
    let ty = || field.ty.as_ref().and_then(|ty| types::parse(ty, scope).ok().flatten());
    let may_be_empty = |ty| match ty {
        Type::Optional(_) => true,
        Type::List(_) | Type::Set(_) | Type::Map(_) => !defaults::needs_items(field),
        _ => false,
    };
    field.default.is_some() || ty().is_none_or(may_be_empty)
}

fn structure(declared: &StructDecl, name: String, resolver: &mut Resolver<'_>) -> Option<StructType> {
    let StructKind::Fields { mixins, .. } = &declared.kind else { return None };
    let start = resolver.found.mark();
    let resolved = resolve_struct(declared, name, resolver);
    mixins::name_taker(start, mixins, None, &format!("type `{}`", show(&declared.name.value)), resolver);
    resolved
}

fn resolve_struct(declared: &StructDecl, name: String, resolver: &mut Resolver<'_>) -> Option<StructType> {
    let StructKind::Fields { fields: listed, validate, unknown_attributes, patch, .. } = &declared.kind else {
        return None;
    };
    let written = show(&declared.name.value);
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    if listed.is_empty() {
        let message = format!("type `{written}` has no fields");
        let help = "list them under `fields:`";
        resolver
            .report(Diagnostic::new(Code::MissingKey, message).at(declared.name.span, "it would be empty").help(help));
        return None;
    }
    let extras = extras::resolve(&declared.extras, resolver);
    roles::refuse(listed, resolver);
    key_only::refuse(listed, resolver);
    seals::refuse(listed, resolver);
    computed::refuse(listed, resolver);
    let resolved = fields::of_struct(&name, listed, resolver)?;
    let validate = resolver.keep(function_path(validate.as_ref()))?;
    let patch = match patch {
        Some(name) => {
            inputs::check_json(&format!("type `{written}`"), &declared.extras, listed, resolver)?;
            Some(inputs::name_patch(name, &written, resolver)?)
        }
        None => None,
    };
    Some(StructType {
        name,
        doc,
        line: resolver.line(declared.name.span),
        extras,
        fields: resolved.into_iter().map(|(_, field)| field).collect(),
        patch,
        validate,
        keeps_unknown: *unknown_attributes == UnknownDecl::Keep,
    })
}

fn enumeration(declared: &EnumDecl, resolver: &mut Resolver<'_>) -> Option<EnumType> {
    let written = &declared.name.value;
    let name = type_name(&declared.name, "enum", resolver)?;
    resolver.take_all([(name.clone(), format!("enum `{}`", show(written)))], declared.name.span);
    if declared.is_broken && declared.variants.is_empty() {
        return None;
    }
    if declared.variants.is_empty() {
        let message = format!("enum `{}` has no variants", show(written));
        let help = format!("list them: `{}: [small, large]`", show(written));
        resolver
            .report(Diagnostic::new(Code::BadVariants, message).at(declared.name.span, "it has no value").help(help));
        return None;
    }
    let mut rust_names = Namespace::default();
    if declared.other {
        resolver.keep(rust_names.take("Other", "the variant for other values".to_owned(), declared.name.span));
    }
    let mut variants: Vec<EnumVariant> = Vec::with_capacity(declared.variants.len());
    for variant in &declared.variants {
        let name = resolver.keep(names::type_name(&variant.name, "variant"));
        let name = name.filter(|name| {
            let origin = format!("variant `{}`", show(&variant.name.value));
            resolver.keep(rust_names.take(name, origin, variant.name.span)).is_some()
        });
        let doc = doc::resolve(variant.doc.as_ref(), resolver);
        let value = match &variant.value {
            None => Some(EnumValue::Text(variant.name.value.clone())),
            Some(node) => resolver.keep(stored_value(node)),
        };
        let (Some(name), Some(value)) = (name, value) else { continue };
        let span = variant.value.as_ref().map_or(variant.name.span, |node| node.span);
        if variants.iter().any(|earlier| earlier.value == value) {
            let message = "two variants are stored as the same value";
            let help = "give one of them another `value:`";
            resolver.report(Diagnostic::new(Code::BadVariants, message).at(span, "the same again").help(help));
        }
        let is_text = |value: &EnumValue| matches!(value, EnumValue::Text(_));
        if variants.first().is_some_and(|first| is_text(&first.value) != is_text(&value)) {
            let message = "the values of an enum are all text, or all integers";
            let help = "give every variant a `value:`, or none";
            resolver.report(
                Diagnostic::new(Code::BadVariants, message).at(span, "of another kind than the first").help(help),
            );
        }
        let json_name = declared.json.as_ref().map(|_| variant.name.value.clone());
        variants.push(EnumVariant { name, doc, value, json_name });
    }
    if declared.is_broken || variants.len() != declared.variants.len() {
        return None;
    }
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    let extras = extras::resolve(&declared.extras, resolver);
    resolver.found.extend(json::named(declared, &variants, &resolver.scope));
    resolver.found.extend(without_case(declared, &variants));
    let resolved = EnumType {
        name,
        doc,
        line: resolver.line(declared.name.span),
        extras,
        other: declared.other,
        ignores_case: declared.ignore_case.is_some(),
        variants,
    };
    let kind =
        NamedKind::Enum { number: resolved.is_number(), other: resolved.other, ignores_case: resolved.ignores_case };
    let written_variants: Vec<(&str, &EnumVariant)> =
        declared.variants.iter().map(|variant| variant.name.value.as_str()).zip(&resolved.variants).collect();
    resolver.scope.define_enum(written, &resolved.name, kind, &written_variants);
    Some(resolved)
}

/// The mistake that the variants of an enum whose case is ignored are numbers, or differ in their case only.
fn without_case(declared: &EnumDecl, variants: &[EnumVariant]) -> Option<Diagnostic> {
    let ignore_case = declared.ignore_case.as_ref()?;
    let mut seen = Vec::with_capacity(variants.len());
    for (variant, decl) in variants.iter().zip(&declared.variants) {
        let EnumValue::Text(text) = &variant.value else {
            return Some(
                Diagnostic::new(Code::BadVariants, "numbers have no case")
                    .at(ignore_case.span, "the variants are stored as numbers")
                    .help("leave `ignore_case` out"),
            );
        };
        let lower = text.to_lowercase();
        if seen.contains(&lower) {
            return Some(
                Diagnostic::new(Code::BadVariants, "two variants differ in their case only")
                    .at(decl.name.span, format!("`{}` is another variant in another case", show(text)))
                    .related(ignore_case.span, "their case is ignored")
                    .help("leave `ignore_case` out, or give one of them another `value:`"),
            );
        }
        seen.push(lower);
    }
    None
}

fn stored_value(node: &Node) -> Result<EnumValue, Diagnostic> {
    if let Some(text) = node.as_text() {
        return Ok(EnumValue::Text(text.to_owned()));
    }
    node.to::<i64>().map(EnumValue::Number).ok_or_else(|| {
        let expected = match node.whole() {
            Some(_) => format!("expected an integer from {} to {}, found {}", i64::MIN, i64::MAX, node.describe()),
            None => format!("found {}", node.describe()),
        };
        Diagnostic::new(Code::BadVariants, "a variant is stored as text, or as an integer")
            .at(node.span, expected)
            .help("put it in quotes to make it text")
    })
}

fn name_union(declared: &UnionDecl, resolver: &mut Resolver<'_>) -> Option<String> {
    let written = &declared.name.value;
    let name = type_name(&declared.name, "union", resolver)?;
    resolver.take_all([(name.clone(), format!("union `{}`", show(written)))], declared.name.span);
    resolver.scope.define(written, &name, NamedKind::Union);
    Some(name)
}

fn union(declared: &UnionDecl, name: String, resolver: &mut Resolver<'_>) -> Option<UnionType> {
    if declared.variants.is_empty() {
        let message = format!("union `{}` has no variants", show(&declared.name.value));
        let help = "list them: `variants: { card: { fields: { number: string } } }`";
        resolver
            .report(Diagnostic::new(Code::BadVariants, message).at(declared.name.span, "it has no value").help(help));
    }
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    let mut rust_names = Namespace::default();
    let mut resolved = UnionType {
        name,
        doc,
        line: resolver.line(declared.name.span),
        extras: extras::resolve(&declared.extras, resolver),
        tag: declared.tag.value.clone(),
        variants: Vec::new(),
        structs: Vec::new(),
    };
    for variant in &declared.variants {
        let written = show(&variant.name.value);
        let Some(name) = resolver.keep(names::type_name(&variant.name, "variant")) else { continue };
        let origin = format!("variant `{written}`");
        if resolver.keep(rust_names.take(&name, origin, variant.name.span)).is_none() {
            continue;
        }
        let value = variant.value.as_ref().unwrap_or(&variant.name);
        if resolved.variants.iter().any(|earlier| earlier.value == value.value) {
            let message = "two variants have the same value of the tag";
            let help = "give one of them another `value:`";
            resolver.report(Diagnostic::new(Code::BadVariants, message).at(value.span, "the same again").help(help));
        }
        let of = match &variant.kind {
            VariantKind::Type(of) if resolver.scope.broken.types.contains(&of.value) => None,
            VariantKind::Type(of) => resolver.keep(variant_type(of, declared, resolver)).map(Some),
            VariantKind::Fields(listed) if listed.is_empty() => Some(None),
            VariantKind::Fields(listed) => {
                let own = format!("{}{name}", resolved.name);
                let of = format!("the variant `{written}` of union `{}`", show(&declared.name.value));
                resolver.take_all(names::of_struct(&own, &of), variant.name.span);
                resolver.found.extend(tag_taken(declared, listed, &resolver.scope));
                roles::refuse(listed, resolver);
                key_only::refuse(listed, resolver);
                seals::refuse(listed, resolver);
                computed::refuse(listed, resolver);
                fields::of_struct(&own, listed, resolver).map(|fields| {
                    let doc = vec![format!("The fields of a [`{}::{name}`].", resolved.name)];
                    let fields = fields.into_iter().map(|(_, field)| field).collect();
                    resolved.structs.push(StructType {
                        name: own.clone(),
                        doc,
                        line: resolver.line(variant.name.span),
                        extras: resolved.extras.clone(),
                        fields,
                        validate: None,
                        keeps_unknown: false,
                        patch: None,
                    });
                    Some(own)
                })
            }
        };
        let doc = doc::resolve(variant.doc.as_ref(), resolver);
        resolved.variants.extend(of.map(|of| UnionVariant { name, doc, value: value.value.clone(), of }));
    }
    (!resolved.variants.is_empty() && resolved.variants.len() == declared.variants.len()).then_some(resolved)
}

/// The struct of a variant that is an entry of `types:`.
fn variant_type(of: &Spanned<String>, union: &UnionDecl, resolver: &Resolver<'_>) -> Result<String, Diagnostic> {
    let Resolver { schema, scope, .. } = resolver;
    let found = schema.types.iter().find(|declared| declared.name.value == of.value);
    let Some(StructDecl { kind: StructKind::Fields { fields: listed, .. }, .. }) = found else {
        let help = did_you_mean(&of.value, scope.names().filter(|name| *name != of.value));
        let message = format!("`{}` is not a struct under `types:`", show(&of.value));
        return Err(Diagnostic::new(Code::UnknownType, message)
            .at(of.span, "a variant needs a struct")
            .help(help.unwrap_or_else(|| "or give it fields of its own: `{ fields: { … } }`".to_owned().into())));
    };
    match tag_taken(union, listed, scope) {
        Some(diagnostic) => Err(diagnostic),
        None => names::type_name(of, "type"),
    }
}

/// A mistake if a field of a variant has the name of the union's tag, in DynamoDB or in JSON.
fn tag_taken(union: &UnionDecl, listed: &[FieldDecl], scope: &Scope) -> Option<Diagnostic> {
    let tag = union.tag.value.as_str();
    let stored = listed.iter().find(|field| field.attribute.as_ref().unwrap_or(&field.name).value == tag);
    let in_json = |field: &&FieldDecl| {
        scope.has_json()
            && names::field_name(&field.name).is_ok_and(|name| scope.json_name(&name, &field.json).text() == Some(tag))
    };
    let (field, how, help) = match stored {
        Some(field) => (field, "stored as", "rename the tag, or give the field another `attribute:`"),
        None => (
            listed.iter().find(in_json)?,
            "in JSON called",
            "rename the tag, or name the field with `serde: { name: … }`",
        ),
    };
    let diagnostic = Diagnostic::new(Code::BadVariants, format!("a field is {how} `{}`, the union's tag", show(tag)))
        .at(union.tag.span, "the tag")
        .related(field.name.span, "the field")
        .help(help);
    Some(diagnostic)
}
