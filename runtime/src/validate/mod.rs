//! Constraints on values, checked before anything is sent.

mod checked;
mod constraints;
mod formats;
mod numbers;
#[cfg(feature = "pattern")]
mod pattern;
mod times;
pub mod transform;
mod violations;

pub use crate::ground::{Violation, Violations};
pub use checked::Checked;
pub(crate) use constraints::Constraints;
pub use formats::Format;
pub use numbers::MultipleOf;
#[cfg(feature = "pattern")]
pub use pattern::Pattern;
pub use times::Clock;

/// A struct whose values the schema constrains, or one of several such structs.
pub trait Validate {
    /// Adds every violation of the values.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }
}

/// Checks one value of type `T`: what emitted code says of a field.
pub type Check<T> = fn(Checked<'_, T>);
