//! Changes that a schema makes to texts and times before they are checked and written. They do not copy a text that they
//! leave unchanged.

use super::Precise;
use std::collections::{BTreeMap, BTreeSet};

/// A struct with values that the schema changes, or an enum of such structs.
pub trait Transform {
    /// Changes the values.
    fn transform(&mut self);
}

/// The transforms of one value of type `T`. Emitted code has them for each field with transforms.
pub type Transforms<T> = fn(&mut T);

/// Removes white space at both ends.
pub fn trim(text: &mut String) {
    let trimmed = text.trim();
    if trimmed.len() < text.len() {
        *text = trimmed.to_owned();
    }
}

/// Converts to lower case.
pub fn lowercase(text: &mut String) {
    convert(text, str::to_lowercase, |byte| byte.is_ascii_uppercase());
}

/// Converts to upper case.
pub fn uppercase(text: &mut String) {
    convert(text, str::to_uppercase, |byte| byte.is_ascii_lowercase());
}

fn convert(text: &mut String, convert: fn(&str) -> String, is_converted: fn(u8) -> bool) {
    if text.bytes().any(|byte| !byte.is_ascii() || is_converted(byte)) {
        *text = convert(text);
    }
}

/// Cuts a time to microseconds.
pub fn micros<T: Precise>(time: &mut T) {
    time.cut(1_000);
}

/// Cuts a time to milliseconds.
pub fn millis<T: Precise>(time: &mut T) {
    time.cut(1_000_000);
}

/// Cuts a time to seconds.
pub fn seconds<T: Precise>(time: &mut T) {
    time.cut(1_000_000_000);
}

/// A list or a set.
pub trait Elements {
    /// The type of an element.
    type Element;

    /// Changes each element. Elements of a set that become equal are one.
    fn each(&mut self, change: Transforms<Self::Element>);
}

impl<T> Elements for Vec<T> {
    type Element = T;

    fn each(&mut self, change: Transforms<T>) {
        self.iter_mut().for_each(change);
    }
}

impl<T: Ord> Elements for BTreeSet<T> {
    type Element = T;

    fn each(&mut self, change: Transforms<T>) {
        let elements = std::mem::take(self).into_iter();
        self.extend(elements.map(|mut element| {
            change(&mut element);
            element
        }));
    }
}

/// Changes each element of a list or a set.
pub fn items<C: Elements>(of: &mut C, change: Transforms<C::Element>) {
    of.each(change);
}

/// Changes the value of each entry of a map.
pub fn values<T>(of: &mut BTreeMap<String, T>, change: Transforms<T>) {
    of.values_mut().for_each(change);
}

/// A changed copy of a value.
pub fn changed<T: Clone>(value: &T, change: Transforms<T>) -> T {
    let mut value = value.clone();
    change(&mut value);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_changed_in_place() {
        let texts = [
            (trim as Transforms<String>, "\u{2003} a b\n", "a b"),
            (lowercase, "Æ-Ab1", "æ-ab1"),
            (uppercase, "straße-1a", "STRASSE-1A"),
            (trim, "a", "a"),
            (lowercase, "a-1 b", "a-1 b"),
        ];
        for (change, text, expected) in texts {
            assert_eq!(changed(&text.to_owned(), change), expected);
        }
    }

    #[test]
    fn equal_elements_of_a_set_become_one() {
        let mut set = BTreeSet::from(["B".to_owned(), "a".to_owned(), "b".to_owned()]);
        items(&mut set, lowercase);
        assert_eq!(set, BTreeSet::from(["a".to_owned(), "b".to_owned()]));
        let mut map = BTreeMap::from([("Key".to_owned(), vec!["X".to_owned()])]);
        values(&mut map, |of| items(of, lowercase));
        assert_eq!(map["Key"], ["x"]);
    }
}
