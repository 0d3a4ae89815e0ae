//! Only increments change a counter, by exact numbers.

use dyntastic_tests::counters::Player;

fn set(db: &dyntastic::Client) {
    let _ = Player::A.wins.set(3_u64);
    let _ = Player::increment_wins(db, ("chess", "ada"), 0.5);
}

fn main() {}
