//! Values in turn.

/// The number of possibilities with which a value differs from others by itself.
const MANY: u64 = 1 << 16;

/// The number of possibilities after which the rest is left to chance.
const ENOUGH: u64 = 1 << 32;

/// A number from which possibilities are chosen one after the other: consecutive numbers choose different ones, until all are
/// used up.
#[derive(Debug, Clone, Copy)]
pub(super) struct Turn {
    left: u64,
    /// The product of the possibilities so far.
    chosen: u64,
}

impl Turn {
    pub(super) fn new(number: u64) -> Self {
        Self { left: number, chosen: 1 }
    }

    /// One of some possibilities; `None` if there are none, or enough were chosen.
    pub(super) fn pick(&mut self, count: u64) -> Option<u64> {
        if self.chosen >= ENOUGH {
            return None;
        }
        let picked = self.left.checked_rem(count)?;
        self.left /= count;
        self.chosen = self.chosen.saturating_mul(count);
        Some(picked)
    }

    /// The turn of the next part of a key whose turn was `before` this part. A part that differs by itself leaves the number as it
    /// was, so that each such part differs, and one with few possibilities leaves the rest of it.
    pub(super) fn rest_of(self, before: Self) -> Self {
        if self.chosen >= MANY { before } else { Self::new(self.left) }
    }
}

#[cfg(test)]
mod tests {
    use super::Turn;
    use std::collections::BTreeSet;

    /// How many different keys items have whose parts have so many possibilities.
    fn different(parts: &[u64], items: u64) -> usize {
        let key = |number| -> Vec<Option<u64>> {
            let mut key = Turn::new(number);
            let part = |count: &u64| {
                let mut turn = key;
                let picked = turn.pick(*count);
                key = turn.rest_of(key);
                picked
            };
            parts.iter().map(part).collect()
        };
        (0..items).map(|item| key(7_777_777_777_777 + item)).collect::<BTreeSet<_>>().len()
    }

    #[test]
    fn keys_differ_until_all_possibilities_are_used() {
        assert_eq!(different(&[256], 256), 256);
        assert_eq!(different(&[2, 3, 4], 24), 24);
        assert_eq!(different(&[2, 3, 4], 100), 24, "there are no more");
        assert_eq!(different(&[2, 1 << 40], 1000), 1000);
        assert_eq!(different(&[1 << 40, 200], 1000), 1000);
    }

    #[test]
    fn a_part_with_many_possibilities_leaves_the_others_in_turn() {
        let mut turn = Turn::new(1_234_567);
        assert_eq!(turn.pick(1 << 40), Some(1_234_567));
        assert_eq!(turn.pick(5), None, "the rest of the part is left to chance");
        assert_eq!(turn.rest_of(Turn::new(1_234_567)).pick(1000), Some(567));
        assert_eq!(Turn::new(5).pick(0), None);
    }
}
