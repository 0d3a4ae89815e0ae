//! A patch is an update of its own model.

use dyntastic::Client;
use dyntastic::prelude::*;
use example_models::{Product, UserPatch};

async fn patched(db: &Client, key: dyntastic::uuid::Uuid) {
    let _ = Product::update_by_key(db, key, UserPatch::default()).await;
}

fn main() {}
