//! Computed fields: attributes that are made of an item's fields.

use crate::{ChecksView, FormView, KeyPartView, TyView, WrittenView};
use askama::Template;

/// A computed field. Its text is how the runtime computes it from stored fields.
#[derive(Debug, Template)]
#[template(path = "parts/computation.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ComputedView {
    /// The identifier of its method.
    pub ident: String,
    /// The doc of its method.
    pub doc: Vec<String>,
    /// The type of its value.
    pub ty: TyView,
    /// The type of the attribute's value, without `Option`.
    pub value: TyView,
    /// Its attribute as a literal.
    pub attribute: String,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// Whether it may be absent.
    pub optional: bool,
    /// The checks of a value.
    pub check: ChecksView,
    /// How it is computed.
    pub by: ComputationView,
}

/// How a field is computed.
#[derive(Debug)]
pub enum ComputationView {
    /// As a text.
    Text {
        /// The identifier of the constant with its template.
        constant: String,
        /// Its fields, each with the text before it.
        parts: Vec<KeyPartView>,
        /// The text after them as a literal.
        end: String,
        /// The values of the fields in the struct.
        values: Vec<WrittenView>,
    },
    /// As the time after that of a field.
    Expiry {
        /// The runtime's module of the factories of its times.
        module: &'static str,
        /// The seconds after it, as a literal.
        seconds: String,
        /// The field.
        from: ArgumentView,
    },
    /// By a function.
    Function {
        /// Its path.
        path: String,
        /// The attributes that it takes, each once, as literals.
        names: Vec<String>,
        /// Its arguments.
        arguments: Vec<ArgumentView>,
    },
}

/// A field that a function takes.
#[derive(Debug)]
pub struct ArgumentView {
    /// The field's identifier.
    pub ident: String,
    /// Its attribute as a literal.
    pub attribute: String,
    /// The type that is read.
    pub ty: TyView,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// Whether the field is optional.
    pub optional: bool,
    /// Whether an absent attribute is an empty collection.
    pub is_collection: bool,
}
