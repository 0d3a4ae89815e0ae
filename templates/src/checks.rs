//! The checks of values.

use crate::ValueView;
use askama::Template;

/// The calls that check a value, on a `Checked`.
#[derive(Debug, Clone, Default, Template)]
#[template(path = "parts/checks.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ChecksView(pub Vec<CheckView>);

impl ChecksView {
    /// Whether there is no check.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// A call that checks a value: its method and the arguments.
#[derive(Debug, Clone)]
pub enum CheckView {
    /// A method without arguments.
    Plain(&'static str),
    /// A method with a character as a literal.
    Character(&'static str, String),
    /// A method with a count.
    Count(&'static str, u64),
    /// A method with a bound.
    Bound(&'static str, ValueView),
    /// A method with the calls that check each inner value.
    Each(&'static str, ChecksView),
    /// A regular expression as a literal.
    Pattern(String),
    /// A form of text, by its identifier.
    Format(&'static str),
    /// Texts as literals.
    OneOf(Vec<String>),
    /// The path of a function.
    Custom(String),
}

/// A key that is made of texts and may be too long.
#[derive(Debug)]
pub struct KeyLengthView {
    /// The method that checks it.
    pub method: &'static str,
    /// Its attribute as a literal.
    pub attribute: String,
    /// The minimum number of its bytes without the texts.
    pub fixed: usize,
    /// The identifiers of the fields that are its texts.
    pub texts: Vec<String>,
}

/// Two fields whose times are compared.
#[derive(Debug)]
pub struct TimeOrderView {
    /// The method that compares them.
    pub method: &'static str,
    /// The two fields.
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
