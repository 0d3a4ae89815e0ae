//! The names of a struct's attributes, found by one comparison.

/// A hash table of names, with at least two slots for each name.
#[derive(Debug)]
pub(super) struct NameTable {
    names: &'static [&'static str],
    /// One more than the index of a name, or 0. A name whose slot is taken is in the next free slot.
    slots: Box<[u16]>,
}

impl NameTable {
    pub(super) fn new(names: &'static [&'static str]) -> Self {
        let count = (names.len() * 2).next_power_of_two();
        let mut table = Self { names, slots: vec![0; count].into() };
        for (index, name) in names.iter().enumerate() {
            let Ok(entry) = u16::try_from(index + 1) else { break };
            let mut slot = table.slot(name);
            while table.entry(slot) != 0 {
                slot += 1;
            }
            let mask = table.mask();
            if let Some(free) = table.slots.get_mut(slot & mask) {
                *free = entry;
            }
        }
        table
    }

    /// Whether it is the table of these names, and not only of equal ones.
    pub(super) fn is_of(&self, names: &'static [&'static str]) -> bool {
        std::ptr::eq(self.names, names)
    }

    pub(super) fn name(&self, index: usize) -> Option<&'static str> {
        self.names.get(index).copied()
    }

    /// The index of a name.
    #[inline]
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        let mut slot = self.slot(name);
        loop {
            let index = usize::from(self.entry(slot)).checked_sub(1)?;
            if self.names.get(index).is_some_and(|other| *other == name) {
                return Some(index);
            }
            slot += 1;
        }
    }

    fn mask(&self) -> usize {
        self.slots.len().wrapping_sub(1)
    }

    #[inline]
    fn entry(&self, slot: usize) -> u16 {
        self.slots.get(slot & self.mask()).copied().unwrap_or_default()
    }

    /// The slot of a name by its length, its first eight and its last eight bytes.
    #[inline]
    fn slot(&self, name: &str) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let bytes = name.as_bytes();
        let (first, last) = match (bytes.first_chunk::<8>(), bytes.last_chunk::<8>()) {
            (Some(first), Some(last)) => (u64::from_le_bytes(*first), u64::from_le_bytes(*last)),
            _ => (bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte)), 0),
        };
        let hash = (first ^ last.rotate_left(29) ^ bytes.len() as u64).wrapping_mul(MIX);
        (hash >> 32) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::NameTable;

    #[test]
    fn each_name_is_found_and_no_other() {
        const NAMES: &[&str] =
            &["", "a", "b", "ab", "ba", "abcdefgh", "abcdefgi", "xbcdefgh", "a_long_name", "b_long_name", "é"];
        let table = NameTable::new(NAMES);
        for (index, name) in NAMES.iter().enumerate() {
            assert_eq!(table.find(name), Some(index), "{name}");
            assert_eq!(table.find(&format!("{name}x")), None, "{name}x");
        }
        assert_eq!(NameTable::new(&[]).find("a"), None);
    }

    #[test]
    fn many_names_are_found() {
        let names: Vec<&'static str> = (0..1_000).map(|number| &*format!("attribute_{number}").leak()).collect();
        let names: &'static [&'static str] = names.leak();
        let table = NameTable::new(names);
        assert!((0..1_000).all(|number| table.find(&format!("attribute_{number}")) == Some(number)));
        assert_eq!(table.find("attribute_1000"), None);
    }
}
