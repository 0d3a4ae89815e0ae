//! What the derives of serde and schemars are told.

use crate::TyView;
use askama::Template;

/// What they are told of a struct or union.
#[derive(Debug, Default, Template)]
#[template(path = "parts/json.rs.j2", escape = "none", whitespace = "preserve")]
pub struct JsonView {
    /// Whether serde's traits are derived.
    pub serde: bool,
    /// Whether schemars' trait is derived.
    pub schemars: bool,
    /// How serde spells the names of fields.
    pub rename_all: Option<&'static str>,
    /// The attribute that tells a union's variants apart, as a literal.
    pub tag: Option<String>,
    /// The struct, or the one that it is a part of, whose values have the defaults.
    pub owner: String,
    /// The fields whose defaults schemars is told apart.
    pub defaulted: Vec<DefaultedView>,
}

/// A field whose default schemars is told apart.
#[derive(Debug)]
pub struct DefaultedView {
    /// Its name in JSON as a literal.
    pub json_name: String,
    /// Its name.
    pub name: String,
    /// Its type, of which a new value is the default; `None` where a function of its own makes that.
    pub empty: Option<TyView>,
}

/// What they are told of a field.
#[derive(Debug, Default, Template)]
#[template(path = "parts/field_json.rs.j2", escape = "none", whitespace = "preserve")]
pub struct FieldJsonView {
    /// The default that serde has for it.
    pub default: Option<JsonDefault>,
    /// Whether it is written in another form than that of its type.
    pub has_other_form: bool,
    /// Whether it may be left out of what is read, beside that.
    pub may_lack: bool,
    /// Whether schemars leaves the default out.
    pub hides_default: bool,
    /// The type whose schema stands for its own.
    pub stand_in: Option<TyView>,
    /// Keywords of JSON Schema.
    pub keywords: Vec<KeywordView>,
    /// What is asked of its elements.
    pub elements: Vec<ElementsView>,
}

/// A default in JSON.
#[derive(Debug)]
pub enum JsonDefault {
    /// That of its Rust type.
    OfType,
    /// What a function of a struct's values makes: the struct, and the field's name.
    Function(String, String),
}

/// A keyword of JSON Schema, and what it says.
#[derive(Debug)]
pub struct KeywordView {
    /// The keyword.
    pub name: &'static str,
    /// What it says, as literals.
    pub value: Keyword,
}

/// What a keyword of JSON Schema says.
#[derive(Debug)]
pub enum Keyword {
    /// One literal.
    One(String),
    /// One of these literals, or null.
    AnyOf(Vec<String>, bool),
}

/// What is asked of the elements of a list.
#[derive(Debug, Default)]
pub struct ElementsView {
    /// The bounds of their lengths: `min` or `max`, with a literal.
    pub length: Vec<(&'static str, String)>,
    /// The bounds of their values.
    pub range: Vec<(&'static str, String)>,
    /// What they match, as a literal.
    pub pattern: Option<String>,
}
