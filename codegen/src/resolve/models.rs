//! A model: its fields, its keys in a table, its indexes, projections and queries.

use super::draft::Draft;
use super::resolver::Resolver;
use super::shared_keys::{self, Placed};
use super::shared_tables::Tables;
use super::{
    Resolved, computed, contexts, doc, extras, fields, hooks, indexes, inputs, key_only, keys, mixins, names, paths,
    projections, queries, roles, seals, table, unique, upgrades, vector_indexes,
};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Computation, Field, Index, Inputs, Model};
use crate::schema::{FieldDecl, ModelDecl, UnknownDecl};
use crate::terms::FieldRole;
use crate::text::show;

/// The model; `None` if it has a mistake.
pub(super) fn resolve<'s>(
    declared: &'s ModelDecl,
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Resolved<'s>> {
    let start = resolver.found.mark();
    let resolved = resolve_model(declared, tables, resolver);
    let owner = format!("model `{}`", show(&declared.name.value));
    mixins::name_taker(start, &declared.mixins, declared.context.as_ref(), &owner, resolver);
    resolved
}

fn resolve_model<'s>(
    declared: &'s ModelDecl,
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Resolved<'s>> {
    let name = resolver.keep(names::type_name(&declared.name, "model"));
    if let Some(name) = &name {
        emitted_names(name, declared, resolver);
    }
    let doc = doc::resolve(declared.doc.as_ref(), resolver);
    let extras = extras::resolve(&declared.extras, resolver);
    let fields = fields::of_model(name.as_deref(), declared, resolver);
    let mut fields = fields.filter(|(fields, _)| !is_empty(declared, fields, resolver));
    let computed = fields.as_mut().and_then(|(fields, computed)| computed::resolve(computed, fields, resolver));
    if let (Some((fields, _)), Some(computed)) = (&mut fields, &computed) {
        computed::keep_whole(fields, computed);
    }
    let attributes = fields.as_ref().map(|(fields, computed)| computed::attributes(fields, computed));
    let draft = match (&name, &fields, &attributes) {
        (Some(name), Some((fields, _)), Some(attributes)) => Some(Draft { declared, name, fields, attributes }),
        _ => None,
    };
    let place = match (&declared.key, &draft) {
        (Some(key), Some(draft)) => shared_keys::resolve(draft, key, tables, resolver),
        (Some(_), None) => None,
        (None, draft) => own_table(declared, draft.as_ref(), tables, resolver),
    };
    let context = contexts::of_model(declared, resolver);
    let (name, (fields, of_computed), computed, context) = (name?, fields?, computed?, context?);
    roles::check_once(&fields, &of_computed, resolver)?;
    roles::check_lasting(&fields, &of_computed, resolver)?;
    let sealed = seals::of_model(&fields, resolver);
    let (mut place, mut fields) = (place?, fields);
    let versions = upgrades::resolve(declared, &mut fields, &mut place, resolver)?;
    let Placed { mut table, keys: (hash_key, range_key), indexes, sharing } = place;
    let templates = std::iter::once(&hash_key).chain(&range_key).filter(|_| sharing.is_some());
    key_only::check(&fields, &templates.collect::<Vec<_>>(), &indexes, resolver);
    let ttl = fields.iter().map(|(_, field)| field).find(|field| field.role == Some(FieldRole::Ttl));
    let expiry = computed.iter().find(|of| matches!(of.by, Computation::Expiry { .. })).map(|of| &of.field);
    table.ttl = ttl.or(expiry).map(|field| field.attribute.clone());
    let unique_together = unique::together(declared, &fields, resolver)?;
    let keys: Vec<_> = std::iter::once(&hash_key).chain(&range_key).collect();
    unique::check_surplus(declared, &fields, &unique_together, &keys, resolver);
    let attributes = computed::attributes(&fields, &of_computed);
    let vectors = vector_indexes::Context {
        model: Draft { declared, name: &name, fields: &fields, attributes: &attributes },
        keys: keys.clone(),
        indexes: &indexes,
        is_shared: sharing.is_some(),
    };
    let vector_indexes = vector_indexes::resolve(&vectors, resolver)?;
    table.vector_indexes = vector_indexes.iter().map(|index| index.definition.clone()).collect();
    let projections = projections::resolve(&vectors.model, resolver)?;
    let fields: Vec<Field> = fields.into_iter().map(|(_, field)| field).collect();
    let validate = resolver.keep(paths::function_path(declared.validate.as_ref()))?;
    let hooks = hooks::resolve(declared, resolver)?;
    let model = Model {
        name,
        doc,
        line: resolver.line(declared.name.span),
        extras,
        described: table.clone(),
        table,
        hash_key,
        range_key,
        sharing,
        context,
        fields,
        computed,
        versions,
        unique_together,
        validate,
        hooks,
        validate_on_read: declared.validate_on_read,
        check_keys_on_read: declared.check_keys_on_read,
        keeps_unknown: declared.unknown_attributes == UnknownDecl::Keep,
        indexes,
        vector_indexes,
        projections,
        queries: Vec::new(),
        inputs: Inputs::default(),
    };
    seals::check(&sealed, declared, &model, resolver);
    contexts::check(declared, &model, resolver);
    let queries = queries::resolve(declared, &model, resolver)?;
    let inputs = inputs::resolve(declared, &model, resolver)?;
    Some((declared, Model { queries, inputs, ..model }))
}

/// The keys and indexes of a model in a table of its own.
fn own_table(
    declared: &ModelDecl,
    draft: Option<&Draft<'_>>,
    tables: &Tables<'_>,
    resolver: &mut Resolver<'_>,
) -> Option<Placed> {
    let start = resolver.found.mark();
    let table = table::resolve(&declared.table, resolver);
    shared_keys::check_own(declared, table.as_ref(), tables, resolver);
    let keys = draft.and_then(|draft| keys::resolve(declared, draft.fields, resolver));
    let (draft, (hash_key, range_key)) = (draft?, keys?);
    let context = indexes::Context {
        model: *draft,
        hash_key: &hash_key,
        range_key: range_key.as_ref(),
        provisioned: resolver.tables.throughput(&declared.table).is_some(),
    };
    let indexes = indexes::resolve(&context, resolver)?;
    let mut table = table?;
    table.indexes = indexes.iter().map(Index::definition).collect();
    resolver.found.is_sound_since(start).then_some(Placed {
        table,
        keys: (hash_key, range_key),
        indexes,
        sharing: None,
    })
}

/// A mistake if the model has no fields.
fn is_empty(declared: &ModelDecl, fields: &[(&FieldDecl, Field)], resolver: &mut Resolver<'_>) -> bool {
    if fields.is_empty() && (declared.hash_key.is_some() || declared.key.is_some()) {
        let message = format!("model `{}` has no fields", show(&declared.name.value));
        let label = if declared.key.is_some() { "its items would be empty" } else { "it needs at least its hash key" };
        let diagnostic =
            Diagnostic::new(Code::MissingKey, message).at(declared.name.span, label).help("list them under `fields:`");
        resolver.report(diagnostic);
    }
    fields.is_empty()
}

/// Takes the names of all types that are emitted for a model.
fn emitted_names(name: &str, declared: &ModelDecl, resolver: &mut Resolver<'_>) {
    let written = show(&declared.name.value);
    let of = format!("model `{written}`");
    let key = (format!("{name}Key"), format!("the key type `{name}Key` of {of}"));
    let context = declared.context.as_ref().and_then(|context| resolver.contexts.get(context.value.as_str()));
    let key_in = context.map(|context| {
        let key = context.key_type(name);
        let origin = format!("the key type `{key}` of {of}");
        (key, origin)
    });
    let emitted = names::of_struct(name, &of).into_iter().chain([key]).chain(key_in);
    resolver.take_all(emitted, declared.name.span);
}
