//! The keys of a client in a build without the feature `encryption`: no client has any.

use crate::ground::SealedCause;

/// The keys of a client.
#[derive(Debug, Clone)]
pub(crate) struct Keys(());

/// The data keys for new values.
#[derive(Debug)]
pub(crate) struct WriteKeys(());

/// The error of a client without keys.
#[derive(Debug, thiserror::Error)]
#[error("the feature `encryption` of dyntastic is off")]
pub(crate) struct NoKeys;

impl Keys {
    pub(crate) async fn prepare_writes(&self, _: impl Iterator<Item = &str>) -> Result<WriteKeys, NoKeys> {
        Err(NoKeys)
    }

    pub(crate) async fn prepare_hashes(&self, _: impl Iterator<Item = &str>, _: &mut WriteKeys) -> Result<(), NoKeys> {
        Err(NoKeys)
    }

    pub(crate) async fn prepare_reads(&self, _: impl Iterator<Item = (&str, &[u8])>) {}

    pub(crate) fn is_current(&self, _: &str, _: &[u8]) -> bool {
        true
    }

    pub(crate) fn open(&self, _: &str, _: &[u8], _: &[u8]) -> Result<Vec<u8>, NoKeys> {
        Err(NoKeys)
    }
}

impl WriteKeys {
    pub(crate) fn seal(&self, _: &str, _: &[u8], _: &[u8]) -> Result<Vec<u8>, NoKeys> {
        Err(NoKeys)
    }

    pub(crate) fn hash(&self, _: &str, _: &[u8], _: &[u8]) -> Result<[u8; 32], NoKeys> {
        Err(NoKeys)
    }
}

impl NoKeys {
    pub(crate) fn cause(&self) -> SealedCause {
        SealedCause::NoKey
    }

    pub(crate) fn is_retryable(&self) -> bool {
        false
    }
}
