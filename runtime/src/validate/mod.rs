//! Constraints on values. Writes check them before they send a request.

mod checked;
mod constraints;
mod formats;
mod numbers;
#[cfg(feature = "pattern")]
mod pattern;
mod precision;
mod times;
pub mod transform;
mod violations;

use crate::ground::JsonNames;
pub use crate::ground::{Violation, Violations};
pub use checked::Checked;
#[cfg(feature = "dynamic")]
pub(crate) use checked::Collection;
pub(crate) use constraints::Constraints;
#[cfg(feature = "fake")]
pub(crate) use constraints::{Noted, Part, noted};
pub use formats::Format;
pub use numbers::MultipleOf;
#[cfg(feature = "pattern")]
pub use pattern::Pattern;
pub use precision::{Precise, micros};
pub use times::Clock;
pub use transform::{Transform, Transforms};

/// A struct with constraints on its values, or an enum of such structs.
pub trait Validate {
    /// The names of the fields in JSON.
    const JSON_NAMES: JsonNames = JsonNames::SAME;

    #[doc(hidden)]
    fn json_names() -> JsonNames {
        Self::JSON_NAMES
    }

    /// Adds all violations of the values.
    fn check(&self, violations: &mut Violations) {
        let _ = violations;
    }
}

/// A check of one value of type `T`. Emitted code has one for each field with constraints.
pub type Check<T> = fn(Checked<'_, T>);
