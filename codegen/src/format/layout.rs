//! The layout of blocks.

use super::document::{Document, Form, Piece, Shape};
use super::flow::one_line;
use super::printer::Printer;
use super::{STEP, WIDTH};
use std::ops::Range;

/// A file in the style.
pub(super) fn lay_out(document: &Document<'_>) -> String {
    let mut layout = Layout { document, printer: Printer::new(document) };
    if let Some(begin) = document.begin {
        layout.printer.go(begin, 0, false);
        layout.printer.print("---", begin + 3);
    }
    if let Some(root) = &document.root {
        layout.value(root, 0, false);
    }
    let laid_out = layout.printer.finish();
    // Some readers give the end of line to a text under `|`, and only if it is there.
    let has_open_end = !document.text.ends_with('\n') && document.root.as_ref().is_some_and(Piece::ends_with_lines);
    match laid_out.strip_suffix('\n').filter(|_| has_open_end) {
        Some(open) => open.to_owned(),
        None => laid_out,
    }
}

struct Layout<'d, 't> {
    document: &'d Document<'t>,
    printer: Printer<'d, 't>,
}

impl Layout<'_, '_> {
    /// A value after `key:` or `-`. Its lines have `indent` spaces; the first line of a block is the current one after a
    /// `-`.
    fn value(&mut self, piece: &Piece, indent: usize, after_dash: bool) {
        match &piece.shape {
            Shape::Empty => {}
            Shape::Scalar => self.scalar(piece, indent),
            Shape::Lines { header } => self.lines(piece, header.clone(), indent),
            Shape::Map { .. } | Shape::List { .. } => match self.on_this_line(piece) {
                Some(line) => {
                    self.printer.go(piece.start, indent, true);
                    self.printer.print(&line, piece.end);
                }
                None => self.block(piece, indent, after_dash),
            },
        }
    }

    /// A list or map in brackets, if it fits on the current line.
    fn on_this_line(&self, piece: &Piece) -> Option<String> {
        let is_empty = match &piece.shape {
            Shape::Map { entries, form } if *form != Form::Block => entries.is_empty(),
            Shape::List { items, form } if *form != Form::Block => items.is_empty(),
            _ => return None,
        };
        if is_empty {
            let open = self.document.slice(piece.start..piece.start + 1);
            return Some(if open == "{" { "{}" } else { "[]" }.to_owned());
        }
        let line = one_line(self.document, piece)?;
        (self.printer.width() + 1 + line.chars().count() <= WIDTH).then_some(line)
    }

    fn block(&mut self, piece: &Piece, indent: usize, after_dash: bool) {
        let place = |place: usize| after_dash && place == 0;
        match &piece.shape {
            Shape::Map { entries, .. } => {
                self.printer.enter(entries.first().map_or(piece.start, |first| first.key.start), indent);
                for (at, entry) in entries.iter().enumerate() {
                    self.printer.go(entry.key.start, indent, place(at));
                    self.printer.print(self.document.slice(entry.key.clone()), entry.key.end);
                    self.printer.print(":", entry.key.end);
                    self.value(&entry.value, indent + STEP, false);
                }
            }
            Shape::List { items, .. } => {
                self.printer.enter(items.first().map_or(piece.start, |first| first.start), indent);
                for (at, item) in items.iter().enumerate() {
                    self.printer.go(item.start, indent, place(at));
                    self.printer.print("-", item.start);
                    self.value(&item.value, indent + STEP, true);
                }
            }
            _ => return,
        }
        self.printer.leave();
        self.printer.print("", piece.end);
    }

    /// A text on the current line, or on lines of its own if it began on the next line and would not fit.
    fn scalar(&mut self, piece: &Piece, indent: usize) {
        let text = self.document.slice(piece.start..piece.end);
        let mut lines = text.split('\n');
        let first = lines.next().unwrap_or_default().trim_end();
        let fits = first.len() == text.len() && self.printer.width() + 1 + first.chars().count() <= WIDTH;
        self.printer.go(piece.start, indent, fits || !self.printer.breaks_before(piece.start));
        self.printer.print(first, piece.start + first.len());
        for line in lines {
            let line = line.trim_start_matches([' ', '\t']);
            self.printer.continue_line(line, if line.is_empty() { 0 } else { indent });
        }
        self.printer.print("", piece.end);
    }

    /// A text under `|` or `>`. Its lines keep the spaces that are part of it.
    fn lines(&mut self, piece: &Piece, header: Range<usize>, indent: usize) {
        let keeps = self.document.slice(header.clone()).contains('+');
        self.printer.go(header.start, indent, true);
        self.printer.print(self.document.slice(header.clone()), header.end);
        self.printer.comments_of_line(piece.start);
        let text = self.document.slice(piece.start..piece.end);
        let spaces = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let base = text.lines().find(|line| !line.trim().is_empty()).map_or(usize::MAX, spaces);
        let mut lines: Vec<&str> = text.lines().collect();
        while !keeps && lines.pop_if(|line| line.trim().is_empty() && line.len() <= base).is_some() {}
        for line in &lines {
            match line.get(base..) {
                Some(rest) if !rest.is_empty() => self.printer.continue_line(rest, indent),
                _ => self.printer.continue_line("", 0),
            }
        }
        // The blank lines after it are between it and the next line.
        let trailing = text.len() - text.trim_end_matches([' ', '\n']).len();
        self.printer.print(if keeps { "\n" } else { "" }, if keeps { piece.end } else { piece.end - trailing });
    }
}
