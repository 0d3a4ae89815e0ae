//! Types and values, as expressions of Rust.

use crate::TransformView;
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
    /// A type of a crate that the runtime re-exports: the crate, and the type.
    OfCrate(&'static str, &'static str),
    /// A date or time of jiff's without a zone.
    Civil(&'static str),
    /// A datetime of chrono's, in UTC.
    ChronoDateTime,
    /// A type of the schema, or the path of a user's type.
    Named(String),
    /// The same in a `Box`.
    Boxed(String),
    /// A list of elements.
    List(Box<TyView>),
    /// A set of elements.
    Set(Box<TyView>),
    /// A map from text to values.
    Map(Box<TyView>),
    /// A vector with its number of dimensions.
    Vector(u16),
    /// A value that may be absent.
    Optional(Box<TyView>),
    /// A change of a value.
    Patch(Box<TyView>),
    /// A type with the JSON Schema of an integer of 128 bits.
    Wide(Box<TyView>),
    /// A value whose stored form is not the form of its type.
    Stored(FormView, Box<TyView>),
}

impl TyView {
    /// The type in an `Option`.
    #[must_use]
    pub fn optional(self) -> Self {
        Self::Optional(Box::new(self))
    }
}

/// The runtime's type of a stored form. Its text is the function that makes one of a value.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/form.rs.j2", escape = "none", whitespace = "preserve")]
pub struct FormView {
    /// The type's name.
    pub name: &'static str,
    /// Its argument after the value's type.
    pub argument: Option<String>,
    /// Whether the value is `Copy`.
    pub is_copy: bool,
}

impl FormView {
    /// The type of a form of a value whose type is inferred.
    pub(crate) fn inferred(&self) -> TyView {
        TyView::Stored(self.clone(), Box::new(TyView::Primitive("_")))
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
    /// The result of a function of the runtime.
    Made {
        /// The function's module in the factories; empty for the factories themselves.
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

/// The expression of a reference to a field's written value.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/written.rs.j2", escape = "none", whitespace = "preserve")]
pub struct WrittenView {
    /// The identifier of the struct's value.
    pub owner: &'static str,
    /// The field's identifier.
    pub ident: String,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// Whether the field is optional.
    pub optional: bool,
    /// The transforms that the value does not have yet.
    pub transform: Option<TransformView>,
}
