//! Types and values, as expressions of Rust.

use askama::Template;

/// The type of a value.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/type.rs.j2", escape = "none", whitespace = "preserve")]
pub enum TyView {
    /// A type without a path, such as `bool`.
    Primitive(&'static str),
    /// Text.
    String,
    /// An address of std, such as `IpAddr`.
    Net(&'static str),
    /// A type of a crate that the runtime hands on: the crate, and the type.
    OfCrate(&'static str, &'static str),
    /// A date or time of jiff's without a zone.
    Civil(&'static str),
    /// A datetime of chrono's, in UTC.
    ChronoDateTime,
    /// A type of the schema, or the path of one of the user's own.
    Named(String),
    /// The same in a box.
    Boxed(String),
    /// A list of elements.
    List(Box<TyView>),
    /// A set of elements.
    Set(Box<TyView>),
    /// A map from text to values.
    Map(Box<TyView>),
    /// A value that may be absent.
    Optional(Box<TyView>),
    /// What stands for an integer of 128 bits in JSON Schema.
    Wide(Box<TyView>),
    /// A value that is stored in another form than its own.
    Stored(&'static str, Box<TyView>),
}

impl TyView {
    /// The type, or none.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::Optional(Box::new(self))
    }
}

/// A value.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/value.rs.j2", escape = "none", whitespace = "preserve")]
pub enum ValueView {
    /// The default of its Rust type.
    Default,
    /// A number, `true` or `false`.
    Literal(String),
    /// Text as a literal.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// A UUID's number as a literal.
    Uuid(String),
    /// What a function of the runtime makes.
    Made {
        /// The module of the function among the factories; empty where it is in none.
        module: &'static str,
        /// The function.
        function: &'static str,
        /// Its arguments as literals.
        arguments: Vec<String>,
    },
    /// A variant of an enum: both identifiers.
    Variant(String, String),
    /// A list.
    List(Vec<ValueView>),
    /// A set.
    Set(Vec<ValueView>),
    /// A map, with its keys as literals.
    Map(Vec<(String, ValueView)>),
    /// None.
    None,
    /// A value that may be absent, and is present.
    Some(Box<ValueView>),
}

/// The expression of a field's value as it is written, by reference.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/written.rs.j2", escape = "none", whitespace = "preserve")]
pub struct WrittenView {
    /// The identifier of the struct's value.
    pub owner: &'static str,
    /// The field's identifier.
    pub ident: String,
    /// The runtime's type of the form that it is stored in, if that is not its own.
    pub form: Option<&'static str>,
    /// Whether the field is optional.
    pub optional: bool,
}
