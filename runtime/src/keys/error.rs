//! The errors of keys, and of the values that they encrypt. No text holds a secret, a value or an encrypted value.

use crate::ground::SealedCause;
use std::error::Error;
use std::fmt;
use std::sync::Arc;

/// Why a data key cannot be had.
#[derive(Debug, Clone)]
pub struct KeyError(Kind);

#[derive(Debug, Clone)]
enum Kind {
    Mistake(String),
    Unknown { id: String, fix: &'static str },
    Failed { source: Arc<dyn Error + Send + Sync>, retryable: bool },
}

impl KeyError {
    /// The keys are set up wrongly.
    pub(super) fn mistake(text: impl Into<String>) -> Self {
        Self(Kind::Mistake(text.into()))
    }

    /// The provider has no search key.
    pub(super) fn no_search_key() -> Self {
        Self::mistake("give its provider one, such as with `LocalKeys::and_search` or `KmsKeys::and_search`")
    }

    /// No data key has this id.
    pub fn unknown(id: &[u8]) -> Self {
        Self::unknown_unless(id, "")
    }

    /// No data key has this id; `fix` is the end of the text.
    pub(super) fn unknown_unless(id: &[u8], fix: &'static str) -> Self {
        Self(Kind::Unknown { id: shown(id), fix })
    }

    /// The service or the device with the key failed, or refused.
    pub fn failed(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Kind::Failed { source: Arc::from(source.into()), retryable: false })
    }

    /// Sets whether the same request may succeed later, after a failure.
    pub fn retryable(self, retryable: bool) -> Self {
        match self.0 {
            Kind::Failed { source, .. } => Self(Kind::Failed { source, retryable }),
            other => Self(other),
        }
    }

    /// Whether no data key has the id.
    pub fn is_unknown(&self) -> bool {
        matches!(self.0, Kind::Unknown { .. })
    }

    /// Whether the same request may succeed later.
    pub fn is_retryable(&self) -> bool {
        matches!(self.0, Kind::Failed { retryable: true, .. })
    }
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Mistake(text) => f.write_str(text),
            Kind::Unknown { id, fix } => write!(f, "no data key has the id {id}{fix}"),
            Kind::Failed { source, .. } => source.fmt(f),
        }
    }
}

impl Error for KeyError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &self.0 {
            Kind::Failed { source, .. } => source.source(),
            _ => None,
        }
    }
}

/// Why a value was not encrypted. Nothing was sent.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum SealError {
    /// The client has no key of this name.
    #[error("{}", no_key(name))]
    NoKey { name: String },
    /// The provider gave no data key.
    #[error("the encryption key `{name}` gives no data key: {}", words(error))]
    Provider { name: String, error: KeyError },
    /// The provider gave no search key, with which the hashes of searchable fields are made.
    #[error("the encryption key `{name}` has no search key: {}", words(error))]
    Search { name: String, error: KeyError },
    /// This machine gave no random numbers, or its cipher failed.
    #[error("the random numbers or the cipher of this machine failed")]
    Cipher,
}

/// Why an encrypted value was not decrypted.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum OpenError {
    /// The client has no key of this name.
    #[error("{}", no_key(name))]
    NoKey { name: String },
    /// The provider gave no data key of this id.
    #[error("the encryption key `{name}` does not give the data key {id}: {}", words(error))]
    Provider { name: String, id: String, error: KeyError },
    /// The value's data key was not fetched before.
    #[error("the data key {id} of the encryption key `{name}` is not known")]
    NoDataKey { name: String, id: String },
    /// The value is too short, or malformed.
    #[error("the encrypted value is cut off or malformed")]
    Malformed,
    /// A later version of this crate wrote the value.
    #[error("the encrypted value has format {0}, and this version of dyntastic reads format 1")]
    Format(u8),
    /// The value is not as it was written for this attribute of this item.
    #[error(
        "the encrypted value is not authentic: it was changed, or moved from another item, attribute or table, or the \
         encryption key `{name}` had another secret for the data key {id}"
    )]
    NotAuthentic { name: String, id: String },
}

impl SealError {
    /// Whether the same request may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self, Self::Provider { error, .. } | Self::Search { error, .. } if error.is_retryable())
    }
}

impl OpenError {
    pub(crate) fn cause(&self) -> SealedCause {
        match self {
            Self::NoKey { .. } => SealedCause::NoKey,
            Self::Provider { error, .. } if error.is_unknown() => SealedCause::UnknownKey,
            Self::Provider { error, .. } if !error.is_retryable() => SealedCause::KeyRefused,
            Self::Provider { .. } | Self::NoDataKey { .. } => SealedCause::KeyUnavailable,
            Self::Malformed | Self::Format(_) => SealedCause::Malformed,
            Self::NotAuthentic { .. } => SealedCause::NotAuthentic,
        }
    }
}

fn no_key(name: &str) -> String {
    format!("the client has no encryption key `{name}`: give it with `Client::builder().encryption_key(\"{name}\", …)`")
}

/// The texts of an error and of its sources.
pub(super) fn words(error: &dyn Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", words(source)),
        None => error.to_string(),
    }
}

/// The id of a data key in a text.
pub(super) fn shown(id: &[u8]) -> String {
    match std::str::from_utf8(id) {
        Ok(text) if text.len() <= 100 && !text.is_empty() && text.chars().all(|c| c == ' ' || c.is_ascii_graphic()) => {
            format!("`{text}`")
        }
        _ => format!("(of {} bytes)", id.len()),
    }
}
