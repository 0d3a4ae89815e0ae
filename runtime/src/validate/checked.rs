//! One value under its constraints.

use super::constraints::{Noted, OF_ELEMENTS, Part};
use super::formats::Format;
use super::numbers::MultipleOf;
use super::{Check, Validate};
use crate::description::{Limit, refusal};
use crate::ground::{Segment, Violations, WriteErrorKind};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Display};
use std::ops::Deref;

/// A value that is being checked: each method is a constraint, and adds a violation if the value breaks it.
///
/// ```
/// use dyntastic::{Checked, Violations};
///
/// fn check(name: Checked<'_, String>) {
///     name.min_length(2).max_length(50).done();
/// }
///
/// let mut violations = Violations::new("User");
/// violations.value("name", &"A".to_owned(), check);
/// assert_eq!(violations.to_string(), "User.name: at least 2 characters, this has 1");
/// ```
#[derive(Debug)]
#[must_use = "a value without a constraint is not checked"]
pub struct Checked<'v, T> {
    pub(super) value: &'v T,
    pub(super) violations: &'v mut Violations,
    /// Where constraints are noted. Then every constraint adds a violation, even if it holds.
    noted: Option<&'v mut Noted>,
}

impl<'v, T> Checked<'v, T> {
    pub(crate) fn new(value: &'v T, violations: &'v mut Violations) -> Self {
        Self { value, violations, noted: None }
    }

    /// A value whose every constraint adds a violation, even if it holds.
    pub(crate) fn noting(value: &'v T, violations: &'v mut Violations, noted: &'v mut Noted) -> Self {
        Self { noted: Some(noted), ..Self::new(value, violations) }
    }

    /// Adds a violation unless the constraint holds.
    pub(super) fn hold(
        self,
        holds: bool,
        code: &'static str,
        message: impl FnOnce() -> String,
        parameters: &[(&'static str, &dyn Display)],
    ) -> Self {
        if !holds || self.noted.is_some() {
            let parameters = parameters.iter().map(|(name, value)| (*name, value.to_string())).collect();
            self.violations.add(code, message(), parameters);
        }
        self
    }

    /// A function of the app returns `Ok` for the value.
    pub fn custom<E: Display>(self, check: impl FnOnce(&T) -> Result<(), E>) -> Self {
        if self.noted.is_some() {
            return self.note("custom");
        }
        if let Err(error) = check(self.value) {
            self.violations.add("custom", error.to_string(), Vec::new());
        }
        self
    }

    /// Adds the constraint without its parameters.
    fn note(self, code: &'static str) -> Self {
        self.violations.add(code, "", Vec::new());
        self
    }

    /// Ends the checks.
    pub fn done(self) {}
}

impl<T> Checked<'_, T> {
    fn note_key(&mut self) {
        if let Some(noted) = &mut self.noted {
            noted.key();
        }
    }

    fn not_refused(self, refusal: Option<WriteErrorKind>) -> Self {
        self.violations.add_refusal(refusal);
        self
    }
}

impl<T: AsRef<[u8]>> Checked<'_, T> {
    /// The value can be a hash key: it has 1 to 2,048 bytes ("Constraints in Amazon DynamoDB", Partition key length).
    pub fn hash_key(self) -> Self {
        self.key(Limit::HASH)
    }

    /// The value can be a range key: it has 1 to 1,024 bytes ("Constraints in Amazon DynamoDB", Sort key length).
    pub fn range_key(self) -> Self {
        self.key(Limit::RANGE)
    }

    fn key(mut self, limit: Limit) -> Self {
        self.note_key();
        let refusal = limit.refusal(self.value.as_ref().len());
        self.not_refused(refusal)
    }

    /// The value is not empty. The violation is that of [`min_length`](Checked::min_length).
    pub fn not_empty(self) -> Self {
        let holds = !self.value.as_ref().is_empty();
        self.hold(holds, "min_length", || "not empty".to_owned(), &[("minimum", &1)])
    }
}

impl<T: AsRef<str>> Checked<'_, T> {
    fn characters(&self) -> usize {
        self.value.as_ref().chars().count()
    }

    /// The value can be a part of a key that is made of fields: it is not empty, and holds neither `#`, which separates
    /// the parts, nor a control character.
    pub fn key_part(self) -> Self {
        self.refusal(None, false)
    }

    /// The same as [`key_part`](Self::key_part) for a key whose parts another character separates.
    pub fn key_part_without(self, separator: char) -> Self {
        self.refusal(Some(separator), false)
    }

    /// The value can be a part of a range key with other parts after it: it also holds no character that sorts before
    /// `#`.
    pub fn leading_key_part(self) -> Self {
        self.refusal(None, true)
    }

    /// The same as [`leading_key_part`](Self::leading_key_part) for a key whose parts another character separates.
    pub fn leading_key_part_without(self, separator: char) -> Self {
        self.refusal(Some(separator), true)
    }

    fn refusal(mut self, separator: Option<char>, leading: bool) -> Self {
        self.note_key();
        let refusal = refusal(self.value.as_ref(), separator, leading);
        self.not_refused(refusal)
    }

    /// The value has at least `minimum` characters.
    pub fn min_length(self, minimum: usize) -> Self {
        let length = self.characters();
        self.hold(
            length >= minimum,
            "min_length",
            || format!("at least {}, this has {length}", counted(minimum, "character")),
            &[("minimum", &minimum)],
        )
    }

    /// The value has at most `maximum` characters.
    pub fn max_length(self, maximum: usize) -> Self {
        let length = self.characters();
        self.hold(
            length <= maximum,
            "max_length",
            || format!("at most {}, this has {length}", counted(maximum, "character")),
            &[("maximum", &maximum)],
        )
    }

    /// A part of the value matches the pattern.
    #[cfg(feature = "pattern")]
    pub fn pattern(self, pattern: &super::Pattern) -> Self {
        let matches = pattern.is_match(self.value.as_ref());
        self.hold(matches, "pattern", || format!("it matches {pattern}"), &[("pattern", &pattern)])
    }

    /// The value has a well-known format.
    pub fn format(self, format: Format) -> Self {
        let valid = format.is_valid(self.value.as_ref());
        self.hold(valid, "format", || format!("it is {}", format.description()), &[("format", &format.name())])
    }

    /// The value is one of `values`.
    pub fn one_of(mut self, values: &[&str]) -> Self {
        if let Some(noted) = &mut self.noted {
            noted.texts(values);
        }
        let found = values.contains(&self.value.as_ref());
        let all = Joined(values);
        self.hold(found, "one_of", || format!("one of {all}"), &[("values", &all)])
    }
}

/// Shows texts as `RED, GREEN`.
struct Joined<'t>(&'t [&'t str]);

impl Display for Joined<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(", "))
    }
}

impl<T: PartialOrd + Display> Checked<'_, T> {
    /// The value is at least `minimum`.
    pub fn minimum(self, minimum: T) -> Self {
        let holds = *self.value >= minimum;
        self.hold(holds, "minimum", || format!("at least {minimum}"), &[("minimum", &minimum)])
    }

    /// The value is at most `maximum`.
    pub fn maximum(self, maximum: T) -> Self {
        let holds = *self.value <= maximum;
        self.hold(holds, "maximum", || format!("at most {maximum}"), &[("maximum", &maximum)])
    }

    /// The value is more than `minimum`.
    pub fn exclusive_minimum(self, minimum: T) -> Self {
        let holds = *self.value > minimum;
        self.hold(holds, "exclusive_minimum", || format!("more than {minimum}"), &[("minimum", &minimum)])
    }

    /// The value is less than `maximum`.
    pub fn exclusive_maximum(self, maximum: T) -> Self {
        let holds = *self.value < maximum;
        self.hold(holds, "exclusive_maximum", || format!("less than {maximum}"), &[("maximum", &maximum)])
    }
}

impl<T: MultipleOf + Display> Checked<'_, T> {
    /// The value is a multiple of `of`.
    pub fn multiple_of(self, of: T) -> Self {
        let holds = self.value.is_multiple_of(&of);
        self.hold(holds, "multiple_of", || format!("a multiple of {of}"), &[("of", &of)])
    }
}

impl<T: AsRef<[f32]>> Checked<'_, T> {
    /// Each value is a number: DynamoDB stores neither NaN nor an infinite one.
    pub fn finite(self) -> Self {
        let holds = self.value.as_ref().iter().all(|value| value.is_finite());
        self.hold(holds, "finite", || "finite numbers".to_owned(), &[])
    }
}

/// `1 element`, `2 elements`.
fn counted(number: usize, what: &str) -> String {
    format!("{number} {what}{}", if number == 1 { "" } else { "s" })
}

/// A collection that knows the number of its elements.
pub trait Collection {
    /// The number of elements.
    fn count(&self) -> usize;
}

impl<T> Collection for Vec<T> {
    fn count(&self) -> usize {
        self.len()
    }
}

impl<T> Collection for BTreeSet<T> {
    fn count(&self) -> usize {
        self.len()
    }
}

impl<T> Collection for BTreeMap<String, T> {
    fn count(&self) -> usize {
        self.len()
    }
}

impl<T: Collection> Checked<'_, T> {
    /// The collection has at least `minimum` elements.
    pub fn min_items(self, minimum: usize) -> Self {
        let count = self.value.count();
        self.hold(
            count >= minimum,
            "min_items",
            || format!("at least {}, this has {count}", counted(minimum, "element")),
            &[("minimum", &minimum)],
        )
    }

    /// The collection has at most `maximum` elements.
    pub fn max_items(self, maximum: usize) -> Self {
        let count = self.value.count();
        self.hold(
            count <= maximum,
            "max_items",
            || format!("at most {}, this has {count}", counted(maximum, "element")),
            &[("maximum", &maximum)],
        )
    }
}

impl<T: PartialEq> Checked<'_, Vec<T>> {
    /// No two elements are equal.
    pub fn unique_items(self) -> Self {
        let mut rest = self.value.as_slice();
        let mut unique = true;
        while let Some((first, others)) = rest.split_first() {
            unique &= !others.contains(first);
            rest = others;
        }
        self.hold(unique, "unique_items", || "no two elements are equal".to_owned(), &[])
    }
}

impl<C> Checked<'_, C> {
    /// Notes the check of a part of the value, if constraints are noted.
    fn is_noted<T: 'static>(&mut self, part: Part, check: Check<T>) -> bool {
        if let Some(noted) = &mut self.noted {
            noted.part(part, check);
        }
        self.noted.is_some()
    }

    fn each<'i, T: 'static>(mut self, items: impl Iterator<Item = &'i T>, check: Check<T>) -> Self {
        if self.is_noted(Part::Items, check) {
            return self.note(OF_ELEMENTS);
        }
        for (index, item) in items.enumerate() {
            self.violations.within(|| Segment::Index(index), |violations| check(Checked::new(item, violations)));
        }
        self
    }
}

impl<T: 'static> Checked<'_, Vec<T>> {
    /// Every element passes the check.
    pub fn items(self, check: Check<T>) -> Self {
        let items = self.value.iter();
        self.each(items, check)
    }
}

impl<T: 'static> Checked<'_, BTreeSet<T>> {
    /// Every element passes the check. Paths count the elements in the set's order.
    pub fn items(self, check: Check<T>) -> Self {
        let items = self.value.iter();
        self.each(items, check)
    }
}

impl<T: 'static> Checked<'_, BTreeMap<String, T>> {
    /// The name of every entry passes the check.
    pub fn keys(mut self, check: Check<String>) -> Self {
        if self.is_noted(Part::Keys, check) {
            return self.note(OF_ELEMENTS);
        }
        for key in self.value.keys() {
            self.violations.within(|| key.as_str().into(), |violations| check(Checked::new(key, violations)));
        }
        self
    }

    /// The value of every entry passes the check.
    pub fn values(mut self, check: Check<T>) -> Self {
        if self.is_noted(Part::Values, check) {
            return self.note(OF_ELEMENTS);
        }
        for (key, value) in self.value {
            self.violations.within(|| key.as_str().into(), |violations| check(Checked::new(value, violations)));
        }
        self
    }
}

impl<T: 'static> Checked<'_, Option<T>> {
    /// The value passes the check, if there is one.
    pub fn present(mut self, check: Check<T>) -> Self {
        if !self.is_noted(Part::Present, check)
            && let Some(value) = self.value
        {
            check(Checked::new(value, self.violations));
        }
        self
    }
}

impl<T: Validate> Checked<'_, T> {
    /// The struct passes its own checks.
    pub fn nested(self) -> Self {
        if self.noted.is_none() {
            self.violations.nested(self.value);
        }
        self
    }
}

impl<'v, T> Checked<'v, Box<T>> {
    /// Goes on with the value in the box.
    pub fn unboxed(self) -> Checked<'v, T> {
        Checked { value: self.value, violations: self.violations, noted: self.noted }
    }
}

impl<'v, T: Deref<Target: Sized>> Checked<'v, T> {
    /// Goes on with the value in a type that states its stored form.
    pub fn inner(self) -> Checked<'v, T::Target> {
        Checked { value: self.value, violations: self.violations, noted: self.noted }
    }
}
