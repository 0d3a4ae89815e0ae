//! The second stage: the schema as written to the checked model. Each rule is a small function that reports
//! its own mistakes; a model with mistakes is left out, so that one mistake is told once.

mod defaults;
mod doc;
mod indexes;
mod keys;
mod names;
mod projections;
mod queries;
mod table;
mod types;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Model, ModelSet};
use crate::read::show;
use crate::schema::{FieldDecl, ModelDecl, Schema, Spanned};
use names::Namespace;

/// Checks the whole schema; every mistake goes to `diagnostics`.
pub(crate) fn resolve(schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> ModelSet {
    let mut namespace = Namespace::default();
    let mut models = Vec::with_capacity(schema.models.len());
    for declared in &schema.models {
        models.extend(model(declared, &mut namespace, diagnostics));
    }
    table::agree(&models, diagnostics);
    ModelSet { models: models.into_iter().map(|(_, model)| model).collect() }
}

/// A resolved model beside its declaration.
type Resolved<'s> = (&'s ModelDecl, Model);

fn model<'s>(
    declared: &'s ModelDecl,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Resolved<'s>> {
    let name = keep(names::type_name(&declared.name, "model"), diagnostics);
    if let Some(name) = &name {
        emitted_names(name, declared, namespace, diagnostics);
    }
    let doc = doc::resolve(declared.doc.as_ref(), diagnostics);
    let table = table::resolve(&declared.table, diagnostics);
    let fields = fields(declared, diagnostics);
    let keys = fields.as_ref().and_then(|fields| keys::resolve(declared, fields, diagnostics));
    let (name, (hash_key, range_key), fields) = (name?, keys?, fields?);
    let context = indexes::Context {
        declared,
        model: &name,
        fields: &fields,
        hash_key: &hash_key,
        range_key: range_key.as_ref(),
        provisioned: table.as_ref().is_some_and(|table| table.throughput.is_some()),
    };
    let indexes = indexes::resolve(&context, namespace, diagnostics)?;
    let projections = projections::resolve(declared, &name, &fields, namespace, diagnostics)?;
    let queries = queries::resolve(declared, &name, (&hash_key, range_key.as_ref()), &indexes, diagnostics);
    let fields = fields.into_iter().map(|(_, field)| field).collect();
    let (table, queries) = (table?, queries?);
    Some((declared, Model { name, doc, table, hash_key, range_key, fields, indexes, projections, queries }))
}

/// Every type that is emitted for a model has a name that nothing else has.
fn emitted_names(name: &str, declared: &ModelDecl, namespace: &mut Namespace, diagnostics: &mut Vec<Diagnostic>) {
    let written = show(&declared.name.value);
    let emitted = [
        (name.to_owned(), format!("model `{written}`")),
        (format!("{name}Key"), format!("the key type `{name}Key` of model `{written}`")),
        (format!("{name}Attributes"), format!("the attributes `{name}Attributes` of model `{written}`")),
        (format!("{name}Builder"), format!("the builder `{name}Builder` of model `{written}`")),
    ];
    for (identifier, origin) in emitted {
        // The first collision is told; the others follow from it.
        if keep(namespace.take(&identifier, origin, declared.name.span), diagnostics).is_none() {
            return;
        }
    }
}

/// The fields beside their declarations; `None` if any has a mistake.
fn fields<'s>(declared: &'s ModelDecl, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<(&'s FieldDecl, Field)>> {
    let mut rust_names = Namespace::default();
    let mut attributes: Vec<&Spanned<String>> = Vec::new();
    let mut fields = Vec::with_capacity(declared.fields.len());
    for decl in &declared.fields {
        let attribute = decl.attribute.as_ref().unwrap_or(&decl.name);
        check_attribute(attribute, &attributes, diagnostics);
        attributes.push(attribute);
        let name = keep(names::field_name(&decl.name), diagnostics).filter(|name| {
            let origin = format!("field `{}`", show(&decl.name.value));
            keep(rust_names.take(name, origin, decl.name.span), diagnostics).is_some()
        });
        let doc = doc::resolve(decl.doc.as_ref(), diagnostics);
        let ty = decl.ty.as_ref().and_then(|ty| keep(types::parse(ty), diagnostics));
        let default = ty.as_ref().and_then(|ty| keep(defaults::resolve(decl.default.as_ref(), ty), diagnostics));
        if let (Some(name), Some(ty), Some(default)) = (name, ty, default) {
            let attribute = attribute.value.clone();
            fields.push((decl, Field { name, attribute, doc, ty, default }));
        }
    }
    if declared.fields.is_empty() && declared.hash_key.is_some() {
        let diagnostic =
            Diagnostic::new(Code::MissingKey, format!("model `{}` has no fields", show(&declared.name.value)))
                .at(declared.name.span, "it needs at least its hash key")
                .help("list them under `fields:`");
        diagnostics.push(diagnostic);
        return None;
    }
    (fields.len() == declared.fields.len()).then_some(fields)
}

/// An attribute's name is one that DynamoDB takes, and no other field's.
fn check_attribute(attribute: &Spanned<String>, earlier: &[&Spanned<String>], diagnostics: &mut Vec<Diagnostic>) {
    // "Naming rules", in "Supported data types and naming rules in Amazon DynamoDB".
    if attribute.value.is_empty() || attribute.value.len() > 65_535 {
        let diagnostic = Diagnostic::new(Code::BadAttributeName, "DynamoDB refuses this attribute name")
            .at(attribute.span, "an attribute's name has 1 to 65,535 bytes");
        diagnostics.push(diagnostic);
    }
    if let Some(first) = earlier.iter().find(|first| first.value == attribute.value) {
        let name = show(&attribute.value);
        let diagnostic =
            Diagnostic::new(Code::DuplicateAttribute, format!("two fields are stored as the attribute `{name}`"))
                .at(attribute.span, "stored under the same name")
                .related(first.span, format!("`{name}` is taken here"))
                .help("give one of them another name in DynamoDB with `attribute:`");
        diagnostics.push(diagnostic);
    }
}

/// The value, or its mistake added to the others.
fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}
