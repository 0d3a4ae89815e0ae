//! The order of attributes in the items of a page, learnt from earlier items.
//!
//! All items of a response have their attributes in the same order, which is not the schema's. So the reader compares
//! the next name with the expected one, instead of looking it up.

use std::cell::{Cell, OnceCell};

/// The learnt order for each list of names, or nothing if the reader does not learn.
#[derive(Debug, Default)]
pub(in crate::codec) struct Orders(Option<OnceCell<Box<Order>>>);

/// The learnt order of one list of names: the first name, and the name after each name. It links to the other lists'
/// orders.
#[derive(Debug)]
pub(in crate::codec) struct Order {
    names: &'static [&'static str],
    /// The name at the beginning, then the name after each name.
    followers: Box<[Follower]>,
    others: OnceCell<Box<Order>>,
}

/// The name that followed the last time, with the JSON around it: `,"name":{`, or `{"name":{` at the beginning.
#[derive(Debug)]
struct Follower {
    index: Cell<u16>,
    /// The length of the text in bytes.
    length: Cell<u16>,
    /// The first 16 bytes of the text as a number, or all its bytes if it is shorter. Until a name is learnt, it has a
    /// bit outside of the mask, so that no JSON matches.
    text: Cell<u128>,
    /// The bits of `text` that hold bytes of the text.
    mask: Cell<u128>,
}

impl Follower {
    fn unknown() -> Self {
        Self { index: Cell::new(0), length: Cell::new(0), text: Cell::new(1), mask: Cell::new(0) }
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
            if std::ptr::eq(order.names, names) {
                return Some(order);
            }
            next = &order.others;
        }
    }
}

impl Order {
    fn new(names: &'static [&'static str]) -> Self {
        let followers = (0..=names.len()).map(|_| Follower::unknown()).collect();
        Self { names, followers, others: OnceCell::new() }
    }

    /// The index of the name that followed the last time and the number of bytes before its value, if it follows again.
    #[inline]
    pub(in crate::codec) fn expected(&self, position: usize, rest: &[u8]) -> Option<(usize, usize)> {
        let follower = self.followers.get(position)?;
        let head = u128::from_le_bytes(*rest.first_chunk::<16>()?);
        if head & follower.mask.get() != follower.text.get() {
            return None;
        }
        let (index, length) = (usize::from(follower.index.get()), usize::from(follower.length.get()));
        (length <= 16 || self.is_at(index, rest)).then(|| (index, length - 1))
    }

    /// Whether `rest` has this name, after two bytes.
    fn is_at(&self, index: usize, rest: &[u8]) -> bool {
        let name = self.names.get(index).zip(rest.get(2..));
        let after = name.and_then(|(name, rest)| rest.strip_prefix(name.as_bytes()));
        after.is_some_and(|after| after.starts_with(b"\":{"))
    }

    /// Learns that a name has followed at a position.
    pub(in crate::codec) fn learn(&self, position: usize, index: usize) {
        let (Some(follower), Some(name)) = (self.followers.get(position), self.names.get(index)) else { return };
        let text = [if position == 0 { "{\"" } else { ",\"" }, name, "\":{"].concat();
        let (Ok(index), Ok(length)) = (u16::try_from(index), u16::try_from(text.len())) else { return };
        let (mut head, mut mask) = ([0; 16], [0; 16]);
        for ((byte, head), mask) in text.bytes().zip(&mut head).zip(&mut mask) {
            (*head, *mask) = (byte, 0xFF);
        }
        follower.index.set(index);
        follower.length.set(length);
        follower.text.set(u128::from_le_bytes(head));
        follower.mask.set(u128::from_le_bytes(mask));
    }
}
