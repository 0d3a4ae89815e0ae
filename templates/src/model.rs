//! One model: its struct, operations and key.

use crate::{IndexView, ProjectionView, StructView};
use askama::Template;

/// What is emitted for one model.
#[derive(Debug, Template)]
#[template(path = "model.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ModelView {
    /// The struct.
    pub of: StructView,
    /// The hash key.
    pub hash_key: KeyFieldView,
    /// The range key, if the table has one.
    pub range_key: Option<KeyFieldView>,
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
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's type.
    pub ty: String,
    /// The type of the attribute's value.
    pub value: String,
    /// The expression of the value that is written.
    pub written: String,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The constructor of its attribute type: `string`, `number` or `binary`.
    pub kind: &'static str,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
    /// `.clone()` where the type is not `Copy`.
    pub clone: &'static str,
}

/// A model's table.
#[derive(Debug)]
pub struct TableView {
    /// The table as docs name it, such as `` the table `users` ``.
    pub text: String,
    /// The expression that names it.
    pub name: String,
    /// Calls that say the rest, such as `.region(…)`.
    pub settings: Vec<String>,
}

impl ModelView {
    fn key_is_sensitive(&self) -> bool {
        self.keys().iter().any(|key| key.sensitive)
    }

    /// The key fields: the hash key, then the range key.
    fn keys(&self) -> Vec<&KeyFieldView> {
        std::iter::once(&self.hash_key).chain(&self.range_key).collect()
    }
}

impl TableView {
    fn create_doc(&self) -> String {
        format!("{:?}", format!(" Creates {} and waits until it is active.", self.text))
    }

    fn delete_doc(&self) -> String {
        format!("{:?}", format!(" Deletes {} with all its items and waits until it is gone.", self.text))
    }

    fn exists_doc(&self) -> String {
        format!("{:?}", format!(" Tells whether {} exists.", self.text))
    }
}
