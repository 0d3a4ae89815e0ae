//! The second stage: the schema as written to the checked model. Each rule is a small function that reports
//! its own mistakes; a model with mistakes is left out, so that one mistake is told once.

mod aliases;
mod built_in;
mod collections;
mod constraints;
mod cycles;
mod defaults;
mod definitions;
mod doc;
mod extras;
mod fields;
mod foreign_types;
mod formats;
mod groups;
mod holds;
mod indexes;
mod key_values;
mod keys;
mod names;
mod paths;
mod projections;
mod queries;
mod roles;
mod scope;
mod shared_tables;
mod sharing;
mod table;
mod templates;
mod times;
mod types;
mod unique;
mod warnings;

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Index, Model, ModelSet, Sizes};
use crate::schema::{FieldDecl, ModelDecl, Schema, UnknownDecl};
use crate::sources::Span;
use crate::terms::FieldRole;
use crate::text::show;
use names::Namespace;
use scope::Scope;
use shared_tables::Tables;
use sharing::Placed;

/// Checks the whole schema; every mistake goes to `diagnostics`.
pub(crate) fn resolve(schema: &Schema, diagnostics: &mut Vec<Diagnostic>) -> ModelSet {
    let mut namespace = Namespace::default();
    let (scope, mut types) = definitions::resolve(schema, &mut namespace, diagnostics);
    let mut models = Vec::with_capacity(schema.models.len());
    let tables = shared_tables::resolve(schema, &mut namespace, diagnostics);
    for declared in &schema.models {
        models.extend(model(declared, &scope, &tables, &mut namespace, diagnostics));
    }
    sharing::tell_apart(&mut models, &tables, diagnostics);
    let collections = collections::resolve(schema, &models, &tables, &mut namespace, diagnostics);
    table::agree(&mut models, diagnostics);
    key_values::check(&models, &types, diagnostics);
    warnings::check(schema, &scope, &models, &tables, diagnostics);
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
    let tables = shared_tables::used(tables, &models);
    let mut models: Vec<Model> = models.into_iter().map(|(_, model)| model).collect();
    aliases::resolve(&mut models, &mut types, &namespace);
    ModelSet {
        serde: serde.map(|serde| serde.rename_all),
        json_schema: schema.json_schema.as_ref().is_some_and(|on| on.value),
        tables,
        models,
        collections,
        in_unions: cycles::in_unions(&types),
        sizes: Sizes::of(&types),
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
    tables: &Tables<'_>,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Resolved<'s>> {
    let name = keep(names::type_name(&declared.name, "model"), diagnostics);
    if let Some(name) = &name {
        emitted_names(name, declared, namespace, diagnostics);
    }
    let doc = doc::resolve(declared.doc.as_ref(), diagnostics);
    let extras = extras::resolve(&declared.extras, diagnostics);
    let fields =
        fields::resolve(&declared.fields, scope, diagnostics).filter(|fields| !is_empty(declared, fields, diagnostics));
    let place = match (&declared.key, &name, &fields) {
        (Some(key), Some(name), Some(fields)) => {
            sharing::resolve(declared, key, name, fields, tables, namespace, diagnostics)
        }
        (Some(_), ..) => None,
        (None, name, fields) => own_table(declared, name.as_deref(), fields.as_deref(), tables, namespace, diagnostics),
    };
    let (name, fields) = (name?, fields?);
    roles::check_once(&fields, diagnostics)?;
    let Placed { mut table, keys: (hash_key, range_key), indexes, sharing } = place?;
    table.ttl = fields.iter().find(|(_, field)| field.role == Some(FieldRole::Ttl)).map(|(_, of)| of.attribute.clone());
    let projections = projections::resolve(declared, &name, &fields, namespace, diagnostics)?;
    let fields: Vec<Field> = fields.into_iter().map(|(_, field)| field).collect();
    let validate = keep(paths::validate_path(declared.validate.as_ref()), diagnostics)?;
    let model = Model {
        name,
        doc,
        extras,
        table,
        hash_key,
        range_key,
        sharing,
        fields,
        validate,
        validate_on_read: declared.validate_on_read,
        check_keys_on_read: declared.check_keys_on_read,
        keeps_unknown: declared.unknown_attributes == UnknownDecl::Keep,
        indexes,
        projections,
        queries: Vec::new(),
    };
    let (hash_fields, range_fields) = (model.hash_fields(), model.range_fields());
    let queries = queries::resolve(declared, &model.name, (&hash_fields, &range_fields), &model.indexes, diagnostics)?;
    Some((declared, Model { queries, ..model }))
}

/// The keys and indexes of a model in a table of its own.
fn own_table(
    declared: &ModelDecl,
    name: Option<&str>,
    fields: Option<&[(&FieldDecl, Field)]>,
    tables: &Tables<'_>,
    namespace: &mut Namespace,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Placed> {
    let before = diagnostics.len();
    let table = table::resolve(&declared.table, diagnostics);
    sharing::check_own(declared, table.as_ref(), tables, diagnostics);
    let keys = fields.and_then(|fields| keys::resolve(declared, fields, diagnostics));
    let (name, fields, (hash_key, range_key)) = (name?, fields?, keys?);
    let context = indexes::Context {
        declared,
        model: name,
        fields,
        hash_key: &hash_key,
        range_key: range_key.as_ref(),
        provisioned: table.as_ref().is_some_and(|table| table.throughput.is_some()),
    };
    let indexes = indexes::resolve(&context, namespace, diagnostics)?;
    let mut table = table?;
    table.indexes = indexes.iter().map(Index::definition).collect();
    (diagnostics.len() == before).then_some(Placed { table, keys: (hash_key, range_key), indexes, sharing: None })
}

/// A model has at least its hash key.
fn is_empty(declared: &ModelDecl, fields: &[(&FieldDecl, Field)], diagnostics: &mut Vec<Diagnostic>) -> bool {
    if fields.is_empty() && (declared.hash_key.is_some() || declared.key.is_some()) {
        let message = format!("model `{}` has no fields", show(&declared.name.value));
        let label =
            if declared.key.is_some() { "its items would hold nothing" } else { "it needs at least its hash key" };
        let diagnostic =
            Diagnostic::new(Code::MissingKey, message).at(declared.name.span, label).help("list them under `fields:`");
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
fn struct_names(name: &str, of: &str) -> [(String, String); 5] {
    [
        (name.to_owned(), of.to_owned()),
        (format!("{name}Attributes"), format!("the attributes `{name}Attributes` of {of}")),
        (format!("{name}Builder"), format!("the builder `{name}Builder` of {of}")),
        (format!("{name}Values"), format!("the values `{name}Values` of {of}")),
        (format!("{name}Fields"), format!("the required fields `{name}Fields` of {of}")),
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
