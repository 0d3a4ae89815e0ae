//! What can be wrong with an item: where, and what was expected there. Never the value itself.

use super::path::{Path, Segment, qualified};
use super::violations::Violations;
use std::fmt;

/// An item, or a value in it, that is not what the model says.
#[derive(Debug, Clone, PartialEq)]
pub struct ReadError(Box<Located<ReadErrorKind>>);

/// A value that DynamoDB cannot hold.
#[derive(Debug, Clone, PartialEq)]
pub struct WriteError(Box<Located<WriteErrorKind>>);

/// A field without a value and without a default, by its attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MissingField(pub &'static str);

impl From<MissingField> for ReadError {
    #[cold]
    fn from(MissingField(attribute): MissingField) -> Self {
        Self::new(ReadErrorKind::Missing).within_name(attribute)
    }
}

impl From<MissingField> for Violations {
    fn from(MissingField(attribute): MissingField) -> Self {
        let mut violations = Self::new("");
        violations.add_missing(attribute);
        violations
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Located<K> {
    model: &'static str,
    path: Path,
    kind: K,
}

/// What is wrong with an item that was read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The attribute is missing, and its field has no default.
    Missing,
    /// The value's type is another than the field's.
    Type {
        /// The attribute type that the field is stored as, such as `N`.
        expected: &'static str,
        /// The attribute type that was found.
        found: &'static str,
    },
    /// The value's type is right, but it does not stand for a value of the field.
    Value {
        /// What the field holds, such as `u8`.
        expected: &'static str,
        /// Why this is none, without the value.
        reason: String,
    },
    /// The item breaks constraints, and its model checks them on reading.
    Invalid(Box<Violations>),
    /// The item's key is another text than the model writes for the same values, so that the item cannot be found, changed or
    /// deleted by it.
    OtherKey {
        /// The text of the key attribute; empty where it is sensitive.
        stored: String,
        /// The text that the model writes; empty where it is sensitive.
        written: String,
    },
    /// No model of the schema claims the item.
    NoModel,
    /// The item is of another model than it was read as, or of none: in a table of several models, the discriminator
    /// tells.
    OtherModel,
    /// A record of a stream does not hold the item as it was, or as it is, where the schema says that the stream does.
    NoImage,
    /// An attribute value of a kind that this version of the SDK does not know.
    UnknownKind,
}

/// Why a value cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteErrorKind {
    /// The number is not a number, or infinite.
    NotFinite,
    /// The number has more than 38 significant digits.
    TooManyDigits,
    /// The number's magnitude is outside of 1E-130 to 9.99…E+125.
    OutOfRange,
    /// The year is outside of 0 to 9999, where dates as text sort by time.
    YearOutOfRange,
    /// The element of a set is not a string, a number or binary, or not of the same type as the others.
    SetElement,
    /// The item is larger than the 400 kB that DynamoDB takes.
    TooLarge {
        /// The bytes of the item, names and values together.
        size: usize,
        /// The largest attributes and their bytes.
        largest: Vec<(String, usize)>,
    },
    /// The value cannot be a part of a key that is made of fields.
    KeyPart(&'static str),
    /// A key, or a part of one, is empty.
    KeyEmpty(&'static str),
    /// A key has more bytes than DynamoDB takes.
    KeyTooLong {
        /// The key, such as `hash key`.
        key: &'static str,
        /// Its bytes.
        length: usize,
        /// How many DynamoDB takes ("Constraints in Amazon DynamoDB").
        most: usize,
    },
    /// The value of a unique field is too long for the key of its guard.
    UniqueTooLong {
        /// The bytes of the value.
        length: usize,
        /// How many the key has room for.
        most: usize,
    },
}

macro_rules! located_error {
    ($error:ident, $kind:ident) => {
        impl $error {
            pub(crate) fn new(kind: $kind) -> Self {
                Self(Box::new(Located { model: "", path: Path::default(), kind }))
            }

            /// The model; empty until an operation has said which.
            pub fn model(&self) -> &'static str {
                self.0.model
            }

            /// The place in the item.
            pub fn path(&self) -> &Path {
                &self.0.path
            }

            /// What is wrong there.
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
    pub(crate) fn type_mismatch(expected: &'static str, found: &'static str) -> Self {
        Self::new(ReadErrorKind::Type { expected, found })
    }

    /// The same error, without the texts of a key that is sensitive.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        if let ReadErrorKind::OtherKey { stored, written } = &mut self.0.kind {
            (*stored, *written) = (String::new(), String::new());
        }
        self
    }

    /// The same error, of a set whose element it is about: sets have types of their own.
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

    /// The value does not stand for what the field holds. The reason must not hold the value.
    pub fn value(expected: &'static str, reason: impl fmt::Display) -> Self {
        Self::new(ReadErrorKind::Value { expected, reason: reason.to_string() })
    }
}

impl WriteError {
    /// The same as violations, if the value is one that no key may hold.
    pub(crate) fn as_violations(&self) -> Option<Violations> {
        let (code, parameters) = self.kind().as_violation()?;
        Some(Violations::of_value(self.model(), self.path().clone(), code, self.kind().to_string(), parameters))
    }
}

impl WriteErrorKind {
    /// The code and parameters of the violation that it is, if the value is one that no key may hold.
    pub(crate) fn as_violation(&self) -> Option<(&'static str, Vec<(&'static str, String)>)> {
        Some(match self {
            Self::KeyPart(_) => ("key_part", Vec::new()),
            Self::KeyEmpty(_) => ("key_empty", Vec::new()),
            Self::KeyTooLong { most, .. } => ("key_too_long", vec![("maximum", most.to_string())]),
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
                f.write_str("the item is stored under another key than the model makes for it")?;
                if !written.is_empty() {
                    write!(f, ", `{stored}` rather than `{written}`")?;
                }
                f.write_str(
                    ": have the model write this form (`format`), or rewrite the item under the model's key, which a model with \
                     `check_keys_on_read: false` can read",
                )
            }
            Self::NoModel => f.write_str("no model of the schema claims the item"),
            Self::NoImage => f.write_str("the stream does not hold the item, as the schema says it does"),
            Self::OtherModel => f.write_str("the item is of another model"),
            Self::UnknownKind => f.write_str("an attribute value of an unknown kind"),
        }
    }
}

impl fmt::Display for WriteErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::NotFinite => "DynamoDB has no infinity and no not-a-number",
            Self::TooManyDigits => "a number in DynamoDB has at most 38 significant digits",
            Self::OutOfRange => "a number in DynamoDB has a magnitude from 1E-130 to 9.99…E+125",
            Self::YearOutOfRange => "a stored date has a year from 0 to 9999",
            Self::SetElement => "a set holds strings, numbers or binary values, all of one type",
            Self::KeyPart(why) => why,
            Self::UniqueTooLong { length, most } => {
                return write!(f, "the unique value has {length} bytes, and the key of its guard has room for {most}");
            }
            Self::KeyEmpty(key) => return write!(f, "a {key} must not be empty"),
            Self::KeyTooLong { key, length, most } => {
                return write!(f, "a {key} has at most {most} bytes, this one has {length}");
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
