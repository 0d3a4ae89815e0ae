//! Fields, their stored forms and their defaults.

use super::{
    Constraint, DecimalType, Doc, Extras, FieldRole, KeyKind, Named, NamedKind, Precision, Scalar, TimeKind, TimeOrder,
    TimePattern, TimeTypes, Transform, Type,
};

/// These fields without repetition.
pub(crate) fn distinct<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Vec<&'f Field> {
    let mut found: Vec<&Field> = Vec::new();
    for field in fields {
        if !found.iter().any(|earlier| earlier.name == field.name) {
            found.push(field);
        }
    }
    found
}

#[derive(Debug, Clone)]
pub(crate) struct Field {
    /// The field's name in snake case, perhaps a keyword.
    pub(crate) name: String,
    /// The attribute that it is stored under.
    pub(crate) attribute: String,
    pub(crate) json_name: JsonName,
    pub(crate) doc: Doc,
    /// The line of the schema that defines it, such as `models.yaml:12`, if docs name lines.
    pub(crate) line: Option<String>,
    pub(crate) ty: Type,
    /// The alias of the type without `Option`, if the type is too long to repeat.
    pub(crate) alias: Option<String>,
    pub(crate) form: StoredForm,
    /// The name of the type that states the pattern of its stored form.
    pub(crate) pattern_type: Option<String>,
    /// The precision to which its times are cut; `None` if they are not.
    pub(crate) precision: Option<Precision>,
    pub(crate) transform: Vec<Transform>,
    /// Whether its values stay out of debug texts.
    pub(crate) sensitive: bool,
    /// The path of the function that makes up its values.
    pub(crate) fake: Option<String>,
    /// How its values are sealed, if they are.
    pub(crate) seal: Option<Seal>,
    /// Whether items do not store it: only the key of the table has it.
    pub(crate) key_only: bool,
    /// Its role, if writes keep it.
    pub(crate) role: Option<FieldRole>,
    /// How many numbers a request reserves, if it is the last number of a sequence.
    pub(crate) block: Option<u32>,
    /// The seconds from a write until the item expires, if it holds the time and each write sets it.
    pub(crate) lifetime: Option<u64>,
    /// Whether it is a unique field.
    pub(crate) unique: bool,
    /// Whether a patch sets it as a whole: another field is computed of it.
    pub(crate) whole: bool,
    pub(crate) extras: Extras,
    pub(crate) constraints: Vec<Constraint>,
    /// The comparisons of its time with other fields.
    pub(crate) order: Vec<TimeOrder>,
    pub(crate) default: Default,
}

impl Field {
    /// The attribute type of a key of this field; `None` if it cannot be a key.
    pub(crate) fn key_kind(&self) -> Option<KeyKind> {
        self.form.key_kind(self.ty.present())
    }

    /// The attribute with the hash of its value, if it is searchable.
    pub(crate) fn hash(&self) -> Option<&str> {
        self.seal.as_ref()?.encryption.as_ref()?.hash.as_deref()
    }

    /// Whether each value has only one text, number or bytes.
    pub(crate) fn has_one_text(&self) -> bool {
        let is_own = self.form == StoredForm::Own && self.transform.is_empty();
        match self.ty.present() {
            Type::Scalar(Scalar::String | Scalar::Bytes | Scalar::Int(_) | Scalar::Decimal(_) | Scalar::Ipv4) => is_own,
            Type::Named(Named { kind: NamedKind::Enum { ignores_case, .. }, .. }) => is_own && !ignores_case,
            _ => false,
        }
    }

    /// Whether it has a default, other than the absence of an optional field.
    pub(crate) fn has_default(&self) -> bool {
        !matches!(self.default, Default::Required | Default::Absent)
    }

    /// Whether reads take an empty stored value as absent.
    pub(crate) fn is_absent_if_empty(&self) -> bool {
        self.constraints.contains(&Constraint::NotEmpty)
    }

    /// Its constraints without those that another one implies.
    pub(crate) fn checks(&self) -> impl Iterator<Item = &Constraint> {
        let has_length = self.constraints.iter().any(|of| matches!(of, Constraint::MinLength(1..)));
        self.constraints.iter().filter(move |of| **of != Constraint::NotEmpty || !has_length)
    }

    /// Whether it has constraints of its own.
    pub(crate) fn is_constrained(&self) -> bool {
        self.constraints.iter().any(Constraint::checks) || !self.order.is_empty() || self.checked_precision().is_some()
    }

    /// Whether it has transforms of its own, or its elements have.
    pub(crate) fn is_transformed(&self) -> bool {
        !self.transform.is_empty()
            || self.constraints.iter().any(Constraint::transforms)
            || self.precision.is_some() && self.times().next().is_some()
    }

    /// The precision that its times must have: its stored form has no more, and the schema does not say that they are
    /// cut. Writes set the times of roles, and cut them.
    pub(crate) fn checked_precision(&self) -> Option<Precision> {
        let kept = match &self.form {
            StoredForm::Own | StoredForm::Pydantic => Precision::Micros,
            StoredForm::Pattern(pattern) if self.role.is_none() => pattern.precision()?,
            _ => return None,
        };
        (self.precision.is_none() && self.times().next().is_some()).then_some(kept)
    }

    /// Whether the stored texts or numbers sort as the values do.
    pub(crate) fn is_sorted(&self) -> bool {
        match &self.form {
            StoredForm::Pydantic | StoredForm::Text => false,
            StoredForm::Pattern(pattern) => pattern.sorts(),
            _ => true,
        }
    }

    /// The types of times with a fraction in its type. Durations are stored as they are.
    fn times(&self) -> impl Iterator<Item = &Type> {
        self.ty.parts().filter(|part| part.has_fraction())
    }

    /// The minimum and the maximum of an integer, by its type and its constraints; `None` for another type.
    pub(crate) fn integers(&self) -> Option<(i128, i128)> {
        let Type::Scalar(Scalar::Int(int)) = self.ty.present() else { return None };
        let value = |bound: &Literal| match bound {
            Literal::Int(digits) => digits.parse::<i128>().ok(),
            _ => None,
        };
        let (mut least, mut most) = int.range();
        for constraint in &self.constraints {
            match constraint {
                Constraint::Minimum(bound) => least = value(bound).unwrap_or(least).max(least),
                Constraint::ExclusiveMinimum(bound) => least = value(bound).map_or(least, |bound| bound + 1).max(least),
                Constraint::Maximum(bound) => most = value(bound).unwrap_or(most).min(most),
                Constraint::ExclusiveMaximum(bound) => most = value(bound).map_or(most, |bound| bound - 1).min(most),
                _ => {}
            }
        }
        Some((least, most))
    }

    /// Whether it is an integer with negative values.
    pub(crate) fn has_negatives(&self) -> bool {
        self.integers().is_some_and(|(least, _)| least < 0)
    }

    /// Whether it is stored as N.
    pub(crate) fn is_number(&self) -> bool {
        self.key_kind() == Some(KeyKind::Number)
    }
}

/// How the values of a field are stored as bytes that DynamoDB cannot look into: compressed, encrypted, or first
/// compressed and then encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Seal {
    pub(crate) is_compressed: bool,
    pub(crate) encryption: Option<FieldEncryption>,
}

/// How the values of a field are encrypted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldEncryption {
    /// The name of the key.
    pub(crate) key: String,
    /// Whether a value that was stored before is read too.
    pub(crate) reads_unencrypted: bool,
    /// The attribute with the hash of the value, if the field is searchable.
    pub(crate) hash: Option<String>,
}

impl Seal {
    /// What it makes of a value, in words: "compressed and encrypted".
    pub(crate) fn text(&self) -> &'static str {
        match (self.is_compressed, &self.encryption) {
            (true, Some(_)) => "compressed and encrypted",
            (true, None) => "compressed",
            (false, _) => "encrypted",
        }
    }
}

/// The name of a field in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum JsonName {
    /// The name that it has without one of its own.
    Derived(String),
    /// The name that the schema gives it.
    Own(String),
    /// It is not in JSON.
    Skipped,
}

impl JsonName {
    /// The name; `None` if the field is not in JSON.
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            JsonName::Derived(name) | JsonName::Own(name) => Some(name),
            JsonName::Skipped => None,
        }
    }
}

/// The stored form of a field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StoredForm {
    /// The form of its type.
    Own,
    /// A time with nine digits of fraction.
    Nanos,
    /// A datetime as whole seconds since 1970-01-01T00:00:00Z.
    EpochSeconds,
    /// A datetime as whole milliseconds since 1970-01-01T00:00:00Z.
    EpochMillis,
    /// A time as Pydantic writes it, without a fraction of 0. The texts do not sort by time.
    Pydantic,
    /// A time as the text of a pattern.
    Pattern(TimePattern),
    /// A number, a boolean or JSON as text.
    Text,
    /// An integer as text of so many digits.
    Digits(usize),
    /// A boolean as 0 or 1.
    ZeroOrOne,
    /// A set as a list.
    List,
}

impl StoredForm {
    /// The attribute type of a key of this type in this form; `None` if it cannot be a key.
    pub(crate) fn key_kind(&self, ty: &Type) -> Option<KeyKind> {
        match self {
            StoredForm::Own | StoredForm::Nanos | StoredForm::Pydantic => ty.key_kind(),
            StoredForm::EpochSeconds | StoredForm::EpochMillis | StoredForm::ZeroOrOne => Some(KeyKind::Number),
            StoredForm::Pattern(_) | StoredForm::Digits(_) => Some(KeyKind::String),
            StoredForm::Text => (*ty != Type::Json).then_some(KeyKind::String),
            StoredForm::List => None,
        }
    }

    /// Whether the schema states the form, and key templates take its text as it is.
    pub(crate) fn is_text_of_its_own(&self) -> bool {
        matches!(self, StoredForm::Pattern(_) | StoredForm::Digits(_) | StoredForm::Text)
    }
}

/// The value of a field that the builder or an item does not have.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Default {
    /// The field is required.
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
    /// The UUID as text, for a field of type string.
    UuidV4Text,
    UuidV7Text,
    Ulid,
    UlidText,
    Now(TimeTypes),
    Today(TimeTypes),
    /// The time after this many seconds.
    Expiry(TimeTypes, u64),
}
