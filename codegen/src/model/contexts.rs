//! Contexts: values that a client holds, and gives to the operations of models.

use super::{Doc, Field, Model};

/// A context: its models have its fields, and their operations take the values from the client.
#[derive(Debug, Clone)]
pub(crate) struct Context {
    /// The name of its struct.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    /// Its fields, as its models have them. All of them are required.
    pub(crate) fields: Vec<Field>,
}

impl Context {
    pub(crate) fn has(&self, field: &str) -> bool {
        self.fields.iter().any(|own| own.name == field)
    }

    /// The name of the type of a model's key without the fields of the context.
    pub(crate) fn key_type(&self, model: &str) -> String {
        format!("{model}KeyIn{}", self.name)
    }
}

impl Model {
    /// Whether the client gives the field, since it is one of the context.
    pub(crate) fn is_of_context(&self, field: &Field) -> bool {
        self.context.as_ref().is_some_and(|context| context.has(&field.name))
    }
}
