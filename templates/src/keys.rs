//! Key templates.

use askama::Template;

/// The layout of a model's items in a shared table.
#[derive(Debug, Template)]
#[template(path = "parts/layout.rs.j2", escape = "none", whitespace = "preserve")]
pub struct LayoutView {
    /// The keys of the table.
    pub keys: Vec<KeyTemplateView>,
    /// The keys of indexes that have templates.
    pub index_keys: Vec<KeyTemplateView>,
    /// The discriminator's attributes, and their values for this model, as literals.
    pub discriminator: Vec<(String, String)>,
    /// The attributes of unique fields, as literals.
    pub unique: Vec<String>,
    /// Unique combinations: each has its name in errors, and its attributes, as literals.
    pub unique_together: Vec<(String, Vec<String>)>,
    /// The attributes of fields that only the key has, as literals.
    pub key_only: Vec<String>,
    /// Whether foreign items may be among the model's own items of one hash key.
    pub mixed: bool,
    /// Whether the beginnings of its keys tell its items.
    pub by_key: bool,
}

/// The template of a key.
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
    /// The character that ends its fields as a literal, if it is not `#`.
    pub separator: Option<String>,
    /// The shards of a hash key.
    pub shards: Option<ShardsView>,
    /// The conditions under which an item has the key.
    pub when: Vec<WhenView>,
}

/// The shards of a hash key.
#[derive(Debug)]
pub struct ShardsView {
    /// Their number.
    pub count: usize,
    /// The attributes that choose an item's shard, as literals.
    pub by: Vec<String>,
}

/// The values of a field with which an item has the key of an index.
#[derive(Debug)]
pub struct WhenView {
    /// The function for the kind of its values: `text`, `number` or `boolean`.
    pub kind: &'static str,
    /// The attribute of the field as a literal.
    pub attribute: String,
    /// Its values as literals.
    pub values: Vec<String>,
}

/// A field in a key or another text.
#[derive(Debug, Template)]
#[template(path = "parts/key_part.rs.j2", escape = "none", whitespace = "preserve")]
pub enum KeyPartView {
    /// A field that is the key, by its attribute as a literal.
    Own(String),
    /// A field in a text.
    Part {
        /// The text before it as a literal.
        before: String,
        /// Its attribute as a literal.
        attribute: String,
        /// Its form.
        form: PartFormView,
        /// Whether several values have one text.
        is_partial: bool,
        /// Whether it is the last part and may hold the separator.
        is_open: bool,
        /// The number of characters of each text, if it is checked.
        width: Option<usize>,
    },
}

/// The form of a field in a key.
#[derive(Debug)]
pub enum PartFormView {
    /// Text.
    Text {
        /// Whether it is not the last part of a range key that sorts as its fields do.
        leads: bool,
        /// The method that changes its case.
        case: Option<&'static str>,
    },
    /// An integer, padded to this number of digits.
    Integer(usize),
    /// An integer of this number of digits.
    Digits(usize),
    /// An integer without padding.
    Plain,
    /// A time in another form than the stored one.
    Time {
        /// The constructor of the form.
        constructor: &'static str,
        /// The stored form, a variant of `StoredTime`.
        stored: &'static str,
        /// The pattern as a literal.
        pattern: Option<String>,
    },
}

/// The attribute kind of a field, which decides which expressions compile.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/role.rs.j2", escape = "none", whitespace = "preserve")]
pub enum RoleView {
    /// A field that is always present.
    Plain,
    /// A field that may be absent.
    Optional,
    /// A field that may be absent, or empty, which counts as absent.
    NonEmpty,
    /// A field with a default.
    Defaulted,
    /// A field of the hash key.
    HashKey {
        /// Whether only the key has it.
        key_only: bool,
    },
    /// A field of a range key.
    RangeKey {
        /// The type with the key: the model's or an index's.
        source: String,
        /// The field's number in the key.
        position: usize,
        /// Whether the key sorts as the field does.
        is_ordered: bool,
        /// Whether its text in the key has another form than its attribute.
        is_in_other_form: bool,
        /// Whether it is the last field.
        is_last: bool,
        /// Whether only the key has it.
        key_only: bool,
    },
    /// The count of writes.
    Version,
    /// A number that increments change.
    Counter,
    /// The time when an item was deleted.
    DeletedAt,
    /// The last number of a sequence.
    LastNumber,
    /// A field that is stored compressed or encrypted, with the kind that it has otherwise.
    Sealed(Box<RoleView>),
    /// A field that is stored encrypted beside a hash, with the kind that it has otherwise.
    Searchable(Box<RoleView>),
}

impl RoleView {
    /// Whether it is the kind of an attribute that names none.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain)
    }
}
