//! The schema as written: the content of the YAML, with the place of every value. Only its shape is checked. Resolving
//! it makes the model.

mod fields;
mod hints;
mod policies;
mod services;
mod tables;
mod types;
mod upgrades;

pub(crate) use fields::{
    ConstraintDecl, ConstraintValue, ContextDecl, DefaultDecl, EncryptDecl, FieldDecl, FieldJsonDecl, MixinDecl,
    SealDecl, SequenceDecl, TtlDecl,
};
pub(crate) use hints::RatesDecl;
pub(crate) use policies::{ConditionDecl, PolicyDecl, PrincipalsDecl, StatementDecl};
pub(crate) use services::{FieldsDecl, ServiceDecl, UseDecl};
pub(crate) use tables::{
    BillingMode, CollectionDecl, CreateDecl, DiscriminatorDecl, IndexDecl, KeyAttributeDecl, KeyDecl, ProjectionDecl,
    ReplicaDecl, SettingDecl, ShardsDecl, SharedIndexDecl, SharedTableDecl, TableDecl, TemplateDecl, UniqueDecl,
    VectorIndexDecl, WhenDecl,
};
pub(crate) use types::{EnumDecl, StructDecl, StructKind, UnionDecl, UnionVariantDecl, VariantDecl, VariantKind};
pub(crate) use upgrades::{UpgradeDecl, UpgradeStepDecl};

use crate::diagnostic::Code;
use crate::sources::Span;
use crate::terms::{DecimalType, Order, RangeOperator, RenameAll, TimeTypes};
use serde::Deserialize;
use std::collections::HashSet;

/// A value and its place in the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// The definitions and settings of all schema files.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// The paths of included files.
    pub(crate) includes: Vec<Spanned<String>>,
    pub(crate) time_types: Option<Spanned<TimeTypes>>,
    pub(crate) decimal: Option<Spanned<DecimalType>>,
    /// The formats of types of times, by the names of the types.
    pub(crate) formats: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) serde: Option<Spanned<SerdeDecl>>,
    pub(crate) json_schema: Option<Spanned<bool>>,
    pub(crate) fakes: Option<Spanned<bool>>,
    /// The entries of `scalars:`: fields that give their types, constraints and docs to others.
    pub(crate) scalars: Vec<FieldDecl>,
    pub(crate) mixins: Vec<MixinDecl>,
    pub(crate) contexts: Vec<ContextDecl>,
    pub(crate) enums: Vec<EnumDecl>,
    pub(crate) types: Vec<StructDecl>,
    pub(crate) unions: Vec<UnionDecl>,
    pub(crate) tables: Vec<SharedTableDecl>,
    pub(crate) models: Vec<ModelDecl>,
    pub(crate) collections: Vec<CollectionDecl>,
    pub(crate) services: Vec<ServiceDecl>,
    pub(crate) broken: Broken,
}

/// The names of definitions with mistakes. A reference to one of them is not another mistake.
#[derive(Debug, Default, Clone)]
pub(crate) struct Broken {
    /// The names of scalars, enums, types and unions.
    pub(crate) types: HashSet<String>,
    pub(crate) mixins: HashSet<String>,
    pub(crate) contexts: HashSet<String>,
    pub(crate) tables: HashSet<String>,
    pub(crate) models: HashSet<String>,
    /// Whether a file could not be read. Any unknown name may be in it.
    pub(crate) file: bool,
}

impl Broken {
    pub(crate) fn is_empty(&self) -> bool {
        let all = [&self.types, &self.mixins, &self.contexts, &self.tables, &self.models];
        all.into_iter().all(HashSet::is_empty)
    }
}

/// The handling of stored attributes without a field.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnknownDecl {
    #[default]
    Ignore,
    Keep,
}

/// An entry of `allow:`: a lint that does not count here. Its reason is for readers of the schema.
#[derive(Debug)]
pub(crate) struct AllowDecl {
    pub(crate) code: Spanned<Code>,
}

/// The settings under `serde:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SerdeDecl {
    pub(crate) on: bool,
    pub(crate) rename_all: Option<RenameAll>,
}

/// The user's derives and attributes of an emitted struct, enum or field.
#[derive(Debug, Default, Clone)]
pub(crate) struct ExtrasDecl {
    /// Paths of derive macros.
    pub(crate) derive: Vec<Spanned<String>>,
    /// Attributes, such as `#[non_exhaustive]`.
    pub(crate) attributes: Vec<Spanned<String>>,
}

/// An entry of `models:`.
#[derive(Debug)]
pub(crate) struct ModelDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) table: TableDecl,
    pub(crate) hash_key: Option<Spanned<String>>,
    pub(crate) range_key: Option<Spanned<String>>,
    /// The templates of the shared table's keys.
    pub(crate) key: Option<KeyDecl>,
    /// The templates of the keys of its indexes.
    pub(crate) index_keys: Vec<KeyDecl>,
    /// The values of the shared table's discriminator, if they are not the model's name.
    pub(crate) discriminator: Option<DiscriminatorDecl>,
    pub(crate) fields: Vec<FieldDecl>,
    /// The computed fields. They are among `fields` until mixins are replaced.
    pub(crate) computed: Vec<FieldDecl>,
    /// The mixins whose fields it takes.
    pub(crate) mixins: Vec<Spanned<String>>,
    /// The context whose fields come before its own.
    pub(crate) context: Option<Spanned<String>>,
    /// The upgrades of items between schema versions.
    pub(crate) upgrades: Vec<UpgradeDecl>,
    /// The combinations of fields whose values no two items share.
    pub(crate) unique: Vec<UniqueDecl>,
    /// The path of a function that checks the whole item.
    pub(crate) validate: Option<Spanned<String>>,
    pub(crate) hooks: HooksDecl,
    pub(crate) validate_on_read: bool,
    pub(crate) check_keys_on_read: bool,
    pub(crate) unknown_attributes: UnknownDecl,
    pub(crate) indexes: Vec<IndexDecl>,
    /// Those that could be read.
    pub(crate) vector_indexes: Vec<VectorIndexDecl>,
    pub(crate) projections: Vec<ProjectionStructDecl>,
    pub(crate) queries: Vec<QueryDecl>,
    pub(crate) inputs: InputsDecl,
    pub(crate) allow: Vec<AllowDecl>,
    /// The bytes of a usual item.
    pub(crate) size: Option<u64>,
    pub(crate) rate: RatesDecl,
}

impl ModelDecl {
    /// The place where it makes a field or a combination of fields unique.
    pub(crate) fn unique_span(&self) -> Option<Span> {
        let field = self.fields.iter().find_map(|field| field.unique);
        field.or_else(|| self.unique.first().map(|unique| unique.span))
    }

    /// The place of the number of shards of a key attribute, or of its name without one.
    pub(crate) fn shards_span(&self, attribute: &str) -> Span {
        let mut templates = self.key.iter().chain(&self.index_keys).flat_map(|key| &key.templates);
        let shards = templates.find_map(|of| of.shards.as_ref().filter(|_| of.attribute.value == attribute));
        shards.map_or(self.name.span, |shards| shards.count.span)
    }
}

/// The paths of functions that see each whole item of a model.
#[derive(Debug, Default)]
pub(crate) struct HooksDecl {
    pub(crate) before_write: Option<Spanned<String>>,
    pub(crate) after_read: Option<Spanned<String>>,
}

/// The entries of `inputs:`: structs that clients send.
#[derive(Debug, Default)]
pub(crate) struct InputsDecl {
    /// The struct that makes an item.
    pub(crate) create: Option<InputDecl>,
    /// The struct that changes an item.
    pub(crate) patch: Option<InputDecl>,
}

/// An entry of `inputs:`.
#[derive(Debug)]
pub(crate) struct InputDecl {
    pub(crate) name: Spanned<String>,
    /// The fields that it leaves out.
    pub(crate) without: Vec<Spanned<String>>,
}

/// An entry of `projections:`: a struct with some of the fields.
#[derive(Debug)]
pub(crate) struct ProjectionStructDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) fields: Vec<Spanned<String>>,
}

/// An entry of `queries:`.
#[derive(Debug)]
pub(crate) struct QueryDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) index: Option<Spanned<String>>,
    /// The comparisons with the range key's attributes, in their order.
    pub(crate) range: Vec<ComparisonDecl>,
    pub(crate) order: Option<Order>,
    pub(crate) limit: Option<Spanned<u32>>,
    /// The fields that the app uses of what it reads; empty if the schema does not say.
    pub(crate) reads: Vec<Spanned<String>>,
    pub(crate) allow: Vec<AllowDecl>,
    /// Its requests per second.
    pub(crate) rate: Option<Spanned<f64>>,
    /// The items that a request reads.
    pub(crate) items: Option<u64>,
}

/// A comparison of a query's `range:`, such as `ge: since`.
#[derive(Debug)]
pub(crate) struct ComparisonDecl {
    pub(crate) operator: Spanned<RangeOperator>,
    pub(crate) parameters: Vec<Spanned<String>>,
}
