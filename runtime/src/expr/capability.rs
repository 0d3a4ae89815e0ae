//! What can be asked of an attribute, by its value's type.

use crate::codec::{FromAttribute, SetElement, ToAttribute};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A type whose stored values have an order: `lt`, `le`, `gt`, `ge`, `between`.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no order in DynamoDB",
    note = "strings, numbers, binary values and what is stored as them do",
    note = "the texts of times with `format: pydantic` do not sort by time"
)]
pub trait Ordered: ToAttribute {}

/// A type that is stored as a number: it can be added to.
#[diagnostic::on_unimplemented(message = "`{Self}` is not stored as a number")]
pub trait Number: Ordered + FromAttribute + 'static {
    /// Which of DynamoDB's numbers the type holds: an update that calculates stays among them, or fails.
    fn range() -> NumberRange {
        NumberRange::Unknown
    }
}

/// Which of DynamoDB's numbers a type holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberRange {
    /// All of them.
    All,
    /// Those from the first to the second, as decimal texts.
    Between(String, String),
    /// It is not known: an update that calculates reads the item before, and is done if the item is still the same.
    Unknown,
}

/// A type that is stored as text or bytes, and can be asked for its beginning.
#[diagnostic::on_unimplemented(
    message = "`begins_with` asks for the beginning of text or bytes, and `{Self}` is stored as neither"
)]
pub trait Prefixed: ToAttribute {
    /// What a beginning of it is.
    type Prefix: ToAttribute;
}

/// A type that contains others: text its parts, sets and lists their elements.
#[diagnostic::on_unimplemented(message = "`{Self}` contains nothing: text, sets and lists do")]
pub trait Container {
    /// What it contains.
    type Element: ToAttribute;
}

/// A type whose stored values have a size: bytes of text and binary values, elements of collections.
#[diagnostic::on_unimplemented(message = "DynamoDB's `size` is not defined for `{Self}`")]
pub trait HasSize {}

macro_rules! numbers {
    ($($number:ty)*) => {$(
        impl Ordered for $number {}
        impl Number for $number {
            fn range() -> NumberRange {
                NumberRange::Between(<$number>::MIN.to_string(), <$number>::MAX.to_string())
            }
        }
    )*};
}

numbers!(i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32);
// A sum may still have more than the type's 28 digits, where it has many before and after the point.
#[cfg(feature = "decimal")]
numbers!(rust_decimal::Decimal);

macro_rules! all_numbers {
    ($($number:ty)*) => {$(
        impl Ordered for $number {}
        impl Number for $number {
            fn range() -> NumberRange {
                NumberRange::All
            }
        }
    )*};
}

all_numbers!(f64);
#[cfg(feature = "bigdecimal")]
all_numbers!(bigdecimal::BigDecimal);

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T> Ordered for crate::codec::EpochSeconds<T> where Self: ToAttribute {}
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T> Ordered for crate::codec::EpochMillis<T> where Self: ToAttribute {}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T> Prefixed for crate::codec::Pydantic<T>
where
    Self: ToAttribute,
{
    type Prefix = String;
}

macro_rules! texts {
    ($($text:ty => $prefix:ty),*) => {$(
        impl Ordered for $text {}
        impl Prefixed for $text {
            type Prefix = $prefix;
        }
    )*};
}

texts!(String => String, Bytes => Bytes, Ipv4Addr => String, Ipv6Addr => String, IpAddr => String);
#[cfg(feature = "uuid")]
texts!(uuid::Uuid => String);
#[cfg(feature = "ulid")]
texts!(ulid::Ulid => String);
#[cfg(feature = "url")]
texts!(url::Url => String);
#[cfg(feature = "ipnet")]
texts!(ipnet::Ipv4Net => String, ipnet::Ipv6Net => String, ipnet::IpNet => String);
// The text of a duration has no order that means anything.
#[cfg(feature = "chrono")]
texts!(
    chrono::DateTime<chrono::Utc> => String,
    chrono::NaiveDateTime => String,
    chrono::NaiveDate => String,
    chrono::NaiveTime => String
);
#[cfg(feature = "time")]
texts!(
    time::OffsetDateTime => String,
    time::PrimitiveDateTime => String,
    time::Date => String,
    time::Time => String
);
#[cfg(feature = "jiff")]
texts!(
    jiff::Timestamp => String,
    jiff::civil::DateTime => String,
    jiff::civil::Date => String,
    jiff::civil::Time => String
);

impl Container for String {
    type Element = String;
}

impl<T: ToAttribute> Container for Vec<T> {
    type Element = T;
}

impl<T: SetElement> Container for BTreeSet<T> {
    type Element = T;
}

impl HasSize for String {}
impl HasSize for Bytes {}
impl<T> HasSize for Vec<T> {}
impl<T> HasSize for BTreeSet<T> {}
impl<T> HasSize for BTreeMap<String, T> {}
