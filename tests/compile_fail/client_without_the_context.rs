//! A model with a context takes the client of one.

use dyntastic::Client;
use dyntastic::prelude::*;
use dyntastic_tests::contexts::{Note, Tenant};

async fn get(db: &Client) -> dyntastic::Result<Note> {
    Note::get(db, 1).await
}

async fn save(db: &Client, mut note: Note) -> dyntastic::Result<()> {
    note.save(db).await
}

async fn load<M: Model>(db: &Client, key: M::Key) -> dyntastic::Result<M> {
    M::get(db, key).await
}

async fn generic(db: &Client) -> dyntastic::Result<Note> {
    load::<Note>(db, db.with(Tenant::new("acme")).key::<Note>(1)).await
}

fn main() {}
