//! The mapping of attribute types.

mod collections;
mod decimal;
mod digits;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod duration;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod epoch;
mod flags;
mod identifiers;
mod json;
mod listed;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod nanos;
mod net;
mod number;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod patterned;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod pydantic;
mod scalars;
mod text;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod times;
mod vector;
mod wrapper;

pub use digits::Digits;
#[cfg(feature = "dynamic")]
pub(crate) use digits::write_digits;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use epoch::{EpochMillis, EpochSeconds};
pub use flags::ZeroOrOne;
#[cfg(feature = "dynamic")]
pub(crate) use json::check_numbers;
pub use listed::Listed;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use nanos::Nanos;
pub(crate) use number::{Number, normal_number};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use patterned::{Patterned, SortedPattern, StoredPattern};
#[cfg(feature = "dynamic")]
pub(crate) use patterned::{read_by_pattern, write_by_pattern};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use pydantic::Pydantic;
pub use text::{Text, TextForm};
#[cfg(feature = "dynamic")]
pub(crate) use vector::write_vector;
