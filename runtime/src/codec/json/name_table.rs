//! A hash table of the names of a struct's attributes.

/// A hash table of names, with at least two slots for each name.
#[derive(Debug)]
pub(super) struct NameTable {
    names: &'static [&'static str],
    /// One more than the index of a name, or 0. A name whose slot is taken is in the next free slot.
    slots: Box<[u16]>,
    /// The bits of a hash that select a slot are the ones from here on.
    shift: u32,
}

/// The first sixteen bytes of a name, with zeros after a shorter one.
pub(super) struct Word(u128);

/// The bytes of a word.
const WIDTH: usize = 16;

impl Word {
    /// The word of a name in JSON, if its quote is among these bytes. The bytes are the ones after the name's first quote.
    #[inline]
    pub(super) fn in_json(bytes: u128) -> Option<Self> {
        const ONES: u128 = u128::from_le_bytes([1; WIDTH]);
        const HIGH: u128 = u128::from_le_bytes([0x80; WIDTH]);
        let without_quotes = bytes ^ (ONES * b'"' as u128);
        let quotes = without_quotes.wrapping_sub(ONES) & !without_quotes & HIGH;
        // The bytes before the first quote.
        let before = (quotes.wrapping_sub(1) & !quotes) >> 7;
        (quotes != 0).then_some(Self(bytes & before))
    }

    fn of(name: &[u8]) -> Self {
        let mut bytes = [0; WIDTH];
        for (byte, of) in bytes.iter_mut().zip(name) {
            *byte = *of;
        }
        Self(u128::from_le_bytes(bytes))
    }
}

impl NameTable {
    pub(super) fn new(names: &'static [&'static str]) -> Self {
        let count = (names.len() * 2).next_power_of_two().max(2);
        let mut table = Self { names, slots: vec![0; count].into(), shift: u64::BITS - count.ilog2() };
        for (index, name) in names.iter().enumerate() {
            let Ok(entry) = u16::try_from(index + 1) else { break };
            let mut slot = table.first_slot(&Word::of(name.as_bytes()));
            while table.slots.get(slot).is_some_and(|taken| *taken != 0) {
                slot = table.next_slot(slot);
            }
            if let Some(free) = table.slots.get_mut(slot) {
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
    pub(super) fn find(&self, name: &str) -> Option<usize> {
        self.find_by(&Word::of(name.as_bytes()), |index| self.name(index).filter(|other| *other == name).map(|_| index))
    }

    /// The first result of `compare` for the indexes of the names that may have this word.
    #[inline]
    pub(super) fn find_by<T>(&self, word: &Word, compare: impl Fn(usize) -> Option<T>) -> Option<T> {
        let mut slot = self.first_slot(word);
        loop {
            let index = usize::from(*self.slots.get(slot)?).checked_sub(1)?;
            match compare(index) {
                None => slot = self.next_slot(slot),
                found => return found,
            }
        }
    }

    #[inline]
    fn first_slot(&self, word: &Word) -> usize {
        const MIX: u64 = 0x9E37_79B9_7F4A_7C15;
        let (low, high) = (word.0 as u64, (word.0 >> 64) as u64);
        ((low ^ high.rotate_left(29)).wrapping_mul(MIX) >> self.shift) as usize
    }

    fn next_slot(&self, slot: usize) -> usize {
        if slot + 1 < self.slots.len() { slot + 1 } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::{NameTable, Word};

    #[test]
    fn each_name_is_found_and_no_other() {
        const NAMES: &[&str] = &[
            "",
            "a",
            "b",
            "ab",
            "ba",
            "abcdefgh",
            "abcdefgi",
            "xbcdefgh",
            "a_long_name",
            "b_long_name",
            "é",
            "fifteen_letters",
            "sixteen_letters_",
            "sixteen_letters__and_more",
            "sixteen_letters__and_others",
        ];
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

    #[test]
    fn words_in_json_are_the_words_of_names() {
        for name in ["", "a", "é", "a_long_name", "fifteen_letters"] {
            for after in ["\":{\"S\":\"0123456789\"}", "\"\"\"\"\"\"\"\"\"\"\"\"\"\"\"\""] {
                let text = format!("{name}{after}");
                let bytes = u128::from_le_bytes(*text.as_bytes().first_chunk().expect("sixteen bytes"));
                let word = Word::in_json(bytes).map(|word| word.0);
                assert_eq!(word, Some(Word::of(name.as_bytes()).0), "{name}");
            }
        }
        assert!(Word::in_json(u128::from_le_bytes(*b"sixteen_letters_")).is_none());
    }
}
