//! One model: its struct, operations, mapping, key and builder.

use crate::{IndexView, ProjectionView};
use askama::Template;

/// What is emitted for one model.
#[derive(Debug, Template)]
#[template(path = "model.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ModelView {
    /// The struct's identifier.
    pub name: String,
    /// The struct's name as a literal.
    pub name_literal: String,
    /// `a` or `an`, as the name wants it.
    pub article: &'static str,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The derived traits, such as `Debug, Clone, PartialEq`.
    pub derives: &'static str,
    /// Whether a default is a float, which may look like a well-known constant to a lint.
    pub has_float_default: bool,
    /// The fields in the order of the schema.
    pub fields: Vec<FieldView>,
    /// Whether the builder has so many type parameters that a lint takes it for too complex.
    pub has_many_parameters: bool,
    /// The type parameters of the builder, one for each required field, such as `UserIdField, NameField`.
    pub parameters: Vec<String>,
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
    /// The identifier of what the mapping reads from, which no field has.
    pub reader: String,
    /// The identifier of the number of the attribute that is read, which no field has.
    pub attribute: String,
}

/// A field of a model.
#[derive(Debug)]
pub struct FieldView {
    /// The field's identifier.
    pub ident: String,
    /// The identifier of the builder's method that sets it.
    pub setter: String,
    /// The field's name for docs.
    pub name: String,
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's doc among the attributes.
    pub attribute_doc: String,
    /// The field's type.
    pub ty: String,
    /// The type of the attribute's value, without `Option`.
    pub value: String,
    /// The attribute's role, such as `Plain` or `RangeKey<Event>`.
    pub role: String,
    /// The type that the builder holds until `build`, where the field is not required.
    pub held: String,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The builder's type parameter of a required field.
    pub parameter: Option<String>,
    /// Whether the field is optional: what the builder holds is what the model gets.
    pub optional: bool,
    /// What turns an absent value into the default, such as `.unwrap_or(0)`.
    pub or_default: String,
    /// The doc of the builder's method.
    pub setter_doc: String,
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
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The constructor of its attribute type: `string`, `number` or `binary`.
    pub kind: &'static str,
    /// `.clone()` where the type is not `Copy`.
    pub clone: &'static str,
    /// Whether the value has a length that DynamoDB limits.
    pub has_length: bool,
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
    /// The key fields: the hash key, then the range key.
    fn keys(&self) -> Vec<&KeyFieldView> {
        std::iter::once(&self.hash_key).chain(&self.range_key).collect()
    }

    fn range_has_length(&self) -> bool {
        self.range_key.as_ref().is_some_and(|key| key.has_length)
    }

    /// The builder's type parameters in their brackets.
    fn generics(&self) -> String {
        match self.parameters.as_slice() {
            [] => String::new(),
            parameters => format!("<{}>", parameters.join(", ")),
        }
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
