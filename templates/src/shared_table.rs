//! A shared table, and its collections.

use crate::transforms::all;
use crate::{
    ClientView, JsonView, KeyTemplateView, ParameterView, RoleFieldView, RoleView, StreamView, TableView,
    TransformView, TyView, is_called,
};
use askama::Template;

/// The code that is emitted for a shared table: the enum of its items.
#[derive(Debug, Template)]
#[template(path = "shared_table.rs.j2", escape = "none", whitespace = "preserve")]
pub struct SharedTableView {
    /// The enum's identifier.
    pub name: String,
    /// Its name as a literal.
    pub name_literal: String,
    /// The doc of the enum.
    pub doc: Vec<String>,
    /// The table.
    pub table: TableView,
    /// The key attributes: the hash key, then the range key.
    pub keys: Vec<RawKeyView>,
    /// The discriminator's attributes, as literals; empty if the keys tell the models.
    pub discriminator: Vec<String>,
    /// The models.
    pub models: Vec<MemberView>,
    /// Whether no model has unique fields, so that items may be deleted without a condition.
    pub is_plain: bool,
    /// Whether a model has a context, so that no client reads items of any model.
    pub has_contexts: bool,
    /// Whether items have a time to live.
    pub expires: bool,
    /// The time when an item was deleted, if the models have one.
    pub deleted_at: Option<RoleFieldView>,
    /// Whether clippy's `large_enum_variant` would warn of one of its variants.
    pub has_large_variant: bool,
    /// The attributes of serde and schemars.
    pub json: JsonView,
}

/// A key attribute of a shared table.
#[derive(Debug)]
pub struct RawKeyView {
    /// Its identifier.
    pub ident: String,
    /// Its name as a literal.
    pub attribute: String,
    /// Its doc among the attributes.
    pub doc: String,
    /// The type of its value.
    pub ty: TyView,
    /// Its role.
    pub role: RoleView,
    /// The type parameter at its place in the tuple of the keys.
    pub parameter: char,
}

/// A model of a table or of a collection.
#[derive(Debug)]
pub struct MemberView {
    /// The model's identifier.
    pub model: String,
    /// The identifier of its variant in the table's enum.
    pub variant: String,
    /// The identifier of its field in the collection.
    pub field: String,
    /// Whether there is at most one item.
    pub single: bool,
    /// Its values of the discriminator, as literals.
    pub values: Vec<String>,
    /// Its name in the JSON of the table's enum, as a literal.
    pub json_name: String,
    /// The doc of its field or variant.
    pub doc: String,
}

/// The code that is emitted for a collection.
#[derive(Debug, Template)]
#[template(path = "collection.rs.j2", escape = "none", whitespace = "preserve")]
pub struct CollectionView {
    /// The struct's identifier.
    pub name: String,
    /// The doc of the struct.
    pub doc: Vec<String>,
    /// The identifier of the table's enum.
    pub item: String,
    /// The identifier of the field for items of no member.
    pub others: String,
    /// The members.
    pub members: Vec<MemberView>,
    /// The client that its queries take.
    pub client: ClientView,
    /// The parameters of a query: the fields of the hash key.
    pub parameters: Vec<HashFieldView>,
    /// The range key.
    pub range_key: Option<RawKeyView>,
    /// The templates of the keys.
    pub made_keys: Vec<KeyTemplateView>,
    /// The index's name and its key attributes, as literals; `None` for the table.
    pub index: Option<(String, Vec<String>)>,
    /// Whether it can be read consistently.
    pub is_consistent: bool,
    /// The attributes of serde and schemars.
    pub json: JsonView,
}

/// A field of a collection's hash key.
#[derive(Debug)]
pub struct HashFieldView {
    /// The parameter.
    pub value: ParameterView,
    /// Its attribute as a literal.
    pub attribute: String,
    /// Its transforms, in their order.
    pub transforms: Vec<TransformView>,
}

impl SharedTableView {
    fn is_called(&self, function: &str) -> bool {
        is_called(&self.name, function)
    }
}

impl CollectionView {
    /// Whether a query, with its client, has too many parameters for clippy's `too_many_arguments`.
    fn has_many_parameters(&self) -> bool {
        crate::model::are_many(self.parameters.iter().filter(|of| of.value.context.is_none()).count())
    }

    fn is_called(&self, function: &str) -> bool {
        is_called(&self.name, function)
    }
}
