//! Explains a text that is not valid YAML in plain words. The parser reports where it stopped; the lines around that
//! place show why.

mod brackets;
mod characters;
mod entries;
mod in_brackets;
mod line;

use crate::diagnostic::{Code, Diagnostic, Help};
use crate::sources::Span;
use crate::text::show;
use line::Line;

const MESSAGE: &str = "the file is not valid YAML";

/// The mistake at which the parser stopped; `said` is the parser's message.
pub(super) fn explain(file: usize, text: &str, at: usize, said: &str) -> Diagnostic {
    let place = Place { file, text, at: at.min(text.len()) };
    if said.contains("recursion limit") {
        return Diagnostic::new(Code::TooDeep, "lists and maps are nested too deeply")
            .at(place.char_at(at), "deeper than any schema needs")
            .help("close the open brackets, or remove the surplus ones");
    }
    let found = place
        .tab()
        .or_else(|| place.invisible())
        .or_else(|| place.carriage_return())
        .or_else(|| place.surrogates(said))
        .or_else(|| place.escape(said))
        .or_else(|| place.after_comment(said))
        .or_else(|| place.quote(said))
        .or_else(|| place.first_character(said))
        .or_else(|| place.reference(said))
        .or_else(|| place.quoted_part())
        .or_else(|| place.bracket())
        .or_else(|| place.in_brackets())
        .or_else(|| place.second_colon())
        .or_else(|| place.missing_colon())
        .or_else(|| place.after_value())
        .or_else(|| place.indentation());
    found.unwrap_or_else(|| {
        Diagnostic::new(Code::Syntax, MESSAGE)
            .at(place.char_at(at), said.to_owned())
            .help("quote a text that holds `: ` or ` #`, or begins with one of `{ [ & * ! | > % @`")
    })
}

/// The place where the parser stopped.
struct Place<'t> {
    file: usize,
    text: &'t str,
    at: usize,
}

impl<'t> Place<'t> {
    fn span(&self, start: usize, end: usize) -> Span {
        Span { file: self.file, start, end: end.max(start) }
    }

    fn char_at(&self, start: usize) -> Span {
        let length = self.text.get(start..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
        self.span(start, start + length)
    }

    fn line_at(&self, at: usize) -> Line<'t> {
        Line::at(self.text, at)
    }

    /// The line where the parser stopped; at the end of the text, the last line that is not empty.
    fn line(&self) -> Line<'t> {
        let line = self.line_at(self.at);
        if line.has_content() { line } else { self.line_before(line).unwrap_or(line) }
    }

    fn line_before(&self, line: Line<'t>) -> Option<Line<'t>> {
        line.before(self.text)
    }

    fn is_in_brackets(&self) -> bool {
        !brackets::open_at(self.text, self.at).is_empty()
    }

    fn mistake(&self, span: Span, label: impl Into<String>, help: impl Into<Help>) -> Diagnostic {
        Diagnostic::new(Code::Syntax, MESSAGE).at(span, label).help(help)
    }
}

/// A text in quotes, as a help shows it.
fn quoted(text: &str) -> String {
    format!("`{}`", quoted_bare(text))
}

fn quoted_bare(text: &str) -> String {
    match text.contains('\'') && !text.contains(['"', '\\']) {
        true => format!("\"{}\"", show(text)),
        false => format!("'{}'", show(&text.replace('\'', "''"))),
    }
}
