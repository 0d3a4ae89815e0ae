//! The order in which the items of a page have their attributes, learnt from the items before.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// Of each list of names: which of them stood first the last time, and which stood after each.
///
/// DynamoDB gives the items of an answer with their attributes in one order, which is not that of the schema: a name that is
/// expected is compared, and need not be looked up.
#[derive(Debug, Default)]
pub(super) struct Orders(Option<RefCell<Vec<Order>>>);

#[derive(Debug)]
struct Order {
    names: &'static [&'static str],
    following: Following,
}

/// For the beginning, and for each name: the place of the name that followed.
pub(super) type Following = Rc<[Cell<Option<u16>>]>;

impl Orders {
    /// For several items, which are worth learning for.
    pub(super) fn learning() -> Self {
        Self(Some(RefCell::default()))
    }

    /// What is known of these names; `None` where nothing is learnt.
    pub(super) fn of(&self, names: &'static [&'static str]) -> Option<Following> {
        let mut orders = self.0.as_ref()?.try_borrow_mut().ok()?;
        if let Some(order) = orders.iter().find(|order| std::ptr::eq(order.names, names)) {
            return Some(Rc::clone(&order.following));
        }
        let following: Following = vec![Cell::new(None); names.len() + 1].into();
        orders.push(Order { names, following: Rc::clone(&following) });
        Some(following)
    }
}
