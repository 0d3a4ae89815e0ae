//! The schema as written: what the YAML says, with the place of everything, and nothing checked beyond its
//! shape. Resolving it makes the model.

use crate::node::Node;
use crate::sources::Span;
use serde::Deserialize;
use std::collections::HashSet;

/// A value and where it stands in the schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Spanned<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// All that the schema files define.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    pub(crate) time_types: Option<Spanned<TimeTypes>>,
    pub(crate) decimal: Option<Spanned<DecimalType>>,
    /// The formats of types of times, by the names of the types.
    pub(crate) formats: Vec<(Spanned<String>, Spanned<String>)>,
    pub(crate) serde: Option<Spanned<SerdeDecl>>,
    pub(crate) json_schema: Option<Spanned<bool>>,
    pub(crate) enums: Vec<EnumDecl>,
    pub(crate) types: Vec<StructDecl>,
    pub(crate) unions: Vec<UnionDecl>,
    pub(crate) tables: Vec<SharedTableDecl>,
    pub(crate) models: Vec<ModelDecl>,
    pub(crate) collections: Vec<CollectionDecl>,
    pub(crate) broken: Broken,
}

/// The names of what has mistakes: what refers to them is no mistake of its own.
#[derive(Debug, Default, Clone)]
pub(crate) struct Broken {
    /// Of enums, types and unions.
    pub(crate) types: HashSet<String>,
    pub(crate) tables: HashSet<String>,
    pub(crate) models: HashSet<String>,
}

impl Broken {
    pub(crate) fn is_empty(&self) -> bool {
        self.types.is_empty() && self.tables.is_empty() && self.models.is_empty()
    }
}

/// An entry of `tables:`, a table that models share.
#[derive(Debug)]
pub(crate) struct SharedTableDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) table: TableDecl,
    pub(crate) hash_key: Option<KeyAttributeDecl>,
    pub(crate) range_key: Option<KeyAttributeDecl>,
    /// The attribute that tells an item's model.
    pub(crate) discriminator: Option<Spanned<String>>,
    pub(crate) indexes: Vec<SharedIndexDecl>,
}

/// An index of a table that models share.
#[derive(Debug)]
pub(crate) struct SharedIndexDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) index_name: Option<Spanned<String>>,
    pub(crate) local: bool,
    pub(crate) hash_key: Option<KeyAttributeDecl>,
    pub(crate) range_key: Option<KeyAttributeDecl>,
    pub(crate) throughput: Option<Spanned<ThroughputDecl>>,
}

/// A key attribute that the models make of their fields: `{ pk: string }`.
#[derive(Debug)]
pub(crate) struct KeyAttributeDecl {
    pub(crate) attribute: Spanned<String>,
    pub(crate) kind: KeyKind,
}

/// How a model makes key attributes of its fields: `{ pk: 'USER#{user_id}' }`.
#[derive(Debug)]
pub(crate) struct KeyDecl {
    /// The key `key:`, or the name of the index.
    pub(crate) name: Spanned<String>,
    pub(crate) templates: Vec<TemplateDecl>,
}

/// A key attribute and how it is made.
#[derive(Debug)]
pub(crate) struct TemplateDecl {
    pub(crate) attribute: Spanned<String>,
    pub(crate) text: Spanned<String>,
}

/// An entry of `collections:`, the items of several models that have one hash key.
#[derive(Debug)]
pub(crate) struct CollectionDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) table: Spanned<String>,
    pub(crate) index: Option<Spanned<String>>,
    pub(crate) models: Vec<Spanned<String>>,
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

/// What becomes of attributes that a struct has no fields for.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum UnknownDecl {
    #[default]
    Ignore,
    Keep,
}

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

/// What stands under `serde:`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SerdeDecl {
    pub(crate) on: bool,
    pub(crate) rename_all: Option<RenameAll>,
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

/// What the user adds to an emitted struct, enum or field.
#[derive(Debug, Default, Clone)]
pub(crate) struct ExtrasDecl {
    /// Paths of derive macros.
    pub(crate) derive: Vec<Spanned<String>>,
    /// Attributes, such as `#[non_exhaustive]`.
    pub(crate) attributes: Vec<Spanned<String>>,
}

/// An entry of `enums:`.
#[derive(Debug)]
pub(crate) struct EnumDecl {
    /// Whether a variant could not be read.
    pub(crate) is_broken: bool,
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    /// Whether values that are no variant are kept.
    pub(crate) other: bool,
    pub(crate) variants: Vec<VariantDecl>,
}

/// A variant of an enum.
#[derive(Debug)]
pub(crate) struct VariantDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    /// What is stored for it, if not its name.
    pub(crate) value: Option<Node>,
}

/// An entry of `types:`.
#[derive(Debug)]
pub(crate) struct StructDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) kind: StructKind,
}

#[derive(Debug)]
pub(crate) enum StructKind {
    Fields {
        fields: Vec<FieldDecl>,
        /// The path of a function that checks the whole value.
        validate: Option<Spanned<String>>,
        unknown_attributes: UnknownDecl,
    },
    /// A type of the user's own, with what the schema says of it.
    Rust { path: Spanned<String>, key: Option<Spanned<KeyKind>>, eq: bool },
}

/// The types that DynamoDB allows for key attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum KeyKind {
    String,
    Number,
    Binary,
}

/// An entry of `unions:`.
#[derive(Debug)]
pub(crate) struct UnionDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) tag: Spanned<String>,
    pub(crate) variants: Vec<UnionVariantDecl>,
}

/// A variant of a union.
#[derive(Debug)]
pub(crate) struct UnionVariantDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    /// What the tag says for it, if not its name.
    pub(crate) value: Option<Spanned<String>>,
    pub(crate) kind: VariantKind,
}

#[derive(Debug)]
pub(crate) enum VariantKind {
    /// A struct of its own.
    Fields(Vec<FieldDecl>),
    /// An entry of `types:`.
    Type(Spanned<String>),
}

/// An entry of `models:`.
#[derive(Debug)]
pub(crate) struct ModelDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) table: TableDecl,
    pub(crate) hash_key: Option<Spanned<String>>,
    pub(crate) range_key: Option<Spanned<String>>,
    /// How the keys of a shared table are made.
    pub(crate) key: Option<KeyDecl>,
    /// How the keys of its indexes are made.
    pub(crate) index_keys: Vec<KeyDecl>,
    /// What the shared table's discriminator says, if not the model's name.
    pub(crate) discriminator: Option<Spanned<String>>,
    pub(crate) fields: Vec<FieldDecl>,
    /// The path of a function that checks the whole item.
    pub(crate) validate: Option<Spanned<String>>,
    pub(crate) validate_on_read: bool,
    pub(crate) check_keys_on_read: bool,
    pub(crate) unknown_attributes: UnknownDecl,
    pub(crate) indexes: Vec<IndexDecl>,
    pub(crate) projections: Vec<ProjectionStructDecl>,
    pub(crate) queries: Vec<QueryDecl>,
}

/// An entry of `projections:`: a struct with some of the fields.
#[derive(Debug)]
pub(crate) struct ProjectionStructDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) fields: Vec<Spanned<String>>,
}

/// An entry of `queries:`.
#[derive(Debug)]
pub(crate) struct QueryDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) index: Option<Spanned<String>>,
    /// What is asked of the range key's attributes, in their order.
    pub(crate) range: Vec<ComparisonDecl>,
    pub(crate) order: Option<Order>,
    pub(crate) limit: Option<Spanned<u32>>,
}

/// A comparison of a query's `range:`, such as `ge: since`.
#[derive(Debug)]
pub(crate) struct ComparisonDecl {
    pub(crate) operator: Spanned<RangeOperator>,
    pub(crate) parameters: Vec<Spanned<String>>,
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Order {
    Ascending,
    Descending,
}

/// An entry of `indexes:`.
#[derive(Debug)]
pub(crate) struct IndexDecl {
    pub(crate) name: Spanned<String>,
    /// Whether reading it has found a mistake.
    pub(crate) is_broken: bool,
    pub(crate) index_name: Option<Spanned<String>>,
    /// The fields of its hash key, none where it is not given.
    pub(crate) hash_key: Vec<Spanned<String>>,
    pub(crate) range_key: Vec<Spanned<String>>,
    pub(crate) local: bool,
    pub(crate) projection: ProjectionDecl,
    pub(crate) throughput: Option<Spanned<ThroughputDecl>>,
}

impl IndexDecl {
    /// An index of which only the name could be read.
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
        }
    }
}

/// An index's `projection:`.
#[derive(Debug)]
pub(crate) enum ProjectionDecl {
    All,
    KeysOnly,
    /// The keys and these fields.
    Include(Vec<Spanned<String>>),
}

/// What stands under a model's `table:`.
#[derive(Debug, Default)]
pub(crate) struct TableDecl {
    pub(crate) name: Option<SettingDecl>,
    pub(crate) region: Option<SettingDecl>,
    pub(crate) host: Option<SettingDecl>,
    pub(crate) auto_create: Option<bool>,
    pub(crate) create: CreateDecl,
}

/// A setting that is fixed, or comes from an environment variable at run time.
#[derive(Debug, Clone)]
pub(crate) enum SettingDecl {
    Value(Spanned<String>),
    Env { variable: Spanned<String>, default: Option<Spanned<String>> },
}

impl SettingDecl {
    /// Where its value, or its variable, stands.
    pub(crate) fn span(&self) -> Span {
        match self {
            SettingDecl::Value(value) => value.span,
            SettingDecl::Env { variable, .. } => variable.span,
        }
    }
}

/// What stands under `create:`, the arguments of CreateTable.
#[derive(Debug, Default)]
pub(crate) struct CreateDecl {
    pub(crate) billing_mode: Option<Spanned<BillingMode>>,
    pub(crate) throughput: Option<Spanned<ThroughputDecl>>,
    pub(crate) table_class: Option<TableClass>,
    pub(crate) deletion_protection: Option<bool>,
    pub(crate) stream: Option<StreamView>,
    pub(crate) tags: Vec<(Spanned<String>, Spanned<String>)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ThroughputDecl {
    pub(crate) read: u32,
    pub(crate) write: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BillingMode {
    PayPerRequest,
    Provisioned,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum TableClass {
    Standard,
    StandardInfrequentAccess,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StreamView {
    KeysOnly,
    NewImage,
    OldImage,
    NewAndOldImages,
}

/// An entry of `fields:`.
#[derive(Debug)]
pub(crate) struct FieldDecl {
    pub(crate) name: Spanned<String>,
    pub(crate) doc: Option<Spanned<String>>,
    pub(crate) ty: Option<Spanned<String>>,
    pub(crate) attribute: Option<Spanned<String>>,
    pub(crate) format: Option<Spanned<String>>,
    pub(crate) transform: Vec<Spanned<Transform>>,
    pub(crate) sensitive: bool,
    pub(crate) role: Option<Spanned<FieldRole>>,
    /// Where `unique: true` stands.
    pub(crate) unique: Option<Span>,
    pub(crate) extras: ExtrasDecl,
    pub(crate) constraints: Vec<ConstraintDecl>,
    pub(crate) default: Option<DefaultDecl>,
}

/// What is done to a text before it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Transform {
    Trim,
    Lowercase,
    Uppercase,
}

/// A constraint on a field's values, such as `min_length: 1`.
#[derive(Debug)]
pub(crate) struct ConstraintDecl {
    pub(crate) key: Spanned<&'static str>,
    pub(crate) value: ConstraintValue,
}

#[derive(Debug)]
pub(crate) enum ConstraintValue {
    Node(Node),
    /// Of the elements of a collection, or the keys or values of a map.
    Nested(Vec<ConstraintDecl>),
}

/// A field's `default:`.
#[derive(Debug)]
pub(crate) enum DefaultDecl {
    /// As written: a literal, or the name of a factory where the type has one of that name.
    Plain(Node),
    /// `{ value: … }`: surely a literal.
    Value(Node),
    /// `{ factory: … }`: surely a factory.
    Factory(Spanned<String>),
}
