//! The keys and values of the workload: few of each, so that tasks meet.

use crate::store::key::{Key, Part};
use crate::store::number::Number;

/// How many of each there are.
pub const EACH: u64 = 3;

/// The item that an operation is on: its table and its key there.
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

/// A game.
pub fn game(number: u8) -> String {
    format!("g{number}")
}

/// The code of a badge.
pub fn code(number: u8) -> String {
    format!("c#{number}")
}

/// A book of notes.
pub fn book(number: u8) -> String {
    format!("b{number}")
}

/// A tier of members.
pub fn tier(number: u8) -> String {
    if number == 0 { "basic".to_owned() } else { format!("t{number}") }
}

/// Where a member is.
pub fn member(number: u8) -> Place {
    place("shop", format!("MEMBER#{}", id(number)), Part::Text("PROFILE".to_owned()))
}

/// Where a score is.
pub fn score(number: u8, of: u8) -> Place {
    place("shop", format!("MEMBER#{}", id(number)), Part::Text(format!("SCORE#{}", game(of))))
}

/// Where a badge is.
pub fn badge(number: u8) -> Place {
    place("shop", code(number), Part::Text("BADGE".to_owned()))
}

/// Where a member of the club is.
pub fn club_member(number: u8) -> Place {
    place("club", format!("MEMBER#{}", id(number)), Part::Text("PROFILE".to_owned()))
}

/// Where a pass is.
pub fn pass(number: u8) -> Place {
    place("club", format!("PASS#{}", id(number)), Part::Text("PASS".to_owned()))
}

/// Where a note is.
pub fn note(of: &str, number: u32) -> Place {
    place("notes", of.to_owned(), Part::Number(Number::from(i64::from(number))))
}

/// Where a draft is.
pub fn draft(number: u8) -> Place {
    place("drafts", id(number), Part::None)
}
