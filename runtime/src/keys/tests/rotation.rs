//! New keys, and values of earlier ones.

use super::{CONTEXT, NAME, keys, local, opened, sealed};
use crate::keys::{Keys, LocalKeys, Secret};

#[tokio::test]
async fn values_of_an_earlier_secret_are_read() {
    let before = keys("2025", 1);
    let old = sealed(&before, b"old").await;
    let after = Keys::default().with(NAME, local("2026", 2).and_earlier("2025", [1; 32]).unwrap());
    assert_eq!(opened(&after, &old).await.unwrap(), b"old");
    let new = sealed(&after, b"new").await;
    assert_eq!(opened(&after, &new).await.unwrap(), b"new");

    assert!(!after.is_current(NAME, &old), "a migration writes it again");
    assert!(after.is_current(NAME, &new));
    // An app that was not deployed again cannot read new values.
    let error = opened(&before, &new).await.unwrap_err();
    assert_eq!(
        error,
        "the encryption key `personal` does not give the data key `2026`: no data key has the id `2026`: if it is an \
         earlier one, give its secret with `LocalKeys::and_earlier`"
    );
}

#[tokio::test]
async fn another_secret_under_the_same_id_is_an_error() {
    let stored = sealed(&keys("2026", 1), b"value").await;
    let error = opened(&keys("2026", 2), &stored).await.unwrap_err();
    assert!(error.contains("or the encryption key `personal` had another secret for the data key `2026`"), "{error}");
}

#[tokio::test]
async fn a_missing_key_is_named() {
    let stored = sealed(&keys("2026", 1), b"value").await;
    let none = Keys::default();
    let text = "the client has no encryption key `personal`: give it with \
                `Client::builder().encryption_key(\"personal\", …)`";
    assert_eq!(opened(&none, &stored).await.unwrap_err(), text);
    assert_eq!(none.prepare_writes([NAME].into_iter()).await.unwrap_err().to_string(), text);
}

#[tokio::test]
async fn keys_are_fetched_before_they_are_used() {
    let stored = sealed(&keys("2026", 1), b"value").await;
    let keys = keys("2026", 1);
    let error = keys.open(NAME, CONTEXT, &stored).unwrap_err().to_string();
    assert_eq!(error, "the data key `2026` of the encryption key `personal` is not known");
    // A client reads what it has written without another fetch.
    let written = sealed(&keys, b"value").await;
    assert_eq!(keys.open(NAME, CONTEXT, &written).unwrap(), b"value");
}

#[test]
fn mistakes_in_local_keys_are_refused() {
    let refused = |keys: Result<LocalKeys, crate::keys::KeyError>| keys.unwrap_err().to_string();
    assert_eq!(refused(LocalKeys::new("", [1; 32])), "the id of a data key has 1 to 1024 bytes, and this one 0");
    assert_eq!(
        refused(LocalKeys::new("x".repeat(1_025), [1; 32])),
        "the id of a data key has 1 to 1024 bytes, and this one 1025"
    );
    assert_eq!(refused(LocalKeys::new("2026", [0; 32])), "all bytes of the secret `2026` are 0");
    assert_eq!(refused(local("2026", 1).and_earlier("2026", [2; 32])), "two data keys have the id `2026`");
    let earlier = local("2026", 1).and_earlier("2025", [2; 32]).unwrap();
    assert_eq!(refused(earlier.and_earlier("2025", [2; 32])), "two data keys have the id `2025`");

    let secret = |text: &str| Secret::from_base64(text).unwrap_err().to_string();
    assert_eq!(secret("no Base64!"), "the secret is not Base64");
    assert_eq!(secret("c2hvcnQ="), "the secret has 5 bytes, and needs 32");
    let line = format!(" {}\n", base64_simd::STANDARD.encode_to_string([7; 32]));
    assert_eq!(Secret::from_base64(line).unwrap().bytes(), [7; 32]);
}

#[tokio::test]
async fn the_longest_id_is_written_and_read() {
    let keys = keys(&"x".repeat(1_024), 1);
    let stored = sealed(&keys, b"value").await;
    assert_eq!(opened(&keys, &stored).await.unwrap(), b"value");
}
