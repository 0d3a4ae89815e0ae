//! The rules and the hooks of the models, functions of the app's own.

use crate::models::{Note, Span};
use dyntastic::Violations;

/// A span begins before it ends.
pub fn in_order(span: &Span, violations: &mut Violations) {
    if span.low > span.high {
        violations.add("order", "it begins before it ends", Vec::new());
    }
}

/// A note with the digest of its other fields.
pub fn with_digest(note: &mut Note) {
    let Note { book, number, text, length, digest } = note;
    *digest = format!("{book}/{number}/{text}/{length}");
}

/// The note as a write stores it.
pub fn as_stored(note: &Note) -> Note {
    let mut stored = note.clone();
    with_digest(&mut stored);
    stored
}
