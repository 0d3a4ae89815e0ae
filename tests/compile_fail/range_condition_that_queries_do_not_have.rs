//! A condition on the range key that a key condition cannot have.

use dyntastic::Client;
use example_models::{Event, Product, User};

fn main() {
    let misuse = |db: &Client| Event::query(db, "e1").range(Event::A.timestamp.is_in([dyntastic::chrono::Utc::now()]));
    let _ = (misuse, User::A, Event::A, Product::A);
}
