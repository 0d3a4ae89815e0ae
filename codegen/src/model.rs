//! The model: the schema checked and complete. What is not allowed cannot be said here, so everything after
//! this stage is plain translation.

mod constraints;
mod keys;
mod types;

use std::collections::HashSet;

pub(crate) use crate::schema::{
    DecimalType, FieldRole, KeyKind, Order, RangeOperator, RenameAll, StreamView, TableClass,
    ThroughputDecl as Throughput, TimeTypes, Transform,
};
pub(crate) use constraints::{Comparison as TimeComparison, Constraint, TextFormat, TimeOrder};
pub(crate) use keys::{KeyAttribute, KeyPart, MadeOf, SEPARATOR, may_meet, stands_among};
pub(crate) use types::{
    EnumType, EnumValue, EnumVariant, Int, Named, NamedKind, Scalar, StructType, TimeKind, Type, TypeDefinition,
    UnionType, UnionVariant,
};

/// Everything that code is emitted for.
#[derive(Debug)]
pub(crate) struct ModelSet {
    /// How serde's traits are implemented, if they are.
    pub(crate) serde: Option<Option<RenameAll>>,
    /// Whether schemars' trait is implemented.
    pub(crate) json_schema: bool,
    pub(crate) models: Vec<Model>,
    pub(crate) tables: Vec<SharedTable>,
    pub(crate) collections: Vec<Collection>,
    pub(crate) types: Vec<TypeDefinition>,
    /// The names of the types whose equality is none of all values, for they hold floats.
    pub(crate) without_eq: HashSet<String>,
    /// The names of the types that have constraints, or hold a type that has.
    pub(crate) constrained: HashSet<String>,
}

impl ModelSet {
    /// Whether the Rust types of all these fields have an equality of all values, so that a struct of them can
    /// derive `Eq` and `Hash`.
    pub(crate) fn is_eq<'f>(&self, fields: impl IntoIterator<Item = &'f Field>) -> bool {
        let holds_none = |ty: &Type| ty.parts().all(|part| part.is_eq(&self.without_eq));
        fields.into_iter().all(|field| holds_none(&field.ty))
    }

    /// The name in JSON of a field with this identifier.
    pub(crate) fn json_name(&self, identifier: &str) -> String {
        let name = identifier.strip_prefix("r#").unwrap_or(identifier);
        self.serde.flatten().map_or_else(|| name.to_owned(), |rename_all| rename_all.apply(name))
    }

    /// Every field of every model, type and variant.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &Field> {
        let of_models = self.models.iter().flat_map(|model| &model.fields);
        of_models.chain(self.types.iter().flat_map(TypeDefinition::structs).flat_map(|of| &of.fields))
    }
}

/// A model: a struct whose values are the items of a table.
#[derive(Debug)]
pub(crate) struct Model {
    /// The struct's name, a Rust type identifier.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    pub(crate) extras: Extras,
    pub(crate) table: Table,
    pub(crate) hash_key: KeyAttribute,
    pub(crate) range_key: Option<KeyAttribute>,
    /// What it is in a table that it shares.
    pub(crate) sharing: Option<Sharing>,
    pub(crate) fields: Vec<Field>,
    /// The path of a function that checks the whole item.
    pub(crate) validate: Option<String>,
    pub(crate) validate_on_read: bool,
    /// Whether an item that is stored under another key than the model makes for it is an error.
    pub(crate) check_keys_on_read: bool,
    /// Whether it keeps attributes that it does not know.
    pub(crate) keeps_unknown: bool,
    pub(crate) indexes: Vec<Index>,
    pub(crate) projections: Vec<ProjectionStruct>,
    pub(crate) queries: Vec<Query>,
}

impl Model {
    /// The fields of the hash key.
    pub(crate) fn hash_fields(&self) -> Vec<&Field> {
        distinct(self.hash_key.fields())
    }

    /// The fields of the range key that the hash key does not have.
    pub(crate) fn range_fields(&self) -> Vec<&Field> {
        let range = self.range_key.iter().flat_map(KeyAttribute::fields);
        distinct(range.filter(|field| !self.hash_key.has(&field.name)))
    }

    /// The keys of its table.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyAttribute> {
        std::iter::once(&self.hash_key).chain(&self.range_key)
    }

    /// Whether a field is a key of the table, of which several texts stand for one value.
    pub(crate) fn is_checked_key(&self, field: &Field) -> bool {
        let is_key = |key: &KeyAttribute| matches!(&key.made_of, MadeOf::Field(of) if of.name == field.name);
        self.check_keys_on_read && !field.has_one_text() && self.keys().any(is_key)
    }

    /// The field with a role.
    pub(crate) fn role(&self, role: FieldRole) -> Option<&Field> {
        self.fields.iter().find(|field| field.role == Some(role))
    }

    /// The fields of which no two items have the same value.
    pub(crate) fn unique(&self) -> impl Iterator<Item = &Field> {
        self.fields.iter().filter(|field| field.unique)
    }

    /// Whether an attribute tells its items from those of other models in the table.
    pub(crate) fn has_discriminator(&self) -> bool {
        self.sharing.as_ref().is_some_and(|sharing| sharing.discriminator.is_some())
    }
}

/// Each of these fields once.
pub(crate) fn distinct<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<&'f Field> {
    let mut found: Vec<&Field> = Vec::new();
    for field in fields {
        if !found.iter().any(|earlier| earlier.name == field.name) {
            found.push(field);
        }
    }
    found
}

/// What a model is in a table that it shares with others.
#[derive(Debug)]
pub(crate) struct Sharing {
    /// The name of the table's entry in the schema.
    pub(crate) table: String,
    /// The attribute that tells the model, and what it says for this one.
    pub(crate) discriminator: Option<(String, String)>,
    /// Whether other models' items may stand among its own of one hash key.
    pub(crate) mixed: bool,
}

/// A table that models share.
#[derive(Debug)]
pub(crate) struct SharedTable {
    /// The name of its entry in the schema.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The type that is an item of any of its models; `None` where it has no discriminator.
    pub(crate) type_name: Option<String>,
    pub(crate) table: Table,
    pub(crate) hash_key: (String, KeyKind),
    pub(crate) range_key: Option<(String, KeyKind)>,
    pub(crate) discriminator: Option<String>,
}

/// The items of several models that have one hash key.
#[derive(Debug)]
pub(crate) struct Collection {
    pub(crate) type_name: String,
    pub(crate) doc: Doc,
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
    /// Whether there is at most one.
    pub(crate) single: bool,
}

/// A struct with some of a model's fields, which reads can ask for.
#[derive(Debug)]
pub(crate) struct ProjectionStruct {
    pub(crate) type_name: String,
    pub(crate) doc: Doc,
    pub(crate) fields: Vec<Field>,
}

/// An access pattern of the schema: a query with a name.
#[derive(Debug)]
pub(crate) struct Query {
    /// Its name in Rust, in snake case.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    /// The type that stands for what it reads from: the model's, or an index's.
    pub(crate) source: String,
    /// What that is called in docs.
    pub(crate) source_text: String,
    pub(crate) hash_key: Vec<Field>,
    /// What is asked of the range key's attributes, in their order.
    pub(crate) range: Vec<Comparison>,
    pub(crate) order: Option<Order>,
    pub(crate) limit: Option<u32>,
}

/// What a query asks of one attribute of a range key.
#[derive(Debug)]
pub(crate) struct Comparison {
    pub(crate) operator: RangeOperator,
    pub(crate) range_key: Field,
    /// The names of its parameters, in snake case.
    pub(crate) parameters: Vec<String>,
}

/// A secondary index.
#[derive(Debug)]
pub(crate) struct Index {
    /// Its name in Rust, in snake case.
    pub(crate) name: String,
    /// The type that stands for it, and that its items are, unless they are the model's.
    pub(crate) type_name: String,
    /// Its name in DynamoDB.
    pub(crate) index_name: String,
    pub(crate) local: bool,
    /// One to four attributes.
    pub(crate) hash_key: Vec<KeyAttribute>,
    /// Up to four attributes.
    pub(crate) range_key: Vec<KeyAttribute>,
    /// Whether other models' items may stand among the model's own of one hash key.
    pub(crate) mixed: bool,
    pub(crate) projection: Projection,
    pub(crate) throughput: Option<Throughput>,
}

impl Index {
    /// The attributes of its key, those of the hash key first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyAttribute> {
        self.hash_key.iter().chain(&self.range_key)
    }

    /// The fields of the hash key.
    pub(crate) fn hash_fields(&self) -> Vec<&Field> {
        distinct(self.hash_key.iter().flat_map(KeyAttribute::fields))
    }

    /// The fields of the range key that the hash key does not have.
    pub(crate) fn range_fields(&self) -> Vec<&Field> {
        let range = self.range_key.iter().flat_map(KeyAttribute::fields);
        distinct(range.filter(|field| !self.hash_key.iter().any(|key| key.has(&field.name))))
    }

    /// What CreateTable says of it.
    pub(crate) fn definition(&self) -> IndexDefinition {
        let keys = |keys: &[KeyAttribute]| keys.iter().map(|key| (key.attribute.clone(), key.kind)).collect();
        IndexDefinition {
            index_name: self.index_name.clone(),
            local: self.local,
            hash_key: keys(&self.hash_key),
            range_key: keys(&self.range_key),
            include: match &self.projection {
                Projection::All => None,
                Projection::Fields { include, .. } => Some(include.clone()),
            },
            throughput: self.throughput,
        }
    }
}

/// What an index holds of each item.
#[derive(Debug)]
pub(crate) enum Projection {
    All,
    /// These fields, the keys of table and index among them; `include` are the attributes that are no keys.
    Fields {
        fields: Vec<Field>,
        include: Vec<String>,
    },
}

/// What the user adds to an emitted struct, enum or field, as Rust code.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extras {
    /// Paths of derive macros.
    pub(crate) derive: Vec<String>,
    pub(crate) attributes: Vec<String>,
}

/// The lines of a doc text, fit for doc comments.
pub(crate) type Doc = Vec<String>;

/// An index as CreateTable has it.
#[derive(Debug, Clone)]
pub(crate) struct IndexDefinition {
    pub(crate) index_name: String,
    pub(crate) local: bool,
    pub(crate) hash_key: Vec<(String, KeyKind)>,
    pub(crate) range_key: Vec<(String, KeyKind)>,
    /// The attributes that it holds beside the keys; `None` where it holds whole items.
    pub(crate) include: Option<Vec<String>>,
    pub(crate) throughput: Option<Throughput>,
}

#[derive(Debug, Clone)]
pub(crate) struct Table {
    pub(crate) name: Setting,
    pub(crate) region: Option<Setting>,
    pub(crate) host: Option<Setting>,
    pub(crate) auto_create: bool,
    /// On-demand where there is none.
    pub(crate) throughput: Option<Throughput>,
    pub(crate) table_class: TableClass,
    pub(crate) deletion_protection: bool,
    pub(crate) stream: Option<StreamView>,
    pub(crate) tags: Vec<(String, String)>,
    /// The attribute that holds when an item ends.
    pub(crate) ttl: Option<String>,
    pub(crate) indexes: Vec<IndexDefinition>,
}

impl Table {
    /// Whether both stand for one table in DynamoDB.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.name == other.name && self.region == other.region && self.host == other.host
    }
}

/// A setting that is fixed, or read from an environment variable at run time.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Setting {
    Value(String),
    Env { variable: String, default: Option<String> },
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The field's name in snake case, perhaps a keyword.
    pub(crate) name: String,
    /// The attribute that it is stored under.
    pub(crate) attribute: String,
    pub(crate) doc: Doc,
    pub(crate) ty: Type,
    pub(crate) form: StoredForm,
    pub(crate) transform: Vec<Transform>,
    /// Whether its values stay out of debug texts.
    pub(crate) sensitive: bool,
    /// What writes do with it.
    pub(crate) role: Option<FieldRole>,
    /// Whether no two items have the same value.
    pub(crate) unique: bool,
    pub(crate) extras: Extras,
    pub(crate) constraints: Vec<Constraint>,
    /// Other fields whose times come before or after.
    pub(crate) order: Vec<TimeOrder>,
    pub(crate) default: Default,
}

impl Field {
    /// The attribute type that a key of this field has; `None` where it cannot be a key.
    pub(crate) fn key_kind(&self) -> Option<KeyKind> {
        match self.form {
            StoredForm::Own | StoredForm::Pydantic => self.ty.present().key_kind(),
            StoredForm::EpochSeconds | StoredForm::EpochMillis => Some(KeyKind::Number),
        }
    }

    /// Whether one text alone, number or bytes are read as each value.
    pub(crate) fn has_one_text(&self) -> bool {
        let is_own = self.form == StoredForm::Own;
        match self.ty.present() {
            Type::Scalar(Scalar::String | Scalar::Bytes | Scalar::Int(_) | Scalar::Decimal(_) | Scalar::Ipv4) => is_own,
            Type::Named(Named { kind: NamedKind::Enum { .. }, .. }) => is_own,
            _ => false,
        }
    }

    /// Whether it has constraints of its own.
    pub(crate) fn is_constrained(&self) -> bool {
        !(self.constraints.is_empty() && self.transform.is_empty() && self.order.is_empty())
    }

    /// Whether it is stored as N.
    pub(crate) fn is_number(&self) -> bool {
        self.key_kind() == Some(KeyKind::Number)
    }
}

/// How a field's value is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StoredForm {
    /// As its type is.
    Own,
    /// A datetime as whole seconds since 1970-01-01T00:00:00Z.
    EpochSeconds,
    /// A datetime as whole milliseconds since 1970-01-01T00:00:00Z.
    EpochMillis,
    /// A time as Pydantic writes it, without a fraction where that is 0: the texts do not sort by time.
    Pydantic,
}

/// What a field is where the builder or an item does not give it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Default {
    /// The field has to be given.
    Required,
    /// The field is optional and absent.
    Absent,
    /// The field is a collection and empty.
    Empty,
    Literal(Literal),
    Factory(Factory),
}

/// A value that a schema writes out, checked against its type.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Literal {
    Text(String),
    Bool(bool),
    /// In decimal, within the type's range.
    Int(String),
    F32(f32),
    F64(f64),
    Bytes(Vec<u8>),
    Uuid(u128),
    /// Decimal text within the type's range.
    Decimal(String, DecimalType),
    /// A datetime or naive datetime in microseconds since 1970-01-01T00:00:00, a time of day in microseconds since
    /// midnight, or a duration in microseconds.
    Time(i64, TimeKind, TimeTypes),
    Date {
        year: i32,
        month: u32,
        day: u32,
        types: TimeTypes,
    },
    /// A variant of an enum: the enum's name and the variant's.
    Variant(String, String),
    /// JSON text.
    Json(String),
    List(Vec<Literal>),
    Set(Vec<Literal>),
    Map(Vec<(String, Literal)>),
    /// An optional element that is absent.
    None,
    /// An optional element that is present.
    Some(Box<Literal>),
}

/// A function that makes a default when it is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Factory {
    UuidV4,
    UuidV7,
    /// The same as text, for a field of type string.
    UuidV4Text,
    UuidV7Text,
    Ulid,
    UlidText,
    Now(TimeTypes),
    Today(TimeTypes),
}
