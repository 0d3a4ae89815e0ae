//! A model's projections: structs with some of its fields.

use super::doc;
use super::draft::Draft;
use super::keys::one_of;
use super::names;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic, did_you_mean};
use crate::model::{Field, ProjectionStruct};
use crate::schema::{FieldDecl, ProjectionStructDecl, Spanned};
use crate::text::show;
use heck::ToUpperCamelCase;

/// The projections; `None` if one has a mistake.
pub(super) fn resolve(model: &Draft<'_>, resolver: &mut Resolver<'_>) -> Option<Vec<ProjectionStruct>> {
    let resolved = |projection| one(projection, model, resolver);
    let projections: Vec<ProjectionStruct> = model.declared.projections.iter().filter_map(resolved).collect();
    (projections.len() == model.declared.projections.len()).then_some(projections)
}

fn one(declared: &ProjectionStructDecl, model: &Draft<'_>, resolver: &mut Resolver<'_>) -> Option<ProjectionStruct> {
    let written = show(&declared.name.value);
    let name = resolver.keep(names::member_name(&declared.name, "projection"))?;
    let type_name = format!("{}{}", model.name, name.to_upper_camel_case());
    let origin = format!("the projection `{written}` of model `{}`", show(&model.declared.name.value));
    resolver.take(&type_name, origin.clone(), declared.name.span)?;
    resolver.take(&format!("{type_name}Values"), origin, declared.name.span)?;
    if declared.fields.is_empty() {
        let message = format!("the projection `{written}` has no fields");
        let diagnostic = Diagnostic::new(Code::MissingKey, message).at(declared.name.span, "it would be empty");
        resolver.report(diagnostic.help(format!("list some: `{written}: [name, price]`")));
        return None;
    }
    let mut projected: Vec<Field> = Vec::with_capacity(declared.fields.len());
    for name in &declared.fields {
        let field = resolver.keep(projected_field(name, model.attributes))?;
        projected.push(model.read(field, false));
    }
    Some(ProjectionStruct { type_name, doc: doc::resolve(declared.doc.as_ref(), resolver), fields: projected })
}

/// The field that a projection names.
pub(crate) fn projected_field<'f>(
    name: &Spanned<String>,
    fields: &'f [(&FieldDecl, Field)],
) -> Result<&'f Field, Diagnostic> {
    let found = fields.iter().find(|(decl, _)| decl.name.value == name.value);
    if found.is_some_and(|(_, field)| field.key_only) {
        let message = format!("the projected field `{}` is not stored", show(&name.value));
        let diagnostic = Diagnostic::new(Code::MustBeStored, message).at(name.span, "only the key of the table has it");
        return Err(diagnostic.help("leave it out, or drop `stored: false` from the field"));
    }
    found.map(|(_, field)| field).ok_or_else(|| {
        let written = fields.iter().map(|(decl, _)| decl.name.value.as_str());
        let message = format!("the projected field `{}` is not a field of the model", show(&name.value));
        let help = did_you_mean(&name.value, written).unwrap_or_else(|| one_of(fields).into());
        Diagnostic::new(Code::UnknownKeyField, message).at(name.span, "no such field").help(help)
    })
}
