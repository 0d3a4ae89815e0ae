//! Mistakes in settings.

#[cfg(feature = "encryption")]
use crate::keys::KeyError;
use crate::rate_limit::InvalidRate;
use std::fmt;

/// A mistake in the settings of a client or of a table: the host is no URL, no setting names a region, an
/// environment variable is not set, or a rate is not more than 0. Its text names the setting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(String);

impl ConfigError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ConfigError {}

impl From<InvalidRate> for ConfigError {
    fn from(error: InvalidRate) -> Self {
        Self::new(error.to_string())
    }
}

#[cfg(feature = "encryption")]
impl From<KeyError> for ConfigError {
    fn from(error: KeyError) -> Self {
        Self::new(error.to_string())
    }
}
