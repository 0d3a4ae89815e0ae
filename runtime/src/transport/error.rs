//! What keeps a client from sending anything.

use std::fmt;

/// A setting of a client or of a table that no request can be sent with: a host that is no URL, a region that nothing names, an
/// environment variable that is not set. Its text says which.
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
