//! A table, as its constant describes it.

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
    /// The region that it is in, where that is not the client's.
    pub region: Option<SettingView>,
    /// The host that answers for it, where that is not the client's.
    pub host: Option<SettingView>,
    /// Whether a write makes it where it is missing.
    pub auto_create: bool,
    /// The units that it is provisioned with; on-demand where there are none.
    pub throughput: Option<UnitsView>,
    /// Whether it is of the class for infrequent access.
    pub is_infrequent: bool,
    /// Whether it is protected against deletion.
    pub deletion_protection: bool,
    /// What its stream holds, if it has one.
    pub stream: Option<StreamView>,
    /// The attribute that holds when an item ends, as a literal.
    pub ttl: Option<String>,
    /// Its tags as literals.
    pub tags: Vec<(String, String)>,
    /// Its secondary indexes.
    pub indexes: Vec<SecondaryIndexView>,
}

/// A setting that is fixed, or read from an environment variable; both as literals.
#[derive(Debug, Template)]
#[template(path = "parts/setting.rs.j2", escape = "none", whitespace = "preserve")]
pub enum SettingView {
    /// Fixed.
    Value(String),
    /// Read from a variable.
    Env(String),
    /// Read from a variable, or else the value.
    EnvOr(String, String),
}

/// A key attribute.
#[derive(Debug, Template)]
#[template(path = "parts/key_attribute.rs.j2", escape = "none", whitespace = "preserve")]
pub struct KeyAttributeView {
    /// The function that makes it, which says its type.
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

/// What a stream holds of each change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StreamView {
    /// The key.
    Keys,
    /// The item after it.
    New,
    /// The item before it.
    Old,
    /// Both.
    NewAndOld,
}

/// A secondary index.
#[derive(Debug, Template)]
#[template(path = "parts/secondary_index.rs.j2", escape = "none", whitespace = "preserve")]
pub struct SecondaryIndexView {
    /// Whether it is a local one.
    pub local: bool,
    /// Its name as a literal.
    pub name: String,
    /// Its hash key.
    pub hash_key: Vec<KeyAttributeView>,
    /// Its range key.
    pub range_key: Vec<KeyAttributeView>,
    /// The attributes that it holds beside the keys, as literals; `None` where it holds whole items.
    pub include: Option<Vec<String>>,
    /// The units that it is provisioned with.
    pub throughput: Option<UnitsView>,
}

impl TableView {
    /// Whether its stream holds keys without their items.
    pub(crate) fn reads_keys(&self) -> bool {
        self.stream.is_some_and(|stream| stream != StreamView::NewAndOld)
    }
}
