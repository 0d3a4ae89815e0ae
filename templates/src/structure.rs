//! A struct: its fields, attributes, mapping and builder.

use crate::{
    ChecksView, FieldJsonView, JsonView, KeyLengthView, LayoutView, RoleView, TimeOrderView, TyView, ValueView,
    WrittenView, is_called,
};
use askama::Template;

/// A struct that is stored as named attributes, whatever it is emitted for.
#[derive(Debug)]
pub struct StructView {
    /// The struct's identifier.
    pub name: String,
    /// The struct's name as a literal.
    pub name_literal: String,
    /// The struct's name as docs link to it.
    pub link: String,
    /// `a` or `an`, as the name wants it.
    pub article: &'static str,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The types of its fields that have names of their own.
    pub aliases: Vec<AliasView>,
    /// The derived traits.
    pub derives: DerivesView,
    /// What serde and schemars are told.
    pub json: JsonView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// Whether a field stays out of debug texts.
    pub hides: bool,
    /// Whether every field has a default, and not all have that of their Rust type.
    pub has_default: bool,
    /// The fields in the order of the schema.
    pub fields: Vec<FieldView>,
    /// The builder's type parameter: which required fields are set.
    pub state: String,
    /// The keys that may be too long.
    pub key_lengths: Vec<KeyLengthView>,
    /// The fields whose times are compared.
    pub time_orders: Vec<TimeOrderView>,
    /// The path of a function that checks the whole struct.
    pub validate: Option<String>,
    /// The identifier of the field that keeps unknown attributes; empty where none does.
    pub unknown: String,
    /// How the items of a model are laid out in a table that it shares.
    pub layout: Option<LayoutView>,
    /// The attributes that are made of fields and are none themselves, as literals.
    pub made: Vec<String>,
    /// How the key that an item is stored under is checked, where it is made of fields.
    pub stored_key: Option<StoredKeyView>,
    /// Whether what is read is checked.
    pub validate_on_read: bool,
}

/// The type of a field by a name of its own.
#[derive(Debug)]
pub struct AliasView {
    /// The name.
    pub name: String,
    /// The field's name for docs.
    pub field: String,
    /// The type.
    pub ty: TyView,
}

/// The traits that a struct, enum or union derives.
#[derive(Debug, Default, Template)]
#[template(path = "parts/derives.rs.j2", escape = "none", whitespace = "preserve")]
pub struct DerivesView {
    /// Those of std.
    pub traits: Vec<&'static str>,
    /// Whether serde's are among them.
    pub serde: bool,
    /// Whether schemars' is among them.
    pub schemars: bool,
    /// The paths of the user's.
    pub others: Vec<String>,
}

/// A key that is made of fields, as it is checked when an item is read.
#[derive(Debug)]
pub struct StoredKeyView {
    /// Its attributes: the name as a literal, and the method that reads it.
    pub attributes: Vec<(String, &'static str)>,
    /// The values that it is made of, in their order.
    pub values: Vec<WrittenView>,
    /// Whether it stays out of error texts.
    pub sensitive: bool,
}

/// A field of a struct.
#[derive(Debug)]
pub struct FieldView {
    /// The field's identifier.
    pub ident: String,
    /// The identifier of the builder's method that sets it.
    pub setter: String,
    /// The field's name for docs.
    pub name: String,
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's type.
    pub ty: TyView,
    /// The type of the attribute's value, without `Option`.
    pub value: TyView,
    /// The attribute's role.
    pub role: RoleView,
    /// The type that the builder holds until `build`, where the field is not required.
    pub held: TyView,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The runtime's type of the form that it is stored in, if that is not its own.
    pub form: Option<&'static str>,
    /// Whether it is a key that has to be stored as it is written.
    pub is_checked_key: bool,
    /// The value that is written.
    pub written: WrittenView,
    /// Whether it has no default.
    pub is_required: bool,
    /// The identifier of the type that stands for a required field in its builder's state.
    pub marker: String,
    /// Where a required field is in that state: its number in each tuple, from the outside.
    pub place: Vec<usize>,
    /// Whether the field is optional: what the builder holds is what the model gets.
    pub optional: bool,
    /// Its default.
    pub default: Option<ValueView>,
    /// The doc of the builder's method.
    pub setter_doc: Vec<String>,
    /// What serde and schemars are told.
    pub json: FieldJsonView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
    /// Whether a function makes its default, which is not that of its Rust type.
    pub has_default_function: bool,
    /// Whether its default looks like a well-known constant to a lint.
    pub has_near_default: bool,
    /// Whether a bound of its constraints looks so.
    pub has_near_bound: bool,
    /// What is asked of a value.
    pub check: ChecksView,
    /// Whether the value stands in a box.
    pub is_boxed: bool,
    /// Whether it is a key of the table: no update sets it.
    pub is_key: bool,
    /// The names of its transforms, in their order.
    pub transforms: Vec<&'static str>,
}

impl FieldView {
    /// Whether a lint takes its setter for the method of an operator's trait (clippy's `should_implement_trait`).
    pub(crate) fn is_operator(&self) -> bool {
        const OPERATORS: [&str; 10] = ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
        OPERATORS.contains(&self.setter.as_str())
    }

    /// Whether a function of its own checks it: writes and updates share that.
    pub(crate) fn has_check(&self) -> bool {
        !self.check.is_empty() && !self.is_boxed && !self.is_key
    }
}

impl StructView {
    /// Whether a function has the struct's name.
    pub(crate) fn is_called(&self, function: &str) -> bool {
        is_called(&self.name, function)
    }

    /// The names of the attributes that are read, as literals.
    pub(crate) fn read_attributes(&self) -> Vec<&str> {
        let keys = self.stored_key.iter().flat_map(|key| &key.attributes);
        let fields = self.fields.iter().map(|field| field.attribute.as_str());
        fields.chain(keys.map(|(name, _)| name.as_str())).collect()
    }

    /// The required fields, in the order of their places.
    pub(crate) fn required(&self) -> Vec<&str> {
        self.fields.iter().filter(|field| field.is_required).map(|field| field.marker.as_str()).collect()
    }

    pub(crate) fn has_required(&self) -> bool {
        self.fields.iter().any(|field| field.is_required)
    }

    /// Whether the schema says nothing of a field.
    pub(crate) fn lacks_docs(&self) -> bool {
        self.fields.iter().any(|field| field.doc.is_empty())
    }

    pub(crate) fn lacks_setter_docs(&self) -> bool {
        self.fields.iter().any(|field| field.setter_doc.is_empty())
    }

    pub(crate) fn has_default_functions(&self) -> bool {
        self.fields.iter().any(|field| field.has_default_function)
    }

    /// Whether the struct is looked at after it is read.
    pub(crate) fn reads_item(&self) -> bool {
        self.validate_on_read || self.stored_key.is_some()
    }

    /// Whether anything is asked of its values.
    pub(crate) fn is_checked(&self) -> bool {
        !self.key_lengths.is_empty()
            || !self.time_orders.is_empty()
            || self.validate.is_some()
            || self.fields.iter().any(|field| !field.check.is_empty())
    }

    /// Whether functions of its own check or transform its fields.
    pub(crate) fn has_functions(&self) -> bool {
        self.fields.iter().any(|field| !field.transforms.is_empty() || field.has_check())
    }
}
