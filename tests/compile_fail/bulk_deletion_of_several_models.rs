//! A deletion of the items of several models, each of which may keep guards.

use dyntastic::{Client, Condition};
use example_models::{CustomerOrders, ShopItem};

fn main() {
    let misuse = |db: &Client| CustomerOrders::query(db, "c1").delete_where(Condition::<ShopItem>::all([]));
    let _ = misuse;
}
