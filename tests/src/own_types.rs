//! Types of the user's own, which a schema names by their path.

use crate::computed::Level;
use crate::constraints::{Account, Address};
use crate::transforms::Member;
use dyntastic::chrono::{DateTime, Months, Utc};
use dyntastic::codec::{FromAttribute, SetElement, ToAttribute};
use dyntastic::codec::{ValueReader, ValueWriter};
use dyntastic::expr::Ordered;
use dyntastic::fake::Random;
use dyntastic::{ReadError, Violations, WriteError};
use std::collections::BTreeSet;

/// A length, stored as a number of millimetres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Meters {
    /// Millimetres.
    pub millimeters: u64,
}

impl FromAttribute for Meters {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        u64::read(reader).map(|millimeters| Self { millimeters })
    }
}

impl ToAttribute for Meters {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        self.millimeters.write(writer)
    }
}

// It can be an element of a set, and be compared.
impl SetElement for Meters {}
impl Ordered for Meters {}

/// A text that is never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Note(String);

impl Note {
    /// The note, if the text is one.
    pub fn new(text: impl Into<String>) -> Option<Self> {
        Some(Self(text.into())).filter(|note| !note.0.is_empty())
    }
}

impl FromAttribute for Note {
    fn read(reader: ValueReader<'_>) -> Result<Self, ReadError> {
        Self::new(reader.string()?).ok_or_else(|| ReadError::value("a note", "the text is empty"))
    }
}

impl ToAttribute for Note {
    fn write(&self, writer: ValueWriter<'_>) -> Result<(), WriteError> {
        writer.string(&self.0)
    }
}

/// Checks one value of a field.
pub fn check_odd(number: &u8) -> Result<(), &'static str> {
    if number % 2 == 1 { Ok(()) } else { Err("it is odd") }
}

/// Makes up a value of that field.
pub fn fake_odd(random: &mut Random) -> u8 {
    2 * u8::try_from(random.below(100)).unwrap_or(0) + 1
}

/// Checks a struct as a whole.
pub fn check_address(address: &Address, violations: &mut Violations) {
    if address.lines.contains(&address.street) {
        violations.add("street_twice", "no line repeats the street", Vec::new());
    }
}

/// Checks a struct as a whole: its street is not its city.
pub fn check_street(address: &crate::nested_patches::Address, violations: &mut Violations) {
    if address.street == address.city {
        violations.add("street", "it is the city", Vec::new());
    }
}

/// Writes an address on a label.
pub fn label(address: &crate::nested_patches::Address) -> String {
    format!("{}, {}", address.street, address.city)
}

/// Checks the struct of one field as a whole: its street does not begin with its city.
pub fn check_work(address: &crate::nested_patches::Address) -> Result<(), &'static str> {
    if address.street.starts_with(&address.city) { Err("its street is not named after its city") } else { Ok(()) }
}

/// Checks the struct of one field, or of each element, as a whole: a badge with a long name is alone.
pub fn check_pin(badge: &crate::nested_patches::Badge) -> Result<(), &'static str> {
    let is_long = badge.name.as_ref().is_some_and(|name| name.len() > 5);
    if is_long && badge.count > 1 { Err("a badge with a long name is alone") } else { Ok(()) }
}

/// Checks a model as a whole.
pub fn check_account(account: &Account, violations: &mut Violations) {
    violations.custom("name", if account.name == account.account_id { Err("it is not the id") } else { Ok(()) });
}

/// Checks a model as a whole, by a name that is a keyword.
pub fn r#try(user: &crate::paths::User, violations: &mut Violations) {
    violations.custom("id", if user.id.is_empty() { Err("it is not empty") } else { Ok(()) });
}

/// Whether the check sees what a write stores.
pub fn check_member(member: &Member, violations: &mut Violations) {
    if member.email != member.email.to_lowercase() {
        violations.add("lower", "the e-mail address is in lower case", Vec::new());
    }
}

/// Notes are in capitals since version 4.
pub fn note_in_capitals(item: &mut dyntastic::codec::StoredItem) -> Result<(), dyntastic::ReadError> {
    let note: Option<String> = item.take("note")?;
    item.set("note", &note.map(|note| note.to_uppercase()))
}

/// No note is `BAD` since version 5.
pub fn no_bad_notes(item: &mut dyntastic::codec::StoredItem) -> Result<(), dyntastic::ReadError> {
    match item.get::<String>("note")?.as_deref() {
        Some("BAD") => Err(dyntastic::ReadError::value("a note", "it is bad")),
        _ => Ok(()),
    }
}

/// Computes the rank of a user: seniors are before juniors.
pub fn rank(points: &u32, level: &Option<Level>) -> u32 {
    points.saturating_add(if *level == Some(Level::Senior) { 1000 } else { 0 })
}

/// Shows times to the nanosecond.
pub fn times(made: &DateTime<Utc>, ends: &Option<DateTime<Utc>>) -> String {
    format!("{made:?} {ends:?}")
}

/// Computes when a user is here for a year.
pub fn anniversary(joined: &DateTime<Utc>) -> Option<DateTime<Utc>> {
    joined.checked_add_months(Months::new(12))
}

/// Computes the words of a name.
pub fn words(first: &str, last: &str) -> BTreeSet<String> {
    [first, last].iter().flat_map(|name| name.split_whitespace()).map(str::to_lowercase).collect()
}

/// Computes how much a ticket hurries.
pub fn urgency(title: &str, done: &bool) -> u8 {
    if *done { 0 } else { u8::try_from(title.matches('!').count()).unwrap_or(u8::MAX) }
}
