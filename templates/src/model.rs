//! One model: its struct, operations and key.

use crate::{
    ClientView, ComputationView, ContextFieldView, CreateView, FormView, IndexView, PatchView, ProjectionView,
    StreamView, StructView, TableView, TransformView, TyView, ValueView, VectorIndexView, WrittenView,
};
use askama::Template;

/// The code that is emitted for one model.
#[derive(Debug, Template)]
#[template(path = "model.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ModelView {
    /// The struct.
    pub of: StructView,
    /// The client that its operations take.
    pub client: ClientView,
    /// The fields of the key: those of the hash key, then the others of the range key.
    pub key_fields: Vec<KeyFieldView>,
    /// The parameters of a query: the fields of the hash key.
    pub hash_parameters: Vec<ParameterView>,
    /// Whether the table has a range key.
    pub has_range_key: bool,
    /// Whether the table has a discriminator.
    pub has_discriminator: bool,
    /// The fields that writes keep.
    pub roles: Option<RolesView>,
    /// The attributes without a default that are not keys, as literals.
    pub required: Vec<String>,
    /// The other fields that are neither optional nor keys.
    pub defaults: Vec<DefaultView>,
    /// Whether fields are unique.
    pub is_unique: bool,
    /// Whether items have a time to live.
    pub expires: bool,
    /// The table.
    pub table: TableView,
    /// The secondary indexes.
    pub indexes: Vec<IndexView>,
    /// The vector indexes.
    pub vector_indexes: Vec<VectorIndexView>,
    /// The structs with some of the fields.
    pub projections: Vec<ProjectionView>,
    /// The queries that the schema names.
    pub queries: Vec<QueryView>,
    /// The struct that clients send to make an item.
    pub create: Option<CreateView>,
    /// The struct that clients send to change an item.
    pub patch: Option<PatchView>,
}

/// A query that the schema names.
#[derive(Debug)]
pub struct QueryView {
    /// The identifier of its method.
    pub name: String,
    /// Whether it has the name of a constructor.
    pub is_new: bool,
    /// The doc of its method.
    pub doc: Vec<String>,
    /// The identifier of the type that it reads from.
    pub source: String,
    /// The parameters that are the hash key.
    pub hash_key: Vec<ParameterView>,
    /// All parameters.
    pub parameters: Vec<ParameterView>,
    /// The comparisons with the range key's fields.
    pub range: Vec<ComparisonView>,
    /// The method that sets its order.
    pub order: Option<&'static str>,
    /// The maximum number of items that it reads.
    pub limit: Option<u32>,
}

/// A comparison of a query with a field of the range key.
#[derive(Debug)]
pub struct ComparisonView {
    /// The field's identifier.
    pub field: String,
    /// The method that compares it.
    pub operator: &'static str,
    /// The type that it is compared with.
    pub ty: TyView,
    /// The identifiers of the parameters that it is compared with.
    pub arguments: Vec<String>,
}

/// The default of an attribute.
#[derive(Debug)]
pub struct DefaultView {
    /// The field's name.
    pub name: String,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The type of the attribute's value.
    pub ty: TyView,
    /// Its source.
    pub made: Made,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// The change of what a factory makes.
    pub transform: Option<TransformView>,
}

impl DefaultView {
    /// The method that takes a value.
    fn method(&self) -> &'static str {
        match (self.made, &self.transform) {
            (Made::Factory, Some(_)) => "transformed",
            (Made::Factory, None) => "factory",
            (Made::OfType | Made::Literal, _) => "literal",
        }
    }
}

/// The source of a default.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Made {
    /// The `Default` of its Rust type.
    OfType,
    /// A function that always returns the same value.
    Literal,
    /// A function that returns a new value each time.
    Factory,
}

/// A parameter of a query's method. Its template is its value.
#[derive(Debug, Clone, Template)]
#[template(path = "parts/argument.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ParameterView {
    /// Its identifier.
    pub ident: String,
    /// The identifier of the field that it is a value of.
    pub field: String,
    /// The type of the value.
    pub ty: TyView,
    /// The field of the context that the client gives in place of the parameter.
    pub context: Option<ContextFieldView>,
}

/// A key field of a model.
#[derive(Debug)]
pub struct KeyFieldView {
    /// The field's identifier.
    pub ident: String,
    /// The type parameter at its place in the tuple of the key's fields.
    pub parameter: String,
    /// The field's doc.
    pub doc: Vec<String>,
    /// The field's type.
    pub ty: TyView,
    /// The value that is written.
    pub written: WrittenView,
    /// The runtime's type of its stored form, if it is not the form of its own type.
    pub form: Option<FormView>,
    /// The attribute's name as a literal.
    pub attribute: String,
    /// The field's name as a literal, for debug texts.
    pub debug_name: String,
    /// Whether its value stays out of debug texts.
    pub sensitive: bool,
    /// Whether its type is `Copy`.
    pub is_copy: bool,
    /// Whether its type is a user's type, which may be `Copy` or not.
    pub is_own: bool,
    /// Whether the client gives its value.
    pub is_of_context: bool,
}

/// The fields of a model that writes keep.
#[derive(Debug)]
pub struct RolesView {
    /// The fields, each with the method that declares its role.
    pub fields: Vec<RoleFieldView>,
    /// The count of writes.
    pub version: Option<VersionView>,
    /// The time of the first write.
    pub created_at: Option<StampView>,
    /// The time of the last write.
    pub updated_at: Option<StampView>,
    /// The identifier of the time when an item was deleted.
    pub deleted_at: Option<String>,
    /// The time to live, if each write sets it.
    pub lifetime: Option<LifetimeView>,
    /// The numbers that increments change.
    pub counters: Vec<CounterView>,
}

/// A time to live that each write sets.
#[derive(Debug)]
pub struct LifetimeView {
    /// The field's identifier.
    pub ident: String,
    /// Its attribute as a literal.
    pub attribute: String,
    /// The seconds from a write to the end of the item.
    pub seconds: String,
    /// Whether the field is optional.
    pub optional: bool,
    /// The call that makes its value.
    pub value: ValueView,
}

/// A number that increments change.
#[derive(Debug)]
pub struct CounterView {
    /// The field's name.
    pub name: String,
    /// The field's identifier.
    pub ident: String,
    /// Its type.
    pub ty: TyView,
    /// Its attribute as a literal.
    pub attribute: String,
    /// The number in place of an absent one, as a literal of its text.
    pub start: String,
    /// The settings of a sequence, if it is the last number of one.
    pub sequence: Option<SequenceView>,
}

/// The settings of a sequence.
#[derive(Debug)]
pub struct SequenceView {
    /// How many numbers a request reserves.
    pub block: u32,
    /// Whether it can create its item.
    pub is_new: bool,
}

impl RolesView {
    /// A time of a write, if there is one. All times of one write are the same.
    fn now(&self) -> Option<&StampView> {
        self.created_at.as_ref().or(self.updated_at.as_ref())
    }
}

/// A field that writes keep.
#[derive(Debug)]
pub struct RoleFieldView {
    /// The method that declares its role.
    pub method: &'static str,
    /// The type of its value.
    pub ty: TyView,
    /// Its attribute as a literal.
    pub attribute: String,
}

/// A count of writes.
#[derive(Debug)]
pub struct VersionView {
    /// The field's identifier.
    pub ident: String,
    /// Whether its type is `u64`.
    pub is_u64: bool,
}

/// A time of a write.
#[derive(Debug)]
pub struct StampView {
    /// The field's identifier.
    pub ident: String,
    /// Whether it is optional.
    pub optional: bool,
    /// The time.
    pub now: ValueView,
}

/// Whether a function with a client and so many parameters has too many for clippy's `too_many_arguments`.
pub(crate) fn are_many(parameters: usize) -> bool {
    parameters > 6
}

impl ModelView {
    /// Whether a function with a client and these parameters has too many for clippy's `too_many_arguments`.
    fn has_many(&self, parameters: &[ParameterView]) -> bool {
        are_many(parameters.iter().filter(|parameter| parameter.context.is_none()).count())
    }

    /// The fields of a key that the client does not give.
    fn given_key_fields(&self) -> Vec<&KeyFieldView> {
        self.key_fields.iter().filter(|key| !key.is_of_context).collect()
    }

    fn given_key_is_sensitive(&self) -> bool {
        self.given_key_fields().iter().any(|key| key.sensitive)
    }

    /// The type of a key that the client does not give.
    fn given_key(&self) -> String {
        match &self.of.context {
            Some(context) => context.key.clone(),
            None => self.key_name(),
        }
    }

    fn key_name(&self) -> String {
        format!("{}Key", self.of.name)
    }

    /// The name of the key as a literal.
    fn key_literal(&self) -> String {
        format!("{:?}", self.key_name())
    }

    fn key_is_sensitive(&self) -> bool {
        self.key_fields.iter().any(|key| key.sensitive)
    }

    /// Whether writes change the item that is written.
    fn is_stamped(&self) -> bool {
        self.roles
            .as_ref()
            .is_some_and(|roles| roles.version.is_some() || roles.now().is_some() || roles.lifetime.is_some())
    }

    /// The field with the time when an item was deleted.
    fn deleted_at(&self) -> Option<&String> {
        self.roles.as_ref().and_then(|roles| roles.deleted_at.as_ref())
    }

    fn counters(&self) -> &[CounterView] {
        self.roles.as_ref().map_or(&[], |roles| &roles.counters)
    }

    fn is_versioned(&self) -> bool {
        self.roles.as_ref().is_some_and(|roles| roles.version.is_some())
    }
}

/// The link to a method of a struct, in the struct's docs.
#[derive(Debug, Template)]
#[template(path = "parts/method_link.rs.j2", escape = "none", whitespace = "preserve")]
pub struct MethodLinkView<'a> {
    /// The method.
    pub method: &'a str,
}
