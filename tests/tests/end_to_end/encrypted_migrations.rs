//! Migrations of models with encrypted fields. They wait for what fails, so they begin early.

use crate::engine::{config, isolated};
use crate::migrations::{migrate, unmigrated};
use crate::sealed::failures::failing;
use dyntastic::keys::LocalKeys;
use dyntastic::prelude::*;
use dyntastic::{ClientBuilder, Error};
use dyntastic_tests::seals::AsEncrypted;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// A client of a table with three items.
async fn written() -> ClientBuilder {
    let builder = isolated();
    let keys = LocalKeys::new("1", [1; 32]).unwrap();
    let db = builder.clone().encryption_key("personal", keys).from_conf(config().await);
    let items = ["a", "b", "c"].map(|id| AsEncrypted { id: id.to_owned(), value: "hunter2".to_owned() });
    db.batch_write().put_all(&items).await.unwrap();
    builder
}

#[tokio::test]
async fn earlier_keys_are_read_and_a_migration_writes_with_the_current_one() {
    let config = crate::engine::config().await;
    let old = || LocalKeys::new("old", [7; 32]).unwrap();
    let new = || LocalKeys::new("new", [8; 32]).unwrap();
    let builder = isolated();
    let at = |keys: LocalKeys| builder.clone().encryption_key("personal", keys).from_conf(config.clone());
    let (before, both, after) = (at(old()), at(new().and_earlier("old", [7; 32]).unwrap()), at(new()));
    let item = AsEncrypted { id: "a".to_owned(), value: "hunter2".to_owned() };
    item.save(&before).await.unwrap();
    assert_eq!(AsEncrypted::get(&both, "a").await.unwrap(), item);
    let error = AsEncrypted::get(&after, "a").await.unwrap_err();
    assert!(error.to_string().contains("old"), "{error}");
    let done = dyntastic::migrate::<AsEncrypted>(&both, "rotate").progress_table("progress").await.unwrap();
    assert_eq!((done.counts.written, done.counts.unchanged), (1, 0), "{done:?}");
    assert_eq!(AsEncrypted::get(&after, "a").await.unwrap(), item);
}

#[tokio::test]
async fn a_migration_goes_on_when_a_provider_fails_for_now() {
    let provider = failing(3, false);
    let db = written().await.encryption_key("personal", provider.clone()).from_conf(config().await);
    let done = migrate::<AsEncrypted>(&db, "rotate").progress_table("progress").await.unwrap();
    assert_eq!((done.counts.written, done.counts.unmigrated), (3, 0), "{done:?}");
    assert_eq!(provider.passing.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_migration_stops_when_a_provider_keeps_failing_or_the_client_lacks_the_key() {
    let builder = written().await;
    let provider = failing(1_000_000, false);
    let db = builder.clone().encryption_key("personal", provider.clone()).from_conf(config().await);
    let lease = Duration::from_millis(200);
    let rotate = |db| migrate::<AsEncrypted>(db, "rotate").progress_table("progress").segments(1).lease(lease);
    let error = rotate(&db).await.unwrap_err();
    assert!(matches!(error, Error::Read(_)) && error.is_retryable(), "{error:?}");
    let without = builder.from_conf(config().await);
    let error = rotate(&without).await.unwrap_err();
    assert!(error.to_string().contains("encryption_key(\"personal\", …)"), "{error}");
    // It goes on where it stopped, and leaves nothing out.
    provider.passing.store(0, Ordering::SeqCst);
    assert_eq!(rotate(&db).await.unwrap().counts.written, 3);
}

#[tokio::test]
async fn a_migration_leaves_the_items_whose_key_is_refused() {
    let db = written().await.encryption_key("personal", failing(0, true)).from_conf(config().await);
    let left = unmigrated(migrate::<AsEncrypted>(&db, "rotate").progress_table("progress").await);
    assert_eq!((left.counts.written, left.counts.unmigrated), (0, 3), "{left:?}");
}
