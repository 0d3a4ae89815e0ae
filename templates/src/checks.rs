//! What is asked of values.

use crate::ValueView;
use askama::Template;

/// The calls that check a value, on a `Checked`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/checks.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ChecksView(pub Vec<CheckView>);

impl ChecksView {
    /// Whether nothing is asked.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A call that checks a value, by its method and what that takes.
#[derive(Debug, Clone)]
pub enum CheckView {
    /// Nothing.
    Plain(&'static str),
    /// A count.
    Count(&'static str, u64),
    /// A bound.
    Bound(&'static str, ValueView),
    /// The calls that check what is in the value.
    Each(&'static str, ChecksView),
    /// A regular expression as a literal.
    Pattern(String),
    /// A form of text, by its identifier.
    Format(&'static str),
    /// Texts as literals.
    OneOf(Vec<String>),
    /// The path of a function.
    Custom(String),
    /// The name of a transform, whose result the value has to be.
    Transformed(&'static str),
}

/// A key that is made of texts and may be too long.
#[derive(Debug)]
pub struct KeyLengthView {
    /// The method that checks it.
    pub method: &'static str,
    /// Its attribute as a literal.
    pub attribute: String,
    /// How many bytes it has at least beside its texts.
    pub fixed: usize,
    /// The identifiers of the fields that are its texts.
    pub texts: Vec<String>,
}

/// Two fields whose times are compared.
#[derive(Debug)]
pub struct TimeOrderView {
    /// The method that compares them.
    pub method: &'static str,
    /// The two.
    pub fields: [TimeView; 2],
}

/// A field with a time.
#[derive(Debug)]
pub struct TimeView {
    /// Its attribute as a literal.
    pub attribute: String,
    /// Its identifier.
    pub ident: String,
    /// Whether it is optional.
    pub optional: bool,
}
