//! The search key, and the hashes that it makes.

use super::{CONTEXT, NAME, keys, local};
use crate::keys::client_keys::WriteKeys;
use crate::keys::error::SealError;
use crate::keys::{DataKey, KeyError, KeyFuture, KeyProvider, Keys};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

async fn hash(keys: &Keys, context: &[u8], plain: &[u8]) -> Result<[u8; 32], SealError> {
    let mut prepared = WriteKeys::default();
    keys.prepare_hashes([NAME].into_iter(), &mut prepared).await?;
    prepared.hash(NAME, context, plain)
}

fn searched(secret: u8) -> Keys {
    Keys::default().with(NAME, local("2026", 1).and_search([secret; 32]).unwrap())
}

#[tokio::test]
async fn equal_values_of_one_place_have_equal_hashes() {
    let (one, again, other) = (searched(7), searched(7), searched(8));
    let of = hash(&one, CONTEXT, b"value").await.unwrap();
    assert_eq!(hash(&again, CONTEXT, b"value").await.unwrap(), of);
    assert_ne!(hash(&other, CONTEXT, b"value").await.unwrap(), of, "another search key");
    assert_ne!(hash(&one, b"users/u1/ss", b"nvalue").await.unwrap(), of, "another attribute");
    assert_ne!(hash(&one, CONTEXT, b"value ").await.unwrap(), of, "another value");
    let rotated = local("2027", 3).and_earlier("2026", [1; 32]).unwrap().and_search([7; 32]).unwrap();
    let rotated = Keys::default().with(NAME, rotated);
    assert_eq!(hash(&rotated, CONTEXT, b"value").await.unwrap(), of, "another data key");
}

/// The hash as the documentation of `search_hash` describes it, made by another implementation of HMAC.
#[tokio::test]
async fn the_hash_is_as_documented() {
    let context = [&[0, 0, 0, 0, 0, 0, 0, 8][..], b"accounts", &[0, 0, 0, 0, 0, 0, 0, 5], b"email"].concat();
    let made = hash(&searched(7), &context, b"Sada@example.org").await.unwrap();
    let text: String = made.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(text, "b3f17c3c20f4aa0cd280dc4cbc3af313bc5f190931bedc85dc13b8104cd85e8f");
}

#[tokio::test]
async fn a_missing_search_key_is_named_with_its_fix() {
    let error = hash(&keys("2026", 1), CONTEXT, b"value").await.unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "the encryption key `personal` has no search key: give its provider one, such as with `LocalKeys::and_search` or \
         `KmsKeys::and_search`"
    );
    assert!(matches!(hash(&Keys::default(), CONTEXT, b"value").await, Err(SealError::NoKey { .. })));
}

#[test]
fn a_search_key_has_a_secret_of_its_own() {
    let of = |secret: u8| local("2026", 1).and_earlier("2025", [2; 32]).unwrap().and_search([secret; 32]);
    for secret in [1, 2] {
        assert_eq!(
            of(secret).unwrap_err().to_string(),
            "a data key has the secret of the search key: make another one"
        );
    }
    let earlier = local("2026", 1).and_search([2; 32]).unwrap().and_earlier("2025", [2; 32]);
    assert_eq!(earlier.unwrap_err().to_string(), "a data key has the secret of the search key: make another one");
    assert_eq!(of(0).unwrap_err().to_string(), "all bytes of the secret `search` are 0");
    assert!(!format!("{:?}", of(3).unwrap()).contains('3'));
}

#[derive(Debug, Default)]
struct Slow {
    asked: AtomicU32,
    age: Option<Duration>,
}

impl KeyProvider for Slow {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async { Err(KeyError::failed("no data key")) })
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(async { Err(KeyError::unknown(id)) })
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(async {
            self.asked.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(Duration::from_millis(20)).await;
            let key = DataKey::new("search", [9; 32])?;
            Ok(self.age.map_or_else(|| key.clone(), |age| key.clone().expires_after(age)))
        })
    }
}

#[tokio::test(start_paused = true)]
async fn tasks_share_the_search_key_until_it_ends() {
    let provider = Arc::new(Slow { age: Some(Duration::from_secs(60)), ..Slow::default() });
    let keys = Keys::default().with(NAME, provider.clone());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let keys = keys.clone();
        tasks.spawn(async move { hash(&keys, CONTEXT, b"value").await.unwrap() });
    }
    assert_eq!(tasks.join_all().await.len(), 20);
    assert_eq!(provider.asked.load(Ordering::SeqCst), 1);
    tokio::time::sleep(Duration::from_secs(61)).await;
    hash(&keys, CONTEXT, b"value").await.unwrap();
    assert_eq!(provider.asked.load(Ordering::SeqCst), 2);
}
