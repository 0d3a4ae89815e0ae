//! The whole schema as plain data.

use crate::infrastructure::ServiceRights;
use crate::pull::LiveItem;
use crate::tables::{TableDescription, TableKeyKind};

/// A schema without mistakes, as data for tools. From [`catalog`](crate::catalog()).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Catalog {
    /// The names of the schema's files, without their folders.
    pub files: Vec<String>,
    /// The tables, in the order of their first models.
    pub tables: Vec<CatalogTable>,
    /// The models, in the order of the schema.
    pub models: Vec<CatalogModel>,
    /// The contexts, in the order of the schema.
    pub contexts: Vec<CatalogContext>,
    /// The enums, structs and unions. The structs of a union's variants follow the union.
    pub types: Vec<CatalogType>,
    /// The collections, in the order of the schema.
    pub collections: Vec<CatalogCollection>,
    /// The fields that name an item of another model.
    pub relations: Vec<Relation>,
    /// The services, with the rights of each.
    pub services: Vec<ServiceRights>,
}

/// A table in DynamoDB.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogTable {
    /// Its name, key, indexes and settings.
    pub description: TableDescription,
    /// The name of its entry under `tables:`, if several models may share it.
    pub entry: Option<String>,
    /// The entry's doc: lines of Markdown.
    pub doc: Vec<String>,
    /// The attributes that name an item's model.
    pub discriminator: Vec<String>,
    /// The names of its models.
    pub models: Vec<String>,
}

/// A model: a struct whose values are the items of a table.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogModel {
    /// The struct's name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// The place of its table in [`Catalog::tables`].
    pub table: usize,
    /// The hash key of its table.
    pub hash_key: CatalogKey,
    /// The range key of its table.
    pub range_key: Option<CatalogKey>,
    /// The attributes of the discriminator, each with its value in the model's items.
    pub discriminator: Vec<(String, String)>,
    /// The name of its context, if it has one.
    pub context: Option<String>,
    /// Its fields, in the order of the schema; those of its context come first.
    pub fields: Vec<CatalogField>,
    /// Its computed fields, which are methods of the struct and attributes of its items.
    pub computed: Vec<CatalogField>,
    /// The attribute of the schema version, and the version that writes store.
    pub schema_version: Option<(String, u32)>,
    /// The path of a function of the app that checks the whole item.
    pub validate: Option<String>,
    /// The path of a function of the app that changes each item before it is written.
    pub before_write: Option<String>,
    /// The path of a function of the app that changes each item after it is read.
    pub after_read: Option<String>,
    /// Whether a save keeps stored attributes without a field.
    pub keeps_unknown: bool,
    /// Its secondary indexes.
    pub indexes: Vec<CatalogIndex>,
    /// The ways to read its items by key: of the table, of its indexes, and the queries that the schema names.
    pub patterns: Vec<AccessPattern>,
    /// What no two of its items share.
    pub unique: Vec<UniqueGuard>,
    /// Its projections and inputs.
    pub parts: Vec<CatalogPart>,
    /// Example items, the same in each run. The model reads each of them, and writes it as it is.
    pub examples: Vec<Example>,
    /// Why it has no example items; `None` if it has some.
    pub no_examples: Option<String>,
}

/// A context: its models have its fields, and their functions take the values from the client.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogContext {
    /// The struct's name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// Its fields.
    pub fields: Vec<CatalogField>,
}

/// A struct with some of a model's fields.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogPart {
    /// The struct's name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// What it is for.
    pub kind: CatalogPartKind,
    /// The names of its fields, as in [`CatalogModel::fields`].
    pub fields: Vec<String>,
}

/// What a struct with some of a model's fields is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogPartKind {
    /// A projection: reads return it.
    Projection,
    /// An input that makes an item.
    Create,
    /// A patch: an input that changes an item.
    Patch,
}

/// A key attribute of a table or an index, as a model makes it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogKey {
    /// The attribute.
    pub attribute: String,
    /// Its type.
    pub kind: TableKeyKind,
    /// Whether the attribute is itself a field. Otherwise it is made of the text and fields in `segments`.
    pub is_field: bool,
    /// The template as the schema writes it, such as `ORDER#{number}`; the attribute's name if it is a field.
    pub template: String,
    /// Its text and fields, from the left.
    pub segments: Vec<KeySegment>,
    /// The shards of a hash key.
    pub shards: Option<CatalogShards>,
}

/// The shards of a hash key. The number of an item's shard ends its key, after the separator.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogShards {
    /// Their number.
    pub count: usize,
    /// The character before the number.
    pub separator: char,
    /// The names of the fields that choose an item's shard, as in [`CatalogModel::fields`].
    pub by: Vec<String>,
}

/// A part of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeySegment {
    /// Text that each key has.
    Text(String),
    /// The value of a field.
    Field {
        /// The field's name in Rust.
        name: String,
        /// Its form in the key, if the schema states one: `date` in `{at:date}`.
        form: Option<String>,
    },
}

/// A field of a model or of a struct.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogField {
    /// Its name in Rust, without `r#`.
    pub name: String,
    /// The attribute that it is stored under.
    pub attribute: String,
    /// Its name in JSON; `None` if it is not in JSON.
    pub json: Option<String>,
    /// Its type as in the schema, such as `list<u8>?`. Scalars are replaced by the types that they stand for.
    pub ty: String,
    /// The name of the type of the schema that it holds.
    pub named_type: Option<String>,
    /// Its stored form: a type of DynamoDB's API, and the form of its text. Code is between backticks.
    pub stored: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// Its constraints and transforms. Code is between backticks.
    pub constraints: Vec<String>,
    /// Whether items may lack it.
    pub optional: bool,
    /// Its default. Code is between backticks.
    pub default: Option<String>,
    /// Its role as in the schema, such as `created_at`, if writes keep it.
    pub role: Option<&'static str>,
    /// Whether no two items have the same value.
    pub unique: bool,
    /// Whether its values stay out of debug texts.
    pub sensitive: bool,
    /// What writes make of its values before they send them: `encrypted`, `compressed`, or `compressed and encrypted`.
    pub sealed: Option<&'static str>,
    /// Whether items do not store it as an attribute: only a key has it.
    pub key_only: bool,
    /// How it is computed, such as `{first} {last}` or `crate::rank(points)`.
    pub computed: Option<String>,
}

/// A secondary index of a model.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogIndex {
    /// Its name in Rust.
    pub name: String,
    /// Its name in DynamoDB.
    pub index_name: String,
    /// Whether it is local.
    pub local: bool,
    /// One to four attributes.
    pub hash_key: Vec<CatalogKey>,
    /// Up to four attributes.
    pub range_key: Vec<CatalogKey>,
    /// The attributes in it besides the keys; `None` if it holds whole items.
    pub include: Option<Vec<String>>,
    /// The fields that decide whether an item is in it, each with the stored values with which it is.
    pub when: Vec<(String, Vec<String>)>,
}

/// A way to read items by key: a function of the emitted code.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct AccessPattern {
    /// The function, such as `Order::query`.
    pub function: String,
    /// Its name under `queries:`; `None` if every model has such a function.
    pub query: Option<String>,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// The request that it sends.
    pub request: AccessRequest,
    /// The index's name in DynamoDB, if it reads one.
    pub index: Option<String>,
    /// The client in `call`: `db`, or the context of the model, whose fields are no parameters.
    pub client: String,
    /// The parameters after the client.
    pub parameters: Vec<Parameter>,
    /// The conditions on the key, all of which must hold. Parameters and fields of the context are in braces.
    pub conditions: Vec<String>,
    /// The number of shards that it asks at once, if they are several.
    pub shards: Option<usize>,
    /// Whether its conditions are a whole key of the table, so that it reads at most one item.
    pub is_single: bool,
    /// Whether range keys are read in descending order.
    pub descending: bool,
    /// The maximum number of items.
    pub limit: Option<u32>,
    /// The call as an app has it.
    pub call: String,
}

/// A request to DynamoDB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum AccessRequest {
    /// One item by its key.
    GetItem,
    /// The items of one hash key.
    Query,
    /// The items with the most similar vectors.
    SearchVectors,
}

impl AccessRequest {
    /// The API's name of the request.
    pub fn name(self) -> &'static str {
        match self {
            AccessRequest::GetItem => "GetItem",
            AccessRequest::Query => "Query",
            AccessRequest::SearchVectors => "SearchVectors",
        }
    }
}

/// A parameter of an access pattern.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name, without `r#`.
    pub name: String,
    /// The name of the field that it is compared with.
    pub field: String,
    /// Its type as in the schema. The beginning of a value is a `string`.
    pub ty: String,
    /// Whether it is the beginning of the field's value.
    pub is_beginning: bool,
}

/// A value, or a combination of values, that no two items of a model share. An item of its own, the guard, reserves it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct UniqueGuard {
    /// The names of the fields.
    pub fields: Vec<String>,
    /// The guard's hash key, with `{field}` for each value.
    pub template: String,
}

/// An item of a model, and the guards of its unique values.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Example {
    /// The item as it is stored, with the values that sealed fields have before they are sealed.
    pub item: LiveItem,
    /// The guards, as they are stored.
    pub guards: Vec<LiveItem>,
}

/// The items of several models with the same hash key.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogCollection {
    /// The struct's name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// The place of its table in [`Catalog::tables`].
    pub table: usize,
    /// Its models.
    pub members: Vec<CatalogMember>,
    /// The query of all its items.
    pub pattern: AccessPattern,
}

/// A model in a collection.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogMember {
    /// The model's name.
    pub model: String,
    /// The field of the collection that holds its items.
    pub field: String,
    /// Whether there is at most one item.
    pub single: bool,
}

/// A field that names an item of another model: it has the name and the type of the only field in that model's key,
/// apart from the fields of a context that both models have.
/// Where that field is named `id`, it has the model's name, with or without `_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Relation {
    /// The model with the field.
    pub model: String,
    /// The field's name.
    pub field: String,
    /// The model whose item it names.
    pub target: String,
    /// The field in that model's key.
    pub target_field: String,
}

/// A type that the schema defines.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogType {
    /// Its name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// Its content.
    pub kind: CatalogTypeKind,
}

/// The content of a type.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum CatalogTypeKind {
    /// A struct that is stored as M.
    Struct {
        /// Its fields.
        fields: Vec<CatalogField>,
        /// Whether a save keeps stored attributes without a field.
        keeps_unknown: bool,
    },
    /// An enum that is stored as S or N.
    Enum {
        /// Its variants.
        variants: Vec<CatalogVariant>,
        /// Whether it keeps values that are not a variant.
        other: bool,
        /// Whether reads take its texts in any case.
        ignores_case: bool,
    },
    /// An enum of structs that is stored as M.
    Union {
        /// The attribute that tells the variants.
        tag: String,
        /// Its variants.
        variants: Vec<CatalogVariant>,
    },
}

/// A variant of an enum or a union.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct CatalogVariant {
    /// Its name.
    pub name: String,
    /// Its doc: lines of Markdown.
    pub doc: Vec<String>,
    /// Its stored value, or the value of the union's tag.
    pub value: String,
    /// The struct that a variant of a union holds.
    pub of: Option<String>,
}
