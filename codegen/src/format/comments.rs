//! The comments of a file: they are between its scalars and brackets.

use std::ops::Range;

/// A comment, from its `#` to the last character of its line that is no space.
#[derive(Debug)]
pub(super) struct Comment<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
    /// Its column, in characters from 0.
    pub(super) column: usize,
    /// The number of characters between it and the text before it on its line; `None` on a line of its own.
    pub(super) distance: Option<usize>,
    pub(super) line: usize,
}

/// The comments outside of these places.
pub(super) fn find<'t>(text: &'t str, solid: &[Range<usize>]) -> Vec<Comment<'t>> {
    let mut found = Vec::new();
    let mut solid = solid.iter().peekable();
    let mut offset = 0;
    for (line, written) in text.split_inclusive('\n').enumerate() {
        let end = offset + written.len();
        let mut at = offset;
        while at < end {
            while solid.next_if(|place| place.end <= at).is_some() {}
            let gap_end = solid.peek().map_or(end, |place| place.start.clamp(at, end));
            if let Some(hash) = text.get(at..gap_end).and_then(|gap| gap.find('#')) {
                let start = at + hash;
                let before = text.get(offset..start).unwrap_or_default();
                let blank = before.chars().rev().take_while(|c| c.is_whitespace()).count();
                let column = before.chars().count();
                let distance = (blank < column).then_some(blank);
                let text = text.get(start..end).unwrap_or_default().trim_end();
                found.push(Comment { start, text, column, distance, line });
                break;
            }
            at = solid.peek().map_or(end, |place| place.end.max(gap_end));
        }
        offset = end;
    }
    found
}

/// The place of the first of some characters that is in no comment.
pub(super) fn find_outside(text: &str, from: usize, wanted: &[char]) -> Option<usize> {
    let mut in_comment = false;
    let rest = text.get(from..)?;
    let found = rest.char_indices().find(|(_, c)| {
        in_comment = (in_comment || *c == '#') && *c != '\n';
        !in_comment && wanted.contains(c)
    });
    found.map(|(at, _)| from + at)
}

/// The first character that is neither a space nor in a comment.
pub(super) fn first_outside(text: &str, from: usize) -> Option<char> {
    let mut in_comment = false;
    text.get(from..)?.chars().find(|c| {
        in_comment = (in_comment || *c == '#') && *c != '\n';
        !in_comment && !c.is_whitespace()
    })
}
