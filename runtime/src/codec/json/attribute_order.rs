//! The order in which the items of a page have their attributes, learnt from the items before.
//!
//! DynamoDB gives the items of an answer with their attributes in one order, which is not that of the schema: a name that is
//! expected is compared, and need not be looked up.

use std::cell::{Cell, OnceCell};

/// What is known of each list of names.
#[derive(Debug, Default)]
pub(in crate::codec) struct Orders(Option<OnceCell<Box<Order>>>);

/// Which of some names stood first the last time, and which after each; and what is known of other names.
#[derive(Debug)]
pub(in crate::codec) struct Order {
    names: &'static [&'static str],
    /// For the beginning, and for each name.
    followers: Box<[Follower]>,
    others: OnceCell<Box<Order>>,
}

/// The name that followed, as it stands with what is around it: `,"name":{`, after the beginning `{"name":{`.
#[derive(Debug)]
struct Follower {
    index: Cell<u16>,
    /// The bytes of the text.
    length: Cell<u16>,
    /// The first sixteen bytes of the text, or all there are, and which bits of the number these are. A number that has bits
    /// where the mask has none is met by no text.
    text: Cell<u128>,
    mask: Cell<u128>,
}

impl Follower {
    fn unknown() -> Self {
        Self { index: Cell::new(0), length: Cell::new(0), text: Cell::new(1), mask: Cell::new(0) }
    }
}

impl Orders {
    /// For several items, which are worth learning for.
    pub(in crate::codec) fn learning() -> Self {
        Self(Some(OnceCell::new()))
    }

    /// What is known of these names; `None` where nothing is learnt.
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

    /// The name that followed the last time, if it stands there again, and the bytes before its value.
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

    /// Whether a name stands there, after two bytes.
    fn is_at(&self, index: usize, rest: &[u8]) -> bool {
        let name = self.names.get(index).zip(rest.get(2..));
        let after = name.and_then(|(name, rest)| rest.strip_prefix(name.as_bytes()));
        after.is_some_and(|after| after.starts_with(b"\":{"))
    }

    /// Learns that a name followed.
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
