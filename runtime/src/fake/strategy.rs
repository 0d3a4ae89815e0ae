//! Strategies of proptest.

use super::{Fake, Faker};
use crate::ground::Violations;
use proptest::arbitrary::any;
use proptest::strategy::{NewTree, Strategy, ValueTree};
use proptest::test_runner::{Reason, TestRunner};
use std::collections::BTreeSet;
use std::fmt;
use std::marker::PhantomData;

/// The made-up values of a model or a type, for tests with proptest (feature `proptest`).
///
/// A failing value is made simpler field by field: each field that does not matter gets its plainest value, which also
/// fulfils the constraints: no value, no elements, 0, or a short text.
///
/// ```
/// use dyntastic::fake;
/// use example_models::User;
/// use proptest::prelude::*;
///
/// proptest! {
///     fn names_are_not_empty(user in fake::strategy::<User>()) {
///         prop_assert!(!user.name.is_empty());
///     }
/// }
/// # names_are_not_empty();
/// ```
pub fn strategy<T: Fake + fmt::Debug>() -> FakeStrategy<T> {
    FakeStrategy(PhantomData)
}

/// The strategy of a model or a type. From [`strategy`].
pub struct FakeStrategy<T>(PhantomData<fn() -> T>);

impl<T> Clone for FakeStrategy<T> {
    fn clone(&self) -> Self {
        Self(PhantomData)
    }
}

impl<T> fmt::Debug for FakeStrategy<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FakeStrategy")
    }
}

impl<T: Fake + fmt::Debug> Strategy for FakeStrategy<T> {
    type Tree = FakeTree<T>;
    type Value = T;

    fn new_tree(&self, runner: &mut TestRunner) -> NewTree<Self> {
        let seed = any::<u64>().new_tree(runner)?.current();
        let (item, fields) = made(seed, &BTreeSet::new()).map_err(|broken| Reason::from(broken.to_string()))?;
        Ok(FakeTree { seed, plain: BTreeSet::new(), fields, next: 0, item, before: None })
    }
}

/// A made-up value, and simpler ones of the same seed.
#[derive(Debug)]
pub struct FakeTree<T> {
    seed: u64,
    /// The fields with the plainest values.
    plain: BTreeSet<usize>,
    fields: usize,
    /// The next field that is tried.
    next: usize,
    item: T,
    /// The value before the last field became plain.
    before: Option<T>,
}

fn made<T: Fake>(seed: u64, plain: &BTreeSet<usize>) -> Result<(T, usize), Violations> {
    let mut faker = Faker::of_seed(seed, plain.clone());
    let item = faker.whole(|_| {})?;
    Ok((item, faker.fields()))
}

impl<T: Fake + fmt::Debug> ValueTree for FakeTree<T> {
    type Value = T;

    fn current(&self) -> T {
        self.item.clone()
    }

    fn simplify(&mut self) -> bool {
        while self.next < self.fields {
            self.plain.insert(self.next);
            self.next += 1;
            match made(self.seed, &self.plain) {
                Ok((item, _)) => {
                    self.before = Some(std::mem::replace(&mut self.item, item));
                    return true;
                }
                Err(_) => drop(self.plain.remove(&(self.next - 1))),
            }
        }
        false
    }

    fn complicate(&mut self) -> bool {
        let Some(before) = self.before.take() else { return false };
        self.item = before;
        if let Some(last) = self.next.checked_sub(1) {
            self.plain.remove(&last);
        }
        true
    }
}
