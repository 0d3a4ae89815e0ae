//! The book: the code of each chapter runs against the embedded engine, the stored items are as its tables show them,
//! and its links lead somewhere.

mod links;
mod stored;

use dyntastic::chrono::{DateTime, Utc};

/// A time, which the chapters write in short.
fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// The function of the chapter on computed fields.
fn rank(books: &u32, prizes: &u32) -> u32 {
    books.saturating_add(prizes.saturating_mul(10))
}

/// The functions of the chapter on hooks.
mod members {
    use crate::chapters::guide_hooks_1::models::Member;

    pub fn before_write(member: &mut Member) {
        member.email = member.email.to_lowercase();
        member.letters = u32::try_from(member.name.chars().count()).unwrap_or(u32::MAX);
        member.greeting = None;
    }

    pub fn after_read(member: &mut Member) {
        member.greeting = Some(format!("Dear {}", member.name));
    }
}

/// A module for each schema of the book, with the code that follows it.
#[allow(unused, clippy::all, reason = "chapters show one thing at a time")]
mod chapters {
    use crate::{at, stored};

    include!(concat!(env!("OUT_DIR"), "/chapters.rs"));
}
