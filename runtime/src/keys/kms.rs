//! Data keys from AWS KMS.

use super::data_key::DataKey;
use super::error::{KeyError, words};
use super::provider::{KeyFuture, KeyProvider};
use super::secret::Secret;
use aws_sdk_kms as kms;
use kms::error::{ProvideErrorMetadata, SdkError};
use kms::primitives::Blob;
use kms::types::DataKeySpec;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::time::Duration;
use zeroize::Zeroizing;

/// The part of the encryption context that all data keys of this crate have.
const PURPOSE: (&str, &str) = ("dyntastic", "encrypted fields");

/// Its value for search keys.
const SEARCH: &str = "search key";

/// What KMS calls an error that says that a data key is of another KMS key.
const OTHER_KEY: &str = "IncorrectKeyException";

/// Errors that pass.
const PASSING: &[&str] = &[
    "DependencyTimeoutException",
    "KeyUnavailableException",
    "KMSInternalException",
    "RequestLimitExceeded",
    "ServiceUnavailableException",
    "ThrottlingException",
];

/// Data keys from AWS KMS (feature `kms`), which encrypts them with a key that never leaves it. The encrypted data key
/// stands beside each value, some 200 bytes.
///
/// The client asks KMS for a new data key every five minutes while it writes, and to decrypt each data key of the values
/// that it reads, which it then keeps for five minutes; see [`max_age`](Self::max_age). The app needs the rights
/// `kms:GenerateDataKey` and `kms:Decrypt`. KMS rotates the material of a key by itself, and decrypts what earlier
/// material has encrypted.
///
/// ```no_run
/// use dyntastic::keys::KmsKeys;
/// # async fn example(config: dyntastic::aws_sdk_kms::Config) {
/// # let kms = dyntastic::aws_sdk_kms::Client::from_conf(config);
/// // let kms = aws_sdk_kms::Client::new(&aws_config::load_from_env().await);
/// let keys = KmsKeys::new(kms, "alias/personal-data").context("app", "shop");
/// # }
/// ```
#[derive(Clone)]
pub struct KmsKeys {
    client: kms::Client,
    key: String,
    earlier: Vec<String>,
    context: HashMap<String, String>,
    max_age: Duration,
    max_values: u64,
    search: Option<Vec<u8>>,
}

impl KmsKeys {
    /// Uses a symmetric key of KMS, by its id, its ARN or its alias (`alias/…`).
    pub fn new(client: kms::Client, key: impl Into<String>) -> Self {
        Self {
            client,
            key: key.into(),
            earlier: Vec::new(),
            context: HashMap::from([(PURPOSE.0.to_owned(), PURPOSE.1.to_owned())]),
            max_age: Duration::from_secs(5 * 60),
            max_values: 1_000_000,
            search: None,
        }
    }

    /// Also decrypts data keys of an earlier key of KMS. Others are refused, so that nobody can make the app use a key of
    /// theirs.
    #[must_use]
    pub fn and_earlier(mut self, key: impl Into<String>) -> Self {
        self.earlier.push(key.into());
        self
    }

    /// Adds to the encryption context: data keys are decrypted only with the same one. Policies of KMS can require it,
    /// and CloudTrail shows it, so it holds no secrets. It must not change while there are values.
    #[must_use]
    pub fn context(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.context.insert(name.into(), value.into());
        self
    }

    /// Sets how long a data key is used before KMS is asked again; five minutes if it is not set. A key that is disabled
    /// in KMS works no longer than this. A longer time makes fewer data keys, and fewer requests of those who read.
    #[must_use]
    pub fn max_age(mut self, age: Duration) -> Self {
        self.max_age = age;
        self
    }

    /// Sets for about how many values a data key is used; a million if it is not set.
    #[must_use]
    pub fn max_values(mut self, values: u64) -> Self {
        self.max_values = values;
        self
    }

    /// Makes the hashes of searchable fields with this search key, as [`new_search_key`](Self::new_search_key) has made it.
    /// It stands in the configuration of all apps, and is no secret. KMS decrypts it once in each [`max_age`](Self::max_age).
    #[must_use]
    pub fn and_search(mut self, encrypted: impl Into<Vec<u8>>) -> Self {
        self.search = Some(encrypted.into());
        self
    }

    /// Makes a search key, encrypted by KMS. Call it once, and keep the result. It needs the right
    /// `kms:GenerateDataKeyWithoutPlaintext`, and has the [`context`](Self::context) set so far.
    ///
    /// # Errors
    ///
    /// KMS refuses, or cannot be asked.
    pub async fn new_search_key(&self) -> Result<Vec<u8>, KeyError> {
        let request = self.client.generate_data_key_without_plaintext().key_id(&self.key).key_spec(DataKeySpec::Aes256);
        let sent = request.set_encryption_context(Some(self.search_context())).send().await;
        let made = sent.map_err(|error| Refusal::new("GenerateDataKeyWithoutPlaintext", error))?;
        Ok(made.ciphertext_blob.ok_or_else(incomplete)?.into_inner())
    }

    /// The encryption context of search keys: no data key is one.
    fn search_context(&self) -> HashMap<String, String> {
        let mut context = self.context.clone();
        context.insert(PURPOSE.0.to_owned(), SEARCH.to_owned());
        context
    }

    async fn generate(&self) -> Result<DataKey, KeyError> {
        let request = self.client.generate_data_key().key_id(&self.key).key_spec(DataKeySpec::Aes256);
        let sent = request.set_encryption_context(Some(self.context.clone())).send().await;
        let made = sent.map_err(|error| Refusal::new("GenerateDataKey", error))?;
        let wrapped = made.ciphertext_blob.ok_or_else(incomplete)?;
        self.data_key(wrapped.as_ref(), made.plaintext)
    }

    async fn decrypt(&self, wrapped: &[u8], key: &str, context: &HashMap<String, String>) -> Result<DataKey, Refusal> {
        let request = self.client.decrypt().key_id(key).ciphertext_blob(Blob::new(wrapped));
        let sent = request.set_encryption_context(Some(context.clone())).send().await;
        let secret = sent.map_err(|error| Refusal::new("Decrypt", error))?.plaintext;
        self.data_key(wrapped, secret).map_err(|error| Refusal { error, is_of_other_key: false })
    }

    /// Asks for the current key first, and then for the earlier ones.
    async fn unwrap(&self, wrapped: &[u8], context: &HashMap<String, String>) -> Result<DataKey, KeyError> {
        let mut refused = match self.decrypt(wrapped, &self.key, context).await {
            Ok(key) => return Ok(key),
            Err(refusal) => refusal,
        };
        for key in &self.earlier {
            if refused.error.is_retryable() {
                break;
            }
            match self.decrypt(wrapped, key, context).await {
                Ok(key) => return Ok(key.earlier()),
                // What is wrong with the right key says more.
                Err(refusal) if refused.is_of_other_key || refusal.error.is_retryable() => refused = refusal,
                Err(_) => {}
            }
        }
        Err(refused.error)
    }

    fn data_key(&self, wrapped: &[u8], secret: Option<Blob>) -> Result<DataKey, KeyError> {
        let secret = Zeroizing::new(secret.ok_or_else(incomplete)?.into_inner());
        let key = DataKey::new(wrapped, Secret::from_slice(&secret)?)?;
        Ok(key.expires_after(self.max_age).max_values(self.max_values))
    }
}

impl KeyProvider for KmsKeys {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(self.generate())
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(self.unwrap(id, &self.context))
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(async {
            let encrypted = self.search.as_ref().ok_or_else(KeyError::no_search_key)?;
            self.unwrap(encrypted, &self.search_context()).await
        })
    }
}

impl fmt::Debug for KmsKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = f.debug_struct("KmsKeys");
        text.field("key", &self.key).field("earlier", &self.earlier).finish_non_exhaustive()
    }
}

fn incomplete() -> KeyError {
    KeyError::failed("KMS sent a response without a data key")
}

struct Refusal {
    error: KeyError,
    /// Whether the data key is of another key of KMS.
    is_of_other_key: bool,
}

impl From<Refusal> for KeyError {
    fn from(refusal: Refusal) -> Self {
        refusal.error
    }
}

impl Refusal {
    /// Keeps only the text, since the debug text of a response could show a secret.
    fn new<E, R>(operation: &str, error: SdkError<E, R>) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
        R: fmt::Debug,
    {
        let SdkError::ServiceError(refused) = error else {
            let is_passing = !matches!(error, SdkError::ConstructionFailure(_));
            let text = format!("KMS cannot be asked for {operation}: {}", words(&error));
            return Self { error: KeyError::failed(text).retryable(is_passing), is_of_other_key: false };
        };
        let metadata = refused.err().meta();
        let code = metadata.code().unwrap_or("an error without a code");
        let message = metadata.message().map(|message| format!(": {message}")).unwrap_or_default();
        let error = KeyError::failed(format!("KMS refused {operation}: {code}{message}"));
        Self { error: error.retryable(PASSING.contains(&code)), is_of_other_key: code == OTHER_KEY }
    }
}
