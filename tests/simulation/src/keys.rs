//! The keys of encrypted fields: their provider answers late, and a data key is soon used up.

use crate::check::sdk;
use crate::models::Draft;
use crate::store::value::{Item, Value};
use dyntastic::aws_sdk_dynamodb::Config;
use dyntastic::aws_sdk_dynamodb::config::BehaviorVersion;
use dyntastic::codec::AttributeMap;
use dyntastic::keys::{DataKey, KeyError, KeyFuture, KeyProvider};
use dyntastic::prelude::*;
use dyntastic::{Client, ClientBuilder};
use futures_util::FutureExt;
use serde_json::Value as Json;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicU8, Ordering};
use std::time::Duration;

/// The schema's name of the key.
const NAME: &str = "drafts";

/// Gives each data key for two values.
#[derive(Debug, Default)]
pub(crate) struct LateKeys(AtomicU8);

async fn late() {
    tokio::time::sleep(Duration::from_millis(fastrand::u64(..50))).await;
}

fn key(id: u8) -> Result<DataKey, KeyError> {
    DataKey::new([id], [id; 32])
}

impl KeyProvider for LateKeys {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async {
            late().await;
            let id = 1 + self.0.fetch_add(1, Ordering::Relaxed) % 8;
            Ok(key(id)?.max_values(2))
        })
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(async {
            late().await;
            of_id(id)
        })
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(async {
            late().await;
            search_key()
        })
    }
}

fn search_key() -> Result<DataKey, KeyError> {
    DataKey::new("search", [100; 32])
}

fn of_id(id: &[u8]) -> Result<DataKey, KeyError> {
    match id {
        [id] => key(*id),
        other => Err(KeyError::unknown(other)),
    }
}

/// The settings of a client with the keys.
pub(crate) fn with_keys(builder: ClientBuilder) -> ClientBuilder {
    builder.encryption_key(NAME, LateKeys::default())
}

/// Gives data keys at once.
#[derive(Debug)]
struct KeysAtOnce;

impl KeyProvider for KeysAtOnce {
    fn current(&self) -> KeyFuture<'_> {
        Box::pin(async { key(1) })
    }

    fn stored<'a>(&'a self, id: &'a [u8]) -> KeyFuture<'a> {
        Box::pin(async { of_id(id) })
    }

    fn search(&self) -> KeyFuture<'_> {
        Box::pin(async { search_key() })
    }
}

static CLIENT: LazyLock<Client> = LazyLock::new(|| {
    let config = Config::builder().behavior_version(BehaviorVersion::latest());
    Client::builder().encryption_key(NAME, KeysAtOnce).from_conf(config.build())
});

/// A draft with an encrypted field, as it is read; `None` for other items.
pub(crate) fn read(item: &Item) -> Option<Json> {
    let Some(Value::B(_)) = item.get("text") else { return None };
    serde_json::to_value(draft(item).ok()?).ok()
}

/// The rule that a stored draft breaks, and how: it cannot be read, or a search would not find it.
pub(crate) fn broken(item: &Item) -> Option<(&'static str, String)> {
    let mut draft = match draft(item) {
        Ok(draft) => draft,
        Err(error) => return Some(("a stored item can be read", error)),
    };
    let written = draft.save(&CLIENT).into_inner().map(|request| request.get_item().clone().unwrap_or_default());
    let hash = |item: &AttributeMap| item.get("text_hash").cloned();
    match written {
        Ok(written) if hash(&written) == item.get("text_hash").map(sdk) => None,
        Ok(_) => Some(("a searchable value has its hash", String::new())),
        Err(error) => Some(("a searchable value has its hash", error.to_string())),
    }
}

fn draft(item: &Item) -> Result<Draft, String> {
    let item = item.iter().map(|(name, value)| (name.clone(), sdk(value))).collect();
    let read = CLIENT.read_model(item).now_or_never().ok_or("its keys come late")?;
    read.map_err(|error| error.to_string())
}
