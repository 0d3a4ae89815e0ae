//! The hash of a searchable value: HMAC-SHA256 with the secret of the search key, of the purpose, the context and the value,
//! each after its length in 8 bytes, big-endian. Equal values of one attribute have equal hashes, in whichever item they
//! are. Without the secret, nobody can tell the hash of a value.

use super::data_key::DataKey;
use aws_lc_rs::hmac;

const PURPOSE: &[u8] = b"dyntastic search hash 1";

pub(super) fn of(key: &DataKey, context: &[u8], plain: &[u8]) -> [u8; 32] {
    let mut hash = hmac::Context::with_key(&hmac::Key::new(hmac::HMAC_SHA256, key.secret()));
    for part in [PURPOSE, context, plain] {
        hash.update(&(part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    let tag = hash.sign();
    let mut bytes = [0; 32];
    bytes.iter_mut().zip(tag.as_ref()).for_each(|(byte, of)| *byte = *of);
    bytes
}
