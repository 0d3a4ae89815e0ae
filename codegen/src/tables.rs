//! The tables of a schema as plain data, for tools that create and change them.

use crate::model::{self, ModelSet, WholeTable};
use crate::terms::{Encryption, ResourcePolicy};

/// A table in DynamoDB: its name and place, its key, and its settings, as all models in it say. From
/// [`tables`](crate::tables()).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableDescription {
    /// The name.
    pub name: TableSetting,
    /// The region, if it is not the client's.
    pub region: Option<TableSetting>,
    /// The URL of the host, if it is not the client's.
    pub host: Option<TableSetting>,
    /// The hash key.
    pub hash_key: TableKey,
    /// The range key.
    pub range_key: Option<TableKey>,
    /// The provisioned read and write units; `None` if it is paid per request.
    pub throughput: Option<(u32, u32)>,
    /// Whether its class is Standard-Infrequent Access.
    pub is_infrequent_access: bool,
    /// Whether it is protected against deletion; `None` if the schema does not say.
    pub deletion_protection: Option<bool>,
    /// Whether it has point-in-time recovery; `None` if the schema does not say.
    pub point_in_time_recovery: Option<bool>,
    /// Whether CloudWatch Contributor Insights are on; `None` if the schema does not say.
    pub contributor_insights: Option<bool>,
    /// The id, alias or ARN of the key in KMS that encrypts it; `None` for DynamoDB's own.
    pub kms_key: Option<String>,
    /// The maximum of read and of write request units per second, if it is paid per request and has one.
    pub on_demand_maximum: (Option<u32>, Option<u32>),
    /// The read and write units per second that it takes at once.
    pub warm_throughput: Option<(u32, u32)>,
    pub(crate) policy: Option<ResourcePolicy>,
    /// All its regions, in their order; `None` if the schema does not say.
    pub replicas: Option<Vec<TableReplica>>,
    /// The content of its stream, if it has one.
    pub stream: Option<TableStream>,
    /// The attribute of its time to live.
    pub ttl: Option<String>,
    /// The tags, as pairs of key and value.
    pub tags: Vec<(String, String)>,
    /// The secondary indexes.
    pub indexes: Vec<TableIndex>,
    /// The vector indexes.
    pub vector_indexes: Vec<TableVectorIndex>,
}

impl TableDescription {
    /// The key in KMS, if it is not the one that AWS manages for DynamoDB, which is not named ("SSESpecification").
    pub(crate) fn named_kms_key(&self) -> Option<&str> {
        self.kms_key.as_deref().filter(|key| Encryption::by(Some(key)) == Encryption::Customer)
    }

    /// The region, if no variable or client decides it.
    pub(crate) fn fixed_region(&self) -> Option<&str> {
        match &self.region {
            Some(TableSetting::Value(region)) => Some(region),
            _ => None,
        }
    }

    /// The entry of the fixed region among the replicas.
    pub(crate) fn own_replica(&self) -> Option<&TableReplica> {
        let own = self.fixed_region()?;
        self.replicas.iter().flatten().find(|replica| replica.region == own)
    }

    /// The replicas in other regions than the fixed one.
    pub(crate) fn other_replicas(&self) -> impl Iterator<Item = &TableReplica> {
        self.replicas.iter().flatten().filter(|replica| Some(replica.region.as_str()) != self.fixed_region())
    }

    /// The resource-based policy in JSON, and an empty text if the table is to have none; `None` if the schema does not say.
    pub fn resource_policy(&self) -> Option<String> {
        self.policy.as_ref().map(ResourcePolicy::json)
    }
}

/// A region of a table that is in several.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableReplica {
    /// The region. It may be that of the client, which is then the table itself.
    pub region: String,
    /// The id, alias or ARN of the key in KMS that encrypts it; `None` for one of the table's kind that AWS keeps.
    pub kms_key: Option<String>,
    /// Whether its class is Standard-Infrequent Access; `None` for the table's class.
    pub is_infrequent_access: Option<bool>,
}

impl TableReplica {
    /// A replica with the settings of its table.
    pub fn new(region: impl Into<String>) -> Self {
        Self { region: region.into(), kms_key: None, is_infrequent_access: None }
    }

    /// The key in KMS, if it is not the one that AWS manages for DynamoDB.
    pub(crate) fn named_kms_key(&self) -> Option<&str> {
        self.kms_key.as_deref().filter(|key| Encryption::by(Some(key)) == Encryption::Customer)
    }
}

/// A setting that is fixed, or read from an environment variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableSetting {
    /// Fixed.
    Value(String),
    /// Read from an environment variable. An empty variable counts as unset.
    Env {
        /// The variable.
        variable: String,
        /// The value if the variable is unset.
        default: Option<String>,
    },
}

/// A key attribute.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableKey {
    /// The attribute.
    pub attribute: String,
    /// Its type.
    pub kind: TableKeyKind,
}

/// The type of a key attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableKeyKind {
    /// S.
    String,
    /// N.
    Number,
    /// B.
    Binary,
}

impl TableKeyKind {
    /// The API's name of the type.
    pub(crate) fn letter(self) -> &'static str {
        match self {
            TableKeyKind::String => "S",
            TableKeyKind::Number => "N",
            TableKeyKind::Binary => "B",
        }
    }
}

/// The parts of a changed item that a stream holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableStream {
    /// Only the key.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// Both.
    NewAndOldImages,
}

impl TableStream {
    /// The API's name of the view.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TableStream::KeysOnly => "KEYS_ONLY",
            TableStream::NewImage => "NEW_IMAGE",
            TableStream::OldImage => "OLD_IMAGE",
            TableStream::NewAndOldImages => "NEW_AND_OLD_IMAGES",
        }
    }
}

/// A secondary index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableIndex {
    /// Its name in DynamoDB.
    pub name: String,
    /// Whether it is local.
    pub local: bool,
    /// One to four attributes.
    pub hash_key: Vec<TableKey>,
    /// Up to four attributes.
    pub range_key: Vec<TableKey>,
    /// The attributes in it besides the keys; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
    /// Its own provisioned read and write units; `None` for the table's.
    pub throughput: Option<(u32, u32)>,
}

/// A vector index.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableVectorIndex {
    /// Its name in DynamoDB.
    pub name: String,
    /// The attribute with the vectors.
    pub attribute: String,
    /// The number of their dimensions.
    pub dimensions: u16,
    /// The function that compares them.
    pub distance: TableDistance,
    /// The attribute that divides it.
    pub hash_key: Option<TableKey>,
    /// The attributes by which a search filters.
    pub filterable: Vec<TableKey>,
    /// The attributes in it besides those and the keys; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
}

/// The function by which a vector index compares vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TableDistance {
    /// One minus the cosine of the angle between them.
    Cosine,
    /// The distance between their ends.
    Euclidean,
    /// The sum of the products of their values.
    DotProduct,
}

impl TableVectorIndex {
    /// A vector index that holds whole items, and that no attribute divides or filters.
    pub fn new(
        name: impl Into<String>,
        attribute: impl Into<String>,
        dimensions: u16,
        distance: TableDistance,
    ) -> Self {
        let (name, attribute) = (name.into(), attribute.into());
        Self { name, attribute, dimensions, distance, hash_key: None, filterable: Vec::new(), include: None }
    }
}

impl TableKey {
    /// An attribute with its type.
    pub fn new(attribute: impl Into<String>, kind: TableKeyKind) -> Self {
        Self { attribute: attribute.into(), kind }
    }
}

impl TableDistance {
    /// The API's name of the function.
    pub(crate) fn name(self) -> &'static str {
        match self {
            TableDistance::Cosine => "COSINE",
            TableDistance::Euclidean => "EUCLIDEAN",
            TableDistance::DotProduct => "DOT_PRODUCT",
        }
    }
}

/// The tables of a schema.
pub(crate) fn describe(set: &ModelSet) -> Vec<TableDescription> {
    set.whole_tables().iter().map(description).collect()
}

fn description(of: &WholeTable<'_>) -> TableDescription {
    let table = &of.table;
    TableDescription {
        name: setting(&table.name),
        region: table.region.as_ref().map(setting),
        host: table.host.as_ref().map(setting),
        hash_key: key(of.hash_key),
        range_key: of.range_key.map(key),
        throughput: table.throughput.map(units),
        is_infrequent_access: table.class() == model::TableClass::StandardInfrequentAccess,
        deletion_protection: table.deletion_protection,
        point_in_time_recovery: table.point_in_time_recovery,
        contributor_insights: table.contributor_insights,
        kms_key: table.kms_key.clone(),
        on_demand_maximum: (table.on_demand_maximum.read, table.on_demand_maximum.write),
        warm_throughput: table.warm_throughput.map(units),
        policy: table.resource_policy.clone(),
        replicas: table.replicas.as_ref().map(|replicas| replicas.iter().map(replica).collect()),
        stream: table.stream.map(stream),
        ttl: table.ttl.clone(),
        tags: table.tags.clone(),
        indexes: table.indexes.iter().map(index).collect(),
        vector_indexes: table.vector_indexes.iter().map(vector_index).collect(),
    }
}

pub(crate) fn setting(of: &model::Setting) -> TableSetting {
    match of.clone() {
        model::Setting::Value(value) => TableSetting::Value(value),
        model::Setting::Env { variable, default } => TableSetting::Env { variable, default },
    }
}

fn key((attribute, of): (&str, model::KeyKind)) -> TableKey {
    TableKey { attribute: attribute.to_owned(), kind: kind(of) }
}

/// The type of a key attribute.
pub(crate) fn kind(of: model::KeyKind) -> TableKeyKind {
    match of {
        model::KeyKind::String => TableKeyKind::String,
        model::KeyKind::Number => TableKeyKind::Number,
        model::KeyKind::Binary => TableKeyKind::Binary,
    }
}

fn units(of: model::Throughput) -> (u32, u32) {
    (of.read, of.write)
}

fn replica(of: &model::Replica) -> TableReplica {
    TableReplica {
        region: of.region.clone(),
        kms_key: of.kms_key.clone(),
        is_infrequent_access: of.table_class.map(|class| class == model::TableClass::StandardInfrequentAccess),
    }
}

fn stream(of: model::StreamView) -> TableStream {
    match of {
        model::StreamView::KeysOnly => TableStream::KeysOnly,
        model::StreamView::NewImage => TableStream::NewImage,
        model::StreamView::OldImage => TableStream::OldImage,
        model::StreamView::NewAndOldImages => TableStream::NewAndOldImages,
    }
}

fn index(of: &model::IndexDefinition) -> TableIndex {
    let keys = |keys: &[(String, model::KeyKind)]| keys.iter().map(|(name, kind)| key((name, *kind))).collect();
    TableIndex {
        name: of.index_name.clone(),
        local: of.local,
        hash_key: keys(&of.hash_key),
        range_key: keys(&of.range_key),
        include: of.include.clone(),
        throughput: of.throughput.map(units),
    }
}

fn vector_index(of: &model::VectorIndexDefinition) -> TableVectorIndex {
    let key = |(attribute, kind): &(String, model::KeyKind)| key((attribute, *kind));
    TableVectorIndex {
        name: of.index_name.clone(),
        attribute: of.attribute.clone(),
        dimensions: of.dimensions,
        distance: match of.distance {
            model::Distance::Cosine => TableDistance::Cosine,
            model::Distance::Euclidean => TableDistance::Euclidean,
            model::Distance::DotProduct => TableDistance::DotProduct,
        },
        hash_key: of.hash_key.as_ref().map(key),
        filterable: of.filterable.iter().map(key).collect(),
        include: of.include.clone(),
    }
}
