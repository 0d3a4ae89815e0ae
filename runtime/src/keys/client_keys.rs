//! The keys of a client.

use super::cache::Cache;
use super::data_key::DataKey;
use super::error::{OpenError, SealError, shown};
use super::payload::{self, Payload, Unreadable};
use super::provider::KeyProvider;
use super::search_hash;
use crate::ground::Concurrent;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

/// The number of data keys of stored values that are fetched at the same time.
const MAX_FETCHES: usize = 8;

/// The keys of a client, by their names in the schema. A clone is cheap, and shares the data keys that are known.
#[derive(Clone, Default)]
pub(crate) struct Keys(Arc<BTreeMap<String, Arc<Cache>>>);

impl Keys {
    /// Adds a key, or replaces the one of this name.
    #[must_use]
    pub(crate) fn with(mut self, name: impl Into<String>, provider: impl KeyProvider) -> Self {
        let cache = Arc::new(Cache::new(Arc::new(provider)));
        Arc::make_mut(&mut self.0).insert(name.into(), cache);
        self
    }

    /// The data keys for new values, one value for each name, fetched unless they are known and may still be used.
    pub(crate) async fn prepare_writes<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<WriteKeys, SealError> {
        let mut values: BTreeMap<&str, u64> = BTreeMap::new();
        names.for_each(|name| *values.entry(name).or_default() += 1);
        let mut prepared = WriteKeys::default();
        for (name, values) in values {
            let cache = self.0.get(name).ok_or_else(|| SealError::NoKey { name: name.into() })?;
            let key = cache.prepare_current(values).await;
            let key = key.map_err(|error| SealError::Provider { name: name.into(), error })?;
            prepared.data.insert(name.to_owned(), key);
        }
        Ok(prepared)
    }

    /// Adds the search keys of these names, fetched unless they are known and may still be used.
    pub(crate) async fn prepare_hashes<'a>(
        &self,
        names: impl Iterator<Item = &'a str>,
        prepared: &mut WriteKeys,
    ) -> Result<(), SealError> {
        for name in names {
            if !prepared.search.contains_key(name) {
                let cache = self.0.get(name).ok_or_else(|| SealError::NoKey { name: name.into() })?;
                let key = cache.prepare_search().await;
                let key = key.map_err(|error| SealError::Search { name: name.into(), error })?;
                prepared.search.insert(name.to_owned(), key);
            }
        }
        Ok(())
    }

    /// Fetches the data keys of stored values that are not known, by the names of their keys and the payloads. If a
    /// payload is malformed, or its data key cannot be had, [`open`](Self::open) reports it.
    pub(crate) async fn prepare_reads<'a>(&self, values: impl Iterator<Item = (&'a str, &'a [u8])>) {
        let mut lacking = BTreeSet::new();
        for (name, sealed) in values {
            if let Some(cache) = self.0.get(name)
                && let Ok(Payload { id, .. }) = Payload::parse(sealed)
                && !lacking.contains(&(name, id))
                && cache.lacks(id)
            {
                lacking.insert((name, id));
            }
        }
        let mut fetches = Concurrent::new();
        for (name, id) in lacking {
            let Some(cache) = self.0.get(name) else { continue };
            if fetches.len() == MAX_FETCHES {
                fetches.next().await;
            }
            fetches.push(cache.prepare_stored(id));
        }
        while fetches.next().await.is_some() {}
    }

    /// Decrypts a value of a context. [`prepare_reads`](Self::prepare_reads) goes before it.
    pub(crate) fn open(&self, name: &str, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, OpenError> {
        let cache = self.0.get(name).ok_or_else(|| OpenError::NoKey { name: name.into() })?;
        let payload = Payload::parse(sealed).map_err(|unreadable| match unreadable {
            Unreadable::Malformed => OpenError::Malformed,
            Unreadable::Format(format) => OpenError::Format(format),
        })?;
        let (name, id) = (|| name.to_owned(), || shown(payload.id));
        let key = cache.stored(payload.id).map_err(|error| match error {
            Some(error) => OpenError::Provider { name: name(), id: id(), error },
            None => OpenError::NoDataKey { name: name(), id: id() },
        })?;
        payload.open(&key, context).map_err(|_| OpenError::NotAuthentic { name: name(), id: id() })
    }

    /// Whether new values would be encrypted as this one, as far as the data key of the value is known.
    pub(crate) fn is_current(&self, name: &str, sealed: &[u8]) -> bool {
        let Some(cache) = self.0.get(name) else { return true };
        let key = Payload::parse(sealed).ok().and_then(|payload| cache.stored(payload.id).ok());
        key.is_none_or(|key| !key.is_earlier())
    }
}

/// The data keys for the new values of one operation, and the search keys for its hashes, by the names of the keys in the
/// schema.
#[derive(Debug, Default)]
pub(crate) struct WriteKeys {
    data: BTreeMap<String, DataKey>,
    search: BTreeMap<String, DataKey>,
}

impl WriteKeys {
    /// Encrypts a value for a context, the additional authenticated data.
    pub(crate) fn seal(&self, name: &str, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, SealError> {
        let key = self.data.get(name).ok_or_else(|| SealError::NoKey { name: name.into() })?;
        payload::seal(key, context, plain).map_err(|_| SealError::Cipher)
    }

    /// The hash of a value, by which items are searched.
    pub(crate) fn hash(&self, name: &str, context: &[u8], plain: &[u8]) -> Result<[u8; 32], SealError> {
        let key = self.search.get(name).ok_or_else(|| SealError::NoKey { name: name.into() })?;
        Ok(search_hash::of(key, context, plain))
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keys ")?;
        f.debug_set().entries(self.0.keys()).finish()
    }
}
