//! The errors of other rooms as those of operations.

use super::Error;
use crate::expr::UnwritableExpression;
use crate::ground::WriteError;
#[cfg(feature = "encryption")]
use crate::keys::KeyError;
use crate::rate_limit::InvalidRate;
use crate::transport::ConfigError;

impl From<InvalidRate> for Error {
    fn from(error: InvalidRate) -> Self {
        ConfigError::from(error).into()
    }
}

#[cfg(feature = "encryption")]
impl From<KeyError> for Error {
    fn from(error: KeyError) -> Self {
        ConfigError::from(error).into()
    }
}

/// A value that no key may hold is the same violation wherever it is found.
impl From<WriteError> for Error {
    fn from(error: WriteError) -> Self {
        match error.as_violations() {
            Some(violations) => Error::Invalid(violations),
            None => Error::Write(error),
        }
    }
}

impl From<UnwritableExpression> for Error {
    fn from(error: UnwritableExpression) -> Self {
        match error {
            UnwritableExpression::Refused { model, error } => Error::Expression { model, error },
            UnwritableExpression::Value(error) => error.into(),
        }
    }
}
