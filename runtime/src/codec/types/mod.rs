//! The mapping of attribute types.

mod collections;
mod decimal;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod duration;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod epoch;
mod identifiers;
mod json;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod nanos;
mod net;
mod number;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod pydantic;
mod scalars;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod times;
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
mod wrapper;

#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use epoch::{EpochMillis, EpochSeconds};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use nanos::Nanos;
pub(crate) use number::{Number, normal_number};
#[cfg(any(feature = "chrono", feature = "time", feature = "jiff"))]
pub use pydantic::Pydantic;
