//! The keys, indexes and access patterns of a model in its description.

use super::description::Literal;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct LayoutDescription {
    pub(super) keys: Vec<Template>,
    pub(super) index_keys: Vec<Template>,
    pub(super) discriminator: Vec<(String, String)>,
    pub(super) unique: Vec<String>,
    pub(super) unique_together: Vec<(String, Vec<String>)>,
    pub(super) key_only: Vec<String>,
    pub(super) mixed: bool,
    pub(super) by_key: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct Template {
    pub(super) is_range: bool,
    pub(super) attribute: String,
    pub(super) separator: Option<char>,
    pub(super) parts: Vec<Part>,
    pub(super) end: String,
    pub(super) when: Vec<WhenDescription>,
    #[serde(default)]
    pub(super) shards: Option<ShardsDescription>,
}

#[derive(Debug, Deserialize)]
pub(super) struct ShardsDescription {
    pub(super) count: u16,
    pub(super) by: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Part {
    #[serde(default)]
    pub(super) before: String,
    pub(super) field: String,
    pub(super) form: PartForm,
    #[serde(default)]
    pub(super) leads: bool,
    #[serde(default)]
    pub(super) is_partial: bool,
    #[serde(default)]
    pub(super) is_open: bool,
    #[serde(default)]
    pub(super) width: Option<usize>,
}

#[derive(Debug, Deserialize)]
pub(super) enum PartForm {
    Own,
    Text,
    Lowercase,
    Uppercase,
    Integer(usize),
    Digits(usize),
    Plain,
    EpochSeconds(StoredTimeName),
    EpochMillis(StoredTimeName),
    Pydantic(StoredTimeName),
    Pattern(StoredTimeName, String),
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum StoredTimeName {
    Datetime,
    NaiveDatetime,
    Date,
    EpochSeconds,
    EpochMillis,
}

#[derive(Debug, Deserialize)]
pub(super) struct WhenDescription {
    pub(super) attribute: String,
    pub(super) values: Vec<Literal>,
}

#[derive(Debug, Deserialize)]
pub(super) struct StoredKeyDescription {
    pub(super) attributes: Vec<(String, StoredKeyKind)>,
    pub(super) is_checked: bool,
    /// Whether errors hide the key.
    pub(super) is_sensitive: bool,
    pub(super) values: Vec<usize>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum StoredKeyKind {
    Hash,
    Range,
    Index,
}

#[derive(Debug, Deserialize)]
pub(super) struct IndexDescription {
    pub(super) name: String,
    pub(super) type_name: String,
    pub(super) index_name: String,
    pub(super) local: bool,
    pub(super) keys: Vec<String>,
    pub(super) hash: Vec<usize>,
    /// The fields of the range key that range conditions compare.
    pub(super) range: Vec<usize>,
    /// Those of them whose order is not that of the keys, and those with another text in the key.
    pub(super) unordered: Vec<String>,
    pub(super) in_other_form: Vec<String>,
    pub(super) templates: Vec<Template>,
    pub(super) mixed: bool,
    /// Whether its entries are whole items.
    pub(super) is_whole: bool,
}

/// A computed field, by its attribute.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum ComputedDescription {
    Text {
        attribute: String,
        template: Template,
    },
    Function {
        attribute: String,
        function: String,
        of: Vec<String>,
    },
    /// The time so many seconds after another attribute, as seconds since 1970.
    Expiry {
        attribute: String,
        after: u64,
        from: String,
    },
}

/// An access pattern.
#[derive(Debug, Deserialize)]
pub(super) struct QueryDescription {
    pub(super) name: String,
    /// The type of its source.
    pub(super) source: String,
    pub(super) range: Vec<Asked>,
    pub(super) descending: bool,
    pub(super) limit: Option<u32>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    pub(super) field: usize,
    pub(super) operator: Operator,
    pub(super) parameters: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) enum Operator {
    Eq,
    Lt,
    Le,
    Gt,
    Ge,
    BeginsWith,
    Between,
}
