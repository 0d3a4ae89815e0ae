//! Keys that the app has itself.

use super::data_key::DataKey;
use super::error::KeyError;
use super::provider::{KeyFuture, KeyProvider};
use super::secret::Secret;

/// Data keys that the app has itself, such as from a secret in its environment.
///
/// The first one encrypts new values; the others are read. To rotate a key, put a new one in front, and write the items
/// again with a migration:
///
/// ```
/// use dyntastic::keys::{LocalKeys, Secret};
/// # let variable = |_: &str| String::from("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=");
///
/// let keys = LocalKeys::new("2026-11", Secret::from_base64(variable("PERSONAL_KEY"))?)?
///     .and_earlier("2025-11", Secret::from_base64(variable("EARLIER_PERSONAL_KEY"))?)?;
/// # Ok::<(), dyntastic::keys::KeyError>(())
/// ```
#[derive(Debug, Clone)]
pub struct LocalKeys {
    current: DataKey,
    earlier: Vec<DataKey>,
    search: Option<DataKey>,
}

impl LocalKeys {
    /// Encrypts with this secret, and writes the id beside each value. An id never gets another secret.
    ///
    /// # Errors
    ///
    /// The id is empty or has more than 1,024 bytes, or all bytes of the secret are 0.
    pub fn new(id: impl AsRef<str>, secret: impl Into<Secret>) -> Result<Self, KeyError> {
        Ok(Self { current: data_key(id.as_ref(), secret.into())?, earlier: Vec::new(), search: None })
    }

    /// Also decrypts values of an earlier secret.
    ///
    /// # Errors
    ///
    /// As [`new`](Self::new), another secret has the id, or it is the secret of the search key.
    pub fn and_earlier(mut self, id: impl AsRef<str>, secret: impl Into<Secret>) -> Result<Self, KeyError> {
        let id = id.as_ref();
        if self.of(id.as_bytes()).is_some() {
            return Err(KeyError::mistake(format!("two data keys have the id `{id}`")));
        }
        self.earlier.push(data_key(id, secret.into())?.earlier());
        self.apart()
    }

    /// Makes the hashes of searchable fields with this secret, which no data key has. It does not change when the data keys
    /// do.
    ///
    /// # Errors
    ///
    /// All bytes of the secret are 0, or a data key has it.
    pub fn and_search(mut self, secret: impl Into<Secret>) -> Result<Self, KeyError> {
        self.search = Some(data_key("search", secret.into())?);
        self.apart()
    }

    /// Checks that no data key has the secret of the search key.
    fn apart(self) -> Result<Self, KeyError> {
        let is_search = |key: &DataKey| self.search.as_ref().is_some_and(|search| key.secret() == search.secret());
        let is_one = self.all().any(is_search);
        match is_one {
            true => Err(KeyError::mistake("a data key has the secret of the search key: make another one")),
            false => Ok(self),
        }
    }

    fn all(&self) -> impl Iterator<Item = &DataKey> {
        std::iter::once(&self.current).chain(&self.earlier)
    }

    fn of(&self, id: &[u8]) -> Option<&DataKey> {
        self.all().find(|key| key.id() == id)
    }
}

/// A placeholder of zeros must not get into production.
fn data_key(id: &str, secret: Secret) -> Result<DataKey, KeyError> {
    if secret.bytes().iter().all(|byte| *byte == 0) {
        return Err(KeyError::mistake(format!("all bytes of the secret `{id}` are 0")));
    }
    DataKey::new(id, secret)
}

impl KeyProvider for LocalKeys {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(std::future::ready(Ok(self.current.clone())))
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        let key = self.of(id).cloned();
        let fix = ": if it is an earlier one, give its secret with `LocalKeys::and_earlier`";
        Box::pin(std::future::ready(key.ok_or_else(|| KeyError::unknown_unless(id, fix))))
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(std::future::ready(self.search.clone().ok_or_else(KeyError::no_search_key)))
    }
}
