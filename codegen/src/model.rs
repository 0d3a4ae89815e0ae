//! The model: the schema checked and complete. What is not allowed cannot be said here, so everything after
//! this stage is plain translation.

pub(crate) use crate::schema::{Order, RangeOperator, StreamView, TableClass, ThroughputDecl as Throughput};

/// Everything that code is emitted for.
#[derive(Debug)]
pub(crate) struct ModelSet {
    pub(crate) models: Vec<Model>,
}

/// A model: a struct whose values are the items of a table.
#[derive(Debug)]
pub(crate) struct Model {
    /// The struct's name, a Rust type identifier.
    pub(crate) name: String,
    pub(crate) doc: Doc,
    pub(crate) table: Table,
    pub(crate) hash_key: KeyField,
    pub(crate) range_key: Option<KeyField>,
    pub(crate) fields: Vec<Field>,
    pub(crate) indexes: Vec<Index>,
    pub(crate) projections: Vec<ProjectionStruct>,
    pub(crate) queries: Vec<Query>,
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
    pub(crate) hash_key: Vec<KeyField>,
    /// Up to four attributes.
    pub(crate) range_key: Vec<KeyField>,
    pub(crate) projection: Projection,
    pub(crate) throughput: Option<Throughput>,
}

impl Index {
    /// The attributes of its key, those of the hash key first.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &KeyField> {
        self.hash_key.iter().chain(&self.range_key)
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

/// The lines of a doc text, fit for doc comments.
pub(crate) type Doc = Vec<String>;

/// A key attribute of a table: one of the model's fields.
#[derive(Debug, Clone)]
pub(crate) struct KeyField {
    pub(crate) field: Field,
    pub(crate) kind: KeyKind,
}

/// The types that DynamoDB allows for key attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyKind {
    String,
    Number,
    Binary,
}

#[derive(Debug)]
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
    pub(crate) default: Default,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Type {
    Scalar(Scalar),
    Json,
    List(Box<Type>),
    /// Elements are scalars with an order.
    Set(Scalar),
    Map(Box<Type>),
    /// Never directly in another optional.
    Optional(Box<Type>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scalar {
    String,
    Bool,
    Int(Int),
    F32,
    F64,
    Bytes,
    Uuid,
    DateTime,
    Date,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Int {
    I8,
    I16,
    I32,
    I64,
    U8,
    U16,
    U32,
    U64,
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
    /// Microseconds since 1970-01-01T00:00:00Z.
    DateTime(i64),
    Date {
        year: i32,
        month: u32,
        day: u32,
    },
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
    UlidText,
    Now,
    Today,
}

impl Scalar {
    /// The attribute type that a key of this type has; `None` where it cannot be a key.
    pub(crate) fn key_kind(self) -> Option<KeyKind> {
        match self {
            Scalar::String | Scalar::Uuid | Scalar::DateTime | Scalar::Date => Some(KeyKind::String),
            Scalar::Int(_) => Some(KeyKind::Number),
            Scalar::Bytes => Some(KeyKind::Binary),
            Scalar::Bool | Scalar::F32 | Scalar::F64 => None,
        }
    }

    pub(crate) fn is_float(self) -> bool {
        matches!(self, Scalar::F32 | Scalar::F64)
    }
}

impl Type {
    /// Every scalar type in this one, and whether JSON is.
    pub(crate) fn visit(&self, scalar: &mut impl FnMut(Scalar), json: &mut impl FnMut()) {
        match self {
            Type::Scalar(inner) | Type::Set(inner) => scalar(*inner),
            Type::Json => json(),
            Type::List(inner) | Type::Map(inner) | Type::Optional(inner) => inner.visit(scalar, json),
        }
    }

    /// Whether the Rust type has a total order of equality, so that a struct with it can derive `Eq` and `Hash`.
    pub(crate) fn is_eq(&self) -> bool {
        let mut eq = true;
        self.visit(&mut |scalar| eq &= !scalar.is_float(), &mut || {});
        eq
    }
}
