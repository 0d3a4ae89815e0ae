//! Sealed values: attributes that are stored compressed, encrypted, or both.
//!
//! A sealed value is stored as B: four bytes of magic, the version of the form, its flags, the length and the name of the
//! key if it is encrypted, and the payload. The payload is the value in DynamoDB's JSON, or the bytes of a value of type B,
//! compressed as the flags say, and then encrypted as the flags say.

use super::encode::Encoded;
use super::raw_item::RawItem;
use super::types::normal_number;
use crate::description::{Seal, Seals};
use crate::ground::{AttributeMap, ReadError, ReadErrorKind, SealedCause, WriteError, WriteErrorKind};
use crate::keys::{Keys, WriteKeys};
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use memchr::memmem;
use std::borrow::Cow;

/// The bytes before the flags: the magic, and the version of the form.
const HEAD: [u8; 5] = [0xD7, b'd', b'y', b'n', 1];
/// How the JSON of an encrypted value begins: base64 of the head, up to its last whole character.
const HEAD_IN_JSON: &[u8] = b"\"12R5bgE";

const COMPRESSED: u8 = 1;
const ENCRYPTED: u8 = 2;
/// The value is of type B.
const BYTES: u8 = 4;

/// The maximum length of a value before it is compressed, in bytes.
const MAX_PLAIN: usize = 64 * 1024 * 1024;

/// Whether bytes are a value that is encrypted with the schema's key of this name, as far as one sees without the key.
#[cfg(feature = "dynamic")]
pub(crate) fn is_encrypted(bytes: &[u8], key: &str) -> bool {
    encrypted(bytes).is_some_and(|(name, payload)| name == key && !payload.is_empty())
}

/// Whether an item in JSON may have sealed values.
pub(super) fn may_be_sealed(json: &[u8]) -> bool {
    memmem::find(json, HEAD_IN_JSON).is_some()
}

/// The name of the key of an encrypted value, and its payload.
fn encrypted_payload(value: &AttributeValue) -> Option<(&str, &[u8])> {
    let AttributeValue::B(blob) = value else { return None };
    encrypted(blob.as_ref())
}

fn encrypted(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let [flags, rest @ ..] = bytes.strip_prefix(&HEAD)? else { return None };
    if flags & ENCRYPTED != 0 { named(rest) } else { None }
}

/// The name of a key after its length, and the rest.
fn named(bytes: &[u8]) -> Option<(&str, &[u8])> {
    let (length, rest) = bytes.split_first()?;
    let (name, rest) = rest.split_at_checked(usize::from(*length))?;
    Some((std::str::from_utf8(name).ok()?, rest))
}

/// The encrypted values of an item: the names of their keys, and their payloads.
pub(super) fn encrypted_values(item: &AttributeMap) -> impl Iterator<Item = (&str, &[u8])> {
    item.values().filter_map(encrypted_payload)
}

/// Fetches the data keys of the encrypted values of items.
pub(crate) async fn prepare_reads<'a>(keys: &Keys, items: impl Iterator<Item = &'a AttributeMap>) {
    let encrypted: Vec<_> = items.flat_map(encrypted_values).collect();
    if !encrypted.is_empty() {
        keys.prepare_reads(encrypted.into_iter()).await;
    }
}

impl Seals {
    /// Seals the attributes of an item with the data keys of the operation.
    ///
    /// # Errors
    ///
    /// A value cannot be encrypted, or is too long to be compressed.
    pub(crate) fn seal_item(&self, item: &mut AttributeMap, keys: Option<&WriteKeys>) -> Result<(), WriteError> {
        let of_item = self.place(item);
        for seal in self.attributes {
            let mut hash = None;
            if let Some(value) = item.get_mut(seal.attribute) {
                let sealed = seal_value(seal, value, &of_item, keys)?;
                hash = seal.hash.map(|_| self.hash_value(seal, value, keys)).transpose()?;
                *value = sealed;
            }
            match (seal.hash, hash) {
                (Some(name), Some(hash)) => drop(item.insert(name.to_owned(), hash)),
                (Some(name), None) => drop(item.remove(name)),
                _ => {}
            }
        }
        Ok(())
    }

    /// The hash of a value of a searchable attribute. It is bound to the table and the attribute, and not to an item, so
    /// that equal values have equal hashes.
    ///
    /// # Errors
    ///
    /// The key is missing, or the value has no one form.
    pub(crate) fn hash_value(
        &self,
        seal: &Seal,
        value: &AttributeValue,
        keys: Option<&WriteKeys>,
    ) -> Result<AttributeValue, WriteError> {
        let failed =
            |reason: String| WriteError::new(WriteErrorKind::not_encrypted(reason)).within_name(seal.attribute);
        let key = seal.key.unwrap_or_default();
        let Some(keys) = keys else { return Err(failed(without_key(key))) };
        let mut context = Vec::new();
        part(&mut context, self.table.stated().as_bytes());
        part(&mut context, seal.attribute.as_bytes());
        let plain = plain_bytes(value).ok_or_else(|| failed("a value of its type has no hash".to_owned()))?;
        let hash = keys.hash(key, &context, &plain).map_err(|error| failed(error.to_string()))?;
        Ok(AttributeValue::B(Blob::new(hash)))
    }

    /// Seals the value of an attribute of the item with these key attributes.
    ///
    /// # Errors
    ///
    /// The same.
    pub(crate) fn seal_value(
        &self,
        seal: &Seal,
        value: &AttributeValue,
        key: &AttributeMap,
        keys: Option<&WriteKeys>,
    ) -> Result<AttributeValue, WriteError> {
        seal_value(seal, value, &self.place(key), keys)
    }

    /// Opens the sealed attributes of an item. Its hashes stay: in an item of an earlier schema version, the attribute may
    /// be another one, which an upgrade moves.
    ///
    /// # Errors
    ///
    /// A value cannot be opened.
    pub(crate) fn open_item(&self, item: &mut AttributeMap, keys: Option<&Keys>) -> Result<(), ReadError> {
        let of_item = self.place(item);
        for seal in self.attributes {
            if let Some(value) = item.get_mut(seal.attribute) {
                let opened = open_value(seal, value, &of_item, keys);
                if let Some(plain) = opened.map_err(|error| error.within_name(seal.attribute))? {
                    *value = plain;
                }
            }
        }
        Ok(())
    }

    /// Removes the hashes from an item of the current schema version. They are not compared with the values: who can write
    /// the table can also move a whole item.
    pub(crate) fn remove_hashes(&self, item: &mut AttributeMap) {
        for (_, name) in self.searched() {
            item.remove(name);
        }
    }

    /// Whether the hashes of an item are those of its opened values.
    ///
    /// # Errors
    ///
    /// A hash cannot be made.
    pub(crate) fn has_hashes(
        &self,
        item: &AttributeMap,
        opened: &AttributeMap,
        keys: Option<&WriteKeys>,
    ) -> Result<bool, WriteError> {
        for (seal, name) in self.searched() {
            let value = opened.get(seal.attribute);
            let hash = value.map(|value| self.hash_value(seal, value, keys)).transpose()?;
            if item.get(name) != hash.as_ref() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Whether the values of an item are sealed as a write would seal them now: with the current keys.
    pub(crate) fn are_current(&self, item: &AttributeMap, keys: Option<&Keys>) -> bool {
        let is_current = |seal: &Seal, value: &AttributeValue| match (seal.key, encrypted_payload(value)) {
            (Some(key), Some((name, payload))) => name == key && keys.is_some_and(|keys| keys.is_current(key, payload)),
            (None, None) => value.as_b().is_ok_and(|blob| blob.as_ref().starts_with(&HEAD)),
            _ => false,
        };
        let stored = |seal: &'static Seal| item.get(seal.attribute).map(|value| (seal, value));
        self.attributes.iter().filter_map(stored).all(|(seal, value)| is_current(seal, value))
    }

    /// The table and the key of an item, to which its sealed values are bound. Each part has its length before it.
    fn place(&self, item: &AttributeMap) -> Vec<u8> {
        let mut place = Vec::new();
        part(&mut place, self.table.stated().as_bytes());
        for name in self.keys.iter().flatten() {
            match item.get(*name) {
                Some(value @ (AttributeValue::S(_) | AttributeValue::N(_) | AttributeValue::B(_))) => {
                    part(&mut place, &plain_bytes(value).unwrap_or_default());
                }
                _ => part(&mut place, b""),
            }
        }
        place
    }
}

/// The bytes of a value that has one form, after its type; `None` for other values.
fn plain_bytes(value: &AttributeValue) -> Option<Vec<u8>> {
    Some(match value {
        AttributeValue::S(text) => [b"S", text.as_bytes()].concat(),
        AttributeValue::N(number) => [b"N", normal_number(number).as_bytes()].concat(),
        AttributeValue::B(bytes) => [b"B", bytes.as_ref()].concat(),
        _ => return None,
    })
}

fn part(place: &mut Vec<u8>, bytes: &[u8]) {
    place.extend_from_slice(&u64::try_from(bytes.len()).unwrap_or(u64::MAX).to_be_bytes());
    place.extend_from_slice(bytes);
}

/// What a value is bound to: the place of its item, and its attribute.
fn context(of_item: &[u8], seal: &Seal, flags: u8) -> Vec<u8> {
    let mut context = of_item.to_vec();
    part(&mut context, seal.attribute.as_bytes());
    context.push(flags);
    context
}

fn seal_value(
    seal: &Seal,
    value: &AttributeValue,
    of_item: &[u8],
    keys: Option<&WriteKeys>,
) -> Result<AttributeValue, WriteError> {
    let failed = |kind| WriteError::new(kind).within_name(seal.attribute);
    let (mut flags, mut payload) = match value {
        AttributeValue::B(bytes) => (BYTES, bytes.as_ref().to_vec()),
        value => {
            let mut json = Encoded::default();
            json.value(value);
            (0, json.json)
        }
    };
    if seal.is_compressed {
        if payload.len() > MAX_PLAIN {
            return Err(failed(WriteErrorKind::TooLongToCompress { length: payload.len(), max: MAX_PLAIN }));
        }
        if let Some(shorter) = compressed(&payload) {
            (flags, payload) = (flags | COMPRESSED, shorter);
        }
    }
    if let Some(key) = seal.key {
        flags |= ENCRYPTED;
        let Some(keys) = keys else { return Err(failed(WriteErrorKind::not_encrypted(without_key(key)))) };
        let encrypted = keys.seal(key, &context(of_item, seal, flags), &payload);
        let encrypted = encrypted.map_err(|error| failed(WriteErrorKind::not_encrypted(error)))?;
        let length = u8::try_from(key.len()).unwrap_or(u8::MAX);
        payload = [&[length], key.as_bytes(), &encrypted].concat();
    }
    Ok(AttributeValue::B(Blob::new([&HEAD, [flags].as_slice(), &payload].concat())))
}

fn without_key(name: &str) -> String {
    format!(
        "there is no encryption key `{name}`: give it to the client with \
         `Client::builder().encryption_key(\"{name}\", …)`, and read and write by operations of the client; records of \
         a stream take it by `with_client` or `with_keys_of`"
    )
}

/// The value in a sealed one; `None` if it is not sealed, and can be read as it is.
fn open_value(
    seal: &Seal,
    value: &AttributeValue,
    of_item: &[u8],
    keys: Option<&Keys>,
) -> Result<Option<AttributeValue>, ReadError> {
    let failed = |cause, reason| ReadError::new(ReadErrorKind::Sealed { cause, reason });
    let cut = || failed(SealedCause::Malformed, "it is cut, or was written by another program".to_owned());
    let sealed = match value {
        AttributeValue::B(blob) => blob.as_ref().strip_prefix(&HEAD),
        _ => None,
    };
    let Some(sealed) = sealed else {
        let may_be_plain = seal.key.is_none() || seal.or_unencrypted;
        return match may_be_plain {
            true => Ok(None),
            false => Err(failed(SealedCause::NotEncrypted, String::new())),
        };
    };
    let [flags, payload @ ..] = sealed else { return Err(cut()) };
    if flags & !(COMPRESSED | ENCRYPTED | BYTES) != 0 {
        return Err(cut());
    }
    let mut payload = Cow::Borrowed(payload);
    match seal.key {
        Some(key) if flags & ENCRYPTED != 0 => {
            let (name, encrypted) = named(&payload).ok_or_else(cut)?;
            if name != key {
                return Err(failed(
                    SealedCause::OtherKey,
                    format!("it is encrypted with the key `{name}`, not `{key}`"),
                ));
            }
            let Some(keys) = keys else { return Err(failed(SealedCause::NoKey, without_key(key))) };
            let opened = keys.open(key, &context(of_item, seal, *flags), encrypted);
            payload = opened.map_err(|error| failed(error.cause(), error.to_string()))?.into();
        }
        Some(_) if !seal.or_unencrypted => return Err(failed(SealedCause::NotEncrypted, String::new())),
        None if flags & ENCRYPTED != 0 => return Err(failed(SealedCause::Encrypted, String::new())),
        _ => {}
    }
    if flags & COMPRESSED != 0 {
        payload = decompressed(&payload).ok_or_else(cut)?.into();
    }
    if flags & BYTES != 0 {
        return Ok(Some(AttributeValue::B(Blob::new(payload))));
    }
    let item = RawItem::Wire([b"{\"v\":", payload.as_ref(), b"}"].concat().into()).into_map();
    item.ok().and_then(|mut item| item.remove("v")).map(Some).ok_or_else(cut)
}

/// The compressed bytes; `None` if they are not shorter.
#[cfg(feature = "compression")]
fn compressed(bytes: &[u8]) -> Option<Vec<u8>> {
    zstd::bulk::compress(bytes, zstd::DEFAULT_COMPRESSION_LEVEL).ok().filter(|shorter| shorter.len() < bytes.len())
}

#[cfg(feature = "compression")]
fn decompressed(bytes: &[u8]) -> Option<Vec<u8>> {
    use std::io::Read;

    let mut plain = Vec::new();
    let limit = u64::try_from(MAX_PLAIN).unwrap_or(u64::MAX).saturating_add(1);
    zstd::Decoder::with_buffer(bytes).ok()?.take(limit).read_to_end(&mut plain).ok()?;
    Some(plain).filter(|plain| plain.len() <= MAX_PLAIN)
}

/// No model has a compressed attribute.
#[cfg(not(feature = "compression"))]
fn compressed(_: &[u8]) -> Option<Vec<u8>> {
    None
}

#[cfg(not(feature = "compression"))]
fn decompressed(_: &[u8]) -> Option<Vec<u8>> {
    None
}
