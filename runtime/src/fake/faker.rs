//! What makes the values of one item.

use super::random::first_number;
use super::rules::Rules;
use super::turn::Turn;
use super::{Fake, FakeValue, Random};
use crate::builder::Values;
use crate::ground::Violations;
use crate::validate::{Check, Checked, Part};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How often a value is made before a broken constraint is an error.
const TRIES: usize = 100;

/// The tries for any value, since an empty set is none.
const PROBES: usize = 8;

/// How many values of an item may break constraints before it has none.
const FAILURES: usize = 1_000;

/// The number of structs inside each other that may hold further ones in optional fields and collections.
const DEEP: usize = 3;

/// The number at which a struct inside of itself has no value.
const DEEPEST: usize = 12;

/// Makes the values of one item. It knows the field that is made, and its constraints.
#[derive(Debug)]
pub struct Faker {
    random: Random,
    seed: u64,
    rules: Rc<Rules>,
    /// The field, and the struct that has it, in snake case.
    name: &'static str,
    owner: String,
    /// How often the value has been made before. Later tries are plainer.
    attempt: usize,
    /// The number of the item among those of its random numbers.
    number: u64,
    /// The number that tells the field from the same field of other items, if it has to differ.
    turn: Option<Turn>,
    /// What the parts of the key have left of the item's number.
    key: Turn,
    differs: Differs,
    /// Whether it is the first try for the value.
    is_first: bool,
    /// The values that have broken constraints.
    failures: usize,
    depth: usize,
    /// The fields of the item that have been made.
    fields: usize,
    /// The fields of the item that have the plainest values, by their number.
    plain: BTreeSet<usize>,
    is_plain: bool,
}

/// How the values of a field differ from those of other items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Differs {
    No,
    /// By themselves.
    Alone,
    /// As a part of the key, which differs as a whole.
    Key,
}

impl Faker {
    pub(super) fn new(random: &mut Random) -> Self {
        let (seed, number) = random.item();
        Self { number, key: Turn::new(number), ..Self::of_seed(seed, BTreeSet::new()) }
    }

    /// One whose fields of some numbers have the plainest values. The values of the others do not depend on that.
    pub(crate) fn of_seed(seed: u64, plain: BTreeSet<usize>) -> Self {
        Self {
            random: Random::new(seed),
            seed,
            rules: Rc::default(),
            name: "",
            owner: String::new(),
            attempt: 0,
            number: first_number(seed),
            turn: None,
            key: Turn::new(first_number(seed)),
            differs: Differs::No,
            is_first: true,
            failures: 0,
            depth: 0,
            fields: 0,
            plain,
            is_plain: false,
        }
    }

    /// The random numbers of the value.
    pub fn random(&mut self) -> &mut Random {
        &mut self.random
    }

    /// The number of fields of the item that were made last.
    #[cfg(feature = "proptest")]
    pub(crate) fn fields(&self) -> usize {
        self.fields
    }

    /// The number of values that have broken constraints.
    #[cfg(all(test, feature = "email", feature = "url", feature = "uuid"))]
    pub(super) fn failures(&self) -> usize {
        self.failures
    }

    pub(super) fn name(&self) -> &'static str {
        self.name
    }

    pub(super) fn owner(&self) -> &str {
        &self.owner
    }

    pub(super) fn rules(&self) -> &Rules {
        &self.rules
    }

    /// How often the value has been made before, so that this one should be plainer.
    pub(super) fn attempt(&self) -> usize {
        self.attempt
    }

    pub(super) fn is_deep(&self) -> bool {
        self.depth >= DEEP
    }

    /// Whether the plainest value is wanted.
    pub(super) fn is_plain(&self) -> bool {
        self.is_plain
    }

    /// One of the variants of an enum.
    pub fn one_of<T: Clone>(&mut self, values: &[T]) -> Option<T> {
        if self.is_plain && self.attempt == 0 {
            return values.first().cloned();
        }
        let index = self.pick(values.len() as u64);
        values.get(usize::try_from(index).unwrap_or_default()).cloned()
    }

    /// A variant of a union; others are tried if it has no value.
    pub fn variant<T>(&mut self, makers: &[fn(&mut Self) -> Option<T>]) -> Option<T> {
        let first = if self.is_plain { 0 } else { self.random.below(makers.len() as u64) };
        let first = usize::try_from(first).unwrap_or_default();
        let in_turn = makers.iter().cycle().skip(first).take(makers.len());
        in_turn.into_iter().find_map(|make| make(self))
    }

    /// A value without constraints.
    pub fn value<T: FakeValue>(&mut self) -> Option<T> {
        T::fake_value(self)
    }

    /// The next field has other values in other items.
    pub fn unique(&mut self) -> &mut Self {
        self.differs = Differs::Alone;
        self
    }

    /// The next field is a part of the key, which is another one in other items.
    pub fn key(&mut self) -> &mut Self {
        self.differs = Differs::Key;
        self
    }

    /// Whether other items should have other values in the field.
    pub(super) fn differs(&self) -> bool {
        self.turn.is_some()
    }

    /// One of some possibilities, by its number; 0 if there are none. Fields that have to differ take them in turn, so that as many
    /// items as there are possibilities have different ones.
    pub(super) fn pick(&mut self, count: u64) -> u64 {
        let in_turn = self.turn.as_mut().filter(|_| self.is_first).and_then(|turn| turn.pick(count));
        in_turn.unwrap_or_else(|| self.random.below(count))
    }

    /// The value of a required field.
    pub fn field<T: FakeValue>(&mut self, name: &'static str) -> Option<T> {
        self.of_field(name, |of| of.value())
    }

    /// The value of a required field with constraints.
    pub fn checked<T: FakeValue>(&mut self, name: &'static str, check: Check<T>) -> Option<T> {
        self.of_field(name, |of| of.fitting(Some(check)))
    }

    /// The value of an optional field, or of one with a default.
    pub fn sometimes<T: FakeValue>(&mut self, name: &'static str) -> Option<T> {
        self.of_field(name, |of| if of.is_absent() { None } else { of.value() })
    }

    /// The value of an optional field with constraints, or of one with a default.
    pub fn sometimes_checked<T: FakeValue>(&mut self, name: &'static str, check: Check<T>) -> Option<T> {
        self.of_field(name, |of| if of.is_absent() { None } else { of.fitting(Some(check)) })
    }

    /// The value of a required field that a function makes.
    pub fn made<T>(&mut self, name: &'static str, make: fn(&mut Random) -> T) -> Option<T> {
        self.of_field(name, |of| Some(make(&mut of.random)))
    }

    /// The same for an optional field, or one with a default.
    pub fn sometimes_made<T>(&mut self, name: &'static str, make: fn(&mut Random) -> T) -> Option<T> {
        self.of_field(name, |of| if of.is_absent() { None } else { Some(make(&mut of.random)) })
    }

    /// Makes a field. Each field of the item has random numbers of its own.
    fn of_field<T>(&mut self, name: &'static str, make: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        self.name = name;
        let differs = std::mem::replace(&mut self.differs, Differs::No);
        if self.depth == 0 {
            let number = self.fields;
            self.fields += 1;
            self.random = Random::at(self.seed, &[number as u64, self.attempt as u64]);
            self.is_plain = self.plain.contains(&number);
            // Other fields may be the ones that break constraints of the whole item.
            self.is_first = self.attempt < TRIES / 2;
            self.turn = match differs {
                Differs::No => None,
                Differs::Alone => Some(Turn::new(self.number)),
                Differs::Key => Some(self.key),
            };
        }
        let made = make(self);
        if let Some(turn) = self.turn.take().filter(|_| differs == Differs::Key) {
            self.key = turn.rest_of(self.key);
        }
        made
    }

    fn is_absent(&mut self) -> bool {
        // A default would not differ.
        self.turn.is_none() && (self.is_plain || self.random.chance(if self.is_deep() { 800 } else { 300 }))
    }

    /// A value under constraints. After many tries, it is one that breaks them.
    pub(super) fn fitting<T: FakeValue>(&mut self, check: Option<Check<T>>) -> Option<T> {
        let Some(check) = check else { return self.value() };
        let outer = (Rc::clone(&self.rules), self.attempt, self.is_first);
        let turn = self.turn;
        // Any value tells the constraints.
        (self.rules, self.attempt) = (Rc::default(), 0);
        let Some(mut value) = (0..PROBES).find_map(|_| self.value()) else {
            (self.rules, self.attempt, self.is_first) = outer;
            return None;
        };
        let rules = Rules::of(check, &value);
        self.turn = turn.or_else(|| rules.differs.then(|| Turn::new(self.number)));
        self.rules = Rc::new(rules);
        for attempt in 0..TRIES {
            (self.attempt, self.is_first) = (attempt, outer.2 && attempt == 0);
            match self.value() {
                Some(made) => value = made,
                None => break,
            }
            let mut violations = Violations::new("");
            check(Checked::new(&value, &mut violations));
            if violations.iter().next().is_none() || !self.has_tries() {
                break;
            }
        }
        (self.rules, self.attempt, self.is_first) = outer;
        Some(value)
    }

    /// Notes a value that breaks constraints. Returns whether others may be tried.
    pub(super) fn has_tries(&mut self) -> bool {
        self.failures += 1;
        self.failures < FAILURES
    }

    /// An element of a collection, the key or the value of an entry, or the value of an optional element.
    pub(super) fn element<T: FakeValue + 'static>(&mut self, part: Part) -> Option<T> {
        let check = self.rules.check::<T>(part);
        let outer = (std::mem::take(&mut self.rules), self.turn.take());
        let value = self.fitting(check);
        (self.rules, self.turn) = outer;
        value
    }

    /// An element that differs from those with other numbers.
    pub(super) fn element_in_turn<T: FakeValue + 'static>(&mut self, part: Part, number: u64) -> Option<T> {
        let check = self.rules.check::<T>(part);
        let outer = (std::mem::take(&mut self.rules), self.turn.replace(Turn::new(number)), self.is_first);
        self.is_first = true;
        let value = self.fitting(check);
        (self.rules, self.turn, self.is_first) = outer;
        value
    }

    /// A whole item, which fulfils all constraints.
    pub(crate) fn whole<T: Fake>(&mut self, set: impl Fn(&mut T::Values)) -> Result<T, Violations> {
        let mut broken = None;
        self.failures = 0;
        for attempt in 0..TRIES {
            (self.attempt, self.fields, self.key) = (attempt, 0, Turn::new(self.number));
            match self.once(&set) {
                Ok(item) => return Ok(item),
                Err(violations) => broken = Some(violations),
            }
            if !self.has_tries() {
                break;
            }
        }
        Err(broken.unwrap_or_else(|| Violations::new(T::model_name())))
    }

    /// A struct in an item; `None` if too many are inside of each other, or none was found.
    pub(super) fn nested<T: Fake>(&mut self) -> Option<T> {
        if self.depth >= DEEPEST {
            return None;
        }
        let outer = (self.name, std::mem::take(&mut self.owner), std::mem::take(&mut self.rules), self.attempt);
        let turn = self.turn.take();
        self.depth += 1;
        let mut made = None;
        for attempt in 0..TRIES {
            self.attempt = attempt;
            made = self.once(&|_| {}).ok();
            if made.is_some() || !self.has_tries() {
                break;
            }
        }
        self.depth -= 1;
        (self.name, self.owner, self.rules, self.attempt) = outer;
        self.turn = turn;
        made
    }

    fn once<T: Fake>(&mut self, set: &impl Fn(&mut T::Values)) -> Result<T, Violations> {
        self.owner = snake_case(T::model_name());
        let mut values = T::values(self);
        set(&mut values);
        let mut item = values.finish()?;
        if let Some(transforms) = T::model_transforms() {
            transforms(&mut item);
        }
        Violations::of(T::model_name(), &item)?;
        Ok(item)
    }
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.extend(c.to_lowercase());
    }
    text
}
