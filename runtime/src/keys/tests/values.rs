//! Values, and what an attacker does to them.

use super::{CONTEXT, NAME, keys, opened, sealed};
use crate::keys::data_key::DataKey;
use crate::keys::payload::{self, Payload};
use std::collections::BTreeSet;

#[tokio::test]
async fn a_value_is_what_it_was() {
    let keys = keys("2026", 1);
    for length in [0, 1, 15, 16, 17, 1_000, 400_000] {
        let plain: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
        let stored = sealed(&keys, &plain).await;
        assert_eq!(stored.len(), 3 + "2026".len() + 32 + length + 16);
        assert_eq!(opened(&keys, &stored).await.unwrap(), plain);
        assert!(length > 1_000 || !stored.windows(8).any(|part| plain.windows(8).any(|of| of == part)), "{length}");
    }
}

#[tokio::test]
async fn equal_values_are_not_equal_in_the_table() {
    let keys = keys("2026", 1);
    let mut stored = BTreeSet::new();
    for _ in 0..1_000 {
        stored.insert(sealed(&keys, b"the same").await[7..].to_vec());
    }
    assert_eq!(stored.len(), 1_000);
}

#[tokio::test]
async fn every_changed_bit_is_an_error() {
    let keys = keys("2026", 1);
    let stored = sealed(&keys, b"123-45-6789").await;
    for at in 0..stored.len() {
        for bit in 0..8 {
            let mut changed = stored.clone();
            changed[at] ^= 1 << bit;
            assert!(opened(&keys, &changed).await.is_err(), "bit {bit} of byte {at}");
        }
    }
}

#[tokio::test]
async fn a_value_that_is_cut_off_or_longer_is_an_error() {
    let keys = keys("2026", 1);
    let stored = sealed(&keys, b"123-45-6789").await;
    for length in 0..stored.len() {
        assert!(opened(&keys, &stored[..length]).await.is_err(), "{length} bytes");
        assert!(opened(&keys, &stored[stored.len() - length..]).await.is_err(), "the last {length} bytes");
    }
    for more in [0, 1, 255] {
        assert!(opened(&keys, &[&stored[..], &[more]].concat()).await.is_err());
    }
    let shortest = 3 + "2026".len() + 32 + 16;
    assert_eq!(
        opened(&keys, &stored[..shortest - 1]).await.unwrap_err(),
        "the encrypted value is cut off or malformed"
    );
}

#[tokio::test]
async fn random_bytes_are_an_error() {
    let keys = keys("2026", 1);
    for length in 0..200 {
        let mut bytes: Vec<u8> = (0..length).map(|_| fastrand::u8(..)).collect();
        assert!(opened(&keys, &bytes).await.is_err(), "{bytes:?}");
        // Those with the right beginning, too.
        let beginning = [1, 0, 4, b'2', b'0', b'2', b'6'];
        bytes.iter_mut().zip(beginning).for_each(|(byte, right)| *byte = right);
        assert!(opened(&keys, &bytes).await.is_err(), "{bytes:?}");
    }
}

#[tokio::test]
async fn parts_of_two_values_do_not_make_a_third() {
    let keys = keys("2026", 1);
    let (one, two) = (sealed(&keys, b"123-45-6789").await, sealed(&keys, b"987-65-4321").await);
    for at in 8..one.len() {
        let joined = [&one[..at], &two[at..]].concat();
        assert!(joined == one || joined == two || opened(&keys, &joined).await.is_err(), "{at}");
    }
}

#[tokio::test]
async fn a_moved_value_is_an_error() {
    let keys = keys("2026", 1);
    let stored = sealed(&keys, b"123-45-6789").await;
    let longer = [CONTEXT, b"x"].concat();
    for context in [b"".as_slice(), b"users/u2/ssn", &CONTEXT[1..], &CONTEXT[..CONTEXT.len() - 1], &longer] {
        let error = keys.open(NAME, context, &stored).unwrap_err().to_string();
        assert!(
            error.contains("not authentic: it was changed, or moved from another item, attribute or table"),
            "{error}"
        );
    }
}

#[test]
fn header_and_context_do_not_run_into_each_other() {
    let key = DataKey::new("k", [1; 32]).unwrap();
    let stored = payload::seal(&key, b"abc", b"").unwrap();
    // The first byte of the context as the last one of the header.
    let moved = [&stored[..36], b"a", &stored[36..]].concat();
    assert!(Payload::parse(&moved).unwrap().open(&key, b"bc").is_err());
    assert!(Payload::parse(&stored).unwrap().open(&key, b"abc").is_ok());
}

/// The stored form must not change: values written by this version are read by later ones. This one was made by
/// `tests/stored_form.py`, an implementation of the documented form with another library.
#[test]
fn the_stored_form_is_as_documented() {
    let stored = base64_simd::STANDARD.decode_to_vec(include_str!("stored_form.txt").trim()).unwrap();
    let secret: [u8; 32] = std::array::from_fn(|at| u8::try_from(at).unwrap());
    let key = DataKey::new("2026-11", secret).unwrap();
    let payload = Payload::parse(&stored).unwrap();
    assert_eq!(payload.id, b"2026-11");
    assert_eq!(payload.open(&key, b"users/u1/ssn").unwrap(), b"123-45-6789");
}
