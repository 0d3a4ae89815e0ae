//! Changing what a key is made of makes another item: that is `rekey`, not an update.

use dyntastic_tests::shop::Order;

fn main() {
    let _ = Order::A.order_id.set("other");
}
