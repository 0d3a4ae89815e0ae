//! Data keys: what values are encrypted with.

use super::error::{KeyError, shown};
use super::secret::Secret;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The ids of data keys have at most so many bytes.
pub(super) const LONGEST_ID: usize = 1024;

/// A key that encrypts values. Its id stands beside each value: a name, or the key itself as a key service has encrypted
/// it. Its secret is overwritten when the last clone is dropped, and its debug text does not show it.
#[derive(Clone)]
pub struct DataKey {
    id: Arc<[u8]>,
    secret: Secret,
    expires: Option<Instant>,
    max_values: Option<u64>,
    is_earlier: bool,
}

impl DataKey {
    /// A data key without an end.
    ///
    /// # Errors
    ///
    /// The id is empty or has more than 1,024 bytes.
    pub fn new(id: impl AsRef<[u8]>, secret: impl Into<Secret>) -> Result<Self, KeyError> {
        let id: Arc<[u8]> = id.as_ref().into();
        if id.is_empty() || id.len() > LONGEST_ID {
            let text = format!("the id of a data key has 1 to {LONGEST_ID} bytes, and this one {}", id.len());
            return Err(KeyError::mistake(text));
        }
        Ok(Self { id, secret: secret.into(), expires: None, max_values: None, is_earlier: false })
    }

    /// Ends the data key after a time: later operations ask the provider again.
    #[must_use]
    pub fn expires_after(mut self, age: Duration) -> Self {
        self.expires = Instant::now().checked_add(age);
        self
    }

    /// Ends the data key for new values after a number of them. An operation that writes several values may encrypt
    /// some more.
    #[must_use]
    pub fn max_values(mut self, values: u64) -> Self {
        self.max_values = Some(values);
        self
    }

    /// Marks a data key of stored values that new values would not get, since the key was rotated.
    #[must_use]
    pub fn earlier(mut self) -> Self {
        self.is_earlier = true;
        self
    }

    /// The id that stands beside each value.
    pub fn id(&self) -> &[u8] {
        &self.id
    }

    pub(super) fn secret(&self) -> &[u8] {
        self.secret.bytes()
    }

    pub(super) fn is_earlier(&self) -> bool {
        self.is_earlier
    }

    pub(super) fn has_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|end| end <= now)
    }

    pub(super) fn takes_another_value(&self, values: u64) -> bool {
        self.max_values.is_none_or(|most| values < most)
    }
}

impl fmt::Debug for DataKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "DataKey {}", shown(&self.id))
    }
}
