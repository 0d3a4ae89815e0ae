//! Why a value cannot be written.

use std::borrow::Cow;
use std::fmt;

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
