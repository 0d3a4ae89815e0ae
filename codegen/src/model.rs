//! The model: the schema checked and complete. It cannot hold a mistake, so the later stages only translate.

mod attributes;
mod computed;
mod constraints;
mod contexts;
mod fields;
mod integers;
mod key_parts;
mod keys;
mod services;
mod sizes;
mod tables;
mod time_patterns;
mod traits;
mod types;
mod upgrades;
mod vector_indexes;
mod whole_tables;

use std::collections::{HashMap, HashSet};

pub(crate) use crate::terms::{
    Conversion, DecimalType, Distance, FieldRole, KeyKind, Maximum, Order, Precision, RangeOperator, RenameAll,
    ResourcePolicy, StreamView, TableClass, Throughput, TimeTypes, Transform,
};
pub(crate) use attributes::json_settings;
pub(crate) use computed::{Computation, Computed, lifetime};
pub(crate) use constraints::{Comparison as TimeComparison, Constraint, TextFormat, TimeOrder};
pub(crate) use contexts::Context;
pub(crate) use fields::{Default, Factory, Field, FieldEncryption, JsonName, Literal, Seal, StoredForm, distinct};
pub(crate) use integers::Int;
pub(crate) use key_parts::{KeyPart, PartForm, TimeForm};
pub(crate) use keys::{KeyAttribute, MadeOf, SEPARATOR, Shards, begin_apart, may_be_among, may_meet};
pub(crate) use services::{Operation, Service, Use};
pub(crate) use sizes::{Sizes, differ_much};
pub(crate) use tables::{Index, IndexDefinition, Projection, Replica, Setting, SharedTable, Table, When};
pub(crate) use time_patterns::{Specifier, TimePattern};
pub(crate) use traits::{DERIVES, DeriveMacro, Implements, StdTrait, derive_of_std};
pub(crate) use types::{
    EnumType, EnumValue, EnumVariant, Named, NamedKind, Scalar, StructType, TimeKind, Type, TypeDefinition, UnionType,
    UnionVariant,
};
pub(crate) use upgrades::{SchemaVersions, UpgradeStep, Upgraded};
pub(crate) use vector_indexes::{VectorIndex, VectorIndexDefinition};
pub(crate) use whole_tables::WholeTable;

/// A whole schema, for which code is emitted.
#[derive(Debug)]
pub(crate) struct ModelSet {
    /// The `rename_all` of serde, if its traits are implemented.
    pub(crate) serde: Option<Option<RenameAll>>,
    /// Whether schemars' trait is implemented.
    pub(crate) json_schema: bool,
    /// Whether there are made-up values.
    pub(crate) fakes: bool,
    pub(crate) contexts: Vec<Context>,
    pub(crate) models: Vec<Model>,
    pub(crate) tables: Vec<SharedTable>,
    pub(crate) collections: Vec<Collection>,
    pub(crate) services: Vec<Service>,
    pub(crate) types: Vec<TypeDefinition>,
    /// The names of the types that cannot implement `Eq`, since they hold floats.
    pub(crate) without_eq: HashSet<String>,
    /// The names of the types with constraints, or with a type that has constraints inside.
    pub(crate) constrained: HashSet<String>,
    /// The names of the types with transforms, or with a type that has transforms inside.
    pub(crate) transformed: HashSet<String>,
    /// The names of the types inside a union, at any depth.
    pub(crate) in_unions: HashSet<String>,
    /// The sizes of the types in memory.
    pub(crate) sizes: Sizes,
    /// The patches of structs, by the structs' names.
    pub(crate) patches: HashMap<String, String>,
}

impl ModelSet {
    /// Whether the Rust types of all these fields implement `Eq`, so that a struct of them can derive `Eq` and `Hash`.
    pub(crate) fn is_eq<'f>(&self, fields: impl IntoIterator<Item = &'f Field>) -> bool {
        let holds_none = |ty: &Type| ty.parts().all(|part| part.is_eq(&self.without_eq));
        fields.into_iter().all(|field| holds_none(&field.ty))
    }

    /// The patch of the struct that a field holds, if a patch of the field's owner changes it inside.
    pub(crate) fn patch_inside(&self, field: &Field) -> Option<&str> {
        match field.ty.present() {
            // An update of a sealed field sets it as a whole.
            _ if field.seal.is_some() || field.whole => None,
            Type::Named(Named { name, kind: NamedKind::Struct, boxed: false }) if field.form == StoredForm::Own => {
                self.patches.get(name).map(String::as_str)
            }
            _ => None,
        }
    }

    /// The patches of the structs that a patch with these fields changes inside.
    pub(crate) fn patches_inside<'m>(&'m self, fields: &'m [Field]) -> impl Iterator<Item = &'m str> {
        fields.iter().filter_map(|field| self.patch_inside(field))
    }

    /// The names of the models and types that are deprecated or have a deprecated field or variant.
    pub(crate) fn deprecated(&self) -> HashSet<&str> {
        let has = |extras: &Extras, fields: &[Field]| {
            extras.deprecates() || fields.iter().any(|field| field.extras.deprecates())
        };
        let models = self.models.iter().filter(|of| has(&of.extras, &of.fields)).map(|of| of.name.as_str());
        let types = self
            .types
            .iter()
            .filter(|of| of.extras().deprecates() || of.structs().iter().any(|of| has(&of.extras, &of.fields)));
        models.chain(types.map(TypeDefinition::name)).collect()
    }

    /// Every field of every context, model, type and variant, computed ones too.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let of_contexts = self.contexts.iter().flat_map(|of| &of.fields);
        let of_models = self.models.iter().flat_map(Model::attributes);
        of_contexts
            .chain(of_models)
            .chain(self.types.iter().flat_map(TypeDefinition::structs).flat_map(|of| &of.fields))
    }
}

/// A model: a struct whose values are the items of a table.
#[derive(Debug)]
pub(crate) struct Model {
    /// The struct's name, a Rust type identifier.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    pub(crate) extras: Extras,
    /// Its table as it says itself, with the time to live of all its models.
    pub(crate) table: Table,
    /// Its table as all models in it say, as emitted code describes it.
    pub(crate) described: Table,
    pub(crate) hash_key: KeyAttribute,
    pub(crate) range_key: Option<KeyAttribute>,
    /// Its place in a shared table.
    pub(crate) sharing: Option<Sharing>,
    /// The context whose clients its operations take.
    pub(crate) context: Option<Context>,
    /// The fields, those of the context first.
    pub(crate) fields: Vec<Field>,
    /// The computed fields, which its struct does not have.
    pub(crate) computed: Vec<Computed>,
    /// The schema versions of its items.
    pub(crate) versions: Option<SchemaVersions>,
    /// The combinations of fields whose values no two items share.
    pub(crate) unique_together: Vec<Vec<Field>>,
    /// The path of a function that checks the whole item.
    pub(crate) validate: Option<String>,
    pub(crate) hooks: Hooks,
    pub(crate) validate_on_read: bool,
    /// Whether reading an item under another key than the model makes for it is an error.
    pub(crate) check_keys_on_read: bool,
    /// Whether it keeps stored attributes without a field.
    pub(crate) keeps_unknown: bool,
    pub(crate) indexes: Vec<Index>,
    pub(crate) vector_indexes: Vec<VectorIndex>,
    pub(crate) projections: Vec<ProjectionStruct>,
    pub(crate) queries: Vec<Query>,
    pub(crate) inputs: Inputs,
}

/// The paths of functions that see each whole item of a model.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Hooks {
    /// Changes an item before it is written.
    pub(crate) before_write: Option<String>,
    /// Changes an item after it is read.
    pub(crate) after_read: Option<String>,
}

impl Model {
    /// The fields of the hash key.
    pub(crate) fn hash_fields(&self) -> Vec<&Field> {
        distinct(self.hash_key.fields())
    }

    /// The fields of the range key that the hash key does not have.
    pub(crate) fn range_fields(&self) -> Vec<&Field> {
        let range = self.range_key.iter().flat_map(KeyAttribute::fields);
        distinct(range.filter(|field| !self.hash_key.determines(&field.name)))
    }

    /// The fields of the table's key, those of the hash key first. One may be in both: the month of a time, and the time.
    pub(crate) fn key_fields(&self) -> Vec<&Field> {
        distinct(self.hash_fields().into_iter().chain(self.range_fields()))
    }

    /// Whether a key of the table is the field, or is made of it.
    pub(crate) fn is_key(&self, field: &Field) -> bool {
        self.keys().any(|key| key.has(&field.name))
    }

    /// The keys of its table.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.hash_key).chain(&self.range_key)
    }

    /// The key of an index that holds a field which is neither stored nor in the key of the table.
    pub(crate) fn holder(&self, field: &Field) -> Option<&KeyAttribute> {
        let is_held = field.key_only && !self.keys().any(|key| key.determines(&field.name));
        self.indexes.iter().filter(|_| is_held).flat_map(Index::keys).find(|key| key.determines(&field.name))
    }

    /// A part of a key of the table whose field no key determines.
    pub(crate) fn lost_part<'k>(&self, key: &'k KeyAttribute) -> Option<&'k KeyPart> {
        let is_of_table = self.keys().any(|of| of.attribute == key.attribute);
        let is_lost = |part: &&KeyPart| !self.keys().any(|key| key.determines(&part.field.name));
        key.parts().iter().find(is_lost).filter(|_| is_of_table)
    }

    /// Whether a field is a key of the table, and one value can have several texts.
    pub(crate) fn is_checked_key(&self, field: &Field) -> bool {
        let is_key = |key: &KeyAttribute| matches!(&key.made_of, MadeOf::Field(of) if of.name == field.name);
        self.check_keys_on_read && !field.has_one_text() && self.keys().any(is_key)
    }

    /// The field with a role.
    pub(crate) fn role(&self, role: FieldRole) -> Option<&Field> {
        self.fields.iter().find(|field| field.role == Some(role))
    }

    /// The unique fields: no two items have the same value.
    pub(crate) fn unique(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.unique)
    }

    /// The fields and the computed ones.
    pub(crate) fn attributes(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().chain(self.computed.iter().map(|of| &of.field))
    }

    /// The fields of the structs that read parts of its items: of indexes, vector indexes and projections.
    pub(crate) fn views(&self) -> impl Iterator<Item = &Field> {
        let of_indexes = self.indexes.iter().filter_map(|index| match &index.projection {
            Projection::Fields { fields, .. } => Some(fields),
            Projection::All => None,
        });
        let of_vectors = self.vector_indexes.iter().map(|index| &index.fields);
        let of_projections = self.projections.iter().map(|projection| &projection.fields);
        of_indexes.chain(of_vectors).chain(of_projections).flatten()
    }

    /// Whether a field is unique, or one of a unique combination.
    pub(crate) fn is_in_unique(&self, name: &str) -> bool {
        self.unique().chain(self.unique_together.iter().flatten()).any(|field| field.name == name)
    }

    /// Whether it has unique fields, or unique combinations of fields.
    pub(crate) fn is_unique(&self) -> bool {
        self.unique().next().is_some() || !self.unique_together.is_empty()
    }

    /// Whether a discriminator, or its keys, distinguish its items from those of other models in the table.
    pub(crate) fn has_discriminator(&self) -> bool {
        self.sharing.as_ref().is_some_and(|sharing| !sharing.discriminator.is_empty() || sharing.by_key)
    }
}

/// The place of a model in a shared table.
#[derive(Debug)]
pub(crate) struct Sharing {
    /// The name of the table's entry in the schema.
    pub(crate) table: String,
    /// The discriminator's attributes, and their values for this model.
    pub(crate) discriminator: Vec<(String, String)>,
    /// Whether the beginnings of its keys distinguish its items from those of other models.
    pub(crate) by_key: bool,
    /// Whether foreign items may be among the model's own items of one hash key.
    pub(crate) mixed: bool,
}

/// The items of several models with the same hash key.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) type_name: String,
    pub(crate) doc: Doc,
    /// The context of all its models.
    pub(crate) context: Option<Context>,
    /// The table's item type.
    pub(crate) item: String,
    pub(crate) hash_key: KeyAttribute,
    pub(crate) range_key: Option<(String, KeyKind)>,
    /// The index's name in DynamoDB, and its key attributes.
    pub(crate) index: Option<(String, Vec<String>)>,
    pub(crate) members: Vec<Member>,
}

/// The items of one model in a collection.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) model: String,
    /// The field of the collection, in snake case.
    pub(crate) name: String,
    /// Whether there is at most one item.
    pub(crate) single: bool,
}

/// A struct with some of a model's fields, for reads.
#[derive(Debug)]
pub(crate) struct ProjectionStruct {
    pub(crate) type_name: String,
    pub(crate) doc: Doc,
    pub(crate) fields: Vec<Field>,
}

/// Structs with the values that clients send.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// The one that makes an item.
    pub(crate) create: Option<Input>,
    /// The one that changes an item.
    pub(crate) patch: Option<Input>,
}

impl Inputs {
    pub(crate) fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field> {
        self.create.iter_mut().chain(&mut self.patch).flat_map(|of| &mut of.fields)
    }
}

/// A struct with some of a model's fields, which a client sends.
#[derive(Debug)]
pub(crate) struct Input {
    pub(crate) type_name: String,
    /// The fields as the model has them.
    pub(crate) fields: Vec<Field>,
}

impl Input {
    /// The required fields of its model that neither it nor the client has.
    pub(crate) fn missing<'m>(&self, model: &'m Model) -> Vec<&'m Field> {
        let has = |field: &Field| self.fields.iter().any(|own| own.name == field.name);
        let is_given = |field: &Field| has(field) || model.is_of_context(field);
        model.fields.iter().filter(|field| field.default == Default::Required && !is_given(field)).collect()
    }
}

/// An access pattern of the schema: a query with a name.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its name in Rust, in snake case.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The type of its source: the model's, or an index's.
    pub(crate) source: String,
    /// The source's name in docs.
    pub(crate) source_text: String,
    pub(crate) hash_key: Vec<Field>,
    /// The number of shards that it asks, if they are several.
    pub(crate) shards: Option<usize>,
    /// The comparisons with the range key's attributes, in their order.
    pub(crate) range: Vec<Comparison>,
    pub(crate) order: Option<Order>,
    pub(crate) limit: Option<u32>,
}

/// The comparison of a query with one attribute of a range key.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) operator: RangeOperator,
    pub(crate) range_key: Field,
    /// The names of its parameters, in snake case.
    pub(crate) parameters: Vec<String>,
}

/// The user's derives and attributes of an emitted struct, enum or field, as Rust code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    /// Paths of derive macros.
    pub(crate) derive: Vec<String>,
    pub(crate) attributes: Vec<String>,
}

impl Extras {
    /// Whether it asks for the derive of a trait of std.
    pub(crate) fn derives(&self, of: StdTrait) -> bool {
        self.derive.iter().any(|path| StdTrait::of_path(path) == Some(of))
    }

    /// Whether an attribute is `#[deprecated]`, so that Rust warns of each use.
    fn deprecates(&self) -> bool {
        let rest =
            self.attributes.iter().filter_map(|text| text.strip_prefix("#[")?.trim_start().strip_prefix("deprecated"));
        rest.map(str::trim_start).any(|rest| rest.starts_with([']', '(', '=']))
    }
}

/// The lines of a doc text, valid in doc comments.
pub(crate) type Doc = Vec<String>;
