//! The keys and values of the workload. There are few of each, so that tasks meet.

use crate::store::key::{Key, Part};
use crate::store::number::Number;

/// The number of values of each kind.
pub const EACH: u64 = 3;

/// The place of an item: its table and its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The table.
    pub table: &'static str,
    /// The key.
    pub key: Key,
}

fn place(table: &'static str, hash: String, range: Part) -> Place {
    Place { table, key: Key { hash: Part::Text(hash), range } }
}

/// The id of a member, a draft or a pass.
pub fn id(number: u8) -> String {
    format!("i{number}")
}

/// A value of the unique field `email`, or `code`.
pub fn email(number: u8) -> String {
    format!("e{number}@x")
}

/// A value of the unique field `nick`.
pub fn nick(number: u8) -> String {
    format!("n{number}")
}

/// A value of `seat`, which is unique in a tier.
pub fn seat(number: u8) -> String {
    format!("s{number}")
}

/// A game.
pub fn game(number: u8) -> String {
    format!("g{number}")
}

/// The code of a badge.
pub fn code(number: u8) -> String {
    format!("c{number}")
}

/// A book of notes.
pub fn book(number: u8) -> String {
    format!("b{number}")
}

/// An album of sketches.
pub fn album(number: u8) -> String {
    if number == 0 { "none".to_owned() } else { format!("a{number}") }
}

/// The vector of a sketch. Sums of squares of these are exact.
pub fn shape(number: u8) -> [f32; 2] {
    let number = f32::from(number);
    [number * 3.0 - 2.5, number * number * -4.0]
}

/// A tier of members.
pub fn tier(number: u8) -> String {
    if number == 0 { "basic".to_owned() } else { format!("t{number}") }
}

/// A rank of scores.
pub fn rank(number: u8) -> String {
    format!("r{number}")
}

/// The place of a member.
pub fn member(number: u8) -> Place {
    place("shop", format!("MEMBER#{}", id(number)), Part::Text("PROFILE".to_owned()))
}

/// The place of a score.
pub fn score(number: u8, of: u8) -> Place {
    place("shop", format!("MEMBER#{}", id(number)), Part::Text(format!("SCORE#{}", game(of))))
}

/// The place of a badge.
pub fn badge(number: u8) -> Place {
    place("shop", code(number), Part::Text("BADGE".to_owned()))
}

/// The place of a member of the club.
pub fn club_member(number: u8) -> Place {
    place("club", format!("MEMBER#{}", id(number)), Part::Text("PROFILE".to_owned()))
}

/// The place of a pass.
pub fn pass(number: u8) -> Place {
    place("club", format!("PASS#{}", id(number)), Part::Text("PASS".to_owned()))
}

/// The place of a note.
pub fn note(of: &str, number: u32) -> Place {
    place("notes", of.to_owned(), Part::Number(Number::from(i64::from(number))))
}

/// The place of a draft.
pub fn draft(number: u8) -> Place {
    place("drafts", id(number), Part::None)
}

/// The shelf of a tally.
pub fn shelf(number: u8) -> String {
    format!("s{}", number % 2)
}

/// The id of a tally. A tally on another shelf may have the same.
pub fn tally_id(number: u8) -> String {
    id(number / 2)
}

/// The place of a tally.
pub fn tally(number: u8) -> Place {
    place("tallies", shelf(number), Part::Text(tally_id(number)))
}

/// The place of the item with a sequence.
pub fn numbers(number: u8) -> Place {
    place("numbers", id(number), Part::None)
}

/// The place of a sketch.
pub fn sketch(id: String) -> Place {
    place("sketches", id, Part::None)
}
