//! The whole schema as plain data, for documentation and other tools: tables, models, types, access patterns, relations,
//! and example items.

mod entries;
mod examples;
mod fields;
mod guards;
mod indexes;
mod keys;
mod parts;
mod patterns;
mod relations;
mod types;

pub use entries::{
    AccessPattern, AccessRequest, Catalog, CatalogCollection, CatalogContext, CatalogField, CatalogIndex, CatalogKey,
    CatalogMember, CatalogModel, CatalogPart, CatalogPartKind, CatalogShards, CatalogTable, CatalogType,
    CatalogTypeKind, CatalogVariant, Example, KeySegment, Parameter, Relation, UniqueGuard,
};

use crate::model::{Collection, Context, Model, ModelSet, WholeTable};
use crate::{infrastructure, tables};
use examples::Maker;

/// The catalog of a checked schema, which is in these files.
pub(crate) fn catalog(set: &ModelSet, files: Vec<String>) -> Catalog {
    let whole = set.whole_tables();
    let relations = relations::of(set);
    let table_of: Vec<usize> = set.models.iter().map(|model| place(&whole, model)).collect();
    let examples = Maker::new(set, &relations, &table_of).examples();
    let models: Vec<CatalogModel> = set
        .models
        .iter()
        .zip(&table_of)
        .zip(examples)
        .map(|((model, table), made)| {
            let (examples, no_examples) = match made {
                Ok(examples) => (examples, None),
                Err(reason) => (Vec::new(), Some(reason)),
            };
            CatalogModel { examples, no_examples, ..self::model(set, model, *table) }
        })
        .collect();
    let tables = tables::describe(set).into_iter().enumerate();
    Catalog {
        files,
        tables: tables.map(|(at, description)| table(set, description, at, &table_of)).collect(),
        collections: set.collections.iter().map(|of| collection(set, of, &table_of)).collect(),
        contexts: set.contexts.iter().map(context).collect(),
        types: types::of(set),
        services: infrastructure::of_services(set),
        models,
        relations,
    }
}

/// The place of a model's table.
fn place(whole: &[WholeTable<'_>], model: &Model) -> usize {
    whole.iter().position(|table| table.table.is_same(&model.table)).unwrap_or(usize::MAX)
}

fn table(set: &ModelSet, description: tables::TableDescription, at: usize, table_of: &[usize]) -> CatalogTable {
    let models: Vec<&Model> =
        set.models.iter().zip(table_of).filter(|(_, table)| **table == at).map(|(model, _)| model).collect();
    let sharing = models.iter().find_map(|model| model.sharing.as_ref());
    let shared = sharing.and_then(|sharing| set.tables.iter().find(|table| table.name == sharing.table));
    CatalogTable {
        description,
        entry: shared.map(|shared| shared.name.clone()),
        doc: shared.map(|shared| shared.doc.clone()).unwrap_or_default(),
        discriminator: shared.map(|shared| shared.discriminator.clone()).unwrap_or_default(),
        models: models.iter().map(|model| model.name.clone()).collect(),
    }
}

/// A model without its examples.
fn model(set: &ModelSet, model: &Model, table: usize) -> CatalogModel {
    CatalogModel {
        name: model.name.clone(),
        doc: model.doc.clone(),
        table,
        hash_key: keys::of(&model.hash_key),
        range_key: model.range_key.as_ref().map(keys::of),
        discriminator: model.sharing.as_ref().map(|sharing| sharing.discriminator.clone()).unwrap_or_default(),
        context: model.context.as_ref().map(|context| context.name.clone()),
        fields: model.fields.iter().map(fields::of).collect(),
        computed: model.computed.iter().map(fields::computed).collect(),
        schema_version: model.versions.as_ref().map(|versions| (versions.attribute.clone(), versions.current())),
        validate: model.validate.clone(),
        before_write: model.hooks.before_write.clone(),
        after_read: model.hooks.after_read.clone(),
        keeps_unknown: model.keeps_unknown,
        indexes: model.indexes.iter().map(|index| indexes::of(set, index)).collect(),
        patterns: patterns::of_model(model),
        unique: guards::of(model).iter().map(guards::Guarded::entry).collect(),
        parts: parts::of(model),
        examples: Vec::new(),
        no_examples: None,
    }
}

fn context(of: &Context) -> CatalogContext {
    CatalogContext { name: of.name.clone(), doc: of.doc.clone(), fields: of.fields.iter().map(fields::of).collect() }
}

fn collection(set: &ModelSet, of: &Collection, table_of: &[usize]) -> CatalogCollection {
    let is_member = |model: &&Model| of.members.iter().any(|member| member.model == model.name);
    let position = set.models.iter().position(|model| is_member(&model));
    CatalogCollection {
        name: of.type_name.clone(),
        doc: of.doc.clone(),
        table: position.and_then(|at| table_of.get(at)).copied().unwrap_or(usize::MAX),
        members: of
            .members
            .iter()
            .map(|member| CatalogMember {
                model: member.model.clone(),
                field: member.name.clone(),
                single: member.single,
            })
            .collect(),
        pattern: patterns::of_collection(of),
    }
}
