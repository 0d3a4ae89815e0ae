//! The constant that describes a table.

use askama::Template;

/// A model's table.
#[derive(Debug, Template)]
#[template(path = "parts/table.rs.j2", escape = "none", whitespace = "preserve")]
pub struct TableView {
    /// Its name.
    pub name: SettingView,
    /// Its hash key.
    pub hash_key: KeyAttributeView,
    /// Its range key.
    pub range_key: Option<KeyAttributeView>,
    /// Its region, if it is not the client's.
    pub region: Option<SettingView>,
    /// Its host, if it is not the client's.
    pub host: Option<SettingView>,
    /// Whether a write creates the missing table.
    pub auto_create: bool,
    /// Its provisioned units; `None` for on-demand.
    pub throughput: Option<UnitsView>,
    /// Whether it has the class for infrequent access.
    pub is_infrequent: bool,
    /// Whether it is protected against deletion, if the schema says.
    pub deletion_protection: Option<bool>,
    /// Whether its past is kept, if the schema says.
    pub point_in_time_recovery: Option<bool>,
    /// Whether its most accessed keys are recorded, if the schema says.
    pub contributor_insights: Option<bool>,
    /// Its key in KMS as a literal.
    pub kms_key: Option<String>,
    /// The maximum of its request units, if it is paid per request.
    pub on_demand_maximum: Option<MaximumView>,
    /// The units that it takes at once.
    pub warm_throughput: Option<UnitsView>,
    /// Its policy as a literal, if the schema says.
    pub resource_policy: Option<String>,
    /// Its replicas, if the schema says.
    pub replicas: Option<Vec<ReplicaView>>,
    /// The content of its stream, if it has one.
    pub stream: Option<StreamView>,
    /// The attribute with the time when an item expires, as a literal.
    pub ttl: Option<String>,
    /// Its tags as literals.
    pub tags: Vec<(String, String)>,
    /// Its secondary indexes.
    pub indexes: Vec<SecondaryIndexView>,
    /// Its vector indexes.
    pub vector_indexes: Vec<VectorDefinitionView>,
}

/// A replica of a table in another region.
#[derive(Debug)]
pub struct ReplicaView {
    /// The region as a literal.
    pub region: String,
    /// Its key in KMS as a literal.
    pub kms_key: Option<String>,
    /// Whether it has the class for infrequent access, if the schema says.
    pub is_infrequent: Option<bool>,
}

/// A setting that is fixed, or read from an environment variable; both as literals.
#[derive(Debug, Template)]
#[template(path = "parts/setting.rs.j2", escape = "none", whitespace = "preserve")]
pub enum SettingView {
    /// Fixed.
    Value(String),
    /// Read from a variable.
    Env(String),
    /// Read from a variable, with a default value.
    EnvOr(String, String),
}

/// A key attribute.
#[derive(Debug, Template)]
#[template(path = "parts/key_attribute.rs.j2", escape = "none", whitespace = "preserve")]
pub struct KeyAttributeView {
    /// The function that declares it, by its type.
    pub kind: &'static str,
    /// Its name as a literal.
    pub attribute: String,
}

/// Capacity units.
#[derive(Debug)]
pub struct UnitsView {
    /// For reads.
    pub read: u32,
    /// For writes.
    pub write: u32,
}

/// The most units of a table that is paid per request.
#[derive(Debug)]
pub struct MaximumView {
    /// For reads.
    pub read: Option<u32>,
    /// For writes.
    pub write: Option<u32>,
}

/// The content of a stream for each change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamView {
    /// The key.
    Keys,
    /// The item after the change.
    New,
    /// The item before the change.
    Old,
    /// Both.
    NewAndOld,
}

/// A secondary index.
#[derive(Debug, Template)]
#[template(path = "parts/secondary_index.rs.j2", escape = "none", whitespace = "preserve")]
pub struct SecondaryIndexView {
    /// Whether it is a local index.
    pub local: bool,
    /// Its name as a literal.
    pub name: String,
    /// Its hash key.
    pub hash_key: Vec<KeyAttributeView>,
    /// Its range key.
    pub range_key: Vec<KeyAttributeView>,
    /// The attributes in it besides the keys, as literals; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
    /// Its provisioned units.
    pub throughput: Option<UnitsView>,
}

/// A vector index, as its table's constant has it.
#[derive(Debug, Template)]
#[template(path = "parts/vector_index.rs.j2", escape = "none", whitespace = "preserve")]
pub struct VectorDefinitionView {
    /// Its name as a literal.
    pub name: String,
    /// The attribute with the vectors, as a literal.
    pub attribute: String,
    /// The number of their dimensions.
    pub dimensions: u16,
    /// The variant of the function that compares them.
    pub distance: &'static str,
    /// The attribute that divides it.
    pub hash_key: Option<KeyAttributeView>,
    /// The attributes by which a search filters.
    pub filterable: Vec<KeyAttributeView>,
    /// The attributes in it besides those, as literals; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
}

impl TableView {
    /// Whether its stream may hold keys without their items.
    pub(crate) fn reads_keys(&self) -> bool {
        self.stream.is_some_and(|stream| stream != StreamView::NewAndOld)
    }
}
