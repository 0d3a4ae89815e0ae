//! Tables and their indexes.

use super::{
    Doc, Field, KeyAttribute, KeyKind, Literal, Maximum, ResourcePolicy, StreamView, TableClass, Throughput,
    VectorIndexDefinition, distinct,
};

/// A shared table.
#[derive(Debug)]
pub(crate) struct SharedTable {
    /// The name of its entry in the schema.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The type of an item of any of its models; `None` without a discriminator.
    pub(crate) type_name: Option<String>,
    pub(crate) table: Table,
    pub(crate) hash_key: (String, KeyKind),
    pub(crate) range_key: Option<(String, KeyKind)>,
    /// The attributes that name an item's model.
    pub(crate) discriminator: Vec<String>,
    /// Whether the beginnings of the keys tell the models.
    pub(crate) by_key: bool,
}

/// A secondary index.
#[derive(Debug)]
pub(crate) struct Index {
    /// Its name in Rust, in snake case.
    pub(crate) name: String,
    /// Its type, which is also the type of its items, unless they are the model's.
    pub(crate) type_name: String,
    /// Its name in DynamoDB.
    pub(crate) index_name: String,
    pub(crate) local: bool,
    /// One to four attributes.
    pub(crate) hash_key: Vec<KeyAttribute>,
    /// Up to four attributes.
    pub(crate) range_key: Vec<KeyAttribute>,
    /// Whether foreign items may be among the model's own items of one hash key.
    pub(crate) mixed: bool,
    pub(crate) projection: Projection,
    /// The conditions under which an item is in it: all of them.
    pub(crate) when: Vec<When>,
    pub(crate) throughput: Option<Throughput>,
}

/// The values of a field with which an item is in an index.
#[derive(Debug, Clone)]
pub(crate) struct When {
    pub(crate) field: Field,
    /// Literals of the type of present values.
    pub(crate) values: Vec<Literal>,
}

impl Index {
    /// The attributes of its key, those of the hash key first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash_key.iter().chain(&self.range_key)
    }

    /// The fields of the hash key.
    pub(crate) fn hash_fields(&self) -> Vec<&Field> {
        distinct(self.hash_key.iter().flat_map(KeyAttribute::fields))
    }

    /// The fields of the range key that the hash key does not have.
    pub(crate) fn range_fields(&self) -> Vec<&Field> {
        self.without_hash_fields(self.range_key.iter().flat_map(KeyAttribute::fields))
    }

    /// Those of these fields that range conditions compare.
    pub(crate) fn compared_fields(&self) -> Vec<&Field> {
        self.without_hash_fields(self.range_key.iter().flat_map(KeyAttribute::compared))
    }

    fn without_hash_fields<'f>(&self, fields: impl Iterator<Item = &'f Field>) -> Vec<&'f Field> {
        distinct(fields.filter(|field| !self.hash_key.iter().any(|key| key.determines(&field.name))))
    }

    /// Its description for CreateTable.
    pub(crate) fn definition(&self) -> IndexDefinition {
        let keys = |keys: &[KeyAttribute]| keys.iter().map(|key| (key.attribute.clone(), key.kind)).collect();
        IndexDefinition {
            index_name: self.index_name.clone(),
            local: self.local,
            hash_key: keys(&self.hash_key),
            range_key: keys(&self.range_key),
            include: match &self.projection {
                Projection::All => None,
                Projection::Fields { include, .. } => Some(include.clone()),
            },
            throughput: self.throughput,
        }
    }
}

/// The attributes of each item in an index.
#[derive(Debug)]
pub(crate) enum Projection {
    All,
    /// These fields, including the keys of the table and the index. `include` are the attributes that are not keys.
    Fields {
        fields: Vec<Field>,
        include: Vec<String>,
    },
}

/// The description of an index for CreateTable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IndexDefinition {
    pub(crate) index_name: String,
    pub(crate) local: bool,
    pub(crate) hash_key: Vec<(String, KeyKind)>,
    pub(crate) range_key: Vec<(String, KeyKind)>,
    /// The attributes in it besides the keys; `None` if it holds whole items.
    pub(crate) include: Option<Vec<String>>,
    pub(crate) throughput: Option<Throughput>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Table {
    pub(crate) name: Setting,
    pub(crate) region: Option<Setting>,
    pub(crate) host: Option<Setting>,
    pub(crate) auto_create: bool,
    /// The provisioned throughput; `None` for on-demand.
    pub(crate) throughput: Option<Throughput>,
    /// `None` if the schema does not say.
    pub(crate) table_class: Option<TableClass>,
    /// `None` if the schema does not say.
    pub(crate) deletion_protection: Option<bool>,
    /// `None` if the schema does not say.
    pub(crate) point_in_time_recovery: Option<bool>,
    /// `None` if the schema does not say, as of the next three.
    pub(crate) contributor_insights: Option<bool>,
    /// The id, alias or ARN of its key in KMS.
    pub(crate) kms_key: Option<String>,
    /// The maximum of request units per second, if it is paid per request.
    pub(crate) on_demand_maximum: Maximum,
    /// The units per second that it takes at once.
    pub(crate) warm_throughput: Option<Throughput>,
    /// `None` if the schema does not say.
    pub(crate) resource_policy: Option<ResourcePolicy>,
    /// In the order of their regions; `None` if the schema does not say.
    pub(crate) replicas: Option<Vec<Replica>>,
    pub(crate) stream: Option<StreamView>,
    pub(crate) tags: Vec<(String, String)>,
    /// The attribute with the time when an item expires.
    pub(crate) ttl: Option<String>,
    pub(crate) indexes: Vec<IndexDefinition>,
    pub(crate) vector_indexes: Vec<VectorIndexDefinition>,
}

/// A replica of a table in another region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replica {
    pub(crate) region: String,
    /// The id, alias or ARN of its key in KMS; `None` for that of the table, which is in every region.
    pub(crate) kms_key: Option<String>,
    /// `None` for the table's.
    pub(crate) table_class: Option<TableClass>,
}

/// The partitions of AWS besides `aws`, with the beginnings of their regions' names ("Partitions", AWS General
/// Reference).
const PARTITIONS: [(&str, &str); 7] = [
    ("cn-", "aws-cn"),
    ("us-gov-", "aws-us-gov"),
    ("us-isob-", "aws-iso-b"),
    ("us-isof-", "aws-iso-f"),
    ("us-iso-", "aws-iso"),
    ("eu-isoe-", "aws-iso-e"),
    ("eusc-", "aws-eusc"),
];

impl Table {
    /// Whether both are the same table in DynamoDB.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.region == other.region && self.host == other.host
    }

    /// Whether two policies of the table say the same.
    pub(crate) fn is_same_policy(&self, one: &ResourcePolicy, other: &ResourcePolicy) -> bool {
        let region = match &self.region {
            Some(Setting::Value(region)) => region.as_str(),
            Some(Setting::Env { default, .. }) => default.as_deref().unwrap_or_default(),
            None => "",
        };
        let is_in = |(prefix, _): &&(&str, &str)| region.starts_with(prefix);
        one.says_same(other, PARTITIONS.iter().find(is_in).map_or("aws", |(_, partition)| partition))
    }
}

/// A setting that is fixed, or read from an environment variable at run time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Setting {
    Value(String),
    Env { variable: String, default: Option<String> },
}
