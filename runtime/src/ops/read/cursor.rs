//! Cursors: the position of a query or scan, as text for clients.

use super::binding::Binding;
use crate::ground::AttributeMap;
use crate::ops::{Error, Result};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use base64_simd::URL_SAFE_NO_PAD as BASE64;
use std::hash::Hasher;

/// A position between two items, and the direction of the next read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ops) struct Position {
    pub(in crate::ops) backwards: bool,
    /// The key of the item before the position. Without attributes, the position is the start in the direction of
    /// reading.
    pub(in crate::ops) key: AttributeMap,
}

/// A position in each shard of an index's hash key, and the direction of the next read.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ops) struct ShardedPosition {
    pub(in crate::ops) backwards: bool,
    pub(in crate::ops) places: Vec<Place>,
}

/// A place in the order of reading.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::ops) enum Place {
    Start,
    /// After the item with this key.
    After(AttributeMap),
    End,
}

/// The first byte of a cursor. Cursors of earlier releases had no version, and have the direction in this byte.
const VERSION: u8 = 3;
/// The first byte of a cursor of several shards.
const SHARDED: u8 = 4;
const FORWARDS: u8 = 1;
const BACKWARDS: u8 = 2;

impl Position {
    /// The position as URL-safe text: version, direction, key values in the order of `names`, and a checksum. The
    /// checksum also covers `binding`, the hash of the read.
    pub(in crate::ops) fn encode(&self, names: &[&'static str], binding: u64) -> String {
        let mut bytes = vec![VERSION, direction(self.backwards)];
        write_key(&self.key, names, &mut bytes);
        sealed(bytes, binding)
    }

    /// Reads a position from its text.
    pub(in crate::ops) fn decode(text: &str, names: &[&'static str], binding: Binding<'_>) -> Result<Self> {
        let without_version = || Self::parse(text, None, names, binding.hash_without_version());
        Self::parse(text, Some(VERSION), names, binding.hash()).or_else(without_version).ok_or(Error::Cursor)
    }

    /// Reads a position of a read with this hash.
    pub(super) fn decode_of(text: &str, names: &[&'static str], binding: u64) -> Result<Self> {
        Self::parse(text, Some(VERSION), names, binding).ok_or(Error::Cursor)
    }

    fn parse(text: &str, version: Option<u8>, names: &[&'static str], binding: u64) -> Option<Self> {
        let content = opened(text, binding)?;
        let mut rest = content.as_slice();
        if let Some(version) = version {
            rest = rest.strip_prefix(&[version])?;
        }
        let (direction, mut rest) = rest.split_first()?;
        Some(Self { backwards: *direction == BACKWARDS, key: read_key(&mut rest, names)? })
    }
}

impl ShardedPosition {
    /// The position as URL-safe text, as that of a [`Position`]. `hash` is the hash key's attribute, whose value is known for
    /// each shard.
    pub(in crate::ops) fn encode(&self, names: &[&'static str], hash: &str, binding: u64) -> String {
        let names = others(names, hash);
        let mut bytes = vec![SHARDED, direction(self.backwards)];
        for place in &self.places {
            match place {
                Place::Start => bytes.push(b'<'),
                Place::After(key) => {
                    bytes.push(b'=');
                    write_key(key, &names, &mut bytes);
                }
                Place::End => bytes.push(b'>'),
            }
        }
        sealed(bytes, binding)
    }

    /// Reads a position from its text. `hashes` are the values of the attribute `hash` in the shards.
    pub(in crate::ops) fn decode<'v>(
        text: &str,
        names: &[&'static str],
        (hash, hashes): (&str, impl Iterator<Item = &'v AttributeValue>),
        binding: u64,
    ) -> Result<Self> {
        Self::parse(text, &others(names, hash), (hash, hashes), binding).ok_or(Error::Cursor)
    }

    fn parse<'v>(
        text: &str,
        names: &[&'static str],
        (hash, hashes): (&str, impl Iterator<Item = &'v AttributeValue>),
        binding: u64,
    ) -> Option<Self> {
        let content = opened(text, binding)?;
        let [SHARDED, direction, rest @ ..] = content.as_slice() else { return None };
        let mut rest = rest;
        let mut places = Vec::new();
        for value in hashes {
            let (tag, after) = rest.split_first()?;
            rest = after;
            places.push(match tag {
                b'<' => Place::Start,
                b'>' => Place::End,
                _ => {
                    let mut key = read_key(&mut rest, names)?;
                    key.insert(hash.to_owned(), value.clone());
                    Place::After(key)
                }
            });
        }
        rest.is_empty().then_some(Self { backwards: *direction == BACKWARDS, places })
    }
}

/// The names without one of them.
fn others(names: &[&'static str], name: &str) -> Vec<&'static str> {
    names.iter().copied().filter(|other| *other != name).collect()
}

fn direction(backwards: bool) -> u8 {
    if backwards { BACKWARDS } else { FORWARDS }
}

pub(super) fn sealed(mut bytes: Vec<u8>, binding: u64) -> String {
    bytes.extend(checksum(&bytes, binding));
    BASE64.encode_to_string(bytes)
}

/// The content of a cursor, if its checksum is right.
pub(super) fn opened(text: &str, binding: u64) -> Option<Vec<u8>> {
    let mut bytes = BASE64.decode_to_vec(text).ok()?;
    let (content, sum) = bytes.split_last_chunk::<8>()?;
    if *sum != checksum(content, binding) {
        return None;
    }
    let length = content.len();
    bytes.truncate(length);
    Some(bytes)
}

pub(super) fn write_key(key: &AttributeMap, names: &[&'static str], bytes: &mut Vec<u8>) {
    for name in names {
        let (tag, value): (u8, &[u8]) = match key.get(*name) {
            Some(AttributeValue::S(text)) => (b'S', text.as_bytes()),
            Some(AttributeValue::N(text)) => (b'N', text.as_bytes()),
            Some(AttributeValue::B(blob)) => (b'B', blob.as_ref()),
            _ => (b'-', &[]),
        };
        bytes.push(tag);
        // The length fits: a key has at most 2,048 bytes.
        bytes.extend(u16::try_from(value.len()).unwrap_or(u16::MAX).to_be_bytes());
        bytes.extend(value);
    }
}

pub(super) fn read_key(rest: &mut &[u8], names: &[&'static str]) -> Option<AttributeMap> {
    let mut key = AttributeMap::new();
    for name in names {
        let (tag, after) = rest.split_first()?;
        let (length, after) = after.split_first_chunk::<2>()?;
        let (value, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
        *rest = after;
        let text = || String::from_utf8(value.to_vec()).ok();
        let value = match tag {
            b'S' => AttributeValue::S(text()?),
            b'N' => AttributeValue::N(text()?),
            b'B' => AttributeValue::B(Blob::new(value)),
            _ => continue,
        };
        key.insert((*name).to_owned(), value);
    }
    Some(key)
}

fn checksum(bytes: &[u8], binding: u64) -> [u8; 8] {
    let mut hasher = fnv::FnvHasher::with_key(binding);
    hasher.write(bytes);
    hasher.finish().to_be_bytes()
}
