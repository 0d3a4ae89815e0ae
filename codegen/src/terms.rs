//! The terms of the schema language that have the same meaning in a schema, in the model, and in emitted code.

mod kms;
mod resource_policy;

pub(crate) use kms::is_kms_key;
pub(crate) use resource_policy::{Action, Effect, Principal, Principals, Resource, ResourcePolicy, Statement};

use serde::Deserialize;

/// The library of the types of dates and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TimeTypes {
    Chrono,
    Time,
    Jiff,
}

/// The library of the type of `decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecimalType {
    RustDecimal,
    Bigdecimal,
}

/// The case of fields' names in JSON, as in serde's `rename_all`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) enum RenameAll {
    #[serde(rename = "camelCase")]
    Camel,
    #[serde(rename = "PascalCase")]
    Pascal,
    #[serde(rename = "kebab-case")]
    Kebab,
    #[serde(rename = "SCREAMING_SNAKE_CASE")]
    Screaming,
}

impl RenameAll {
    /// The name in JSON of a field with this name in Rust, as in serde.
    pub(crate) fn apply(self, field: &str) -> String {
        let capital = |word: &str| {
            let mut chars = word.chars();
            chars.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(chars).collect::<String>()
        };
        match self {
            RenameAll::Pascal => field.split('_').map(capital).collect(),
            RenameAll::Camel => {
                let pascal = RenameAll::Pascal.apply(field);
                let mut chars = pascal.chars();
                chars.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(chars).collect()
            }
            RenameAll::Kebab => field.replace('_', "-"),
            RenameAll::Screaming => field.to_ascii_uppercase(),
        }
    }
}

/// The meaning of an empty stored value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Empty {
    Absent,
}

/// The form of an enum in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EnumJson {
    Names,
}

/// The role of a field that writes keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldRole {
    Version,
    CreatedAt,
    UpdatedAt,
    DeletedAt,
    Ttl,
    SchemaVersion,
    Counter,
    /// `sequence:` says it.
    #[serde(skip)]
    Sequence,
}

impl FieldRole {
    /// Whether increments change the field, and nothing else.
    pub(crate) fn counts(self) -> bool {
        matches!(self, Self::Counter | Self::Sequence)
    }
}

/// The form that an upgrade gives an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Conversion {
    Number,
    Text,
    Boolean,
    List,
}

/// The format in which values are compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Compression {
    Zstd,
}

/// What reads do with a value that was stored before its field was encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Unencrypted {
    Read,
}

/// A change of a text before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transform {
    Trim,
    Lowercase,
    Uppercase,
}

/// The precision of times: what is finer is cut, or with nanoseconds nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Precision {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

/// The types that DynamoDB allows for key attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    String,
    Number,
    Binary,
}

/// The most request units per second; `None` where nothing limits them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Maximum {
    pub(crate) read: Option<u32>,
    pub(crate) write: Option<u32>,
}

/// Provisioned capacity units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throughput {
    pub(crate) read: u32,
    pub(crate) write: u32,
}

/// The function by which a vector index compares vectors.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Distance {
    Cosine,
    Euclidean,
    DotProduct,
}

/// The class of a table, which sets the prices of storage and requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableClass {
    Standard,
    StandardInfrequentAccess,
}

/// The kind of the key in KMS that encrypts a table ("DynamoDB encryption at rest").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encryption {
    /// It belongs to DynamoDB.
    Owned,
    /// AWS manages it in the account.
    Managed,
    /// The account has made it.
    Customer,
}

impl Encryption {
    /// That by the id, alias or ARN of a key.
    pub(crate) fn by(key: Option<&str>) -> Self {
        match key.map(|key| key.strip_suffix("alias/aws/dynamodb")) {
            None => Encryption::Owned,
            Some(Some(start)) if start.is_empty() || start.ends_with(':') => Encryption::Managed,
            Some(_) => Encryption::Customer,
        }
    }
}

/// The parts of an item in a stream's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StreamView {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

/// A comparison of range keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum RangeOperator {
    Eq,
    Lt,
    Le,
    Gt,
    Ge,
    BeginsWith,
    Between,
}

/// The order of range keys in which a query reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    Ascending,
    Descending,
}
