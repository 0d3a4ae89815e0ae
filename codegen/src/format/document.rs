//! A file as a tree of places in its text, with its comments.

use super::comments::{self, Comment};
use crate::read::Offsets;
use crate::sources::Source;
use saphyr_parser::{Event, Parser, ScalarStyle, StrInput};
use std::ops::Range;

/// A file's text, its value, and its comments in their order.
pub(super) struct Document<'t> {
    pub(super) text: &'t str,
    /// The place of `---`.
    pub(super) begin: Option<usize>,
    pub(super) root: Option<Piece>,
    pub(super) comments: Vec<Comment<'t>>,
}

/// A value's place in the text.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) shape: Shape,
}

impl Piece {
    /// Whether it ends with a text under `|` or `>`.
    pub(super) fn ends_with_lines(&self) -> bool {
        match &self.shape {
            Shape::Lines { .. } => true,
            Shape::Map { entries, .. } => entries.last().is_some_and(|entry| entry.value.ends_with_lines()),
            Shape::List { items, .. } => items.last().is_some_and(|item| item.value.ends_with_lines()),
            Shape::Empty | Shape::Scalar => false,
        }
    }
}

#[derive(Debug)]
pub(super) enum Shape {
    /// No text at all.
    Empty,
    Scalar,
    /// A text under `|` or `>`; the piece is its lines.
    Lines {
        header: Range<usize>,
    },
    Map {
        entries: Vec<Entry>,
        form: Form,
    },
    List {
        items: Vec<Item>,
        form: Form,
    },
}

/// The form of a list or map.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Block,
    /// In brackets.
    Flow,
    /// The only entry of a map without braces, in a list in brackets: `[a: b]`.
    Pair,
}

#[derive(Debug)]
pub(super) struct Entry {
    pub(super) key: Range<usize>,
    /// Whether a `:` follows the key.
    pub(super) colon: bool,
    pub(super) value: Piece,
}

#[derive(Debug)]
pub(super) struct Item {
    /// The place of its `-`, or of its value in brackets.
    pub(super) start: usize,
    pub(super) value: Piece,
}

impl<'t> Document<'t> {
    /// Reads a valid text; `None` for one with a form that is not laid out.
    pub(super) fn read(source: &'t Source) -> Option<Self> {
        let text = source.text.as_str();
        if text.contains('\r') || text.lines().any(|line| line.starts_with("...")) {
            return None;
        }
        let mut reader = Reader {
            text,
            offsets: Offsets::new(text),
            parser: Parser::new_from_str(text),
            end: 0,
            solid: Vec::new(),
            in_flow: 0,
        };
        let (mut begin, mut root) = (None, None);
        loop {
            let (event, start, end) = reader.next()?;
            match event {
                Event::StreamEnd => break,
                Event::DocumentStart(is_explicit) => {
                    let before = text.get(..start)?;
                    if before.lines().any(|line| line.starts_with('%')) {
                        return None;
                    }
                    if is_explicit {
                        begin = Some(start);
                        reader.pass(start, end);
                    }
                }
                Event::Nothing | Event::StreamStart | Event::DocumentEnd => {}
                event => root = Some(reader.piece(event, start, end)?),
            }
        }
        let comments = comments::find(text, &reader.solid);
        Some(Self { text, begin, root, comments })
    }

    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// The column of a place, in characters from 0.
    pub(super) fn column(&self, at: usize) -> usize {
        let before = self.slice(0..at);
        before.get(before.rfind('\n').map_or(0, |newline| newline + 1)..).unwrap_or_default().chars().count()
    }
}

struct Reader<'t> {
    text: &'t str,
    offsets: Offsets,
    parser: Parser<'t, StrInput<'t>>,
    /// The end of the last scalar, bracket or mark.
    end: usize,
    /// The places of scalars and brackets: there are no comments in them.
    solid: Vec<Range<usize>>,
    /// The number of open brackets.
    in_flow: usize,
}

impl<'t> Reader<'t> {
    fn next(&mut self) -> Option<(Event<'t>, usize, usize)> {
        let (event, span) = self.parser.next_event()?.ok()?;
        let start = self.offsets.byte(span.start.index());
        Some((event, start, self.offsets.byte(span.end.index()).max(start)))
    }

    /// Notes a scalar or a bracket.
    fn pass(&mut self, start: usize, end: usize) {
        self.solid.push(start..end);
        self.end = end;
    }

    fn piece(&mut self, event: Event<'t>, start: usize, end: usize) -> Option<Piece> {
        match event {
            Event::Scalar(text, style, ..) => self.scalar(&text, style, start, end),
            Event::MappingStart(..) => self.map(start),
            Event::SequenceStart(..) => self.list(start),
            _ => None,
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, start: usize, end: usize) -> Option<Piece> {
        let written = self.text.get(start..end)?;
        let (start, end, shape) = match style {
            ScalarStyle::Plain if text.is_empty() => (self.end, self.end, Shape::Empty),
            ScalarStyle::Plain => (start, start + written.trim_end().len(), Shape::Scalar),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                (start, start + quoted_length(self.text.get(start..)?)?, Shape::Scalar)
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = comments::find_outside(self.text, self.end, &['|', '>'])?;
                let rest = self.text.get(header..)?;
                let length = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let header = header..header + length;
                // The spaces that `|2` counts depend on the block around it.
                if self.text.get(header.clone())?.contains(|c: char| c.is_ascii_digit()) {
                    return None;
                }
                self.pass(header.start, header.end);
                let start = rest.find('\n').map_or(self.text.len(), |newline| header.start + newline + 1);
                (start, end.max(start), Shape::Lines { header })
            }
        };
        if !matches!(shape, Shape::Empty) {
            self.pass(start, end);
        }
        Some(Piece { start, end, shape })
    }

    fn form(&self, start: usize, open: char) -> Form {
        match self.text.get(start..).is_some_and(|rest| rest.starts_with(open)) {
            true => Form::Flow,
            false if self.in_flow > 0 => Form::Pair,
            false => Form::Block,
        }
    }

    fn open(&mut self, form: Form, start: usize) {
        if form == Form::Flow {
            self.in_flow += 1;
            self.pass(start, start + 1);
        }
    }

    /// The end of a list or map.
    fn close(&mut self, form: Form, start: usize) -> usize {
        if form == Form::Flow {
            self.in_flow -= 1;
            self.pass(start, start + 1);
        }
        self.end
    }

    fn map(&mut self, start: usize) -> Option<Piece> {
        let form = self.form(start, '{');
        self.open(form, start);
        let mut entries = Vec::new();
        loop {
            let (event, key_start, key_end) = self.next()?;
            if matches!(event, Event::MappingEnd) {
                let end = self.close(form, key_start);
                return Some(Piece { start, end, shape: Shape::Map { entries, form } });
            }
            let before = self.text.get(..key_start)?;
            let marked = comments::find_outside(before, self.end.min(key_start), &['?']).is_some();
            let key = self.piece(event, key_start, key_end)?;
            if marked || !matches!(key.shape, Shape::Scalar) {
                return None;
            }
            let gap = self.end;
            let (event, value_start, value_end) = self.next()?;
            let colon = comments::first_outside(self.text, gap) == Some(':');
            let value = self.piece(event, value_start, value_end)?;
            entries.push(Entry { key: key.start..key.end, colon, value });
        }
    }

    fn list(&mut self, start: usize) -> Option<Piece> {
        let form = self.form(start, '[');
        self.open(form, start);
        let mut items = Vec::new();
        loop {
            let gap = self.end;
            let (event, item_start, item_end) = self.next()?;
            if matches!(event, Event::SequenceEnd) {
                let end = self.close(form, item_start);
                return Some(Piece { start, end, shape: Shape::List { items, form } });
            }
            let dash = if form == Form::Block { comments::find_outside(self.text, gap, &['-'])? } else { item_start };
            if form == Form::Block {
                self.end = dash + 1;
            }
            let value = self.piece(event, item_start, item_end)?;
            items.push(Item { start: dash, value });
        }
    }
}

/// The length of a quoted text with its quotes.
fn quoted_length(text: &str) -> Option<usize> {
    let quote = text.chars().next()?;
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' if quote == '"' => drop(characters.next()),
            c if c == quote && quote == '\'' && characters.next_if(|(_, next)| *next == quote).is_some() => {}
            c if c == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}
