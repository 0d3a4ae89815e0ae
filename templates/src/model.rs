//! One model: its struct, operations and key.

use crate::{IndexView, ProjectionView, StructView};
use askama::Template;

/// What is emitted for one model.
#[derive(Debug, Template)]
#[template(path = "model.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ModelView {
    /// The struct.
    pub of: StructView,
    /// The fields of the key: those of the hash key, then the others of the range key.
    pub key_fields: Vec<KeyFieldView>,
    /// The parameters of a query: the fields of the hash key.
    pub hash_parameters: Vec<ParameterView>,
    /// Whether the table has a range key.
    pub has_range_key: bool,
    /// How the items are laid out in a table that the model shares, as an expression.
    pub layout: Option<String>,
    /// Whether an attribute tells the items from those of other models in the table.
    pub has_discriminator: bool,
    /// The fields that writes keep.
    pub roles: Option<RolesView>,
    /// The attributes that have no default and are no keys, as literals.
    pub required: Vec<String>,
    /// The calls that name the other fields that are not optional and no keys, with their defaults.
    pub defaults: Vec<String>,
    /// Whether fields are unique.
    pub is_unique: bool,
    /// Whether items have a time to live.
    pub expires: bool,
    /// The table.
    pub table: TableView,
    /// The secondary indexes.
    pub indexes: Vec<IndexView>,
    /// The structs with some of the fields.
    pub projections: Vec<ProjectionView>,
    /// The queries that the schema names.
    pub queries: Vec<QueryView>,
}

/// A query that the schema names.
#[derive(Debug)]
pub struct QueryView {
    /// The identifier of its method.
    pub name: String,
    /// The doc of its method.
    pub doc: Vec<String>,
    /// The identifier of the type that it reads from.
    pub source: String,
    /// The parameters that are the hash key.
    pub hash_key: Vec<ParameterView>,
    /// All parameters.
    pub parameters: Vec<ParameterView>,
    /// What follows the query's construction, such as `.range(…).limit(100)`.
    pub settings: String,
}

/// A parameter of a query's method.
#[derive(Debug, Clone)]
pub struct ParameterView {
    /// Its identifier.
    pub ident: String,
    /// The identifier of the field that it is a value of.
    pub field: String,
    /// The type that it stands for.
    pub ty: String,
}

/// A key field of a model.
#[derive(Debug)]
pub struct KeyFieldView {
    /// The field's identifier.
    pub ident: String,
    /// The type parameter of its place in a tuple of the key's fields.
    pub parameter: String,
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's type.
    pub ty: String,
    /// The expression of the value that is written.
    pub written: String,
    /// How it is read of a key, such as `key("name")?`.
    pub read: String,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
    /// Whether its type is `Copy`.
    pub is_copy: bool,
    /// Whether its type is one of the user's own, which may be `Copy` or not.
    pub is_own: bool,
}

/// A model's table.
#[derive(Debug)]
pub struct TableView {
    /// The function that makes it.
    pub new: &'static str,
    /// The expression that names it.
    pub name: String,
    /// The expression of its hash key.
    pub hash_key: String,
    /// What its stream holds, as the identifier of the runtime's type; `None` where it has no stream.
    pub stream: Option<&'static str>,
    /// Calls that say the rest, such as `.region(…)`.
    pub settings: Vec<String>,
}

/// The fields of a model that writes keep.
#[derive(Debug)]
pub struct RolesView {
    /// The expression that names them.
    pub code: String,
    /// The expression of the count of writes.
    pub version: Option<String>,
    /// Whether it matters that an item is new.
    pub tells_new: bool,
    /// The statements that make of `item` what is written.
    pub stamps: Vec<String>,
}

impl ModelView {
    /// Whether a function of a client and these has more than a lint likes (clippy's `too_many_arguments`).
    fn has_many(&self, parameters: &[ParameterView]) -> bool {
        parameters.len() > 6
    }

    fn key_is_sensitive(&self) -> bool {
        self.key_fields.iter().any(|key| key.sensitive)
    }

    /// Whether writes change the item that is written.
    fn is_stamped(&self) -> bool {
        self.roles.is_some()
    }

    fn is_versioned(&self) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.version.is_some())
    }
}

impl TableView {
    /// Whether its stream holds keys without their items.
    pub(crate) fn reads_keys(&self) -> bool {
        self.stream.is_some_and(|stream| stream != "StreamedNewAndOld")
    }
}
