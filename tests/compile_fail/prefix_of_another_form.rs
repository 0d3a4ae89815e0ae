//! A prefix of a time that has another form in the key than in the attribute (`{placed_at:epoch_millis}`).

use dyntastic_tests::key_forms::{Order, OrderByNumber, Status};

fn queries(db: &dyntastic::Client) {
    let _ = Order::query_by_number(db, 1, Status::Open).range(OrderByNumber::A.placed_at.begins_with("2026"));
}

fn main() {}
