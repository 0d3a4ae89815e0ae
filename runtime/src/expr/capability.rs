//! The expressions that the type of an attribute's values allows.

use crate::codec::{FromAttribute, SetElement, ToAttribute};
use bytes::Bytes;
use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A type whose stored values have an order: `lt`, `le`, `gt`, `ge`, `between`.
#[diagnostic::on_unimplemented(
    message = "values of type `{Self}` have no order in DynamoDB",
    note = "strings, numbers and binary values have an order, and types that are stored as them",
    note = "the texts of times with `format: pydantic`, and of numbers with `format: text`, do not sort as their values"
)]
pub trait Ordered: ToAttribute {}

/// A type that is stored as a number. DynamoDB can add to it.
#[diagnostic::on_unimplemented(message = "`{Self}` is not stored as a number")]
pub trait Number: Ordered + FromAttribute + 'static {
    /// The stored numbers that the type holds. An update that would calculate another number fails.
    fn range() -> NumberRange {
        NumberRange::Unknown
    }
}

/// A type that counts exactly: an integer or a decimal.
#[diagnostic::on_unimplemented(message = "`{Self}` does not count exactly: a counter is an integer or a decimal")]
pub trait Count: Number {
    /// The type of a number that is added. It may be negative, also where the counter may not.
    type Step: ToAttribute;
}

/// A number that is added to a counter of type `T`: any integer up to 128 bits, or a decimal for a decimal.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be added to a counter of type `{T}`",
    label = "expected an integer with a fixed size, such as `i64`, or a decimal for a decimal"
)]
pub trait Step<T: Count> {
    #[doc(hidden)]
    fn into_step(self) -> T::Step;
}

impl<T: Count, V: Into<T::Step>> Step<T> for V {
    fn into_step(self) -> T::Step {
        self.into()
    }
}

/// The stored numbers that a type holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NumberRange {
    /// All numbers.
    All,
    /// The numbers from the first to the second, both included, as decimal texts.
    Between(String, String),
    /// Unknown. An update that calculates reads the item first, and is applied if the item has not changed since.
    Unknown,
}

/// A type that is stored as text or bytes, and so can be compared by its beginning.
#[diagnostic::on_unimplemented(
    message = "`begins_with` needs a type that is stored as text or bytes, and `{Self}` is not"
)]
pub trait Prefixed: ToAttribute {
    /// The type of a beginning.
    type Prefix: ToAttribute;
}

/// A type that contains others: text contains its parts, and sets and lists contain their elements.
#[diagnostic::on_unimplemented(message = "`contains` needs text, a set or a list, and `{Self}` is none of them")]
pub trait Container {
    /// The type of a contained value.
    type Element: ToAttribute;
}

/// A type whose stored values have a size: the bytes of text and binary values, or the elements of collections.
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
// A sum may have more than the type's 28 digits, with many digits both before and after the point.
#[cfg(feature = "decimal")]
numbers!(rust_decimal::Decimal);

macro_rules! counts {
    ($step:ty: $($number:ty)*) => {$(
        impl Count for $number {
            type Step = $step;
        }
    )*};
}

counts!(i128: i8 i16 i32 i64 i128 u8 u16 u32 u64 u128);
#[cfg(feature = "decimal")]
counts!(rust_decimal::Decimal: rust_decimal::Decimal);
#[cfg(feature = "bigdecimal")]
counts!(bigdecimal::BigDecimal: bigdecimal::BigDecimal);

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
impl<T> Ordered for crate::codec::Nanos<T> where Self: ToAttribute {}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T> Prefixed for crate::codec::Pydantic<T>
where
    Self: ToAttribute,
{
    type Prefix = String;
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T> Prefixed for crate::codec::Nanos<T>
where
    Self: ToAttribute,
{
    type Prefix = String;
}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T, P: crate::codec::SortedPattern> Ordered for crate::codec::Patterned<T, P> where Self: ToAttribute {}

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
impl<T, P> Prefixed for crate::codec::Patterned<T, P>
where
    Self: ToAttribute,
{
    type Prefix = String;
}

impl<T, const DIGITS: usize> Ordered for crate::codec::Digits<T, DIGITS> where Self: ToAttribute {}

impl<T, const DIGITS: usize> Prefixed for crate::codec::Digits<T, DIGITS>
where
    Self: ToAttribute,
{
    type Prefix = String;
}

impl<T: SetElement> Container for crate::codec::Listed<BTreeSet<T>> {
    type Element = T;
}

impl<T> HasSize for crate::codec::Listed<T> {}

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
// The order of durations as texts is not their order in time.
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
