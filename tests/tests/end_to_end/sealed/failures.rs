//! Encrypted fields where their keys cannot be had: a provider that fails or refuses, a client that lacks a key, and the
//! command, which has none.

use super::*;
use crate::engine::config;
use dyntastic::dynamic::{DynamicModel, DynamicSchema};
use dyntastic::keys::{DataKey, KeyError, KeyFuture, KeyProvider};
use dyntastic::serde_json::{self, Value};
use dyntastic::{Error, KeyAttribute, Table};
use dyntastic_tests::seals::{Account, AsEncrypted, AsOtherKey, Level};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// A provider that fails so many times, and then gives its data key, which new values would not get any more.
#[derive(Debug, Default)]
pub struct Failing {
    pub passing: AtomicU32,
    is_refused: bool,
}

impl Failing {
    async fn key(&self) -> Result<DataKey, KeyError> {
        let takes_one = |left: u32| left.checked_sub(1);
        if self.passing.fetch_update(Ordering::SeqCst, Ordering::SeqCst, takes_one).is_ok() {
            return Err(KeyError::failed("the service is down").retryable(true));
        }
        match self.is_refused {
            true => Err(KeyError::failed("the key is disabled")),
            false => Ok(DataKey::new("1", [1; 32])?.earlier()),
        }
    }
}

impl KeyProvider for Failing {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(self.key())
    }

    fn stored<'a>(&'a self, _: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(self.key())
    }
}

pub fn failing(passing: u32, is_refused: bool) -> Arc<Failing> {
    Arc::new(Failing { passing: passing.into(), is_refused })
}

#[tokio::test]
async fn a_provider_that_fails_for_now_is_an_error_that_passes() {
    let (builder, config) = (isolated(), config().await);
    let failing = || builder.clone().encryption_key("personal", failing(1, false)).from_conf(config.clone());
    let item = AsEncrypted { id: "a".to_owned(), value: "hunter2".to_owned() };
    let db = failing();
    AsEncrypted::create_table(&db).await.unwrap();
    let error = item.save(&db).await.unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("the service is down"), "{error}");
    item.save(&db).await.unwrap();
    // A batch sends its items again.
    let db = failing();
    let items: Vec<AsEncrypted> =
        (0..60).map(|number| AsEncrypted { id: number.to_string(), value: "hunter2".to_owned() }).collect();
    db.batch_write().put_all(&items).await.unwrap();
    let db = failing();
    let error = AsEncrypted::get(&db, "a").await.unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("the service is down"), "{error}");
    assert_eq!(AsEncrypted::get(&db, "a").await.unwrap(), item);
    // A bulk write ends, and leaves no item out.
    let db = failing();
    let update = || {
        let scan = AsEncrypted::scan(&db).consistent_read();
        scan.update_where(AsEncrypted::A.id.eq("a"), AsEncrypted::A.value.set("swordfish"))
    };
    let error = update().await.unwrap_err();
    assert!(error.is_retryable() && error.to_string().contains("the service is down"), "{error}");
    assert_eq!(update().await.unwrap().counts.written, 1);
}

/// The writes of a batch that can be encrypted are written, whatever becomes of the others.
#[tokio::test]
async fn a_write_that_cannot_be_sent_does_not_hold_up_the_others_of_its_batch() {
    let keys = LocalKeys::new("1", [1; 32]).unwrap();
    let db = isolated().encryption_key("personal", keys).from_conf(config().await);
    let of = |id: &str, value: &str| AsEncrypted { id: id.to_owned(), value: value.to_owned() };
    let good: Vec<_> = (0..40).map(|number| of(&number.to_string(), "hunter2")).collect();
    let (large, lacking) =
        (of("large", &"x".repeat(500_000)), AsOtherKey { id: "b".to_owned(), value: "v".to_owned() });
    let count = async || AsEncrypted::scan(&db).consistent_read().count().await.unwrap();

    let done = db.batch_write().put(&large).put(&lacking).put_all(&good).await;
    let Err(Error::UnfinishedBatch(unfinished)) = done else { panic!("{done:?}") };
    assert!(unfinished.to_string().contains("and 2 writes were not acknowledged"), "{unfinished}");
    assert!(matches!(unfinished.cause(), Some(Error::Write(_))), "{unfinished}");
    assert_eq!(count().await, 40);

    let mut writer = db.batch_writer();
    for item in &good {
        writer.delete::<AsEncrypted>(item.id.as_str()).await.unwrap();
    }
    writer.put(&large).await.unwrap();
    writer.put(&of("later", "hunter2")).await.unwrap();
    for _ in 0..2 {
        let error = writer.flush().await.unwrap_err();
        assert!(error.to_string().contains("AsEncrypted: the item has"), "{error}");
        assert_eq!((writer.pending(), count().await), (1, 1));
    }
    // A later write of the same key replaces it.
    writer.put(&of("large", "small")).await.unwrap();
    writer.flush().await.unwrap();
    assert_eq!(count().await, 2);
}

/// A model as the command has it.
fn described(name: &str, table: Table) -> DynamicModel {
    let sources = dyntastic_codegen::read_sources(&[PathBuf::from("cases/seals/models.yaml")]).unwrap();
    let items = dyntastic_codegen::items(&sources).unwrap();
    let tables = vec![table; items.models.len()];
    let schema = DynamicSchema::load(&items.json, &tables).unwrap();
    *schema.models().iter().find(|model| model.name() == name).unwrap()
}

/// The command has no keys: it writes bytes that are encrypted already, and no others.
#[test]
fn the_command_takes_no_value_for_an_encrypted_field_that_is_not_encrypted() {
    let model = described("AsEncrypted", Table::named("none", KeyAttribute::string("id")));
    let given = |bytes: &[u8]| model.checked_item_of_json(&format!("{{\"id\":\"a\",\"value\":{bytes:?}}}"));
    assert!(given(b"\xD7dyn\x01\x02\x08personal payload").is_ok());
    let others: [&[u8]; 6] = [
        b"hunter2",
        b"\xD7dyn\x01",
        b"\xD7dyn\x01\x00{\"S\":\"hunter2\"}",
        b"\xD7dyn\x01\x01(compressed",
        b"\xD7dyn\x01\x02\x07medical payload",
        b"\xD7dyn\x01\x02\x08personal",
    ];
    for bytes in others {
        let error = given(bytes).unwrap_err().to_string();
        assert!(error.contains("it is encrypted, and only the app has the keys"), "{bytes:?}: {error}");
    }
}

/// Values and hashes go through the command together, and stay as they are.
#[tokio::test]
async fn the_command_keeps_hashes_and_takes_none_without_its_value() {
    let keys = |byte: u8| LocalKeys::new("1", [byte; 32]).unwrap().and_search([byte + 100; 32]).unwrap();
    let with = isolated().encryption_key("personal", keys(1)).encryption_key("medical", keys(2));
    let db = with.from_conf(config().await);
    let account = Account::builder().id("a").tax(Decimal::ONE).level(Level::Low).opened(1_u32);
    account.email("ada@example.org".to_owned()).build().unwrap().save(&db).await.unwrap();
    let get = db.sdk().get_item().table_name(table_name::<Account>(&db)).key("id", AttributeValue::S("a".to_owned()));
    let stored = get.send().await.unwrap().item.unwrap();

    let model = described("Account", <Account as TableItem>::TABLE);
    let json = model.read(stored.clone()).unwrap().to_json().unwrap();
    assert_eq!(model.write(&model.checked_item_of_json(&json).unwrap()).unwrap(), stored);
    let changed = |change: &dyn Fn(&mut serde_json::Map<String, Value>)| {
        let mut item: Value = serde_json::from_str(&json).unwrap();
        change(item.as_object_mut().unwrap());
        model.checked_item_of_json(&item.to_string()).map_err(|error| error.to_string())
    };
    // The name `tax` is that of the field.
    let lacking = changed(&|item| assert!(item.remove("email_hash").is_some() && item.remove("tax_").is_some()));
    let names: Vec<String> = model.write(&lacking.unwrap()).unwrap().into_keys().collect();
    assert!(!names.contains(&"email_hash".to_owned()) && !names.contains(&"tax".to_owned()), "{names:?}");
    let error = changed(&|item| drop(item.remove("email"))).unwrap_err();
    assert!(error.contains("email_hash: it is the hash of `email`, which is absent: leave it out too"), "{error}");
    let error = changed(&|item| drop(item.insert("email_hash".to_owned(), json!([1, 2, 3])))).unwrap_err();
    assert!(error.contains("email_hash: a hash has 32 bytes, and only the app can make one"), "{error}");
}
