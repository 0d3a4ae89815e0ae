//! Errors of reading and writing items: the place and the cause. No error holds the value.

use super::json_names::JsonNames;
use super::path::{Path, Segment, qualified};
use super::violations::Violations;
use std::borrow::Cow;
use std::fmt;

/// A stored item that cannot be read as its model.
///
/// It says the place ([`path`](Self::path)) and the cause ([`kind`](Self::kind)), and never holds the value.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadError(Box<Located<ReadErrorKind>>);

/// A value that DynamoDB cannot store.
///
/// It says the place ([`path`](Self::path)) and the cause ([`kind`](Self::kind)), and never holds the value.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError(Box<Located<WriteErrorKind>>);

#[derive(Debug, Clone, PartialEq)]
struct Located<K> {
    model: &'static str,
    /// The names of the model's fields in JSON, if violations are made of the error.
    json_names: JsonNames,
    path: Path,
    kind: K,
}

/// Why an item cannot be read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The attribute is missing, and its field has no default.
    Missing,
    /// The attribute type of the value differs from the field's.
    Type {
        /// The attribute type that the field is stored as, such as `N`.
        expected: &'static str,
        /// The attribute type that was found.
        found: &'static str,
    },
    /// The attribute type is right, but the field's type has no such value.
    Value {
        /// The type of the field, such as `u8`.
        expected: &'static str,
        /// Why the value does not fit, without the value.
        reason: String,
    },
    /// The item breaks constraints, and its model checks constraints on reading.
    Invalid(Box<Violations>),
    /// The stored key differs from the key that the model writes for the same values. The model cannot find, change or
    /// delete the item by its key.
    OtherKey {
        /// The stored text of the key attribute; empty where it is sensitive.
        stored: String,
        /// The text that the model writes; empty where it is sensitive.
        written: String,
    },
    /// The stored key does not have the form of the model's key template, from which fields are read.
    KeyForm {
        /// The stored text of the key attribute; empty where it is sensitive.
        stored: String,
        /// The template of the key.
        template: String,
    },
    /// The item is of a later schema version than the model's: a later release has written it.
    LaterVersion {
        /// The version of the item.
        stored: u32,
        /// The version that the model writes.
        current: u32,
    },
    /// The item is of a schema version for which the model has no upgrade any more.
    EarlierVersion {
        /// The version of the item.
        stored: u32,
        /// The earliest version that the model can upgrade.
        first: u32,
    },
    /// A part of an item, such as the entry of an index, is of an earlier schema version, and only whole items are
    /// upgraded.
    PartOfEarlierVersion {
        /// The version of the item.
        stored: u32,
        /// The version that the model writes.
        current: u32,
    },
    /// An upgrade has changed a key attribute of the table. The model could not find, change or delete the item by its
    /// key.
    UpgradedKey,
    /// The model's `after_read` has changed the attribute of the key.
    KeyChangedAfterRead,
    /// An upgrade of the item to the next schema version has failed.
    Upgrade {
        /// The version that is upgraded.
        from: u32,
        /// Why.
        kind: Box<ReadErrorKind>,
    },
    /// The item is of no model of the schema.
    NoModel,
    /// The discriminator of a shared table says that the item is of another model, or of none.
    OtherModel,
    /// A record of a stream lacks the item before or after the change, although the schema says that the stream has it.
    NoImage,
    /// The response holds something else than DynamoDB sends for an item. The item can be fetched again.
    Malformed,
    /// This version of the SDK does not know the attribute value's type.
    UnknownKind,
    /// The value is stored compressed or encrypted, and cannot be opened.
    Sealed {
        /// Why.
        cause: SealedCause,
        /// More about it, such as the name of the key; may be empty.
        reason: String,
    },
}

/// Why a value that is stored compressed or encrypted cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealedCause {
    /// The client has no key of the schema's name
    /// ([`ClientBuilder::encryption_key`](crate::ClientBuilder::encryption_key)), or the item was read without a
    /// client.
    NoKey,
    /// The value was encrypted with a data key that the key's provider does not know.
    UnknownKey,
    /// The value was encrypted with a key of another name in the schema.
    OtherKey,
    /// The provider failed to give the data key, and may give it later.
    KeyUnavailable,
    /// The provider refuses to give the data key, such as after the key was disabled.
    KeyRefused,
    /// The value is not encrypted, and the schema does not say `unencrypted: read`.
    NotEncrypted,
    /// The value is encrypted, and the schema does not say so.
    Encrypted,
    /// The bytes are cut, or another program has written them.
    Malformed,
    /// The value was changed, or it was moved from another item, attribute or table.
    NotAuthentic,
}

/// Why a value cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// The floating-point number is infinite or not a number.
    NotFinite,
    /// The number has more than 38 significant digits.
    TooManyDigits,
    /// The number's magnitude is not within 1E-130 to 9.99…E+125.
    OutOfRange,
    /// The integer is negative, or has more digits than its stored form.
    NotOfDigits {
        /// The number of digits of the stored form.
        digits: usize,
    },
    /// The year is not within 0 to 9999, the years in which dates as text sort by time.
    YearOutOfRange,
    /// The time is in a leap second, which no stored form has.
    LeapSecond,
    /// An element of a set is not a string, a number or binary, or its type differs from the other elements'.
    SetElement,
    /// The item is larger than 409,600 bytes, DynamoDB's maximum.
    TooLarge {
        /// The size of the item in bytes, names and values together.
        size: usize,
        /// The largest attributes, each with its size in bytes.
        largest: Vec<(String, usize)>,
    },
    /// The value cannot be a part of a key that is made of fields; with the reason.
    KeyPart(Cow<'static, str>),
    /// A field from which an attribute is computed cannot be read; with the reason.
    NotComputed(Cow<'static, str>),
    /// A key, or a part of one, is empty.
    KeyEmpty(&'static str),
    /// A key is longer than DynamoDB's maximum.
    KeyTooLong {
        /// The key, such as `hash key`.
        key: &'static str,
        /// The length of the key in bytes.
        length: usize,
        /// The maximum length in bytes ("Constraints in Amazon DynamoDB").
        max: usize,
    },
    /// The value cannot be encrypted.
    NotEncrypted {
        /// Why.
        reason: String,
        /// Whether the same write may succeed later, because the provider of the key failed for now.
        retryable: bool,
    },
    /// The value is too long to be compressed.
    TooLongToCompress {
        /// The length of the value in bytes, of DynamoDB's JSON unless it is of type B.
        length: usize,
        /// The maximum length in bytes.
        max: usize,
    },
    /// The model's `before_write` has changed the attribute.
    ChangedBeforeWrite {
        /// What the attribute is of: `key` or `version`.
        of: &'static str,
    },
    /// The value of a unique field is too long for the key of its guard.
    UniqueTooLong {
        /// The length of the value in bytes.
        length: usize,
        /// The maximum length in bytes that leaves room for the rest of the guard's key.
        max: usize,
    },
}

macro_rules! located_error {
    ($error:ident, $kind:ident) => {
        impl $error {
            pub(crate) fn new(kind: $kind) -> Self {
                Self(Box::new(Located { model: "", json_names: JsonNames::SAME, path: Path::default(), kind }))
            }

            /// The name of the model; empty until an operation adds it.
            pub fn model(&self) -> &'static str {
                self.0.model
            }

            /// The place of the value in the item.
            pub fn path(&self) -> &Path {
                &self.0.path
            }

            /// The cause.
            pub fn kind(&self) -> &$kind {
                &self.0.kind
            }

            pub(crate) fn of(mut self, model: &'static str) -> Self {
                self.0.model = model;
                self
            }

            pub(crate) fn within(mut self, segment: Segment) -> Self {
                self.0.path.push_outer(segment);
                self
            }

            pub(crate) fn within_name(self, name: &str) -> Self {
                self.within(Segment::Name(name.to_owned()))
            }
        }

        impl fmt::Display for $error {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}: {}", qualified(self.0.model, &self.0.path), self.0.kind)
            }
        }

        impl std::error::Error for $error {}
    };
}

located_error!(ReadError, ReadErrorKind);
located_error!(WriteError, WriteErrorKind);

impl ReadError {
    /// The same error of a value inside of the value at a path.
    pub(crate) fn inside(mut self, path: &Path) -> Self {
        self.0.path.push_outer_path(path);
        self
    }

    pub(crate) fn type_mismatch(expected: &'static str, found: &'static str) -> Self {
        Self::new(ReadErrorKind::Type { expected, found })
    }

    /// Removes the texts of the key from the error, because the key is sensitive.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        if let ReadErrorKind::OtherKey { stored, written } = &mut self.0.kind {
            (*stored, *written) = (String::new(), String::new());
        }
        if let ReadErrorKind::KeyForm { stored, .. } = &mut self.0.kind {
            stored.clear();
        }
        self
    }

    /// The same error as one of the upgrade from a schema version.
    pub(crate) fn of_upgrade(mut self, from: u32) -> Self {
        let kind = std::mem::replace(&mut self.0.kind, ReadErrorKind::Missing);
        self.0.kind = ReadErrorKind::Upgrade { from, kind: Box::new(kind) };
        self
    }

    /// Turns an error about an element of a set into one about the set: `S` becomes `SS`.
    pub(crate) fn of_set(mut self) -> Self {
        let set = |element: &'static str| match element {
            "S" => "SS",
            "N" => "NS",
            "B" => "BS",
            other => other,
        };
        if let ReadErrorKind::Type { expected, found } = &mut self.0.kind {
            (*expected, *found) = (set(expected), set(found));
        }
        self
    }

    /// An error for a value of the right attribute type that is no value of the type `expected`.
    ///
    /// The reason must not hold the value: errors are logged.
    ///
    /// ```
    /// use dyntastic::ReadError;
    ///
    /// let error = ReadError::value("even number", "it is odd");
    /// assert_eq!(error.kind().to_string(), "expected even number: it is odd");
    /// ```
    pub fn value(expected: &'static str, reason: impl fmt::Display) -> Self {
        Self::new(ReadErrorKind::Value { expected, reason: reason.to_string() })
    }
}

impl WriteError {
    /// The same error with the names of the model's fields in JSON.
    pub(crate) fn named(mut self, json_names: JsonNames) -> Self {
        self.0.json_names = json_names;
        self
    }

    /// The error as violations, if it is about a value that no key may hold.
    pub(crate) fn as_violations(&self) -> Option<Violations> {
        let (code, parameters) = self.kind().as_violation()?;
        let mut violations = Violations::new(self.model());
        violations.add(code, self.kind().to_string(), parameters);
        Some(violations.inside(self.path(), self.path()).of_model(self.model(), self.0.json_names))
    }
}

impl WriteErrorKind {
    pub(crate) fn not_encrypted(reason: impl fmt::Display) -> Self {
        Self::NotEncrypted { reason: reason.to_string(), retryable: false }
    }

    /// The code and the parameters of the error as a violation, if it is about a value that no key may hold.
    pub(crate) fn as_violation(&self) -> Option<(&'static str, Vec<(&'static str, String)>)> {
        Some(match self {
            Self::KeyPart(_) => ("key_part", Vec::new()),
            Self::NotComputed(_) => ("computed", Vec::new()),
            Self::KeyEmpty(_) => ("key_empty", Vec::new()),
            Self::KeyTooLong { max, .. } => ("key_too_long", vec![("maximum", max.to_string())]),
            _ => return None,
        })
    }
}

impl fmt::Display for ReadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing, and the field has no default"),
            Self::Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Value { expected, reason } => write!(f, "expected {expected}: {reason}"),
            Self::Invalid(violations) => write!(f, "the item breaks its constraints:\n{violations}"),
            Self::OtherKey { stored, written } => {
                f.write_str("the stored key differs from the key that the model makes of the item")?;
                if !written.is_empty() {
                    write!(f, ", `{stored}` rather than `{written}`")?;
                }
                f.write_str(
                    ": make the model write the stored form (`format`), or write the item anew under the model's key \
                     (a model with `check_keys_on_read: false` can read it)",
                )
            }
            Self::KeyForm { stored, template } => {
                f.write_str("the stored key")?;
                if !stored.is_empty() {
                    write!(f, " `{stored}`")?;
                }
                write!(f, " does not have the form `{template}`, from which the model reads fields")
            }
            Self::LaterVersion { stored, current } => write!(
                f,
                "the item is of schema version {stored}, and this release knows versions up to {current}: a later \
                 release has written it"
            ),
            Self::EarlierVersion { stored, first } => write!(
                f,
                "the item is of schema version {stored}, and the schema has upgrades from version {first} on: migrate \
                 the items with a release that can upgrade it"
            ),
            Self::PartOfEarlierVersion { stored, current } => write!(
                f,
                "the item is of schema version {stored}, not {current}, and the index holds only a part of it: migrate \
                 the items, or read them whole with `full`"
            ),
            Self::UpgradedKey => f.write_str(
                "an upgrade changes the form of an item, not its key: move the item to another key with a migration",
            ),
            Self::KeyChangedAfterRead => f.write_str(
                "the model's `after_read` has changed the key, under which the item is stored: let it change other fields",
            ),
            Self::Upgrade { from, kind } => write!(f, "in the upgrade from schema version {from}: {kind}"),
            Self::NoModel => f.write_str("the item is of no model of the schema"),
            Self::NoImage => {
                f.write_str("the record lacks the item: give the table's stream the view type that the schema says")
            }
            Self::OtherModel => f.write_str("the item is of another model"),
            Self::Sealed { cause, reason } => match (cause, reason.as_str()) {
                (SealedCause::NoKey, reason) => f.write_str(reason),
                (SealedCause::NotEncrypted, _) => f.write_str(
                    "it is not encrypted, and the schema says that it is: with `unencrypted: read`, values from before \
                     can be read",
                ),
                (SealedCause::Encrypted, _) => f.write_str("it is encrypted, and the schema does not say so"),
                (_, reason) => write!(f, "the sealed value cannot be opened: {reason}"),
            },
            Self::Malformed => f.write_str("the item is not written as DynamoDB writes items"),
            Self::UnknownKind => f.write_str("this version of the SDK does not know the attribute value's type"),
        }
    }
}

impl fmt::Display for WriteErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NotFinite => "DynamoDB has no infinity and no not-a-number",
            Self::TooManyDigits => "a number in DynamoDB has at most 38 significant digits",
            Self::OutOfRange => "a number in DynamoDB has a magnitude from 1E-130 to 9.99…E+125",
            Self::NotOfDigits { digits } => {
                return write!(f, "it is not a number of at most {digits} digits without a sign");
            }
            Self::YearOutOfRange => "a stored date has a year from 0 to 9999",
            Self::LeapSecond => "a stored time has no second 60",
            Self::SetElement => "a set holds strings, numbers or binary values, all of one type",
            Self::NotEncrypted { reason, .. } => return write!(f, "it cannot be encrypted: {reason}"),
            Self::TooLongToCompress { length, max } => {
                return write!(f, "a compressed value has at most {max} bytes, this one has {length}");
            }
            Self::KeyPart(why) | Self::NotComputed(why) => why.as_ref(),
            Self::UniqueTooLong { length, max } => {
                return write!(f, "the unique value has {length} bytes, and the key of its guard has room for {max}");
            }
            Self::ChangedBeforeWrite { of } => {
                return write!(
                    f,
                    "the model's `before_write` has changed the {of}: change it before the write, and let the function \
                     change other fields"
                );
            }
            Self::KeyEmpty(key) => return write!(f, "a {key} must not be empty"),
            Self::KeyTooLong { key, length, max } => {
                return write!(f, "a {key} has at most {max} bytes, this one has {length}");
            }
            Self::TooLarge { size, largest } => {
                write!(f, "the item has {size} bytes, and DynamoDB takes 409600; the largest attributes are ")?;
                let largest = largest.iter().map(|(name, size)| format!("{name} ({size})"));
                return f.write_str(&largest.collect::<Vec<_>>().join(", "));
            }
        };
        f.write_str(text)
    }
}
