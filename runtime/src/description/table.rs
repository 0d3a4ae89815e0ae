//! The description of a table: name, place, keys, indexes and settings.

use super::key_attribute::KeyAttribute;
use super::key_limit::Limit;
use super::replica::Replica;
use super::secondary_index::{Projection, SecondaryIndex};
use super::setting::{Setting, UnsetVariable};
use super::vector_index::VectorIndex;
use crate::ground::{AttributeMap, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;

/// The description of a table: its name and place, its keys, and the settings with which it is created. Emitted code
/// holds it as a constant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Table {
    pub(crate) name: Setting,
    pub(crate) region: Option<Setting>,
    pub(crate) host: Option<Setting>,
    pub(crate) hash_key: KeyAttribute,
    pub(crate) range_key: Option<KeyAttribute>,
    pub(crate) auto_create: bool,
    pub(crate) throughput: Option<(u32, u32)>,
    pub(crate) table_class: TableClass,
    /// Whether DynamoDB refuses to delete the table; `None` if the schema does not say.
    pub(crate) deletion_protection: Option<bool>,
    /// Whether DynamoDB keeps the table's past; `None` if the schema does not say.
    pub(crate) point_in_time_recovery: Option<bool>,
    /// `None` if the schema does not say, as of the next three.
    pub(crate) contributor_insights: Option<bool>,
    /// The id, alias or ARN of its key in KMS.
    pub(crate) kms_key: Option<&'static str>,
    /// The maximum of read and of write request units per second, if it is paid per request.
    pub(crate) on_demand_maximum: (Option<u32>, Option<u32>),
    /// The units per second that it takes at once.
    pub(crate) warm_throughput: Option<(u32, u32)>,
    /// The policy in JSON, empty for none; `None` if the schema does not say.
    pub(crate) resource_policy: Option<&'static str>,
    /// Its regions; `None` if the schema does not say.
    pub(crate) replicas: Option<&'static [Replica]>,
    /// The entry of the client's own region among the replicas.
    pub(crate) own: Option<&'static Replica>,
    pub(crate) stream: Option<StreamView>,
    /// The attribute of the time to live.
    pub(crate) ttl: Option<&'static str>,
    pub(crate) tags: &'static [(&'static str, &'static str)],
    pub(crate) indexes: &'static [SecondaryIndex],
    pub(crate) vector_indexes: &'static [VectorIndex],
}

/// The class of a table, which sets the prices of storage and of requests ("DynamoDB table classes").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TableClass {
    /// DynamoDB Standard.
    Standard,
    /// DynamoDB Standard-Infrequent Access.
    StandardInfrequentAccess,
}

/// The parts of a changed item that a table's stream holds ("Change data capture for DynamoDB Streams").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StreamView {
    /// Only the key.
    KeysOnly,
    /// The item after the change.
    NewImage,
    /// The item before the change.
    OldImage,
    /// The item before and after the change.
    NewAndOldImages,
}

impl Table {
    /// A table with a fixed name and a hash key, paid per request. The first write creates it.
    pub const fn named(name: &'static str, hash_key: KeyAttribute) -> Self {
        Self::new(Setting::value(name), hash_key)
    }

    /// A table with a name from a setting and a hash key, paid per request. The first write creates it.
    pub const fn new(name: Setting, hash_key: KeyAttribute) -> Self {
        Self {
            name,
            region: None,
            host: None,
            hash_key,
            range_key: None,
            auto_create: true,
            throughput: None,
            table_class: TableClass::Standard,
            deletion_protection: None,
            point_in_time_recovery: None,
            contributor_insights: None,
            kms_key: None,
            on_demand_maximum: (None, None),
            warm_throughput: None,
            resource_policy: None,
            replicas: None,
            own: None,
            stream: None,
            ttl: None,
            tags: &[],
            indexes: &[],
            vector_indexes: &[],
        }
    }

    /// Adds a range key.
    #[must_use]
    pub const fn range_key(mut self, key: KeyAttribute) -> Self {
        self.range_key = Some(key);
        self
    }

    /// Sets the table's region, instead of the client's.
    #[must_use]
    pub const fn region(mut self, region: Setting) -> Self {
        self.region = Some(region);
        self
    }

    /// Sets the URL of the table's host, instead of the client's.
    #[must_use]
    pub const fn host(mut self, host: Setting) -> Self {
        self.host = Some(host);
        self
    }

    /// Says whether a write that can make an item creates the table if it is missing.
    #[must_use]
    pub const fn auto_create(mut self, auto_create: bool) -> Self {
        self.auto_create = auto_create;
        self
    }

    /// Provisions read and write capacity units per second, instead of paying per request.
    #[must_use]
    pub const fn provisioned(mut self, read: u32, write: u32) -> Self {
        self.throughput = Some((read, write));
        self
    }

    /// Sets the table's class.
    #[must_use]
    pub const fn table_class(mut self, class: TableClass) -> Self {
        self.table_class = class;
        self
    }

    /// Says whether DynamoDB refuses to delete the table. Otherwise, a new table has no protection, and one that exists
    /// keeps what it has.
    #[must_use]
    pub const fn deletion_protection(mut self, protection: bool) -> Self {
        self.deletion_protection = Some(protection);
        self
    }

    /// Says whether the table can be restored to each second of the last 35 days ("Point-in-time recovery for
    /// DynamoDB"). Otherwise, a new table cannot, and one that exists stays as it is.
    #[must_use]
    pub const fn point_in_time_recovery(mut self, recovery: bool) -> Self {
        self.point_in_time_recovery = Some(recovery);
        self
    }

    /// Says whether DynamoDB records the table's most accessed keys ("CloudWatch Contributor Insights for DynamoDB").
    /// Otherwise, a new table has no records, and one that exists stays as it is.
    #[must_use]
    pub const fn contributor_insights(mut self, insights: bool) -> Self {
        self.contributor_insights = Some(insights);
        self
    }

    /// Encrypts the table with a key of KMS: its id, its ARN, or `alias/` and its name ("DynamoDB encryption at rest").
    /// Otherwise, a new table has DynamoDB's own key, and one that exists keeps its key. A table with a key of another
    /// account needs the ARN.
    #[must_use]
    pub const fn kms_key(mut self, key: &'static str) -> Self {
        self.kms_key = Some(key);
        self
    }

    /// Limits the read request units per second, the write request units, or both, of a table that is paid per request
    /// ("DynamoDB maximum throughput for on-demand tables"). Indexes have no such limit. Where it is `None`, a new
    /// table has none, and one that exists keeps what it has.
    #[must_use]
    pub const fn on_demand_maximum(mut self, read: Option<u32>, write: Option<u32>) -> Self {
        self.on_demand_maximum = (read, write);
        self
    }

    /// Prepares the table for this many read and write units per second at once ("Understanding DynamoDB warm
    /// throughput"). A table that takes more already keeps that.
    #[must_use]
    pub const fn warm_throughput(mut self, read: u32, write: u32) -> Self {
        self.warm_throughput = Some((read, write));
        self
    }

    /// Says who else may use the table: a policy in JSON, of at most 20 KB ("Using resource-based policies for
    /// DynamoDB"). An empty text is no policy: [`Plan::apply`](crate::tables::Plan::apply) deletes what the table has.
    /// Otherwise, a new table has none, and one that exists keeps its policy.
    #[must_use]
    pub const fn resource_policy(mut self, policy: &'static str) -> Self {
        self.resource_policy = Some(policy);
        self
    }

    /// Sets the regions of the table. Items are copied by the table's stream, which has to hold new and old images. The
    /// list names every region in which the table is, also that in which it was first made, so that it means the same
    /// from each of them: the entry of a client's own region is the table itself, with its key and its class there. A
    /// replica that the list does not name stays until a deletion is allowed by its name
    /// ([`Plan::kept`](crate::tables::Plan::kept)). Without this call, a new table has no replicas, and one that exists
    /// keeps what it has.
    ///
    /// No write creates a table with replicas: in another region of the list, that would be a table of its own.
    /// [`ensure`](crate::tables::ensure) and [`Plan::apply`](crate::tables::Plan::apply) create it.
    #[must_use]
    pub const fn replicas(mut self, replicas: &'static [Replica]) -> Self {
        self.replicas = Some(replicas);
        self
    }

    /// Adds a stream to the table.
    #[must_use]
    pub const fn stream(mut self, view: StreamView) -> Self {
        self.stream = Some(view);
        self
    }

    /// Sets the attribute of the time to live: DynamoDB removes an item after the time in this attribute, in seconds
    /// since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn ttl(mut self, attribute: &'static str) -> Self {
        self.ttl = Some(attribute);
        self
    }

    /// Sets the tags of the table, as pairs of key and value.
    #[must_use]
    pub const fn tags(mut self, tags: &'static [(&'static str, &'static str)]) -> Self {
        self.tags = tags;
        self
    }

    /// Sets the secondary indexes of the table.
    #[must_use]
    pub const fn indexes(mut self, indexes: &'static [SecondaryIndex]) -> Self {
        self.indexes = indexes;
        self
    }

    /// Sets the vector indexes of the table.
    #[must_use]
    pub const fn vector_indexes(mut self, indexes: &'static [VectorIndex]) -> Self {
        self.vector_indexes = indexes;
        self
    }

    /// The table in the region of a client.
    pub(crate) fn in_region(mut self, region: Option<&str>) -> Self {
        let replicas = self.replicas.unwrap_or_default();
        self.own = replicas.iter().find(|replica| Some(replica.region) == region);
        self
    }

    /// The id, alias or ARN of its key in KMS in the client's region.
    pub(crate) fn own_kms_key(&self) -> Option<&'static str> {
        self.own.and_then(|own| own.kms_key).or(self.kms_key)
    }

    /// Its class in the client's region.
    pub(crate) fn own_class(&self) -> TableClass {
        self.own.and_then(|own| own.table_class).unwrap_or(self.table_class)
    }

    /// The class that a replica has of its own, or because the table has another one in the client's region than
    /// elsewhere.
    pub(crate) fn class_of(&self, replica: &Replica) -> Option<TableClass> {
        let elsewhere = self.own.and_then(|own| own.table_class).map(|_| self.table_class);
        replica.table_class.or(elsewhere)
    }

    /// Whether the schema gives it replicas.
    pub(crate) fn has_replicas(&self) -> bool {
        self.replicas.is_some_and(|replicas| !replicas.is_empty())
    }

    /// Whether the list of replicas names a region.
    pub(crate) fn names_region(&self, region: &str) -> bool {
        self.replicas.unwrap_or_default().iter().any(|replica| replica.region == region)
    }

    /// The replicas in other regions than the client's.
    pub(crate) fn other_replicas(&self) -> impl Iterator<Item = &'static Replica> + use<> {
        let own = self.own.map(|own| own.region);
        self.replicas.unwrap_or_default().iter().filter(move |replica| Some(replica.region) != own)
    }

    /// Whether the entries of an index, or the items of the table without one, are whole items.
    pub(crate) fn holds_whole(&self, index: Option<&str>) -> bool {
        let index = index.and_then(|name| self.indexes.iter().find(|of| of.name == name));
        index.is_none_or(|index| index.projection == Projection::All)
    }

    /// Whether a global index lacks an attribute. Local indexes are not judged: DynamoDB fetches attributes that they
    /// lack from the table ("Local secondary indexes").
    pub(crate) fn is_missing(&self, index: &str, attribute: &str) -> bool {
        let Some(index) = self.indexes.iter().find(|of| of.name == index && !of.local) else { return false };
        let included: &[&str] = match index.projection {
            Projection::All => return false,
            Projection::KeysOnly => &[],
            Projection::Include(attributes) => attributes,
        };
        let keys = index.hash_key.iter().chain(index.range_key).chain([&self.hash_key]).chain(&self.range_key);
        !included.contains(&attribute) && !keys.into_iter().any(|key| key.name == attribute)
    }

    /// The names of the key attributes, the hash key first.
    pub(crate) fn key_names(&self) -> Vec<&'static str> {
        std::iter::once(self.hash_key.name).chain(self.range_key.map(|key| key.name)).collect()
    }

    /// Checks that DynamoDB accepts the values of a key.
    pub(crate) fn check_key(&self, key: &AttributeMap) -> Result<(), WriteError> {
        let hash_key = std::iter::once((self.hash_key, Limit::HASH));
        for (attribute, limit) in hash_key.chain(self.range_key.map(|key| (key, Limit::RANGE))) {
            if let Some(value) = key.get(attribute.name) {
                limit.check(attribute.name, value)?;
            }
        }
        Ok(())
    }

    /// Checks the length of an attribute's value, if it is a key of an index.
    pub(crate) fn check_index_keys(&self, attribute: &str, value: &AttributeValue) -> Result<(), WriteError> {
        for index in self.indexes {
            for (keys, limit) in [(index.hash_key, Limit::HASH), (index.range_key, Limit::RANGE)] {
                if keys.iter().any(|key| key.name == attribute) {
                    limit.check(attribute, value)?;
                }
            }
        }
        Ok(())
    }

    /// The name before a client maps it. The error is the variable that should hold the name.
    pub(crate) fn resolve_name(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<String, UnsetVariable> {
        self.name.required(environment)
    }
}
