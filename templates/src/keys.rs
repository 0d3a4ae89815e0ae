//! How keys are made of fields.

use askama::Template;

/// How items are laid out in a table that their model shares.
#[derive(Debug, Template)]
#[template(path = "parts/layout.rs.j2", escape = "none", whitespace = "preserve")]
pub struct LayoutView {
    /// The keys of the table.
    pub keys: Vec<KeyTemplateView>,
    /// The keys of indexes that are made of fields.
    pub index_keys: Vec<KeyTemplateView>,
    /// The attribute that tells the model, and what it says for this one, as literals.
    pub discriminator: Option<(String, String)>,
    /// The attributes that are unique, as literals.
    pub unique: Vec<String>,
    /// Whether other models' items may stand among the model's own of one hash key.
    pub mixed: bool,
}

/// How a key is made of fields.
#[derive(Debug, Template)]
#[template(path = "parts/key_template.rs.j2", escape = "none", whitespace = "preserve")]
pub struct KeyTemplateView {
    /// Whether it is a range key.
    pub is_range: bool,
    /// Its attribute as a literal.
    pub attribute: String,
    /// Its fields, each with the text before it.
    pub parts: Vec<KeyPartView>,
    /// The text after them as a literal.
    pub end: String,
}

/// A field in a key.
#[derive(Debug)]
pub enum KeyPartView {
    /// A field that is the key, by its attribute as a literal.
    Own(String),
    /// An integer.
    Integer {
        /// The text before it as a literal.
        before: String,
        /// Its attribute as a literal.
        attribute: String,
        /// How many digits it has.
        digits: usize,
    },
    /// Text.
    Text {
        /// The text before it as a literal.
        before: String,
        /// Its attribute as a literal.
        attribute: String,
        /// Whether something follows it in a range key.
        leads: bool,
    },
}

/// The role of a field among the attributes, which decides what compiles with it.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/role.rs.j2", escape = "none", whitespace = "preserve")]
pub enum RoleView {
    /// A field that is always there.
    Plain,
    /// A field that may be absent.
    Optional,
    /// A field with a default.
    Defaulted,
    /// A field of the hash key.
    HashKey,
    /// A field of a range key.
    RangeKey {
        /// The type that the key is of.
        source: String,
        /// The field's number in the key.
        position: usize,
        /// Whether none follows it.
        is_last: bool,
    },
    /// The count of writes.
    Version,
}
