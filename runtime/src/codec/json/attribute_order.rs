//! The order of attributes in the items of a page, learnt from earlier items.
//!
//! Most items of a response have their attributes in the same order, which is not the schema's. So the reader compares the next
//! name with the expected one, and looks it up only if it is another.

use super::name_table::NameTable;
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
    /// For the beginning of an item, and for each name.
    followers: Box<[Cell<NameText>]>,
    others: OnceCell<Box<Order>>,
}

/// The name of an attribute as it is in JSON, from the comma before it to the brace of its value: `,"name":{`. The first name of an
/// item has a brace in the comma's place.
#[derive(Debug, Clone, Copy)]
struct NameText {
    index: u16,
    /// The bytes of the text.
    length: u16,
    /// The first sixteen bytes of the text, or all of them, and the bits of the number that these are. A text without bits in the
    /// mask matches nothing.
    head: u128,
    mask: u128,
}

impl NameText {
    const UNKNOWN: Self = Self { index: 0, length: 0, head: 1, mask: 0 };

    /// `UNKNOWN` for a name that is too long.
    fn new(index: usize, name: &str) -> Self {
        let text = b",\"".iter().chain(name.as_bytes()).chain(b"\":{");
        let (Ok(index), Ok(length)) = (u16::try_from(index), u16::try_from(name.len() + 5)) else {
            return Self::UNKNOWN;
        };
        let (mut head, mut mask) = ([0; 16], [0; 16]);
        for ((byte, head), mask) in text.zip(&mut head).zip(&mut mask) {
            (*head, *mask) = (*byte, 0xFF);
        }
        Self { index, length, head: u128::from_le_bytes(head), mask: u128::from_le_bytes(mask) }
    }

    /// The text of an item's first name.
    fn first(self) -> Self {
        const COMMA_TO_BRACE: u128 = (b',' ^ b'{') as u128;
        if self.mask == 0 { self } else { Self { head: self.head ^ COMMA_TO_BRACE, ..self } }
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
            texts: names.iter().enumerate().map(|(index, name)| NameText::new(index, name)).collect(),
            followers: (0..=names.len()).map(|_| Cell::new(NameText::UNKNOWN)).collect(),
            others: OnceCell::new(),
        }
    }

    /// The index of a name.
    pub(in crate::codec) fn find(&self, name: &str) -> Option<usize> {
        self.names.find(name)
    }

    /// The index of the name that followed the last time, if it follows again, and the number of bytes before its value.
    #[inline]
    pub(in crate::codec) fn expected(&self, position: usize, rest: &[u8]) -> Option<(usize, usize)> {
        let text = self.followers.get(position)?.get();
        let head = u128::from_le_bytes(*rest.first_chunk::<16>()?);
        if head & text.mask != text.head {
            return None;
        }
        let (index, length) = (usize::from(text.index), usize::from(text.length));
        (length <= 16 || self.is_at(index, rest)).then(|| (index, length - 1))
    }

    /// Whether `rest` has this name, after two bytes.
    fn is_at(&self, index: usize, rest: &[u8]) -> bool {
        let name = self.names.name(index).zip(rest.get(2..));
        let after = name.and_then(|(name, rest)| rest.strip_prefix(name.as_bytes()));
        after.is_some_and(|after| after.starts_with(b"\":{"))
    }

    /// Remembers that a name followed.
    pub(in crate::codec) fn learn(&self, position: usize, index: usize) {
        if let (Some(follower), Some(text)) = (self.followers.get(position), self.texts.get(index)) {
            follower.set(if position == 0 { text.first() } else { *text });
        }
    }
}
