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

/// The first byte of a cursor. Cursors of earlier releases had no version, and have the direction in this byte.
const VERSION: u8 = 3;
const FORWARDS: u8 = 1;
const BACKWARDS: u8 = 2;

impl Position {
    /// The position as URL-safe text: version, direction, key values in the order of `names`, and a checksum. The
    /// checksum also covers `binding`, the hash of the read.
    pub(in crate::ops) fn encode(&self, names: &[&'static str], binding: u64) -> String {
        let mut bytes = vec![VERSION, if self.backwards { BACKWARDS } else { FORWARDS }];
        for name in names {
            let (tag, value): (u8, &[u8]) = match self.key.get(*name) {
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
        bytes.extend(checksum(&bytes, binding));
        BASE64.encode_to_string(bytes)
    }

    /// Reads a position from its text.
    pub(in crate::ops) fn decode(text: &str, names: &[&'static str], binding: Binding<'_>) -> Result<Self> {
        Self::parse(text, names, binding).ok_or(Error::Cursor)
    }

    fn parse(text: &str, names: &[&'static str], binding: Binding<'_>) -> Option<Self> {
        let bytes = BASE64.decode_to_vec(text).ok()?;
        let (content, sum) = bytes.split_last_chunk::<8>()?;
        let (position, hash) = match content.split_first()? {
            (&VERSION, position) => (position, binding.hash()),
            _ => (content, binding.hash_without_version()),
        };
        if *sum != checksum(content, hash) {
            return None;
        }
        let (direction, mut rest) = position.split_first()?;
        let mut key = AttributeMap::new();
        for name in names {
            let (tag, after) = rest.split_first()?;
            let (length, after) = after.split_first_chunk::<2>()?;
            let (value, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            rest = after;
            let text = || String::from_utf8(value.to_vec()).ok();
            let value = match tag {
                b'S' => AttributeValue::S(text()?),
                b'N' => AttributeValue::N(text()?),
                b'B' => AttributeValue::B(Blob::new(value)),
                _ => continue,
            };
            key.insert((*name).to_owned(), value);
        }
        Some(Self { backwards: *direction == BACKWARDS, key })
    }
}

fn checksum(bytes: &[u8], binding: u64) -> [u8; 8] {
    let mut hasher = fnv::FnvHasher::with_key(binding);
    hasher.write(bytes);
    hasher.finish().to_be_bytes()
}
