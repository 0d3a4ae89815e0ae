//! Constants of emitted code, made at run time. They are leaked, each once: a command loads one schema.

use std::cell::RefCell;
use std::collections::HashSet;

thread_local! {
    static NAMES: RefCell<HashSet<&'static [&'static str]>> = RefCell::default();
}

/// A list of names as a constant.
pub(super) fn names(of: Vec<&'static str>) -> &'static [&'static str] {
    NAMES.with_borrow_mut(|known| match known.get(of.as_slice()) {
        Some(names) => names,
        None => {
            let names: &'static [&'static str] = of.leak();
            known.insert(names);
            names
        }
    })
}

/// A list as a constant.
pub(super) fn all<T>(of: impl IntoIterator<Item = T>) -> &'static [T] {
    of.into_iter().collect::<Vec<T>>().leak()
}
