//! The ground that all other rooms use: paths into items, and the errors of values there.

mod attribute;
mod clock;
pub mod defects;
mod error;
mod hidden;
mod into_field;
mod json_names;
mod path;
mod violations;

pub use attribute::{AttributeMap, Kind, Names};
pub(crate) use clock::seconds_now;
pub use error::{ReadError, ReadErrorKind, WriteError, WriteErrorKind};
pub use hidden::Hidden;
pub use into_field::IntoField;
pub use json_names::JsonNames;
pub use path::{Path, Segment};
pub use violations::{Violation, Violations};
