mod fetches;
#[cfg(feature = "kms")]
mod kms;
#[cfg(feature = "kms")]
mod proxy;
mod rotation;
mod search;
mod service;
mod texts;
mod values;

use super::{Keys, LocalKeys};

/// The name of a key in a schema.
const NAME: &str = "personal";
const CONTEXT: &[u8] = b"users/u1/ssn";

fn local(id: &str, secret: u8) -> LocalKeys {
    LocalKeys::new(id, [secret; 32]).unwrap()
}

fn keys(id: &str, secret: u8) -> Keys {
    Keys::default().with(NAME, local(id, secret))
}

async fn sealed(keys: &Keys, plain: &[u8]) -> Vec<u8> {
    keys.prepare_writes([NAME].into_iter()).await.unwrap().seal(NAME, CONTEXT, plain).unwrap()
}

async fn opened(keys: &Keys, sealed: &[u8]) -> Result<Vec<u8>, String> {
    keys.prepare_reads([(NAME, sealed)].into_iter()).await;
    keys.open(NAME, CONTEXT, sealed).map_err(|error| error.to_string())
}
