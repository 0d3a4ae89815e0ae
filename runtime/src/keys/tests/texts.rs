//! No text shows a secret, a value or an encrypted value.

use super::service::Service;
use super::{CONTEXT, NAME, keys, local, sealed};
use crate::ground::SealedCause;
use crate::keys::{DataKey, KeyError, KeyFuture, KeyProvider, Keys, LocalKeys, Secret};
use std::error::Error;
use std::sync::atomic::Ordering;

#[test]
fn debug_texts_show_no_secrets() {
    let secret: [u8; 32] = *b"SECRETSECRETSECRETSECRETSECRET!!";
    let local = LocalKeys::new("2026", secret).unwrap().and_earlier("2025", [83; 32]).unwrap();
    let keys = Keys::default().with("personal", local.clone()).with("medical", local.clone());
    let wrapped = DataKey::new([200; 184], secret).unwrap();
    let texts = [
        (format!("{local:?}"), "LocalKeys { current: DataKey `2026`, earlier: [DataKey `2025`], search: None }"),
        (format!("{keys:?}"), "Keys {\"medical\", \"personal\"}"),
        (format!("{wrapped:?}"), "DataKey (of 184 bytes)"),
        (format!("{:?}", Secret::from(secret)), "Secret"),
        (format!("{:?}", keys.clone()), "Keys {\"medical\", \"personal\"}"),
    ];
    for (text, expected) in texts {
        assert_eq!(text, expected);
    }
}

#[tokio::test]
async fn errors_show_no_values() {
    let stored = sealed(&keys("2026", 1), b"PLAIN VALUE").await;
    let other = keys("2026", 2);
    other.prepare_reads([(NAME, stored.as_slice())].into_iter()).await;
    let mut errors = vec![format!("{:?}", other.open(NAME, CONTEXT, &stored).unwrap_err())];
    for length in 0..stored.len() {
        errors.push(format!("{:?}", other.open(NAME, CONTEXT, &stored[..length]).unwrap_err()));
        let mut changed = stored.clone();
        changed[length] ^= 1;
        errors.push(format!("{:?}", other.open(NAME, CONTEXT, &changed).unwrap_err()));
    }
    let known = ["Malformed", "Format(0)", "NotAuthentic { name: \"personal\", id: \"`2026`\" }", "NoDataKey {"];
    for error in errors {
        assert!(known.iter().any(|text| error.starts_with(text)), "{error}");
    }
}

#[derive(Debug)]
struct Refusing;

impl KeyProvider for Refusing {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async { Err(KeyError::failed(Refused(std::fmt::Error))) })
    }

    fn stored<'a>(&'a self, _: &'a [u8]) -> KeyFuture<'a> {
        self.current()
    }
}

#[tokio::test]
async fn each_failure_has_its_cause() {
    let stored = sealed(&keys("2026", 1), b"value").await;
    let cause = async |keys: &Keys, stored: &[u8]| {
        keys.prepare_reads([(NAME, stored)].into_iter()).await;
        keys.open(NAME, CONTEXT, stored).unwrap_err().cause()
    };
    let (service, down) = Service::new().start();
    service.fails.store(true, Ordering::SeqCst);
    let refusing = Keys::default().with(NAME, Refusing);
    assert_eq!(cause(&Keys::default(), &stored).await, SealedCause::NoKey);
    assert_eq!(cause(&keys("2027", 1), &stored).await, SealedCause::UnknownKey);
    assert_eq!(cause(&down, &stored).await, SealedCause::KeyUnavailable);
    assert_eq!(cause(&refusing, &stored).await, SealedCause::KeyRefused);
    assert_eq!(cause(&keys("2026", 1), &stored[..40]).await, SealedCause::Malformed);
    assert_eq!(cause(&keys("2026", 1), &[&[2], &stored[1..]].concat()).await, SealedCause::Malformed);
    assert_eq!(cause(&keys("2026", 2), &stored).await, SealedCause::NotAuthentic);
    assert_eq!(
        refusing.open(NAME, CONTEXT, &stored).unwrap_err().to_string(),
        "the encryption key `personal` does not give the data key `2026`: the service refused: an error occurred when \
         formatting an argument"
    );
    let unprepared = keys("2026", 1).open(NAME, CONTEXT, &stored).unwrap_err();
    assert_eq!(unprepared.cause(), SealedCause::KeyUnavailable);
}

/// An id is what somebody may have written into the table.
#[test]
fn ids_are_shown_if_they_can_be_printed() {
    let text = |id: &[u8]| KeyError::unknown(id).to_string();
    assert_eq!(text(b"2026-11"), "no data key has the id `2026-11`");
    assert_eq!(text(b"line\nfeed"), "no data key has the id (of 9 bytes)");
    assert_eq!(text("\u{202e}".as_bytes()), "no data key has the id (of 3 bytes)");
    assert_eq!(text(&[b'x'; 500]), "no data key has the id (of 500 bytes)");
    assert_eq!(text(b""), "no data key has the id (of 0 bytes)");
}

#[derive(Debug, thiserror::Error)]
#[error("the service refused")]
struct Refused(#[source] std::fmt::Error);

#[test]
fn a_failure_has_the_words_and_the_source_of_its_service() {
    let error = KeyError::failed(Refused(std::fmt::Error));
    assert_eq!(error.to_string(), "the service refused");
    assert!(error.source().is_some_and(|source| source.is::<std::fmt::Error>()));
    assert!(!error.is_retryable() && error.retryable(true).is_retryable());
    let unknown = local("2026", 1).and_earlier("2026", [1; 32]).unwrap_err();
    assert!(!unknown.retryable(true).is_retryable());
}
