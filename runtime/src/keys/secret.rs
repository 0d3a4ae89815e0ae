//! The secret of a data key.

use super::error::KeyError;
use base64_simd::STANDARD as BASE64;
use std::fmt;
use std::sync::Arc;
use zeroize::{Zeroize, Zeroizing};

/// 32 secret bytes. They are overwritten when the last clone is dropped, and its debug text does not show them.
///
/// ```
/// use dyntastic::keys::Secret;
///
/// let secret = Secret::from_base64("YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXoxMjM0NTY=")?;
/// assert!(Secret::from_base64("c2hvcnQ=").is_err());
/// # Ok::<(), dyntastic::keys::KeyError>(())
/// ```
#[derive(Clone)]
pub struct Secret(Arc<Zeroizing<Vec<u8>>>);

impl Secret {
    /// Reads the secret from Base64, such as the text that `openssl rand -base64 32` prints. Spaces around it do not
    /// matter.
    ///
    /// # Errors
    ///
    /// The text is not Base64, or does not hold 32 bytes.
    pub fn from_base64(text: impl AsRef<str>) -> Result<Self, KeyError> {
        let bytes = BASE64.decode_to_vec(text.as_ref().trim());
        let bytes = Zeroizing::new(bytes.map_err(|_| KeyError::mistake("the secret is not Base64"))?);
        Self::from_slice(&bytes)
    }

    pub(super) fn from_slice(bytes: &[u8]) -> Result<Self, KeyError> {
        if bytes.len() == 32 {
            Ok(Self(Arc::new(Zeroizing::new(bytes.to_vec()))))
        } else {
            Err(KeyError::mistake(format!("the secret has {} bytes, and needs 32", bytes.len())))
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; 32]> for Secret {
    fn from(mut bytes: [u8; 32]) -> Self {
        let secret = Self(Arc::new(Zeroizing::new(bytes.to_vec())));
        bytes.zeroize();
        secret
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}
