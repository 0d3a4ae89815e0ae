//! What makes the values of one item.

use super::rules::Rules;
use super::{Fake, FakeValue, Random};
use crate::builder::Values;
use crate::ground::Violations;
use crate::validate::{Check, Checked, Part};
use std::collections::BTreeSet;
use std::rc::Rc;

/// How often a value is made before a broken constraint is an error.
const TRIES: usize = 100;

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
    /// Whether other items must have other values in the field, and in the next one.
    is_unique: bool,
    is_next_unique: bool,
    depth: usize,
    /// The fields of the item that have been made.
    fields: usize,
    /// The fields of the item that have the plainest values, by their number.
    plain: BTreeSet<usize>,
    is_plain: bool,
}

impl Faker {
    pub(super) fn new(random: &mut Random) -> Self {
        Self::of_seed(random.next(), BTreeSet::new())
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
            is_unique: false,
            is_next_unique: false,
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
        self.random.choose(values).cloned()
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
        self.is_next_unique = true;
        self
    }

    /// Whether other items should have other values in the field.
    pub(super) fn differs(&self) -> bool {
        self.is_unique || self.rules.differs
    }

    /// The value of a required field.
    pub fn field<T: FakeValue>(&mut self, name: &'static str) -> Option<T> {
        self.begin(name);
        self.value()
    }

    /// The value of a required field with constraints.
    pub fn checked<T: FakeValue>(&mut self, name: &'static str, check: Check<T>) -> Option<T> {
        self.begin(name);
        self.fitting(Some(check))
    }

    /// The value of an optional field, or of one with a default.
    pub fn sometimes<T: FakeValue>(&mut self, name: &'static str) -> Option<T> {
        self.begin(name);
        if self.is_absent() { None } else { self.value() }
    }

    /// The value of an optional field with constraints, or of one with a default.
    pub fn sometimes_checked<T: FakeValue>(&mut self, name: &'static str, check: Check<T>) -> Option<T> {
        self.begin(name);
        if self.is_absent() { None } else { self.fitting(Some(check)) }
    }

    /// The value of a required field that a function makes.
    pub fn made<T>(&mut self, name: &'static str, make: fn(&mut Random) -> T) -> Option<T> {
        self.begin(name);
        Some(make(&mut self.random))
    }

    /// The same for an optional field, or one with a default.
    pub fn sometimes_made<T>(&mut self, name: &'static str, make: fn(&mut Random) -> T) -> Option<T> {
        self.begin(name);
        if self.is_absent() { None } else { Some(make(&mut self.random)) }
    }

    /// Begins a field. Each field of the item has random numbers of its own.
    fn begin(&mut self, name: &'static str) {
        self.name = name;
        self.is_unique = std::mem::take(&mut self.is_next_unique);
        if self.depth == 0 {
            let number = self.fields;
            self.fields += 1;
            self.random = Random::at(self.seed, &[number as u64, self.attempt as u64]);
            self.is_plain = self.plain.contains(&number);
        }
    }

    fn is_absent(&mut self) -> bool {
        self.is_plain || self.random.chance(if self.is_deep() { 800 } else { 300 })
    }

    /// A value under constraints. After many tries, it is one that breaks them.
    pub(super) fn fitting<T: FakeValue>(&mut self, check: Option<Check<T>>) -> Option<T> {
        let Some(check) = check else { return self.value() };
        let outer = (Rc::clone(&self.rules), self.attempt);
        // Any value tells the constraints.
        (self.rules, self.attempt) = (Rc::default(), 0);
        let mut value = self.value()?;
        self.rules = Rc::new(Rules::of(check, &value));
        for attempt in 0..TRIES {
            self.attempt = attempt;
            match self.value() {
                Some(made) => value = made,
                None => break,
            }
            let mut violations = Violations::new("");
            check(Checked::new(&value, &mut violations));
            if violations.iter().next().is_none() {
                break;
            }
        }
        (self.rules, self.attempt) = outer;
        Some(value)
    }

    /// An element of a collection, the key or the value of an entry, or the value of an optional element.
    pub(super) fn element<T: FakeValue + 'static>(&mut self, part: Part) -> Option<T> {
        let check = self.rules.check::<T>(part);
        let outer = std::mem::take(&mut self.rules);
        let value = self.fitting(check);
        self.rules = outer;
        value
    }

    /// A whole item, which fulfils all constraints.
    pub(crate) fn whole<T: Fake>(&mut self, set: impl Fn(&mut T::Values)) -> Result<T, Violations> {
        let mut broken = None;
        for attempt in 0..TRIES {
            (self.attempt, self.fields) = (attempt, 0);
            match self.once(&set) {
                Ok(item) => return Ok(item),
                Err(violations) => broken = Some(violations),
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
        self.depth += 1;
        let made = (0..TRIES).find_map(|attempt| {
            self.attempt = attempt;
            self.once(&|_| {}).ok()
        });
        self.depth -= 1;
        (self.name, self.owner, self.rules, self.attempt) = outer;
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
