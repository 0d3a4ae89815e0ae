//! Tables and their keys and indexes, as written.

use super::{AllowDecl, PolicyDecl, Spanned};
use crate::node::Node;
use crate::sources::Span;
use crate::terms::{Distance, KeyKind, Maximum, StreamView, TableClass, Throughput};
use serde::Deserialize;

/// An entry of `tables:`, a shared table.
#[derive(Debug)]
pub(crate) struct SharedTableDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) table: TableDecl,
    pub(crate) hash_key: Option<KeyAttributeDecl>,
    pub(crate) range_key: Option<KeyAttributeDecl>,
    /// The attributes that name an item's model.
    pub(crate) discriminator: Vec<Spanned<String>>,
    /// Whether the keys of items tell their models: `discriminator: by_key`.
    pub(crate) by_key: bool,
    pub(crate) indexes: Vec<SharedIndexDecl>,
    pub(crate) allow: Vec<AllowDecl>,
}

/// A model's `discriminator:`.
#[derive(Debug)]
pub(crate) enum DiscriminatorDecl {
    /// The value of the table's only attribute: `ORDER`.
    Value(Spanned<String>),
    /// A value of each attribute: `{ kind: order, subkind: line }`.
    Values { span: Span, values: Vec<(Spanned<String>, Spanned<String>)> },
}

impl DiscriminatorDecl {
    /// The place of its value, or of its key if it has several.
    pub(crate) fn span(&self) -> Span {
        match self {
            DiscriminatorDecl::Value(value) => value.span,
            DiscriminatorDecl::Values { span, .. } => *span,
        }
    }
}

/// An index of a shared table.
#[derive(Debug)]
pub(crate) struct SharedIndexDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) index_name: Option<Spanned<String>>,
    pub(crate) local: bool,
    pub(crate) hash_key: Option<KeyAttributeDecl>,
    pub(crate) range_key: Option<KeyAttributeDecl>,
    pub(crate) projection: ProjectionDecl,
    pub(crate) throughput: Option<Spanned<Throughput>>,
    pub(crate) allow: Vec<AllowDecl>,
}

/// A key attribute of a shared table: `{ pk: string }`.
#[derive(Debug)]
pub(crate) struct KeyAttributeDecl {
    pub(crate) attribute: Spanned<String>,
    pub(crate) kind: KeyKind,
}

/// A model's key templates: `{ pk: 'USER#{user_id}' }`.
#[derive(Debug)]
pub(crate) struct KeyDecl {
    /// The key `key:`, or the name of the index.
    pub(crate) name: Spanned<String>,
    pub(crate) templates: Vec<TemplateDecl>,
    /// Whether reading a template found a mistake.
    pub(crate) is_broken: bool,
    /// The condition under which an item has the key.
    pub(crate) when: Option<WhenDecl>,
    pub(crate) allow: Vec<AllowDecl>,
}

/// The condition of an index: `{ status: open }`.
#[derive(Debug)]
pub(crate) struct WhenDecl {
    /// The key `when`.
    pub(crate) span: Span,
    /// Fields, each with the values that it may have.
    pub(crate) fields: Vec<(Spanned<String>, Vec<Node>)>,
}

/// A combination of fields whose values no two items share.
#[derive(Debug)]
pub(crate) struct UniqueDecl {
    pub(crate) span: Span,
    pub(crate) fields: Vec<Spanned<String>>,
}

/// A key attribute and its template.
#[derive(Debug)]
pub(crate) struct TemplateDecl {
    pub(crate) attribute: Spanned<String>,
    pub(crate) text: Spanned<String>,
    /// `unordered: true`: keys need not sort as the fields do.
    pub(crate) unordered: Option<Span>,
    pub(crate) shards: Option<ShardsDecl>,
}

/// The `shards:` of a hash key: `16`, or `{ count: 16, by: event_id }`.
#[derive(Debug)]
pub(crate) struct ShardsDecl {
    /// The key `shards`.
    pub(crate) span: Span,
    pub(crate) count: Spanned<usize>,
    /// The fields that choose an item's shard.
    pub(crate) by: Option<Vec<Spanned<String>>>,
}

/// An entry of `collections:`, the items of several models with the same hash key.
#[derive(Debug)]
pub(crate) struct CollectionDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) table: Spanned<String>,
    pub(crate) index: Option<Spanned<String>>,
    pub(crate) models: Vec<Spanned<String>>,
}

/// An entry of `indexes:`.
#[derive(Debug)]
pub(crate) struct IndexDecl {
    pub(crate) name: Spanned<String>,
    /// Whether reading it found a mistake.
    pub(crate) is_broken: bool,
    pub(crate) index_name: Option<Spanned<String>>,
    /// The fields of its hash key; empty without `hash_key:`.
    pub(crate) hash_key: Vec<Spanned<String>>,
    pub(crate) range_key: Vec<Spanned<String>>,
    pub(crate) local: bool,
    pub(crate) projection: ProjectionDecl,
    pub(crate) throughput: Option<Spanned<Throughput>>,
    pub(crate) allow: Vec<AllowDecl>,
}

impl IndexDecl {
    /// An index whose name alone could be read.
    pub(crate) fn broken(name: Spanned<String>) -> Self {
        Self {
            name,
            is_broken: true,
            index_name: None,
            hash_key: Vec::new(),
            range_key: Vec::new(),
            local: false,
            projection: ProjectionDecl::All,
            throughput: None,
            allow: Vec::new(),
        }
    }
}

/// An entry of `vector_indexes:`.
#[derive(Debug)]
pub(crate) struct VectorIndexDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) index_name: Option<Spanned<String>>,
    /// The field with the vectors.
    pub(crate) vector: Spanned<String>,
    pub(crate) distance: Distance,
    pub(crate) hash_key: Option<Spanned<String>>,
    pub(crate) filterable: Vec<Spanned<String>>,
    pub(crate) projection: ProjectionDecl,
}

/// An index's `projection:`.
#[derive(Debug)]
pub(crate) enum ProjectionDecl {
    All,
    KeysOnly,
    /// The keys and these fields; attributes in an index of a shared table.
    Include(Vec<Spanned<String>>),
}

/// The settings under a model's `table:`.
#[derive(Debug, Default)]
pub(crate) struct TableDecl {
    pub(crate) name: Option<SettingDecl>,
    pub(crate) region: Option<SettingDecl>,
    pub(crate) host: Option<SettingDecl>,
    pub(crate) auto_create: Option<bool>,
    pub(crate) create: CreateDecl,
    /// `auto_create` and the keys under `create:`, as far as they are written.
    pub(crate) written: Vec<Spanned<String>>,
}

/// A setting that is fixed, or comes from an environment variable at run time.
#[derive(Debug, Clone)]
pub(crate) enum SettingDecl {
    Value(Spanned<String>),
    Env { variable: Spanned<String>, default: Option<Spanned<String>> },
}

impl SettingDecl {
    /// The place of its value or its variable.
    pub(crate) fn span(&self) -> Span {
        match self {
            SettingDecl::Value(value) => value.span,
            SettingDecl::Env { variable, .. } => variable.span,
        }
    }
}

/// The settings under `create:`, the arguments of CreateTable.
#[derive(Debug, Default)]
pub(crate) struct CreateDecl {
    pub(crate) billing_mode: Option<Spanned<BillingMode>>,
    pub(crate) throughput: Option<Spanned<Throughput>>,
    pub(crate) table_class: Option<TableClass>,
    pub(crate) deletion_protection: Option<bool>,
    pub(crate) point_in_time_recovery: Option<bool>,
    pub(crate) contributor_insights: Option<bool>,
    pub(crate) kms_key: Option<Spanned<String>>,
    pub(crate) on_demand_maximum: Option<Spanned<Maximum>>,
    pub(crate) warm_throughput: Option<Spanned<Throughput>>,
    pub(crate) resource_policy: Option<PolicyDecl>,
    /// With the place of its key.
    pub(crate) replicas: Option<Spanned<Vec<ReplicaDecl>>>,
    pub(crate) stream: Option<StreamView>,
    pub(crate) tags: Vec<(Spanned<String>, Spanned<String>)>,
}

/// An entry of `replicas:`.
#[derive(Debug)]
pub(crate) struct ReplicaDecl {
    pub(crate) region: Spanned<String>,
    pub(crate) kms_key: Option<Spanned<String>>,
    pub(crate) table_class: Option<TableClass>,
    /// Whether reading its settings found a mistake.
    pub(crate) is_broken: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BillingMode {
    PayPerRequest,
    Provisioned,
}
