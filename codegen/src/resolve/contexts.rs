//! Contexts: the fields of models whose values a client holds.

mod rules;

pub(super) use rules::check;

use super::mixins::twice;
use super::resolver::Resolver;
use super::{doc, fields, names};
use crate::diagnostic::{Code, Diagnostic, Found, did_you_mean};
use crate::model::{Context, Field, Named, NamedKind, Scalar, TimeKind, Type};
use crate::schema::{ContextDecl, FieldDecl, ModelDecl, Schema};
use crate::sources::Span;
use crate::text::show;

/// Gives each model the fields of its context, before its own.
pub(super) fn expand(schema: &mut Schema, found: &mut Found) {
    let contexts = &schema.contexts;
    for (at, context) in contexts.iter().enumerate() {
        if let Some(first) = contexts.iter().take(at).find(|first| first.name.value == context.name.value) {
            found.push(twice(&context.name, &first.name, "context"));
        }
    }
    let broken = &mut schema.broken;
    schema.models.retain_mut(|model| {
        let Some(name) = &model.context else { return true };
        let Some(context) = contexts.iter().find(|context| context.name.value == name.value) else {
            if !broken.file && !broken.contexts.contains(&name.value) {
                let message = format!("there is no context `{}`", show(&name.value));
                let help = did_you_mean(&name.value, contexts.iter().map(|context| context.name.value.as_str()));
                let otherwise = || "define it: `contexts: { Tenant: { fields: { tenant_id: string } } }`".to_owned();
                found.push(
                    Diagnostic::new(Code::BadContext, message)
                        .at(name.span, "unknown context")
                        .help(help.unwrap_or_else(|| otherwise().into())),
                );
            }
            broken.models.insert(model.name.value.clone());
            return false;
        };
        let own = std::mem::replace(&mut model.fields, context.fields.clone());
        for field in own {
            match context.fields.iter().find(|of| of.name.value == field.name.value) {
                Some(of) => {
                    let message =
                        format!("`{}` has the field `{}` twice", show(&model.name.value), show(&field.name.value));
                    let diagnostic = Diagnostic::new(Code::BadContext, message)
                        .at(field.name.span, "one of them")
                        .related(of.name.span, format!("and one in its context `{}`", show(&name.value)));
                    found.push(diagnostic.help("drop it here: the context gives it to the model"));
                }
                None => model.fields.push(field),
            }
        }
        true
    });
}

/// Resolves the contexts by themselves, also if no model has them.
pub(super) fn resolve(resolver: &mut Resolver<'_>) {
    let schema = resolver.schema;
    for declared in &schema.contexts {
        let start = resolver.found.mark();
        let context = one(declared, resolver);
        let found = resolver.found.take_since(start);
        let is_sound = found.is_empty();
        resolver.found.extend(found.iter().cloned());
        resolver.of_mixins.extend(found);
        if let Some(context) = context.filter(|_| is_sound) {
            resolver.contexts.entry(&declared.name.value).or_insert(context);
        }
    }
}

/// The contexts in the order of the schema.
pub(super) fn in_order(resolver: &Resolver<'_>) -> Vec<Context> {
    let of = |declared: &ContextDecl| resolver.contexts.get(declared.name.value.as_str()).cloned();
    resolver.schema.contexts.iter().filter_map(of).collect()
}

/// The context of a model, if it has one; `None` if the context has a mistake.
pub(super) fn of_model(declared: &ModelDecl, resolver: &Resolver<'_>) -> Option<Option<Context>> {
    let Some(name) = &declared.context else { return Some(None) };
    resolver.contexts.get(name.value.as_str()).cloned().map(Some)
}

fn one(declared: &ContextDecl, resolver: &mut Resolver<'_>) -> Option<Context> {
    let written = show(&declared.name.value);
    let name = resolver.keep(names::type_name(&declared.name, "context"))?;
    resolver.take(&name, format!("context `{written}`"), declared.name.span)?;
    if declared.fields.is_empty() {
        let diagnostic = Diagnostic::new(Code::MissingKey, format!("context `{written}` has no fields"))
            .at(declared.name.span, "a client would hold nothing")
            .help("list them: `fields: { tenant_id: string }`");
        resolver.report(diagnostic);
        return None;
    }
    let fields = fields::resolve(&declared.fields, resolver)?;
    for (decl, field) in &fields {
        resolver.found.extend(refused(decl, field));
    }
    let fields = fields.into_iter().map(|(_, field)| field).collect();
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    Some(Context { name, doc, line: resolver.line(declared.name.span), fields })
}

/// The mistake that clients cannot hold the values of a field, or that no key can have them.
fn refused(decl: &FieldDecl, field: &Field) -> Option<Diagnostic> {
    let name = show(&decl.name.value);
    if let Some((span, key, why)) = refused_key(decl) {
        let message = format!("the field `{name}` of a context cannot have `{key}`");
        return Some(Diagnostic::new(Code::BadContext, message).at(span, why).help(format!("drop `{key}`")));
    }
    let refuse = |why: &str, help: &str| {
        let span = decl.ty.as_ref().map_or(decl.name.span, |ty| ty.span);
        let message = format!("the field `{name}` cannot be one of a context");
        Some(Diagnostic::new(Code::BadContext, message).at(span, why).help(help))
    };
    match &field.ty {
        Type::Optional(_) => refuse("each item has the values of its context", "drop the `?`"),
        Type::Scalar(scalar) if scalar.is_float() => refuse("no key can have a float", "use an integer or a string"),
        Type::Scalar(Scalar::Time(TimeKind::Duration, _)) => refuse("no key can have a duration", "use an integer"),
        Type::Scalar(Scalar::Time(kind, _)) if *kind != TimeKind::Date => {
            refuse("a key does not hold all that a time of a client has", "use a `date` or a string")
        }
        Type::Named(Named { kind: NamedKind::Enum { other, ignores_case, .. }, .. }) if *other || *ignores_case => {
            refuse(
                "several of its values have one text in keys",
                "use an enum without `other` and `ignore_case`, or a string",
            )
        }
        _ if field.key_kind().is_none() => {
            refuse("no key can have a value of this type", "use a type such as `string`, `uuid` or `u64`")
        }
        _ => None,
    }
}

/// A key of a field that one of a context cannot have: its place, its name and why.
fn refused_key(decl: &FieldDecl) -> Option<(Span, &'static str, &'static str)> {
    const GIVEN: &str = "the client gives the value";
    const IN_KEYS: &str = "the value is in keys";
    let all = [
        decl.default.as_ref().map(|of| (of.span(), "default", GIVEN)),
        decl.computed.as_ref().map(|of| (of.span, "computed", GIVEN)),
        decl.ttl.as_ref().map(|of| (of.span, "ttl", GIVEN)),
        decl.sequence.span.map(|span| (span, "sequence", GIVEN)),
        decl.role.as_ref().map(|of| (of.span, "role", GIVEN)),
        decl.fake.as_ref().map(|of| (of.span, "fake", GIVEN)),
        decl.transform.first().map(|of| (of.span, "transform", "a write would change the value that the client gives")),
        decl.precision
            .as_ref()
            .map(|of| (of.span, "precision", "a write would change the value that the client gives")),
        decl.seal.encrypt.as_ref().map(|of| (of.key.span, "encrypt", IN_KEYS)),
        decl.seal.compress.as_ref().map(|of| (of.span, "compress", IN_KEYS)),
        decl.empty.as_ref().map(|of| (of.span, "empty", "each item has the values of its context")),
        decl.unique.map(|span| (span, "unique", "several items have the values of one client")),
        decl.extras.attributes.first().map(|of| (of.span, "attributes", "clients hold the field too")),
    ];
    all.into_iter().flatten().next()
}
