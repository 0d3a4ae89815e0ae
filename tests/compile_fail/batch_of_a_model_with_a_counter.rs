//! A batch has no conditions, so that it could undo increments.

use dyntastic_tests::counters::Player;

fn put(db: &dyntastic::Client, player: &Player) {
    let _ = db.batch_write().put(player);
}

fn main() {}
