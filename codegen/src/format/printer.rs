//! The text that is laid out so far. The printer puts each comment before the first value that follows it.

use super::document::Document;

pub(super) struct Printer<'d, 't> {
    document: &'d Document<'t>,
    out: String,
    /// The number of comments that are printed.
    comments: usize,
    /// The end of the last printed part of the file.
    end: usize,
    /// The open blocks, the outermost first.
    levels: Vec<Level>,
    /// The open blocks at the last printed value: a comment after it may belong to any of them.
    before: Vec<Level>,
}

/// A block: its column in the file, and the spaces before its lines.
#[derive(Debug, Clone, Copy)]
struct Level {
    column: usize,
    indent: usize,
}

impl<'d, 't> Printer<'d, 't> {
    pub(super) fn new(document: &'d Document<'t>) -> Self {
        Self { document, out: String::new(), comments: 0, end: 0, levels: Vec::new(), before: Vec::new() }
    }

    /// Enters a block that begins at a place of the file.
    pub(super) fn enter(&mut self, at: usize, indent: usize) {
        self.levels.push(Level { column: self.document.column(at), indent });
    }

    /// Leaves the innermost block.
    pub(super) fn leave(&mut self) {
        self.levels.pop();
    }

    /// Goes to the place for a value: after a space on the same line, or else on a new line with `indent` spaces. A
    /// comment before it ends the line.
    pub(super) fn go(&mut self, at: usize, indent: usize, same_line: bool) {
        let level = Level { column: self.document.column(at), indent };
        let commented = self.comments_until(at, Some(level));
        if same_line && !commented {
            if !self.out.is_empty() {
                self.out.push(' ');
            }
        } else {
            self.new_line(at);
            self.out.extend(std::iter::repeat_n(' ', indent));
        }
        self.before.clone_from(&self.levels);
    }

    /// Prints a text which is in the file up to `end`.
    pub(super) fn print(&mut self, text: &str, end: usize) {
        self.out.push_str(text);
        self.end = self.end.max(end);
    }

    /// Prints the next line of a text.
    pub(super) fn continue_line(&mut self, text: &str, indent: usize) {
        self.out.push('\n');
        self.out.extend(std::iter::repeat_n(' ', indent));
        self.out.push_str(text);
    }

    /// Prints the comments of a line whose other parts are printed.
    pub(super) fn comments_of_line(&mut self, end: usize) {
        self.comments_until(end, None);
    }

    /// Whether the file begins a new line between the last printed part and a place.
    pub(super) fn breaks_before(&self, at: usize) -> bool {
        self.document.slice(self.end..at).contains('\n')
    }

    /// The width of the current line.
    pub(super) fn width(&self) -> usize {
        self.out.rsplit('\n').next().unwrap_or_default().chars().count()
    }

    /// Begins a new line, after a blank one if the file has one before `at`.
    fn new_line(&mut self, at: usize) {
        if self.out.is_empty() {
            return;
        }
        if !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        if self.document.slice(self.end..at).matches('\n').count() > 1 {
            self.out.push('\n');
        }
    }

    /// Prints the comments before `at`, where a line of `level` begins. Returns whether there are any.
    fn comments_until(&mut self, at: usize, level: Option<Level>) -> bool {
        let first = self.comments;
        while let Some(comment) = self.document.comments.get(self.comments).filter(|comment| comment.start < at) {
            match comment.distance {
                // A text under `|` ends its line.
                Some(distance) if !self.out.is_empty() && !self.out.ends_with('\n') => {
                    let width = self.width();
                    let column = match distance > 2 || self.is_aligned(self.comments) {
                        true => comment.column.max(width + 2),
                        false => width + 2,
                    };
                    self.out.extend(std::iter::repeat_n(' ', column - width));
                }
                _ => {
                    self.new_line(comment.start);
                    self.out.extend(std::iter::repeat_n(' ', self.indent(comment.column, level)));
                }
            }
            self.out.push_str(comment.text);
            self.end = self.end.max(comment.start + comment.text.len());
            self.comments += 1;
        }
        self.comments > first
    }

    /// Whether a comment is in the column of the comment on the line before or after it.
    fn is_aligned(&self, place: usize) -> bool {
        let comments = &self.document.comments;
        let Some(comment) = comments.get(place) else { return false };
        let before = place.checked_sub(1).and_then(|before| comments.get(before));
        let near = |other: &&super::comments::Comment<'_>| {
            other.line.abs_diff(comment.line) == 1 && other.column == comment.column && other.distance.is_some()
        };
        before.as_ref().is_some_and(near) || comments.get(place + 1).as_ref().is_some_and(near)
    }

    /// The spaces before a comment on a line of its own: those of the innermost block that its column is in, and at
    /// least those of the next line.
    fn indent(&self, column: usize, next: Option<Level>) -> usize {
        let least = next.map_or(0, |next| next.indent);
        if next.is_some_and(|next| column <= next.column) {
            return least;
        }
        let blocks = self.before.iter().rev();
        blocks.filter(|block| block.indent >= least).find(|block| block.column <= column).map_or(least, |of| of.indent)
    }

    /// The whole text, with the comments at its end.
    pub(super) fn finish(mut self) -> String {
        self.comments_until(self.document.text.len() + 1, None);
        if !self.out.is_empty() && !self.out.ends_with('\n') {
            self.out.push('\n');
        }
        self.out
    }
}
