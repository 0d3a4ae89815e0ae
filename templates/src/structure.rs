//! A struct: its fields, attributes, mapping and builder.

use crate::{
    CheckView, ChecksView, ComputedView, FieldJsonView, FormView, JsonNamesView, JsonView, KeyLengthView, LayoutView,
    OwnContextView, RoleView, TimeOrderView, TransformView, TyView, UpgradesView, ValueView, VersionedView,
    WrittenView, is_called,
};
use askama::Template;

/// A struct that is stored as named attributes: of a model, type, variant, index or projection.
#[derive(Debug)]
pub struct StructView {
    /// The struct's identifier.
    pub name: String,
    /// The struct's name as a literal.
    pub name_literal: String,
    /// The link to the struct in docs.
    pub link: String,
    /// The article of the name: `a` or `an`.
    pub article: &'static str,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The aliases of its fields' types.
    pub aliases: Vec<AliasView>,
    /// The patterns of its fields' stored times.
    pub patterns: Vec<PatternView>,
    /// The context of a model, whose fields the client gives.
    pub context: Option<OwnContextView>,
    /// The derived traits.
    pub derives: DerivesView,
    /// The attributes of serde and schemars.
    pub json: JsonView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// Whether a field is hidden in debug texts.
    pub hides: bool,
    /// Whether every field has a default, and not all defaults are those of the Rust types.
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
    /// The identifier of the field that keeps unknown attributes; empty without one.
    pub unknown: String,
    /// The names of its fields in JSON, if they differ from the attributes' names.
    pub json_names: Option<JsonNamesView>,
    /// The layout of a model in a shared table.
    pub layout: Option<LayoutView>,
    /// The attributes that are made of fields but are not fields, as literals.
    pub made: Vec<String>,
    /// The check of an item's stored key, if it is made of fields.
    pub stored_key: Option<StoredKeyView>,
    /// Whether read items are validated.
    pub validate_on_read: bool,
    /// The path of a function that changes each item before it is written.
    pub before_write: Option<String>,
    /// The path of a function that changes each item after it is read.
    pub after_read: Option<String>,
    /// Whether writes transform fields of it.
    pub is_transformed: bool,
    /// Whether there are made-up values of it.
    pub is_faked: bool,
    /// The computed fields of a model's items.
    pub computed: Vec<ComputedView>,
    /// The sealed fields of a model's items.
    pub seals: Vec<SealView>,
    /// The schema versions of a model's items.
    pub upgrades: Option<UpgradesView>,
    /// How its items are read, if they have schema versions.
    pub versioned: Option<VersionedView>,
}

/// How the values of an attribute are sealed.
#[derive(Debug)]
pub struct SealView {
    /// The attribute as a literal.
    pub attribute: String,
    /// Whether they are compressed.
    pub is_compressed: bool,
    /// The name of the key that encrypts them, as a literal.
    pub key: Option<String>,
    /// Whether values that are not encrypted are read too.
    pub reads_unencrypted: bool,
    /// The attribute of the hashes as a literal, if the field is searchable.
    pub hash: Option<String>,
}

/// The alias of a field's type.
#[derive(Debug)]
pub struct AliasView {
    /// The name.
    pub name: String,
    /// The field's name for docs.
    pub field: String,
    /// The type.
    pub ty: TyView,
}

/// The pattern of a field's stored times.
#[derive(Debug)]
pub struct PatternView {
    /// The name of the type that states it.
    pub name: String,
    /// The field's name for docs.
    pub field: String,
    /// The pattern as a literal.
    pub text: String,
    /// Whether its texts sort by time.
    pub sorts: bool,
}

/// The traits that a struct, enum or union derives.
#[derive(Debug, Default, Template)]
#[template(path = "parts/derives.rs.j2", escape = "none", whitespace = "preserve")]
pub struct DerivesView {
    /// Whether the struct is of a model with a context, so that it cannot be read from JSON.
    pub is_of_context: bool,
    /// The traits of std.
    pub traits: Vec<&'static str>,
    /// Whether serde's traits are derived.
    pub serde: bool,
    /// Whether schemars' trait is derived.
    pub schemars: bool,
    /// The paths of the user's derive macros.
    pub others: Vec<String>,
}

/// What is read of a key that is made of fields, when an item is read.
#[derive(Debug)]
pub struct StoredKeyView {
    /// The model of the key.
    pub model: String,
    /// Its attributes: the name as a literal, and the method that reads it.
    pub attributes: Vec<(String, &'static str)>,
    /// Whether the key is checked.
    pub is_checked: bool,
    /// The values in it, in their order.
    pub values: Vec<WrittenView>,
    /// Whether it is hidden in error texts.
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
    /// The attribute kind.
    pub role: RoleView,
    /// The type that the builder holds until `build`, if the field is not required.
    pub held: TyView,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// Whether it is a key whose stored text must be the text that a write makes.
    pub is_checked_key: bool,
    /// The value that is written.
    pub written: WrittenView,
    /// Whether it has no default.
    pub is_required: bool,
    /// Whether the client gives its value.
    pub is_of_context: bool,
    /// The identifier of a required field's marker type in the builder's state.
    pub marker: String,
    /// The place of a required field in that state: its index in each nested tuple, the outermost first.
    pub place: Vec<usize>,
    /// Whether the field is optional, so that the builder holds the model's own type.
    pub optional: bool,
    /// Its default.
    pub default: Option<ValueView>,
    /// The doc of the builder's method.
    pub setter_doc: Vec<String>,
    /// The attributes of serde and schemars.
    pub json: FieldJsonView,
    /// The user's attributes.
    pub attributes: Vec<String>,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value is hidden in debug texts.
    pub sensitive: bool,
    /// Whether only the key of the table has it.
    pub key_only: bool,
    /// Whether a function makes its default, since it is not the default of the Rust type.
    pub has_default_function: bool,
    /// Whether its default looks like a well-known constant to clippy's `approx_constant`.
    pub has_near_default: bool,
    /// Whether a bound of its constraints looks like one.
    pub has_near_bound: bool,
    /// The checks of a value.
    pub check: ChecksView,
    /// The functions of the app's own that check a struct in it.
    pub functions: ChecksView,
    /// Whether the value is in a `Box`.
    pub is_boxed: bool,
    /// Whether it is a key of the table, which updates cannot set.
    pub is_key: bool,
    /// Its transforms, as a function.
    pub transform: Option<TransformView>,
    /// Its transforms one by one, if it has a function for them.
    pub transforms: Vec<TransformView>,
    /// How its values are made up; `None` if it keeps its default.
    pub fake: Option<FakeView>,
}

/// How the values of a field are made up.
#[derive(Debug)]
pub struct FakeView {
    /// Whether the field is absent at times.
    pub is_sometimes: bool,
    /// The path of the app's function that makes them.
    pub function: Option<String>,
    /// Whether no two items have the same.
    pub is_unique: bool,
    /// Whether it is a part of the table's key, which is another one in other items.
    pub is_key: bool,
    /// Whether they have to be in the future.
    pub is_future: bool,
}

impl FakeView {
    /// The runtime's method that has the field differ from item to item, if it has to.
    pub(crate) fn differs(&self) -> &'static str {
        match (self.is_unique, self.is_key) {
            (true, _) => ".unique()",
            (false, true) => ".key()",
            (false, false) => "",
        }
    }

    /// The runtime's method. `is_checked` is whether the values have constraints.
    pub(crate) fn method(&self, is_checked: bool) -> &'static str {
        match (self.function.is_some(), is_checked, self.is_sometimes) {
            (true, _, false) => "made",
            (true, _, true) => "sometimes_made",
            (_, true, false) => "checked",
            (_, true, true) => "sometimes_checked",
            (_, false, false) => "field",
            (_, false, true) => "sometimes",
        }
    }
}

impl FieldView {
    /// Whether its made-up values are made by its constraints. Those of a boxed struct are checked with the struct that has
    /// it, and made-up times are precise enough.
    pub(crate) fn is_fake_checked(&self) -> bool {
        let is_future = self.fake.as_ref().is_some_and(|fake| fake.is_future);
        is_future || !self.check.is_empty() && !self.is_boxed && !self.checks_only_precision()
    }

    /// Whether clippy's `should_implement_trait` takes its setter for the method of an operator's trait.
    pub(crate) fn is_operator(&self) -> bool {
        const OPERATORS: [&str; 10] = ["add", "bitand", "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub"];
        OPERATORS.contains(&self.setter.as_str())
    }

    /// Whether an empty stored value is absent.
    pub(crate) fn is_absent_if_empty(&self) -> bool {
        matches!(self.role, RoleView::NonEmpty)
    }

    /// Whether it has a check function, which writes and updates share.
    pub(crate) fn has_check(&self) -> bool {
        !self.check.is_empty() && !self.is_boxed && !self.is_key && !self.checks_only_precision()
    }

    /// Whether its only check is that of a time's precision, which is a function of the runtime.
    pub(crate) fn checks_only_precision(&self) -> bool {
        matches!(self.check.0.as_slice(), [CheckView::Plain("micros")])
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
        let fields = self.fields.iter().filter(|field| !field.key_only).map(|field| field.attribute.as_str());
        fields.chain(keys.map(|(name, _)| name.as_str())).collect()
    }

    /// The required fields, in the order of their places.
    pub(crate) fn required(&self) -> Vec<&str> {
        self.set_fields().filter(|field| field.is_required).map(|field| field.marker.as_str()).collect()
    }

    pub(crate) fn has_required(&self) -> bool {
        self.set_fields().any(|field| field.is_required)
    }

    /// Whether it has a builder.
    pub(crate) fn is_built(&self) -> bool {
        !self.state.is_empty()
    }

    /// Whether the client gives all its values.
    pub(crate) fn is_only_context(&self) -> bool {
        self.unknown.is_empty() && self.set_fields().next().is_none()
    }

    /// The fields that the builder sets.
    pub(crate) fn set_fields(&self) -> impl Iterator<Item = &FieldView> {
        self.fields.iter().filter(|field| !field.is_of_context)
    }

    /// Whether a field has no doc.
    pub(crate) fn lacks_docs(&self) -> bool {
        self.fields.iter().any(|field| field.doc.is_empty())
    }

    pub(crate) fn lacks_setter_docs(&self) -> bool {
        self.set_fields().any(|field| field.setter_doc.is_empty())
    }

    pub(crate) fn has_default_functions(&self) -> bool {
        self.fields.iter().any(|field| field.has_default_function)
    }

    /// Whether the struct is checked or changed after it is read.
    pub(crate) fn reads_item(&self) -> bool {
        self.validate_on_read || self.after_read.is_some() || self.stored_key.as_ref().is_some_and(|key| key.is_checked)
    }

    /// The fields that are read from the key.
    pub(crate) fn key_only(&self) -> impl Iterator<Item = &FieldView> {
        self.fields.iter().filter(|field| field.key_only)
    }

    /// Whether fields keep their defaults in made-up values.
    pub(crate) fn keeps_defaults(&self) -> bool {
        !self.unknown.is_empty() || self.fields.iter().any(|field| field.fake.is_none())
    }

    /// Whether its values are checked.
    pub(crate) fn is_checked(&self) -> bool {
        !self.key_lengths.is_empty()
            || !self.time_orders.is_empty()
            || self.validate.is_some()
            || self.fields.iter().any(|field| !field.check.is_empty())
            || self.computed.iter().any(|of| !of.check.is_empty())
    }

    /// Whether it has functions that check or transform its fields.
    pub(crate) fn has_functions(&self) -> bool {
        self.fields.iter().any(|field| !field.transforms.is_empty() || field.has_check())
    }
}
