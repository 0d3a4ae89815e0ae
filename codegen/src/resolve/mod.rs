//! The second stage: it resolves the schema as written to the checked model. Each rule is a small function that reports
//! its own mistakes. A model with mistakes is left out, so that one mistake is reported once.

mod aliases;
mod blind_writes;
mod built_in;
mod by_key;
mod cased_patterns;
mod collections;
mod computed;
mod constraints;
mod contexts;
mod cycles;
mod defaults;
mod definitions;
mod derives;
mod discriminators;
mod doc;
mod draft;
mod extras;
mod fields;
mod foreign_types;
mod formats;
mod groups;
mod holds;
mod hooks;
mod indexes;
mod inputs;
mod json;
mod key_identity;
mod key_only;
mod key_order;
mod key_types;
mod key_values;
mod keys;
mod known_texts;
mod meeting_keys;
mod mixins;
mod models;
mod names;
mod nesting;
mod part_forms;
mod paths;
mod policy_words;
mod precision;
mod projections;
mod queries;
mod replica_agreement;
mod replicas;
mod resolver;
mod resource_policy;
mod rings;
mod roles;
mod scalars;
mod scope;
mod seals;
mod separators;
mod services;
mod shards;
mod shared_keys;
mod shared_projections;
mod shared_tables;
mod soft_delete;
mod table;
mod table_agreement;
mod templates;
mod time_patterns;
mod times;
mod types;
mod unique;
mod upgrades;
mod vector_indexes;
mod warnings;
mod when;
mod widths;
mod written_tables;

#[cfg(feature = "catalog")]
pub(crate) use holds::{holds, transformed};
pub(crate) use services::whole;

use crate::diagnostic::{Code, Diagnostic, Found};
use crate::model::{Model, ModelSet, Sizes, StructType, TypeDefinition};
use crate::schema::{ModelDecl, Schema};
use crate::sources::Lines;
use resolver::Resolver;
use std::collections::{HashMap, HashSet};

/// A resolved model with its declaration.
type Resolved<'s> = (&'s ModelDecl, Model);

/// Replaces mixins and scalars by what they stand for, and takes computed fields out of the fields of models.
pub(crate) fn expand(schema: &mut Schema, found: &mut Found) {
    scalars::expand(schema, found);
    contexts::expand(schema, found);
    mixins::expand(schema, found);
    computed::separate(schema);
}

/// Checks the whole expanded schema, and adds its diagnostics to those of reading. With `lines`, docs name the lines of
/// the schema.
pub(crate) fn resolve(schema: &Schema, found: Found, lines: Option<&Lines>) -> (ModelSet, Found) {
    let mut resolver = Resolver::new(schema, found, lines);
    let set = resolve_all(&mut resolver);
    (set, resolver.found)
}

fn resolve_all(resolver: &mut Resolver<'_>) -> ModelSet {
    let schema = resolver.schema;
    let mut types = definitions::resolve(resolver);
    contexts::resolve(resolver);
    let tables = shared_tables::resolve(resolver);
    let mut models: Vec<Resolved<'_>> =
        schema.models.iter().filter_map(|declared| models::resolve(declared, &tables, resolver)).collect();
    meeting_keys::distinguish(&mut models, &tables, resolver);
    shared_projections::check(&models, &tables, resolver);
    shards::agree(&models, resolver);
    let collections = collections::resolve(&models, &tables, resolver);
    let services = services::resolve(&models, &tables, &collections, resolver);
    let start = resolver.found.mark();
    table_agreement::agree(&mut models, resolver);
    table_agreement::check_defaults(&models, resolver);
    if resolver.found.is_sound_since(start) {
        key_types::check(&models, &tables, resolver);
    }
    replica_agreement::check(&models, resolver);
    soft_delete::check(&models, resolver);
    blind_writes::check(&models, resolver);
    key_identity::check(&models, resolver);
    key_order::check(&models, &types, resolver);
    key_values::check(&models, &types, resolver);
    warnings::check(&models, &tables, resolver);
    let start = resolver.found.mark();
    nesting::check(&types, &models, resolver);
    // What DynamoDB does not store is one mistake.
    if resolver.found.is_sound_since(start) {
        rings::check(&types, resolver);
    }
    let mut without_eq = cycles::without_eq(&types);
    let patches: HashMap<String, String> = types.iter().flat_map(TypeDefinition::structs).filter_map(patch).collect();
    derives::check(&types, &models, &without_eq, resolver);
    let of_patches: HashSet<String> =
        patches.iter().filter(|(of, _)| without_eq.contains(*of)).map(|(_, patch)| patch.clone()).collect();
    without_eq.extend(of_patches);
    let constrained = cycles::constrained(&types);
    let transformed = cycles::transformed(&types);
    let serde = schema.serde.as_ref().map(|serde| serde.value).filter(|serde| serde.on);
    if let Some(json_schema) = schema.json_schema.as_ref().filter(|on| on.value)
        && serde.is_none()
    {
        let diagnostic = Diagnostic::new(Code::BadValue, "`json_schema` describes the JSON that serde writes")
            .at(json_schema.span, "`serde` is off")
            .help("write `serde: true` too");
        resolver.report(diagnostic);
    }
    let tables = shared_tables::used(tables, &models);
    let mut models: Vec<Model> = models.into_iter().map(|(_, model)| model).collect();
    aliases::resolve(&mut models, &mut types, &resolver.emitted);
    let mut set = ModelSet {
        serde: serde.map(|serde| serde.rename_all),
        json_schema: schema.json_schema.as_ref().is_some_and(|on| on.value),
        fakes: schema.fakes.as_ref().is_some_and(|on| on.value),
        contexts: contexts::in_order(resolver),
        tables,
        models,
        collections,
        services,
        in_unions: cycles::in_unions(&types),
        sizes: Sizes::of(&types),
        patches,
        types,
        without_eq,
        constrained,
        transformed,
    };
    set.describe_tables();
    set
}

/// The names of a struct and its patch.
fn patch(of: &StructType) -> Option<(String, String)> {
    Some((of.name.clone(), of.patch.clone()?))
}
