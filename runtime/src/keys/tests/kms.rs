//! Data keys of KMS: `.ci/engines with moto cargo test -p dyntastic --features kms --lib keys:: -- --ignored`.

use super::proxy::Proxy;
use super::{CONTEXT, NAME, opened, sealed};
use crate::keys::{Keys, KmsKeys};
use aws_sdk_kms::Client;
use aws_sdk_kms::config::retry::RetryConfig;
use aws_sdk_kms::config::{BehaviorVersion, Config, Credentials, Region};
use std::time::Duration;
use tokio::task::JoinSet;

fn client(endpoint: &str) -> Client {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new("us-east-1"))
        .credentials_provider(Credentials::new("tests", "tests", None, None, "tests"))
        .retry_config(RetryConfig::disabled())
        .endpoint_url(endpoint);
    Client::from_conf(config.build())
}

/// A KMS with the proxy before it.
fn start() -> (Proxy, Client) {
    let engine = std::env::var("DYNTASTIC_TEST_ENGINE");
    assert_eq!(engine.as_deref(), Ok("moto"), "these tests run with `.ci/engines with moto`");
    let proxy = Proxy::default();
    let kms = client(&proxy.start(&std::env::var("DYNTASTIC_TEST_ENDPOINT").unwrap()));
    (proxy, kms)
}

async fn new_key(kms: &Client) -> String {
    kms.create_key().send().await.unwrap().key_metadata.unwrap().key_id
}

fn with(keys: KmsKeys) -> Keys {
    Keys::default().with(NAME, keys)
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn tasks_share_data_keys_and_kms_is_asked_seldom() {
    let (proxy, kms) = start();
    let key = new_key(&kms).await;
    let writer = with(KmsKeys::new(kms.clone(), &key));
    let mut tasks = JoinSet::new();
    for number in 0..50 {
        let writer = writer.clone();
        tasks.spawn(async move {
            let stored = sealed(&writer, format!("value {number}").as_bytes()).await;
            assert_eq!(opened(&writer, &stored).await.unwrap(), format!("value {number}").as_bytes());
            stored
        });
    }
    let stored = tasks.join_all().await;
    assert_eq!((proxy.count("GenerateDataKey"), proxy.count("Decrypt")), (1, 0));

    // Another process has only the encrypted data key that stands beside each value.
    let reader = with(KmsKeys::new(kms, &key));
    let mut tasks = JoinSet::new();
    for value in stored {
        let reader = reader.clone();
        tasks.spawn(async move { opened(&reader, &value).await.unwrap() });
    }
    let values = tasks.join_all().await;
    assert_eq!(values.len(), 50);
    assert!(values.iter().all(|value| value.starts_with(b"value ")));
    assert_eq!((proxy.count("GenerateDataKey"), proxy.count("Decrypt")), (1, 1));
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn values_of_an_earlier_key_of_kms_are_read() {
    let (proxy, kms) = start();
    let (one, two) = (new_key(&kms).await, new_key(&kms).await);
    let old = sealed(&with(KmsKeys::new(kms.clone(), &one)), b"old").await;

    let rotated = with(KmsKeys::new(kms.clone(), &two).and_earlier(&one));
    assert_eq!(opened(&rotated, &old).await.unwrap(), b"old");
    let new = sealed(&rotated, b"new").await;
    assert!(!rotated.is_current(NAME, &old), "a migration writes it again");
    assert!(rotated.is_current(NAME, &new));
    assert_eq!(proxy.count("Decrypt"), 2, "the new key first, then the earlier one");

    let without = with(KmsKeys::new(kms, &two));
    let error = opened(&without, &old).await.unwrap_err();
    assert!(error.contains("KMS refused Decrypt: AccessDeniedException"), "{error}");
    assert_eq!(opened(&without, &new).await.unwrap(), b"new");
}

/// DynamoDB's attacker may bring a data key of a KMS key of their own, or of another part of the app.
#[tokio::test]
#[ignore = "it needs moto"]
async fn another_encryption_context_is_refused() {
    let (_, kms) = start();
    let key = new_key(&kms).await;
    let stored = sealed(&with(KmsKeys::new(kms.clone(), &key).context("app", "shop")), b"value").await;
    assert_eq!(opened(&with(KmsKeys::new(kms.clone(), &key).context("app", "shop")), &stored).await.unwrap(), b"value");
    for other in [KmsKeys::new(kms.clone(), &key), KmsKeys::new(kms.clone(), &key).context("app", "blog")] {
        let error = opened(&with(other), &stored).await.unwrap_err();
        assert!(error.contains("KMS refused Decrypt: InvalidCiphertextException"), "{error}");
    }
    let request = kms.generate_data_key().key_id(&key).number_of_bytes(32).send().await.unwrap();
    let made_up = crate::keys::DataKey::new(request.ciphertext_blob.unwrap(), [1; 32]).unwrap();
    let made_up = crate::keys::payload::seal(&made_up, CONTEXT, b"made up").unwrap();
    let error = opened(&with(KmsKeys::new(kms, &key)), &made_up).await.unwrap_err();
    assert!(error.contains("KMS refused Decrypt: InvalidCiphertextException"), "{error}");
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn a_search_key_is_decrypted_once_and_is_no_data_key() {
    let (proxy, kms) = start();
    let keys = KmsKeys::new(kms.clone(), new_key(&kms).await).context("app", "shop");
    let encrypted = keys.new_search_key().await.unwrap();
    let hash = async |keys: KmsKeys| {
        let (keys, mut prepared) = (with(keys), crate::keys::WriteKeys::default());
        for _ in 0..3 {
            let fetched = keys.prepare_hashes([NAME].into_iter(), &mut prepared).await;
            fetched.map_err(|error| error.to_string())?;
        }
        Ok::<_, String>(prepared.hash(NAME, CONTEXT, b"value").unwrap())
    };
    let of = hash(keys.clone().and_search(encrypted.clone())).await.unwrap();
    assert_eq!(proxy.count("Decrypt"), 1);
    assert_eq!(hash(keys.clone().and_search(encrypted.clone())).await.unwrap(), of);
    let other = keys.new_search_key().await.unwrap();
    assert_ne!(hash(keys.clone().and_search(other)).await.unwrap(), of);
    // Another context, and so also that of data keys, is refused.
    let data_key = kms.generate_data_key().key_id(new_key(&kms).await).number_of_bytes(32).send().await.unwrap();
    for refused in [
        keys.clone().context("app", "blog").and_search(encrypted),
        keys.clone().and_search(data_key.ciphertext_blob.unwrap().into_inner()),
    ] {
        let error = hash(refused).await.unwrap_err();
        assert!(error.contains("has no search key: KMS refused Decrypt"), "{error}");
    }
    let error = hash(keys).await.unwrap_err();
    assert!(error.contains("`KmsKeys::and_search`"), "{error}");
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn a_disabled_key_is_not_used_after_the_age_of_its_data_keys() {
    let (proxy, kms) = start();
    let key = new_key(&kms).await;
    let keys = with(KmsKeys::new(kms.clone(), &key).max_age(Duration::from_millis(300)));
    let stored = sealed(&keys, b"value").await;
    proxy.refuse("DisabledException", "the key is disabled.");
    assert_eq!(opened(&keys, &stored).await.unwrap(), b"value");
    tokio::time::sleep(Duration::from_millis(400)).await;

    let text = "KMS refused Decrypt: DisabledException: the key is disabled.";
    let error = opened(&keys, &stored).await.unwrap_err();
    assert!(error.ends_with(text) && error.contains("the encryption key `personal`"), "{error}");
    let error = keys.prepare_writes([NAME].into_iter()).await.unwrap_err();
    assert!(!error.is_retryable());
    assert_eq!(
        error.to_string(),
        "the encryption key `personal` gives no data key: KMS refused GenerateDataKey: DisabledException: the key is \
         disabled."
    );
    proxy.pass();
    sealed(&keys, b"value").await;
    tokio::time::sleep(Duration::from_secs(2)).await;
    assert_eq!(opened(&keys, &stored).await.unwrap(), b"value");
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn a_data_key_is_renewed_after_a_number_of_values() {
    let (proxy, kms) = start();
    let keys = with(KmsKeys::new(kms.clone(), new_key(&kms).await).max_values(10));
    for _ in 0..25 {
        sealed(&keys, b"value").await;
    }
    assert_eq!(proxy.count("GenerateDataKey"), 3);
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn errors_that_pass_are_retryable() {
    let (proxy, kms) = start();
    let keys = with(KmsKeys::new(kms, "alias/any"));
    let prepared = async |keys: &Keys| keys.prepare_writes([NAME].into_iter()).await.unwrap_err();
    for code in ["ThrottlingException", "KMSInternalException", "KeyUnavailableException"] {
        proxy.refuse(code, "later");
        assert!(prepared(&keys).await.is_retryable(), "{code}");
    }
    for code in ["AccessDeniedException", "NotFoundException", "KMSInvalidStateException"] {
        proxy.refuse(code, "never");
        let error = prepared(&keys).await;
        assert!(!error.is_retryable() && error.to_string().contains(code), "{error}");
    }
    let nowhere = with(KmsKeys::new(client("http://127.0.0.1:9"), "alias/any"));
    let error = prepared(&nowhere).await;
    assert!(error.is_retryable());
    let text = error.to_string();
    assert!(text.contains("KMS cannot be asked for GenerateDataKey: ") && text.contains("refused"), "{text}");
}

/// While KMS is throttled, the earlier keys are not tried, since the answer would be wrong.
#[tokio::test]
#[ignore = "it needs moto"]
async fn a_throttled_request_is_the_last_one() {
    let (proxy, kms) = start();
    let stored = sealed(&with(KmsKeys::new(kms.clone(), new_key(&kms).await)), b"value").await;
    proxy.refuse("ThrottlingException", "later");
    let keys = with(KmsKeys::new(kms, "alias/new").and_earlier("alias/old"));
    let error = opened(&keys, &stored).await.unwrap_err();
    assert!(error.ends_with("ThrottlingException: later"), "{error}");
    assert_eq!(proxy.count("Decrypt"), 1);
}

/// With the right key first among the refusals, its reason is the one that is told.
#[tokio::test]
#[ignore = "it needs moto"]
async fn the_reason_of_the_right_key_is_told() {
    let (proxy, kms) = start();
    let stored = sealed(&with(KmsKeys::new(kms.clone(), new_key(&kms).await)), b"value").await;
    proxy.refuse("IncorrectKeyException", "another key");
    let keys = with(KmsKeys::new(kms, "alias/new").and_earlier("alias/old"));
    let error = opened(&keys, &stored).await.unwrap_err();
    assert!(error.ends_with("IncorrectKeyException: another key"), "{error}");
    assert_eq!(proxy.count("Decrypt"), 2);
}

#[tokio::test]
#[ignore = "it needs moto"]
async fn no_text_shows_what_kms_sent() {
    let (proxy, kms) = start();
    let keys = with(KmsKeys::new(kms, "alias/any").and_earlier("alias/old"));
    // Cut off; without the encrypted key; too short a secret.
    for body in [
        r#"{"Plaintext":"U0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUISE=","#,
        r#"{"Plaintext":"U0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUU0VDUkVUISE="}"#,
        r#"{"Plaintext":"U0VDUkVU","CiphertextBlob":"AQID"}"#,
    ] {
        proxy.answer(200, body.to_owned());
        let error = keys.prepare_writes([NAME].into_iter()).await.unwrap_err();
        let texts = format!("{error} {error:?} {keys:?}");
        assert!(!texts.contains("U0VDUk") && !texts.contains("SECRET") && !texts.contains("83, 69, 67"), "{texts}");
    }
    assert_eq!(
        format!("{:?}", KmsKeys::new(client("http://127.0.0.1:9"), "alias/any").and_earlier("alias/old")),
        "KmsKeys { key: \"alias/any\", earlier: [\"alias/old\"], .. }"
    );
}
