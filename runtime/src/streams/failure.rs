//! Records that could not be handled, and why.

use super::Record;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why a record could not be handled: any error of a function of the app.
///
/// It is made of every error type, so that functions may use `?`.
#[derive(Debug, Clone)]
pub struct Failure {
    error: Arc<dyn Error + Send + Sync>,
    is_poison: bool,
}

impl Failure {
    /// A failure that would come again each time: the record goes to the dead-letter function.
    pub fn poison(error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { error: error.into().into(), is_poison: true }
    }

    /// Whether the same record would fail each time.
    pub fn is_poison(&self) -> bool {
        self.is_poison
    }

    /// The error of the function.
    pub fn error(&self) -> &(dyn Error + Send + Sync + 'static) {
        &*self.error
    }
}

impl<E: Into<Box<dyn Error + Send + Sync>>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { error: error.into().into(), is_poison: false }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// A record that cannot be handled, and why.
#[derive(Debug)]
#[non_exhaustive]
pub struct DeadLetter {
    /// The record; `None` if its kind of change is unknown or its key is no key.
    pub record: Option<Record>,
    /// Why it cannot be handled.
    pub failure: Failure,
}
