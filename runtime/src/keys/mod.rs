//! Encryption of fields: the keys of a client (feature `encryption`).
//!
//! A schema names a key for each field that is encrypted (`encrypt: personal`), and the client has a provider for each
//! name: [`LocalKeys`], whose secrets the app has, `KmsKeys` for AWS KMS (feature `kms`), or another [`KeyProvider`].
//!
//! # What it protects
//!
//! Encrypted values are safe from somebody who reads the table, an export, a backup or a stream without the key: they see
//! random bytes. Somebody who can write the table, but has no key, cannot make an encrypted value, change one, or move
//! one to another item, attribute or table: reading it is an error then.
//!
//! # What it does not protect
//!
//! - How long a value is, and whether there is one. If a value is compressed before it is encrypted, its length also
//!   tells something about its content: a value that repeats itself, or repeats what an attacker has put into it, is
//!   shorter.
//! - Which items are read and written, when, and how often.
//! - Keys of items and all attributes that the schema does not encrypt. They are stored as they are.
//! - That a value is the latest one. Somebody who can write the table can put back an older value of the same attribute
//!   of the same item, or remove the attribute or the item.
//! - Anything from somebody with the app's memory, or with its keys.
//!
//! # How it works
//!
//! Each value is encrypted with AES-256-GCM, under a key and a nonce of its own, which are derived from a [data
//! key](DataKey) and 32 random bytes (HKDF-SHA256). The id of the data key and the random bytes stand beside the value,
//! so that a stored value needs some 70 bytes more, and the length of the id. The value is bound to its table, the key of
//! its item, and its attribute.
//!
//! # Search
//!
//! A field with `searchable: true` has a hash beside each value: HMAC-SHA256 with the secret of the provider's [search
//! key](KeyProvider::search), of the table, the attribute and the value, and not of the item's key. So somebody who reads the
//! table sees which items have equal values, and how often each value occurs; without the secret they cannot try values.
//! Somebody who can write the table can put a hash beside another value: who searches compares what was found.
//!
//! # Data keys in memory
//!
//! The client keeps the data keys that it got in memory. An operation fetches those that it lacks before it writes, or
//! after it has read; tasks that lack the same one wait for one fetch.

mod cache;
mod client_keys;
mod data_key;
mod error;
#[cfg(feature = "kms")]
mod kms;
mod local;
mod payload;
mod provider;
mod search_hash;
mod secret;
mod slot;
#[cfg(test)]
mod tests;

pub(crate) use client_keys::{Keys, WriteKeys};
pub use data_key::DataKey;
pub use error::KeyError;
#[cfg(feature = "kms")]
pub use kms::KmsKeys;
pub use local::LocalKeys;
pub use provider::{KeyFuture, KeyProvider};
pub use secret::Secret;
