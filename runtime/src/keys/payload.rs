//! The stored form of an encrypted value:
//!
//! | bytes | content |
//! |---|---|
//! | 1 | the format: 1 |
//! | 2 | the length of the data key's id, big-endian: 1 to 1,024 |
//! | as many | the data key's id |
//! | 32 | the salt: random bytes |
//! | as many as the value has | the ciphertext |
//! | 16 | the tag |
//!
//! The cipher is AES-256-GCM. Its key and its nonce are derived from the data key's secret and the salt (HKDF-SHA256), so
//! that each value has a key of its own. A data key then has no limit of 2³² values, which random nonces of 12 bytes alone
//! would have. The additional authenticated data is the header (everything before the ciphertext) and the context,
//! each after its length in 8 bytes, big-endian.

use super::data_key::{DataKey, LONGEST_ID};
use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::{hkdf, rand};
use zeroize::Zeroizing;

const FORMAT: u8 = 1;
const SALT: usize = 32;
const TAG: usize = 16;
const DERIVED: usize = 32 + 12;
const PURPOSE: &[&[u8]] = &[b"dyntastic encrypted value 1"];

/// The parts of a stored value.
pub(super) struct Payload<'a> {
    header: &'a [u8],
    pub(super) id: &'a [u8],
    salt: &'a [u8],
    ciphertext: &'a [u8],
    tag: &'a [u8],
}

/// Why bytes are no payload.
#[derive(Debug)]
pub(super) enum Unreadable {
    Malformed,
    Format(u8),
}

impl<'a> Payload<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, Unreadable> {
        match bytes.first() {
            Some(&FORMAT) => Self::parts(bytes).ok_or(Unreadable::Malformed),
            Some(other) => Err(Unreadable::Format(*other)),
            None => Err(Unreadable::Malformed),
        }
    }

    fn parts(bytes: &'a [u8]) -> Option<Self> {
        let (_, rest) = bytes.split_first()?;
        let (length, rest) = rest.split_first_chunk()?;
        let length = usize::from(u16::from_be_bytes(*length));
        if !(1..=LONGEST_ID).contains(&length) {
            return None;
        }
        let (id, rest) = rest.split_at_checked(length)?;
        let (salt, rest) = rest.split_at_checked(SALT)?;
        let (ciphertext, tag) = rest.split_last_chunk::<TAG>()?;
        let header = bytes.get(..bytes.len() - rest.len())?;
        Some(Self { header, id, salt, ciphertext, tag })
    }

    /// The plain value, if it is authentic.
    pub(super) fn open(&self, key: &DataKey, context: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let mut plain = vec![0; self.ciphertext.len()];
        let (cipher, nonce) = derived(key, self.salt)?;
        let data = authenticated(self.header, context);
        cipher.open_separate_gather(nonce, Aad::from(data), self.ciphertext, self.tag, &mut plain)?;
        Ok(plain)
    }
}

pub(super) fn seal(key: &DataKey, context: &[u8], plain: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let mut salt = [0; SALT];
    rand::fill(&mut salt)?;
    let id = key.id();
    let length = u16::try_from(id.len())?;
    let mut payload = Vec::with_capacity(3 + id.len() + SALT + plain.len() + TAG);
    payload.push(FORMAT);
    payload.extend(length.to_be_bytes());
    payload.extend(id);
    payload.extend(salt);
    let data = authenticated(&payload, context);
    let header = payload.len();
    payload.extend(plain);
    let (cipher, nonce) = derived(key, &salt)?;
    let value = payload.get_mut(header..).ok_or(Unspecified)?;
    let tag = cipher.seal_in_place_separate_tag(nonce, Aad::from(data), value)?;
    payload.extend(tag.as_ref());
    Ok(payload)
}

/// The key and the nonce of one value.
fn derived(key: &DataKey, salt: &[u8]) -> Result<(LessSafeKey, Nonce), Unspecified> {
    let mut bytes = Zeroizing::new([0; DERIVED]);
    let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, salt);
    salt.extract(key.secret()).expand(PURPOSE, Length)?.fill(bytes.as_mut())?;
    let (key, nonce) = bytes.split_first_chunk::<32>().ok_or(Unspecified)?;
    let cipher = LessSafeKey::new(UnboundKey::new(&AES_256_GCM, key)?);
    Ok((cipher, Nonce::try_assume_unique_for_key(nonce)?))
}

struct Length;

impl hkdf::KeyType for Length {
    fn len(&self) -> usize {
        DERIVED
    }
}

fn authenticated(header: &[u8], context: &[u8]) -> Vec<u8> {
    let mut data = Vec::with_capacity(16 + header.len() + context.len());
    for part in [header, context] {
        data.extend((part.len() as u64).to_be_bytes());
        data.extend(part);
    }
    data
}
