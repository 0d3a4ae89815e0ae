//! The terms of the schema language that mean the same in a schema, in the model that is made of it, and in emitted code.

use serde::Deserialize;

/// The library whose types stand for dates and times.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TimeTypes {
    Chrono,
    Time,
    Jiff,
}

/// The library whose type stands for `decimal`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum DecimalType {
    RustDecimal,
    Bigdecimal,
}

/// How serde spells the names of fields.
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
    /// The name of a field in JSON, as serde spells its name in Rust.
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

/// What writes do with a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FieldRole {
    Version,
    CreatedAt,
    UpdatedAt,
    Ttl,
}

/// What is done to a text before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transform {
    Trim,
    Lowercase,
    Uppercase,
}

/// The types that DynamoDB allows for key attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    String,
    Number,
    Binary,
}

/// Capacity units that are paid for in advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Throughput {
    pub(crate) read: u32,
    pub(crate) write: u32,
}

/// A class of tables, by what storage and requests cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableClass {
    Standard,
    StandardInfrequentAccess,
}

/// What a stream's record holds of its item.
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
