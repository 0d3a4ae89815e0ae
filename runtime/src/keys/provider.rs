//! Where data keys come from.

use super::data_key::DataKey;
use super::error::KeyError;
use std::fmt::Debug;
use std::pin::Pin;
use std::sync::Arc;

/// The future of a data key.
pub type KeyFuture<'a> = Pin<Box<dyn Future<Output = Result<DataKey, KeyError>> + Send + 'a>>;

/// Gives the data keys of one key of the schema: [`LocalKeys`](super::LocalKeys), `KmsKeys`, or another key service.
///
/// The client keeps the data keys that it got until they [expire](DataKey::expires_after), and fetches each once,
/// however many operations wait for it; all of them poll its future. It keeps no error, except for two
/// seconds that a stored data key was refused ([`KeyError::is_retryable`] is false).
///
/// ```
/// use dyntastic::keys::{DataKey, KeyError, KeyFuture, KeyProvider};
///
/// # #[derive(Debug)]
/// # struct Vault;
/// # impl Vault {
/// #     async fn new_key(&self) -> Result<(Vec<u8>, [u8; 32]), std::io::Error> { Ok((vec![1], [7; 32])) }
/// #     async fn unwrap_key(&self, _wrapped: &[u8]) -> Result<[u8; 32], std::io::Error> { Ok([7; 32]) }
/// # }
/// #[derive(Debug)]
/// struct VaultKeys(Vault);
///
/// impl KeyProvider for VaultKeys {
///     fn current(&self) -> KeyFuture<'_> {
///         Box::pin(async {
///             let (wrapped, secret) = self.0.new_key().await.map_err(KeyError::failed)?;
///             DataKey::new(wrapped, secret)
///         })
///     }
///
///     fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
///         Box::pin(async move { DataKey::new(id, self.0.unwrap_key(id).await.map_err(KeyError::failed)?) })
///     }
/// }
/// ```
pub trait KeyProvider: Debug + Send + Sync + 'static {
    /// The data key for new values.
    fn current(&self) -> KeyFuture<'_>;

    /// The data key of a stored value, by the id that stands beside it. The id is not trusted: whoever can write the
    /// table can write it.
    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a>;

    /// The search key, whose secret makes the hashes of searchable fields (`searchable: true`). Its id does not matter.
    /// All apps have the same one, and it stays when data keys are rotated: with another one, a search finds only the items
    /// that were written since.
    ///
    /// A provider without a search key, as by default, encrypts and decrypts fields that are not searchable.
    fn search(&self) -> KeyFuture<'_> {
        Box::pin(std::future::ready(Err(KeyError::no_search_key())))
    }
}

impl<P: KeyProvider + ?Sized> KeyProvider for Arc<P> {
    fn current(&self) -> KeyFuture<'_> {
        (**self).current()
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        (**self).stored(id)
    }

    fn search(&self) -> KeyFuture<'_> {
        (**self).search()
    }
}
