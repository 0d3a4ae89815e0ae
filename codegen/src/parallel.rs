//! Work that all cores share.

use std::sync::atomic::{AtomicUsize, Ordering};

/// Applies the function to each item, and returns the results in their order; `None` if a thread panicked. Each core
/// takes the next item when it has finished one, so that no core waits for another with larger items.
pub(crate) fn map<'i, T: Sync, R: Send>(items: &'i [T], of: impl Fn(&'i T) -> R + Sync) -> Option<Vec<R>> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(items.len());
    let next = AtomicUsize::new(0);
    let work = || {
        let mut made = Vec::with_capacity(items.len() / threads);
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            match items.get(number) {
                Some(item) => made.push((number, of(item))),
                None => return made,
            }
        }
    };
    let made: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().ok()).collect()
    });
    let mut made = made.into_iter().collect::<Option<Vec<_>>>()?.into_iter().flatten().collect::<Vec<_>>();
    made.sort_unstable_by_key(|(number, _)| *number);
    Some(made.into_iter().map(|(_, made)| made).collect())
}

#[cfg(test)]
mod tests {
    use super::map;

    #[test]
    fn results_are_in_the_order_of_the_items() {
        let numbers: Vec<u32> = (0..1000).collect();
        assert_eq!(map(&numbers, |number| number * 2), Some((0..1000).map(|number| number * 2).collect()));
        assert_eq!(map(&[], |number: &u32| *number), Some(Vec::new()));
    }
}
