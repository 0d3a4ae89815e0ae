//! The fields of a model or a type.

use super::keys::one_of;
use super::names::{self, Namespace};
use super::paths::rust_path;
use super::resolver::Resolver;
use super::{constraints, defaults, doc, extras, formats, json, precision, roles, seals, types};
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, Model, Scalar, StoredForm, TimeComparison, TimeKind, TimeOrder, Type};
use crate::schema::{ConstraintDecl, ConstraintValue, FieldDecl, ModelDecl, Spanned};
use crate::terms::FieldRole;
use crate::text::show;
use heck::ToUpperCamelCase;
use std::collections::{HashMap, HashSet};

/// Fields with their declarations.
pub(super) type Declared<'s> = Vec<(&'s FieldDecl, Field)>;

/// The fields with their declarations; `None` if one has a mistake.
pub(crate) fn resolve<'s>(
    declared: &'s [FieldDecl],
    resolver: &mut Resolver<'_>,
) -> Option<Vec<(&'s FieldDecl, Field)>> {
    let mut fields = each(declared, resolver)?;
    orders(&mut fields, resolver)?;
    Some(fields)
}

/// The fields of a model and its computed ones, which no other field is compared with.
pub(super) fn of_model<'s>(
    owner: Option<&str>,
    declared: &'s ModelDecl,
    resolver: &mut Resolver<'_>,
) -> Option<(Declared<'s>, Declared<'s>)> {
    let mut fields = each(declared.fields.iter().chain(&declared.computed), resolver)?;
    let computed = fields.split_off(declared.fields.len());
    orders(&mut fields, resolver)?;
    if let Some(owner) = owner {
        name_patterns(owner, &mut fields, resolver)?;
    }
    Some((fields, computed))
}

/// The fields without their comparisons with other ones.
fn each<'s>(
    declared: impl IntoIterator<Item = &'s FieldDecl>,
    resolver: &mut Resolver<'_>,
) -> Option<Vec<(&'s FieldDecl, Field)>> {
    let mut rust_names = Namespace::default();
    let mut json_names = json::Names::default();
    let mut attributes: Vec<&Spanned<String>> = Vec::new();
    let mut fields = Vec::new();
    for decl in declared {
        let attribute = decl.attribute.as_ref().unwrap_or(&decl.name);
        // A field without a name is reported for its name.
        if decl.attribute.is_some() || !decl.name.value.is_empty() {
            check_attribute(attribute, &attributes, resolver);
        }
        attributes.push(attribute);
        let name = resolver.keep(names::field_name(&decl.name)).filter(|name| {
            let origin = format!("field `{}`", show(&decl.name.value));
            resolver.keep(rust_names.take(name, origin, decl.name.span)).is_some()
        });
        let json_name = name.as_deref().map(|name| json_names.take(decl, name, resolver));
        let doc = doc::resolve(decl.doc.as_ref(), resolver);
        let ty = decl.ty.as_ref().and_then(|ty| resolver.keep(types::parse(ty, &resolver.scope)).flatten());
        let default = ty.as_ref().and_then(|ty| resolver.keep(defaults::resolve(decl, ty, &resolver.scope)));
        let form = ty
            .as_ref()
            .and_then(|ty| resolver.keep(formats::of_field(decl.format.as_ref(), ty, &resolver.scope.forms)));
        let (Some(name), Some(json_name)) = (name, json_name) else { continue };
        let (Some(ty), Some(mut default), Some(mut form)) = (ty, default, form) else { continue };
        if resolver.keep(roles::apply(decl, &ty, &mut default, &mut form)).is_none() {
            continue;
        }
        let Some(precision) = resolver.keep(precision::apply(decl, &ty, &default, &mut form)) else { continue };
        let skipped = json::skipped(decl, &default, &resolver.scope);
        resolver.found.extend(skipped);
        let constraints = constraints::resolve(decl, &ty, &default, resolver);
        if let Some((transform, constraints)) = constraints {
            let attribute = attribute.value.clone();
            let order = Vec::new();
            let extras = extras::resolve(&decl.extras, resolver);
            let fake = fake(decl, resolver);
            let sensitive = decl.sensitive || decl.seal.encrypt.is_some();
            let seal = seals::of_field(decl);
            let key_only = decl.key_only.is_some();
            let role = decl.role.as_ref().map(|role| role.value);
            let block = roles::block(decl);
            let lifetime = decl.ttl.as_ref().filter(|ttl| ttl.from.is_none()).map(|ttl| ttl.after.value);
            let unique = decl.unique.is_some();
            let field = Field {
                name,
                attribute,
                json_name,
                doc,
                line: resolver.line(decl.name.span),
                ty,
                alias: None,
                form,
                pattern_type: None,
                precision,
                transform,
                sensitive,
                fake,
                seal,
                key_only,
                role,
                block,
                lifetime,
                unique,
                whole: false,
                extras,
                constraints,
                order,
                default,
            };
            let checked = formats::check(decl, &field).and_then(|()| roles::check_numbers(decl, &field));
            if resolver.keep(checked).is_some() {
                fields.push((decl, field));
            }
        }
    }
    (fields.len() == attributes.len()).then_some(fields)
}

/// The path of the function that makes up a field's values.
fn fake(decl: &FieldDecl, resolver: &mut Resolver<'_>) -> Option<String> {
    let path = decl.fake.as_ref()?;
    if !resolver.schema.fakes.as_ref().is_some_and(|on| on.value) {
        let diagnostic = Diagnostic::new(Code::BadValue, "`fake` has no effect, since the schema makes up no values")
            .at(path.span, "the function would not be called");
        resolver.report(diagnostic.help("write `fakes: true` at the top of the file, or drop it"));
        return None;
    }
    resolver.keep(rust_path(path, "function"))
}

/// The fields of a struct, which is emitted; `None` if one has a mistake.
pub(crate) fn of_struct<'s>(
    owner: &str,
    declared: &'s [FieldDecl],
    resolver: &mut Resolver<'_>,
) -> Option<Vec<(&'s FieldDecl, Field)>> {
    let mut fields = resolve(declared, resolver)?;
    name_patterns(owner, &mut fields, resolver)?;
    Some(fields)
}

/// Names the types of the patterns of stored times.
fn name_patterns(owner: &str, fields: &mut [(&FieldDecl, Field)], resolver: &mut Resolver<'_>) -> Option<()> {
    for (decl, field) in fields {
        if matches!(field.form, StoredForm::Pattern(_)) {
            let name = format!("{owner}{}Pattern", field.name.to_upper_camel_case());
            let origin = format!("the pattern `{name}` of field `{}`", show(&decl.name.value));
            resolver.take(&name, origin, decl.name.span)?;
            field.pattern_type = Some(name);
        }
    }
    Some(())
}

/// Resolves the comparisons of times with other fields.
fn orders(fields: &mut [(&FieldDecl, Field)], resolver: &mut Resolver<'_>) -> Option<()> {
    let mut found: Vec<Vec<TimeOrder>> = Vec::with_capacity(fields.len());
    // The fields that come after each field.
    let mut later: HashMap<String, Vec<String>> = HashMap::new();
    for (decl, field) in fields.iter() {
        let mut orders = Vec::new();
        for constraint in &decl.constraints {
            let comparison = match constraint.key.value {
                "after" => TimeComparison::After,
                "before" => TimeComparison::Before,
                _ => continue,
            };
            let order = resolver.keep(order(comparison, constraint, field, fields))?;
            let (first, last) = match comparison {
                TimeComparison::After => (&order.field, &field.name),
                TimeComparison::Before => (&field.name, &order.field),
            };
            if comes_after(&later, last, first) {
                let message = format!("no times satisfy this `{}` and the earlier ones", constraint.key.value);
                let diagnostic = Diagnostic::new(Code::BadConstraint, message)
                    .at(constraint.key.span, "a time would come before itself")
                    .help("drop one of the constraints that form the cycle");
                resolver.report(diagnostic);
                return None;
            }
            later.entry(first.clone()).or_default().push(last.clone());
            orders.push(order);
        }
        found.push(orders);
    }
    for ((_, field), orders) in fields.iter_mut().zip(found) {
        field.order = orders;
    }
    Some(())
}

/// Whether a field is the other one, or comes after it directly or through others.
fn comes_after(later: &HashMap<String, Vec<String>>, from: &str, to: &str) -> bool {
    let mut seen = HashSet::new();
    let mut open = vec![from];
    while let Some(name) = open.pop() {
        if name == to {
            return true;
        }
        if seen.insert(name) {
            open.extend(later.get(name).into_iter().flatten().map(String::as_str));
        }
    }
    false
}

fn order(
    comparison: TimeComparison,
    declared: &ConstraintDecl,
    field: &Field,
    fields: &[(&FieldDecl, Field)],
) -> Result<TimeOrder, Diagnostic> {
    let key = &declared.key;
    let name = match &declared.value {
        ConstraintValue::Node(node) => node.as_text(),
        ConstraintValue::Nested(_) | ConstraintValue::Transforms(_) => None,
    };
    let Some((_, other)) = fields.iter().find(|(decl, _)| Some(decl.name.value.as_str()) == name) else {
        let help = did_you_mean(name.unwrap_or_default(), fields.iter().map(|(decl, _)| decl.name.value.as_str()));
        return Err(Diagnostic::new(Code::UnknownKeyField, format!("`{}` names another field", key.value))
            .at(key.span, "no such field")
            .help(help.unwrap_or_else(|| one_of(fields).into())));
    };
    let is_time = matches!(field.ty.present(), Type::Scalar(Scalar::Time(kind, _)) if *kind != TimeKind::Duration);
    if !is_time || field.ty.present() != other.ty.present() {
        let message = format!("`{}` compares two times of one type", key.value);
        let help = "both are a `datetime`, a `date`, a `time` or a `naive_datetime`";
        return Err(Diagnostic::new(Code::BadConstraint, message).at(key.span, "these are not").help(help));
    }
    Ok(TimeOrder {
        comparison,
        field: other.name.clone(),
        attribute: other.attribute.clone(),
        optional: matches!(other.ty, Type::Optional(_)),
    })
}

/// Checks that DynamoDB accepts an attribute's name, and that no other field has it.
fn check_attribute(attribute: &Spanned<String>, earlier: &[&Spanned<String>], resolver: &mut Resolver<'_>) {
    // "Naming rules", in "Supported data types and naming rules in Amazon DynamoDB".
    if attribute.value.is_empty() || attribute.value.len() > 65_535 {
        let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses this attribute name")
            .at(attribute.span, "an attribute's name has 1 to 65,535 bytes")
            .help("leave `attribute` out to store it under the field's name");
        resolver.report(diagnostic);
    }
    if let Some(first) = earlier.iter().find(|first| first.value == attribute.value) {
        let name = show(&attribute.value);
        let diagnostic =
            Diagnostic::new(Code::DuplicateAttribute, format!("two fields are stored as the attribute `{name}`"))
                .at(attribute.span, "stored under the same name")
                .related(first.span, format!("`{name}` is taken here"))
                .help("give one of them another name in DynamoDB with `attribute:`");
        resolver.report(diagnostic);
    }
}

/// The fields of a resolved model, each with its declaration. The schema version is none of them.
pub(super) fn declared<'m>(decl: &'m ModelDecl, model: &'m Model) -> impl Iterator<Item = (&'m FieldDecl, &'m Field)> {
    let is_version = |field: &FieldDecl| field.role.as_ref().is_some_and(|of| of.value == FieldRole::SchemaVersion);
    let computed = decl.computed.iter().zip(model.computed.iter().map(|of| &of.field));
    decl.fields.iter().filter(move |field| !is_version(field)).zip(&model.fields).chain(computed)
}
