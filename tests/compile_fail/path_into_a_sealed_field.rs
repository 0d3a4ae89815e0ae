//! A sealed struct, list or map is one value: nothing inside it can be reached.

use dyntastic_tests::seals::{Address, Secret};

fn main() {
    let city = Secret::A.home.then(Address::A.city).set("Paris");
    let first = Secret::A.words.index(0).set("a");
    let score = Secret::A.scores.key("a").set(1);
    let _ = (city, first, score);
}
