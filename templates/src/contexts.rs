//! Contexts, and what models of one have besides others.

use crate::TyView;
use askama::Template;

/// The code that is emitted for a context.
#[derive(Debug, Template)]
#[template(path = "context.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ContextView {
    /// The struct's identifier.
    pub name: String,
    /// Its name as a literal.
    pub name_literal: String,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The derived traits.
    pub derives: Vec<&'static str>,
    /// Its fields.
    pub fields: Vec<ContextFieldView>,
}

impl ContextView {
    fn hides(&self) -> bool {
        self.fields.iter().any(|field| field.sensitive)
    }
}

/// The context of a model.
#[derive(Debug)]
pub struct OwnContextView {
    /// The struct's identifier.
    pub name: String,
    /// The name of the model's key without its fields.
    pub key: String,
    /// Its fields.
    pub fields: Vec<ContextFieldView>,
}

/// A field of a context.
#[derive(Debug, Clone)]
pub struct ContextFieldView {
    /// Its identifier.
    pub ident: String,
    /// Its doc.
    pub doc: Vec<String>,
    /// Its type.
    pub ty: TyView,
    /// Whether its type is `Copy`.
    pub is_copy: bool,
    /// Whether its type is a user's type, which may be `Copy` or not.
    pub is_own: bool,
    /// Its name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
}

impl ContextFieldView {
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.ty, TyView::String)
    }
}

/// The type of the client that operations of a model take.
#[derive(Debug, Template)]
#[template(path = "parts/client.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ClientView {
    /// The struct of its context.
    pub context: Option<String>,
}
