//! Made-up collections.

use super::random::first_number;
use super::{FakeValue, Faker};
use crate::ground::Vector;
use crate::validate::Part;
use std::collections::{BTreeMap, BTreeSet};

/// The number of elements, if the constraints allow it.
const MOST: u64 = 3;

/// The number of elements up to which they are left to chance.
const FEW: usize = 8;

/// The maximum of elements: an item has at most 409,600 bytes.
const ALL: usize = 409_600;

/// The tries for an element that differs from those before.
const TRIES: u64 = 50;

impl Faker {
    /// How many elements a collection has.
    fn count(&mut self) -> usize {
        let (least, most) = (self.rules().min_items, self.rules().max_items.unwrap_or(usize::MAX));
        let wanted = match self.is_plain() || self.is_deep() {
            true => 0,
            false => usize::try_from(self.random().below(MOST + 1)).unwrap_or_default(),
        };
        least.saturating_add(wanted).min(most).max(least).min(ALL)
    }

    /// The elements of a collection, as many as were found. `add` returns whether an element is another one.
    fn fill<T: FakeValue + 'static>(&mut self, part: Part, mut add: impl FnMut(&mut Self, T) -> bool) {
        let count = self.count();
        let first = first_number(self.random().next());
        let is_in_turn = count > FEW || self.rules().unique_items;
        for number in 0..count as u64 {
            let mut is_found = false;
            for attempt in 0..TRIES {
                let element = match is_in_turn || attempt > 0 {
                    true => self.element_in_turn(part, first + number + attempt * count as u64),
                    false => self.element(part),
                };
                let Some(element) = element else { return };
                is_found = add(self, element);
                if is_found || !self.has_tries() {
                    break;
                }
            }
            // There are no others.
            if !is_found {
                return;
            }
        }
    }
}

impl<T: FakeValue + 'static> FakeValue for Vec<T> {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let mut elements = Self::new();
        of.fill(Part::Items, |_, element| {
            elements.push(element);
            true
        });
        Some(elements)
    }
}

/// An empty set is absent in items.
impl<T: FakeValue + Ord + 'static> FakeValue for BTreeSet<T> {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let mut elements = Self::new();
        of.fill(Part::Items, |_, element| elements.insert(element));
        (!elements.is_empty()).then_some(elements)
    }
}

impl<T: FakeValue + 'static> FakeValue for BTreeMap<String, T> {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let mut entries = Self::new();
        of.fill(Part::Keys, |of, key: String| {
            if entries.contains_key(&key) {
                return false;
            }
            let value = of.element(Part::Values);
            value.map(|value| entries.insert(key, value));
            true
        });
        Some(entries)
    }
}

/// An optional element of a collection.
impl<T: FakeValue + 'static> FakeValue for Option<T> {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let is_absent = of.is_plain() || of.random().chance(200);
        Some(if is_absent { None } else { of.element(Part::Present) })
    }
}

impl<const N: usize> FakeValue for Vector<N> {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        // Vectors of one direction are not all the same, and have a length, as the cosine needs it.
        let one = |of: &mut Faker| (of.random().below(2_000) as f32 - 999.5) / 1_000.0;
        Self::of((0..N).map(|_| one(of)).collect())
    }
}
