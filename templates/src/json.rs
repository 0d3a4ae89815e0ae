//! The attributes for the derives of serde and schemars.

use crate::TyView;
use askama::Template;

/// The attributes of a struct or union.
#[derive(Debug, Default, Template)]
#[template(path = "parts/json.rs.j2", escape = "none", whitespace = "preserve")]
pub struct JsonView {
    /// Whether serde's traits are derived.
    pub serde: bool,
    /// Whether schemars' trait is derived.
    pub schemars: bool,
    /// The value of serde's `rename_all`.
    pub rename_all: Option<&'static str>,
    /// Whether absent fields have the values of the struct's `Default`.
    pub is_defaulted: bool,
    /// Whether other fields than its own are mistakes.
    pub denies_unknown: bool,
    /// The attribute that distinguishes a union's variants, as a literal.
    pub tag: Option<String>,
    /// The struct with the functions of the defaults: this one, or the one whose fields it has.
    pub owner: String,
    /// The fields whose defaults schemars needs as separate attributes.
    pub defaulted: Vec<DefaultedView>,
}

/// The names of a struct's fields in JSON.
#[derive(Debug)]
pub struct JsonNamesView {
    /// The case of the names: a constructor of the runtime's `JsonNames`.
    pub case: &'static str,
    /// The attributes with other names than the case gives them, and these names, as literals.
    pub others: Vec<(String, String)>,
}

/// A field whose default schemars needs as a separate attribute.
#[derive(Debug)]
pub struct DefaultedView {
    /// Its name in JSON as a literal.
    pub json_name: String,
    /// Its name.
    pub name: String,
    /// Its type, if the default is an empty value of it; `None` if a function makes the default.
    pub empty: Option<TyView>,
}

/// The attributes of a field.
#[derive(Debug, Default, Template)]
#[template(path = "parts/field_json.rs.j2", escape = "none", whitespace = "preserve")]
pub struct FieldJsonView {
    /// Whether it is not in JSON.
    pub is_skipped: bool,
    /// Its name in JSON as a literal, if the schema gives it one.
    pub rename: Option<String>,
    /// Its default for serde.
    pub default: Option<JsonDefault>,
    /// Its form as a field of a patch.
    pub patched: Option<PatchedJson>,
    /// Whether its form in JSON is not the form of its type.
    pub has_other_form: bool,
    /// Whether a field with another form may be missing in JSON.
    pub may_lack: bool,
    /// Whether schemars leaves the default out.
    pub hides_default: bool,
    /// The type whose JSON Schema is used instead of its own.
    pub stand_in: Option<TyView>,
    /// Keywords of JSON Schema.
    pub keywords: Vec<KeywordView>,
    /// The constraints of its elements.
    pub elements: Vec<ElementsView>,
}

impl FieldJsonView {
    /// Whether serde writes and reads it by functions.
    fn has_form(&self) -> bool {
        self.patched.is_some() || self.has_other_form
    }
}

/// A field of a patch in JSON.
#[derive(Debug, Clone, Copy)]
pub enum PatchedJson {
    /// Null removes the value.
    Removable,
    /// Null is an error.
    Present,
}

/// A default in JSON.
#[derive(Debug)]
pub enum JsonDefault {
    /// The default of its Rust type.
    OfType,
    /// The result of a function: the struct, and the field's name.
    Function(String, String),
}

/// A keyword of JSON Schema, and its value.
#[derive(Debug)]
pub struct KeywordView {
    /// The keyword.
    pub name: &'static str,
    /// The value, as literals.
    pub value: Keyword,
}

/// The value of a keyword of JSON Schema.
#[derive(Debug)]
pub enum Keyword {
    /// One literal.
    One(String),
    /// One of these literals, or null.
    AnyOf(Vec<String>, bool),
}

/// The constraints of the elements of a list.
#[derive(Debug, Default)]
pub struct ElementsView {
    /// The bounds of their lengths: `min` or `max`, with a literal.
    pub length: Vec<(&'static str, String)>,
    /// The bounds of their values.
    pub range: Vec<(&'static str, String)>,
    /// The pattern that they match, as a literal.
    pub pattern: Option<String>,
}
