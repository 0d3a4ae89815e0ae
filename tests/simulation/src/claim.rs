//! What an operation says of itself: what it has written, what it has seen, and why it has not done more.

use crate::names::Place;
use crate::store::key::Part;
use dyntastic::Error;
use serde_json::Value as Json;

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It did what it was asked for.
    Done,
    /// It says that nothing was changed.
    NotWritten(String),
    /// It may have done it, or not.
    Unknown(String),
    /// Its future was dropped.
    Dropped,
    /// It has not begun, or there was nothing to do.
    Nothing,
}

/// What is said of the store.
#[derive(Debug, Clone)]
pub enum Claim {
    /// An item was written, and is this.
    Wrote(Place, Json),
    /// An item was changed, whatever it is now.
    Changed(Place),
    /// An item was deleted.
    Deleted(Place),
    /// An item was this, or was not there, at some time since there were so many changes.
    Saw { place: Place, kind: Option<&'static str>, item: Option<Json>, since: usize },
    /// There was an item, or none, at some time since there were so many changes.
    Present { place: Place, is_present: bool, since: usize },
    /// Another writer was in the way of a write of what was read when there were so many changes.
    Conflict { place: Place, since: usize },
    /// Another item has the value of a unique field.
    Taken { table: &'static str, kind: &'static str, field: &'static str, value: String, since: usize },
    /// An item was given another key.
    Moved { from: Place, to: Place, item: Json },
    /// Of a table, or of one hash key, what was there when there were so many changes, and is of this kind, was deleted.
    Emptied { table: &'static str, hash: Option<Part>, kind: Option<&'static str>, since: usize },
    /// Pages were read, to the end and from there back: the numbers of the notes.
    Walked { book: String, forwards: Vec<u32>, backwards: Option<Vec<u32>>, since: usize },
}

/// What an operation leaves.
#[derive(Debug, Clone)]
pub struct Report {
    /// How it ended.
    pub status: Status,
    /// What it says.
    pub claims: Vec<Claim>,
}

impl Report {
    /// It was done, and says this.
    pub fn done(claims: impl IntoIterator<Item = Claim>) -> Self {
        Self { status: Status::Done, claims: claims.into_iter().collect() }
    }

    /// There was nothing to do.
    pub fn nothing() -> Self {
        Self { status: Status::Nothing, claims: Vec::new() }
    }

    /// A reading that ended in an error: it says nothing of what is stored, and has changed nothing.
    pub fn unread(error: &Error) -> Self {
        Self { status: Status::NotWritten(format!("reading: {}", word(error))), claims: Vec::new() }
    }

    /// Several requests, or one that is no write of items, that ended in an error.
    pub fn unknown(error: &Error) -> Self {
        Self { status: Status::Unknown(word(error)), claims: Vec::new() }
    }

    /// A write that ended in an error.
    pub fn failed(error: &Error, claims: impl IntoIterator<Item = Claim>) -> Self {
        let word = word(error);
        let status = match error {
            Error::Read(_) | Error::Unprocessed { .. } | Error::UnfinishedBatch(_) | Error::UnfinishedFlush(_) => {
                Status::Unknown(word)
            }
            Error::TableNotReady { .. } | Error::MaybeApplied(_) | Error::DeletedSince { .. } | Error::Unread(_) => {
                Status::Unknown(word)
            }
            _ => Status::NotWritten(word),
        };
        let claims = if matches!(status, Status::NotWritten(_)) { claims.into_iter().collect() } else { Vec::new() };
        Self { status, claims }
    }
}

/// An error in a word or two.
pub fn word(error: &Error) -> String {
    let text = format!("{error:?}");
    let end = text.find(['(', ' ', '{']).unwrap_or(text.len());
    match error.code() {
        Some(code) => format!("{}: {code}", &text[..end]),
        None => text[..end].to_owned(),
    }
}
