//! The ground that all other rooms use: paths into items, and the errors of values there.

pub(crate) mod ambient;
mod attribute;
pub(crate) mod civil;
mod clock;
mod concurrent;
pub mod defects;
mod error;
mod hidden;
mod into_field;
mod json_names;
mod path;
mod read_error_kind;
mod shared_future;
mod time_pattern;
mod vector;
mod violations;
mod write_error_kind;

pub use attribute::{AttributeMap, Kind, Names};
pub(crate) use clock::seconds_now;
pub(crate) use concurrent::Concurrent;
pub use error::{ReadError, WriteError};
pub use hidden::Hidden;
pub use into_field::IntoField;
pub use json_names::JsonNames;
pub use path::{Path, Segment};
pub use read_error_kind::{ReadErrorKind, SealedCause};
pub(crate) use shared_future::SharedFuture;
pub(crate) use time_pattern::TimePattern;
pub use vector::Vector;
pub(crate) use vector::dimensions;
pub use violations::{Violation, Violations};
pub use write_error_kind::WriteErrorKind;
