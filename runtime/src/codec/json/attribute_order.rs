//! The order of attributes in the items of a page, learnt from earlier items.
//!
//! Most items of a response have their attributes in the same order, which is not the schema's. So the reader compares the next
//! name with the expected one, and looks it up only if it is another.

use super::name_table::{NameTable, Word};
use super::text::is_plain;
use std::cell::{Cell, OnceCell};

/// The learnt order for each list of names, or nothing if the reader does not learn.
#[derive(Debug, Default)]
pub(in crate::codec) struct Orders(Option<OnceCell<Box<Order>>>);

/// The names of a struct's attributes: their table, the name that came after each name the last time, and the orders of other
/// structs.
#[derive(Debug)]
pub(in crate::codec) struct Order {
    names: NameTable,
    /// The text of each name in JSON, with what is around it.
    texts: Box<[NameText]>,
    /// For the beginning of an item, and for each name: the index of the name that came next.
    followers: Box<[Cell<u16>]>,
    others: OnceCell<Box<Order>>,
}

/// The name of an attribute as it is in JSON, from its quote to the brace of its value: `"name":{`.
#[derive(Debug, Clone, Copy)]
struct NameText {
    /// The bytes of the text.
    length: usize,
    /// The first sixteen bytes of the text, or all of them, and the bits of the number that these are. A text without bits in the
    /// mask matches nothing.
    head: u128,
    mask: u128,
}

/// No index: no struct has as many names.
const UNKNOWN: u16 = u16::MAX;

impl NameText {
    /// A text that matches nothing if the name has escapes in JSON.
    fn new(name: &str) -> Self {
        let length = name.len() + 4;
        if !is_plain(name) {
            return Self { length, head: 1, mask: 0 };
        }
        let text = b"\"".iter().chain(name.as_bytes()).chain(b"\":{");
        let (mut head, mut mask) = ([0; 16], [0; 16]);
        for ((byte, head), mask) in text.zip(&mut head).zip(&mut mask) {
            (*head, *mask) = (*byte, 0xFF);
        }
        Self { length, head: u128::from_le_bytes(head), mask: u128::from_le_bytes(mask) }
    }
}

impl Orders {
    /// Learns orders. This pays off only if there are several items.
    pub(in crate::codec) fn learning() -> Self {
        Self(Some(OnceCell::new()))
    }

    /// The learnt order of these names; `None` if the reader does not learn.
    pub(in crate::codec) fn of(&self, names: &'static [&'static str]) -> Option<&Order> {
        let mut next = self.0.as_ref()?;
        loop {
            let order = next.get_or_init(|| Box::new(Order::new(names)));
            if order.names.is_of(names) {
                return Some(order);
            }
            next = &order.others;
        }
    }
}

impl Order {
    fn new(names: &'static [&'static str]) -> Self {
        Self {
            names: NameTable::new(names),
            texts: names.iter().map(|name| NameText::new(name)).collect(),
            followers: (0..=names.len()).map(|_| Cell::new(UNKNOWN)).collect(),
            others: OnceCell::new(),
        }
    }

    /// The index of a name.
    pub(in crate::codec) fn find(&self, name: &str) -> Option<usize> {
        self.names.find(name)
    }

    /// The index of the name that `rest` begins with, and the number of bytes before its value. It is `None` if the name is
    /// unknown, or long and not the expected one, or not written as DynamoDB writes it.
    #[inline]
    pub(in crate::codec) fn next(&self, position: usize, rest: &[u8]) -> Option<(usize, usize)> {
        let [start @ .., last] = rest.first_chunk::<17>()?;
        let head = u128::from_le_bytes(*start);
        let expected = usize::from(self.followers.get(position)?.get());
        if let Some(length) = self.before_value(expected, head, rest) {
            return Some((expected, length));
        }
        let word = Word::in_json(head >> 8 | u128::from(*last) << 120)?;
        let found = self.names.find_by(&word, |index| Some((index, self.before_value(index, head, rest)?)));
        if let Some((index, _)) = found {
            self.learn(position, index);
        }
        found
    }

    /// The number of bytes before the value, if `rest` begins with this name. `head` is the beginning of `rest`.
    #[inline]
    fn before_value(&self, index: usize, head: u128, rest: &[u8]) -> Option<usize> {
        let text = self.texts.get(index)?;
        let is_next = head & text.mask == text.head && (text.length <= 16 || self.is_at(index, rest));
        is_next.then(|| text.length - 1)
    }

    /// Whether `rest` has this name, after a quote.
    fn is_at(&self, index: usize, rest: &[u8]) -> bool {
        let name = self.names.name(index).zip(rest.get(1..));
        let after = name.and_then(|(name, rest)| rest.strip_prefix(name.as_bytes()));
        after.is_some_and(|after| after.starts_with(b"\":{"))
    }

    /// Remembers that a name followed.
    pub(in crate::codec) fn learn(&self, position: usize, index: usize) {
        if let (Some(follower), Ok(index)) = (self.followers.get(position), u16::try_from(index)) {
            follower.set(index);
        }
    }
}
