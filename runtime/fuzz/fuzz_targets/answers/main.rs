//! Checks that both codecs, the wire and the SDK's attribute map, read every response to the same result.
//!
//! The first byte of an input chooses the operation. The rest is the body of the response.

#![no_main]

mod clients;
mod same;

/// The models of `models.yaml`.
mod models {
    dyntastic::include_models!();
}

use clients::Clients;
use dyntastic::bytes::Bytes;
use dyntastic::expr::Projection;
use dyntastic::prelude::*;
use dyntastic::{Client, Result};
use libfuzzer_sys::{Corpus, fuzz_target};
use models::{Address, Customer, Keeper, Order, OrderPart, Parcel, ParcelNote, ShopItem, Status, Thing};
use std::fmt::Debug;

thread_local! {
    static CLIENTS: Clients = Clients::new();
}

fuzz_target!(|data: &[u8]| -> Corpus {
    match data.split_first() {
        Some((operation, body)) => CLIENTS.with(|clients| run(clients, *operation, Bytes::copy_from_slice(body))),
        None => Corpus::Reject,
    }
});

/// Runs one operation with both codecs. Operations are letters, so that people can read them in the corpus.
fn run(clients: &Clients, operation: u8, body: Bytes) -> Corpus {
    // One key for each item of the body, because the reader skips items without a key; a transaction has at most 100.
    let keys = body.iter().filter(|byte| **byte == b'{').count().clamp(1, 100);
    let of = Response { clients, body };
    match operation {
        b'a' => of.is_the_same(async |db| Thing::find(db, ("a", 1)).await),
        b'b' => of.is_the_same(async |db| Order::find(db, "a").await),
        b'c' => of.is_the_same(async |db| Keeper::find(db, "a").await),
        b'd' => of.is_the_same(async |db| ShopItem::get(db, ("CUSTOMER#a", "PROFILE")).await),
        b'e' => of.is_the_same(async |db| Thing::query(db, "a").page().await),
        b'f' => of.is_the_same(async |db| Order::query(db, "a").page().await),
        b'g' => of.is_the_same(async |db| ShopItem::query(db, "CUSTOMER#a").page().await),
        b'h' => of.is_the_same(async |db| Keeper::query(db, "a").page().await),
        b'i' => of.is_the_same(async |db| db.transact_get(vec![Order::key("a"); keys]).await),
        b'j' => of.is_the_same(async |db| db.transact_get(vec![Parcel::key((1, Status::Paid)); keys]).await),
        b'k' => of.is_the_same(async |db| Thing::update_by_key(db, ("a", 1), Thing::A.text.set("x")).await),
        b'l' => of.is_the_same(async |db| Order::update_by_key(db, "a", Order::A.ports.remove()).return_old().await),
        b'm' => of.is_the_same(async |db| Customer::update_by_key(db, "a", Customer::A.name.set("x")).await),
        b'n' => of.is_the_same(changed),
        b'o' => of.is_the_same(async |db| Order::query(db, "a").project_into::<OrderPart>().page().await),
        b'p' => of.is_the_same(async |db| Parcel::query(db, 1).page().await),
        b'q' => of.is_the_same(async |db| Parcel::query(db, 1).project_into::<ParcelNote>().page().await),
        b'r' => of.is_the_same(async |db| Order::query(db, "a").project(tuple()).page().await),
        _ => Corpus::Reject,
    }
}

/// Attributes, one of them twice, and a value within another one.
fn tuple() -> impl Projection<Order, Output: PartialEq + Debug> {
    let street = Order::A.address.then(Address::A.street);
    (Order::A.lines, Order::A.status, Order::A.payment, street, Order::A.by_region, Order::A.status)
}

/// The attributes that an update has changed, each read separately.
async fn changed(db: &Client) -> Result<impl PartialEq + Debug + use<>> {
    let changed = Thing::update_by_key(db, ("a", 1), Thing::A.text.set("x")).return_updated().await?;
    Ok((
        changed.get(&Thing::A.text)?,
        changed.get(&Thing::A.float)?,
        changed.get(&Thing::A.data)?,
        changed.get(&Thing::A.matrix)?,
        changed.get(&Thing::A.number_set)?,
        changed.get(&Thing::A.json)?,
    ))
}

struct Response<'a> {
    clients: &'a Clients,
    body: Bytes,
}

impl Response<'_> {
    fn is_the_same<T: PartialEq + Debug>(&self, read: impl AsyncFn(&Client) -> Result<T>) -> Corpus {
        let read = || self.clients.both(&self.body, &read);
        if let Some([wire, map]) = same::difference(read) {
            panic!("from the wire {}\nfrom the map  {}", same::full_text(&wire), same::full_text(&map));
        }
        Corpus::Keep
    }
}
