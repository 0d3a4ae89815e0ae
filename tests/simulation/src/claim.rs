//! The report of an operation: its end, and its claims about the store.

use crate::names::Place;
use crate::store::key::Part;
use dyntastic::Error;
use serde_json::Value as Json;

/// How an operation ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// It succeeded.
    Done,
    /// It failed, and reports that nothing was changed.
    NotWritten(String),
    /// It failed, and some of its writes may have been applied.
    Unknown(String),
    /// Its future was dropped.
    Dropped,
    /// It sent no write: there was nothing to do.
    Nothing,
}

/// A claim about the store. `since` is the number of changes in the history from which on the claim is about a time.
#[derive(Debug, Clone)]
pub enum Claim {
    /// An item was written with this content.
    Wrote(Place, Json),
    /// An item was changed, to any content.
    Changed(Place),
    /// An item was deleted.
    Deleted(Place),
    /// An item had this content, or was missing, at some time.
    Saw { place: Place, kind: Option<&'static str>, item: Option<Json>, since: usize },
    /// An item was stored, or was missing, at some time.
    Present { place: Place, is_present: bool, since: usize },
    /// A member of the club had left, or was there, at some time.
    Left { place: Place, is_left: bool, since: usize },
    /// The mark of a badge was changed as a merge patch says.
    Merged { place: Place, patch: Json },
    /// The span of a badge would have been out of order at some time, after a merge patch.
    Disordered { place: Place, patch: Json, since: usize },
    /// A badge had no mark at some time.
    Unmarked { place: Place, since: usize },
    /// Another writer changed an item after this operation had read it.
    Conflict { place: Place, since: usize },
    /// Another item had the value of a unique field at some time, or the values of a unique combination. A value is
    /// `None` if the write did not set it.
    Taken { table: &'static str, kind: &'static str, values: Vec<(&'static str, Option<String>)>, since: usize },
    /// An item got another key.
    Moved { from: Place, to: Place, item: Json },
    /// All items of a kind in a table, or in one hash key, were deleted that were stored at that number of changes.
    Emptied { table: &'static str, hash: Option<Part>, kind: Option<&'static str>, since: usize },
    /// All items with a value of a field got another value, and this was their number.
    Moves { written: u64, since: usize },
    /// Numbers of the sequence in an item were given out.
    Took(u8, Vec<u64>),
    /// A search found items.
    Found(Search),
    /// Pages were read to the end, and from there back, with these numbers of notes.
    Walked { book: String, forwards: Vec<u32>, backwards: Option<Vec<u32>>, since: usize },
}

/// A search of an album, and the items that it found.
#[derive(Debug, Clone)]
pub struct Search {
    /// The album.
    pub album: String,
    /// The vector that was compared with those of the items.
    pub shape: Vec<f64>,
    /// The maximum number of items.
    pub top: usize,
    /// Whether whole items were read, after the search.
    pub is_whole: bool,
    /// The items with their scores, in their order.
    pub found: Vec<(Place, Json, f64)>,
    /// The number of changes when it began.
    pub since: usize,
}

/// The report of an operation.
#[derive(Debug, Clone)]
pub struct Report {
    /// How it ended.
    pub status: Status,
    /// Its claims.
    pub claims: Vec<Claim>,
}

impl Report {
    /// An operation that succeeded, with its claims.
    pub fn done(claims: impl IntoIterator<Item = Claim>) -> Self {
        Self { status: Status::Done, claims: claims.into_iter().collect() }
    }

    /// An operation that had nothing to do.
    pub fn nothing() -> Self {
        Self { status: Status::Nothing, claims: Vec::new() }
    }

    /// A read that failed. It has no claims, and has changed nothing.
    pub fn unread(error: &Error) -> Self {
        Self { status: Status::NotWritten(format!("read: {}", word(error))), claims: Vec::new() }
    }

    /// An operation that failed and may have been applied in part: several requests, or a request that writes no items.
    pub fn unknown(error: &Error) -> Self {
        Self { status: Status::Unknown(word(error)), claims: Vec::new() }
    }

    /// A write that failed. The claims hold if the error says that nothing was written.
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

/// The short name of an error: its variant and its code.
pub fn word(error: &Error) -> String {
    let text = format!("{error:?}");
    let end = text.find(['(', ' ', '{']).unwrap_or(text.len());
    match error.code() {
        Some(code) => format!("{}: {code}", &text[..end]),
        None => text[..end].to_owned(),
    }
}
