//! The second stage: the schema as written to the checked model. Each rule is a small function that reports
//! its own mistakes; a model with mistakes is left out, so that one mistake is told once.

mod built_in;
mod constraints;
mod cycles;
mod defaults;
mod definitions;
mod doc;
mod extras;
mod fields;
mod indexes;
mod keys;
mod names;
mod paths;
mod projections;
mod queries;
mod scope;
mod table;
mod times;
mod types;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Model, ModelSet};
use crate::read::show;
use crate::schema::{FieldDecl, ModelDecl, Schema, UnknownDecl};
use crate::sources::Span;
use names::Namespace;
use scope::Scope;

/// Checks the whole schema; every mistake goes to `diagnostics`.
pub(crate) fn resolve(schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> ModelSet {
    let mut namespace = Namespace::default();
    let (scope, types) = definitions::resolve(schema, &mut namespace, diagnostics);
    let mut models = Vec::with_capacity(schema.models.len());
    for declared in &schema.models {
        models.extend(model(declared, &scope, &mut namespace, diagnostics));
    }
    table::agree(&models, diagnostics);
    let without_eq = cycles::without_eq(&types);
    let constrained = cycles::constrained(&types);
    if let Some(json_schema) = schema.json_schema.as_ref().filter(|on| on.value)
        && !schema.serde.as_ref().is_some_and(|serde| serde.value.on)
    {
        let diagnostic = Diagnostic::new(Code::BadValue, "`json_schema` describes what serde writes")
            .at(json_schema.span, "without `serde`")
            .help("say `serde: true` too");
        diagnostics.push(diagnostic);
    }
    let serde = schema.serde.as_ref().map(|serde| serde.value).filter(|serde| serde.on);
    ModelSet {
        serde: serde.map(|serde| serde.rename_all),
        json_schema: schema.json_schema.as_ref().is_some_and(|on| on.value),
        models: models.into_iter().map(|(_, model)| model).collect(),
        types,
        without_eq,
        constrained,
    }
}

/// A resolved model beside its declaration.
type Resolved<'s> = (&'s ModelDecl, Model);

fn model<'s>(
    declared: &'s ModelDecl,
    scope: &Scope,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Resolved<'s>> {
    let name = keep(names::type_name(&declared.name, "model"), diagnostics);
    if let Some(name) = &name {
        emitted_names(name, declared, namespace, diagnostics);
    }
    let doc = doc::resolve(declared.doc.as_ref(), diagnostics);
    let extras = extras::resolve(&declared.extras, diagnostics);
    let table = table::resolve(&declared.table, diagnostics);
    let fields =
        fields::resolve(&declared.fields, scope, diagnostics).filter(|fields| !is_empty(declared, fields, diagnostics));
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
    let validate = keep(paths::validate_path(declared.validate.as_ref()), diagnostics)?;
    let model = Model {
        name,
        doc,
        extras,
        table: table?,
        hash_key,
        range_key,
        fields,
        validate,
        validate_on_read: declared.validate_on_read,
        keeps_unknown: declared.unknown_attributes == UnknownDecl::Keep,
        indexes,
        projections,
        queries: queries?,
    };
    Some((declared, model))
}

/// A model has at least its hash key.
fn is_empty(declared: &ModelDecl, fields: &[(&FieldDecl, Field)], diagnostics: &mut Vec<Diagnostic>) -> bool {
    if fields.is_empty() && declared.hash_key.is_some() {
        let message = format!("model `{}` has no fields", show(&declared.name.value));
        let diagnostic = Diagnostic::new(Code::MissingKey, message)
            .at(declared.name.span, "it needs at least its hash key")
            .help("list them under `fields:`");
        diagnostics.push(diagnostic);
    }
    fields.is_empty()
}

/// Every type that is emitted for a model has a name that nothing else has.
fn emitted_names(name: &str, declared: &ModelDecl, namespace: &mut Namespace, diagnostics: &mut Vec<Diagnostic>) {
    let written = show(&declared.name.value);
    let of = format!("model `{written}`");
    let key = (format!("{name}Key"), format!("the key type `{name}Key` of {of}"));
    let emitted = struct_names(name, &of).into_iter().chain([key]);
    take_all(emitted, declared.name.span, namespace, diagnostics);
}

/// The types that are emitted for a struct, and what each is.
fn struct_names(name: &str, of: &str) -> [(String, String); 3] {
    [
        (name.to_owned(), of.to_owned()),
        (format!("{name}Attributes"), format!("the attributes `{name}Attributes` of {of}")),
        (format!("{name}Builder"), format!("the builder `{name}Builder` of {of}")),
    ]
}

/// Takes the names of one definition. The first collision is told; the others follow from it.
fn take_all(
    emitted: impl IntoIterator<Item = (String, String)>,
    span: Span,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (identifier, origin) in emitted {
        if keep(namespace.take(&identifier, origin, span), diagnostics).is_none() {
            return;
        }
    }
}

/// The value, or its mistake added to the others.
fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}
