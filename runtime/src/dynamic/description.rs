//! The description of a schema's models, which the generator makes (`codegen/src/items`).

pub(super) use super::key_description::{
    ComputedDescription, IndexDescription, LayoutDescription, Operator, Part, PartForm, QueryDescription,
    ShardsDescription, StoredKeyDescription, StoredKeyKind, StoredTimeName, Template, WhenDescription,
};
use super::scalar::ScalarType;
use super::sealed::SealDescription;
use serde::Deserialize;
use std::collections::HashMap;

/// The models of a schema, and the types that it defines.
#[derive(Debug, Deserialize)]
pub(super) struct Described {
    pub(super) models: Vec<ModelDescription>,
    pub(super) types: HashMap<String, Definition>,
    /// Whether writes keep all digits of times, for copies of items.
    #[serde(skip)]
    pub(super) keeps_digits: bool,
}

impl Described {
    /// Makes all items keep attributes without a field, at every level.
    pub(super) fn keep_unknown(&mut self) {
        self.models.iter_mut().for_each(|of| of.structure.keeps_unknown = true);
        for of in self.types.values_mut() {
            match of {
                Definition::Struct(of) => of.keeps_unknown = true,
                Definition::Union(of) => of.keeps_unknown = true,
                Definition::Enum(_) => {}
            }
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ModelDescription {
    pub(super) structure: Structure,
    /// The positions of the fields of the hash key, and of those of the range key that it does not have.
    pub(super) hash: Vec<usize>,
    pub(super) range: Vec<usize>,
    /// The fields of the range key whose order is not that of the keys, and those with another text in the key.
    pub(super) unordered: Vec<String>,
    pub(super) in_other_form: Vec<String>,
    pub(super) layout: Option<LayoutDescription>,
    #[serde(default)]
    pub(super) computed: Vec<ComputedDescription>,
    pub(super) stored_key: Option<StoredKeyDescription>,
    /// The path of a function that changes each item before it is written.
    #[serde(default)]
    pub(super) before_write: Option<String>,
    pub(super) version: Option<usize>,
    pub(super) counters: Vec<usize>,
    pub(super) created_at: Option<usize>,
    pub(super) updated_at: Option<usize>,
    #[serde(default)]
    pub(super) deleted_at: Option<usize>,
    /// The position of the time to live that each write sets, and the seconds until then.
    #[serde(default)]
    pub(super) lifetime: Option<(usize, u64)>,
    pub(super) versions: Option<Versions>,
    pub(super) indexes: Vec<IndexDescription>,
    pub(super) queries: Vec<QueryDescription>,
    /// Their names, and those in DynamoDB.
    #[serde(default)]
    pub(super) vector_indexes: Vec<(String, String)>,
}

/// A struct: a model, or a value that is stored as a map.
#[derive(Debug, Deserialize)]
pub(super) struct Structure {
    pub(super) name: String,
    pub(super) fields: Vec<Field>,
    /// The attributes with another name in JSON.
    pub(super) json_names: Vec<(String, String)>,
    /// Whether it is in a union, where JSON has no integers of more than 64 bits.
    pub(super) in_union: bool,
    #[serde(default)]
    pub(super) keeps_unknown: bool,
    /// The path of a function that checks the whole struct.
    #[serde(default)]
    pub(super) validate: Option<String>,
    #[serde(default)]
    pub(super) validate_on_read: bool,
    /// The attributes that are neither fields nor unknown.
    #[serde(default)]
    pub(super) made: Vec<String>,
    #[serde(default)]
    pub(super) key_lengths: Vec<KeyLength>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Field {
    pub(super) name: String,
    pub(super) attribute: String,
    pub(super) ty: Type,
    pub(super) form: Form,
    /// The precision to which its times are cut.
    pub(super) cut: Option<Precision>,
    /// The precision that its times must have.
    pub(super) checked_precision: Option<Precision>,
    pub(super) transform: Vec<Transform>,
    pub(super) key_only: bool,
    pub(super) absent_if_empty: bool,
    pub(super) constraints: Vec<Constraint>,
    pub(super) order: Vec<TimeOrder>,
    pub(super) default: Default,
    pub(super) is_sorted: bool,
    /// Its name in JSON.
    #[serde(default)]
    pub(super) json: String,
    #[serde(default)]
    pub(super) is_checked_key: bool,
    #[serde(default)]
    pub(super) key_checks: Vec<KeyCheck>,
    #[serde(default)]
    pub(super) seal: Option<SealDescription>,
    /// The attribute of the searchable field whose hash it is.
    #[serde(default)]
    pub(super) hash_of: Option<String>,
    /// Whether its value is made of other fields.
    #[serde(default)]
    pub(super) computed: bool,
}

#[derive(Debug, Deserialize)]
pub(super) enum Type {
    Scalar(ScalarType),
    Json,
    List(Box<Type>),
    Set(Box<Type>),
    Map(Box<Type>),
    Optional(Box<Type>),
    /// With its number of dimensions.
    Vector(usize),
    Named(String),
    /// A type of the app, by its path.
    Rust(String),
    /// The bytes of an encrypted value, or a value of the type that is stored as it is.
    #[serde(skip)]
    Encrypted(Box<Type>),
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Form {
    Own,
    Nanos,
    EpochSeconds,
    EpochMillis,
    Pydantic,
    Pattern(String),
    Text,
    Digits(usize),
    ZeroOrOne,
    List,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Precision {
    Seconds,
    Millis,
    Micros,
    Nanos,
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Transform {
    Trim,
    Lowercase,
    Uppercase,
}

#[derive(Debug, Deserialize)]
pub(super) enum Constraint {
    NotEmpty,
    MinLength(u64),
    MaxLength(u64),
    Pattern(String),
    Format(String),
    OneOf(Vec<String>),
    Minimum(Literal),
    Maximum(Literal),
    ExclusiveMinimum(Literal),
    ExclusiveMaximum(Literal),
    MultipleOf(Literal),
    MinItems(u64),
    MaxItems(u64),
    UniqueItems,
    Past,
    Future,
    Custom(String),
    Items(Vec<Constraint>),
    Keys(Vec<Constraint>),
    Values(Vec<Constraint>),
    Present(Vec<Constraint>),
    Transform(Transform),
}

#[derive(Debug, Deserialize)]
pub(super) struct TimeOrder {
    pub(super) is_after: bool,
    /// The attribute of the other field.
    pub(super) attribute: String,
}

#[derive(Debug, Deserialize)]
pub(super) enum KeyCheck {
    HashKey,
    RangeKey,
    /// A part of a key: its separator, if it is not `#`, and whether other parts follow in a range key.
    Part(Option<char>, bool),
}

#[derive(Debug, Deserialize)]
pub(super) struct KeyLength {
    pub(super) attribute: String,
    pub(super) is_range: bool,
    pub(super) fixed: usize,
    pub(super) texts: Vec<usize>,
}

#[derive(Debug, Deserialize)]
pub(super) enum Default {
    Required,
    Absent,
    Empty,
    Literal(Literal),
    Factory(Factory),
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Factory {
    UuidV4,
    UuidV7,
    UuidV4Text,
    UuidV7Text,
    Ulid,
    UlidText,
    Now,
    Today,
    /// The time after this many seconds.
    Expiry(u64),
}

/// A value that the schema writes out.
#[derive(Debug, Deserialize)]
pub(super) enum Literal {
    Text(String),
    Bool(bool),
    Number(String),
    Bytes(Vec<u8>),
    Uuid(String),
    Micros(i64),
    Date(i32, u32, u32),
    Variant(String),
    Json(String),
    List(Vec<Literal>),
    Set(Vec<Literal>),
    Map(Vec<(String, Literal)>),
    None,
}

#[derive(Debug, Deserialize)]
pub(super) enum Definition {
    Struct(Structure),
    Union(Union),
    Enum(Enum),
}

#[derive(Debug, Deserialize)]
pub(super) struct Union {
    /// Whether a variant without fields refuses other attributes, which it cannot keep.
    #[serde(skip)]
    pub(super) keeps_unknown: bool,
    pub(super) name: String,
    pub(super) tag: String,
    pub(super) variants: Vec<UnionVariant>,
}

#[derive(Debug, Deserialize)]
pub(super) struct UnionVariant {
    /// The value of the tag.
    pub(super) value: String,
    /// The name of its struct.
    pub(super) of: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Enum {
    pub(super) name: String,
    pub(super) other: bool,
    pub(super) ignores_case: bool,
    pub(super) variants: Vec<Variant>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Variant {
    pub(super) name: String,
    pub(super) value: StoredVariant,
    pub(super) json_name: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) enum StoredVariant {
    Text(String),
    Number(i64),
}

#[derive(Debug, Deserialize)]
pub(super) struct Versions {
    pub(super) attribute: String,
    pub(super) first: u32,
    pub(super) keys: Vec<String>,
    pub(super) upgrades: Vec<Vec<Step>>,
}

/// A change of an upgrade.
#[derive(Debug, Deserialize)]
pub(super) enum Step {
    Rename(String, String),
    Split(String, Vec<(String, String)>, String),
    Convert(String, Conversion),
    Default(Box<Field>, Option<Literal>),
    Remove(String),
    Function(String),
}

#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) enum Conversion {
    Number,
    Text,
    Boolean,
    List,
}
