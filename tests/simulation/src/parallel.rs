//! Work on all cores.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// One thread for each core.
pub fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// Calls `work` once with each number, in this many threads. The threads take the numbers in their order.
pub fn each(numbers: Range<u64>, threads: usize, work: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(numbers.start);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= numbers.end {
                        break;
                    }
                    work(number);
                }
            });
        }
    });
}
