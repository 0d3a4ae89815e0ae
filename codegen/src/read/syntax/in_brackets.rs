//! Mistakes in `{ … }` and `[ … ]`.

use super::{Place, brackets, quoted, quoted_bare};
use crate::diagnostic::Diagnostic;
use crate::text::show;

impl Place<'_> {
    /// In brackets, text after the closing quote or bracket of a value: `{ pattern: [0-9]+ }`.
    pub(super) fn quoted_part(&self) -> Option<Diagnostic> {
        let (open, _) = *brackets::open_at(self.text, self.at).last()?;
        let line = self.line_at(self.at);
        let since = line.start.max(open + 1);
        let colon = since + self.text.get(since..self.at)?.rfind(": ")? + 2;
        let rest = self.text.get(colon..)?;
        let first = rest.chars().next()?;
        let closes = match first {
            '"' | '\'' => first,
            '[' => ']',
            '{' => '}',
            _ => return None,
        };
        // The value was closed before the place.
        self.text.get(colon + 1..self.at)?.rfind(closes)?;
        let value = rest.get(..brackets::value_length(rest))?.trim_end();
        let label = format!("text follows the closing `{closes}`");
        let help = format!("quote the whole text: {}", quoted(value));
        Some(self.mistake(self.span(colon, colon + value.len()), label, help))
    }

    /// A bracket that closes nothing, or that does not match the open one.
    pub(super) fn bracket(&self) -> Option<Diagnostic> {
        let close = self.text.get(self.at..)?.chars().next().filter(|c| matches!(c, '}' | ']'))?;
        match brackets::open_at(self.text, self.at).last() {
            None => Some(self.mistake(
                self.char_at(self.at),
                format!("this `{close}` closes nothing"),
                format!("remove the `{close}`, or add the bracket that opens it"),
            )),
            Some((open, closes)) if *closes != close => {
                let label = format!("this `{close}` does not match the open bracket");
                let mistake = self.mistake(self.char_at(self.at), label, format!("write `{closes}`"));
                Some(mistake.related(self.char_at(*open), "it is opened here"))
            }
            Some(_) => None,
        }
    }

    /// In `{ … }` or `[ … ]`: they are not closed, a comma is missing, or a value needs quotes.
    pub(super) fn in_brackets(&self) -> Option<Diagnostic> {
        let open = brackets::open_at(self.text, self.at);
        let (start, _) = *open.last()?;
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        // The parser stops at the bracket, or after it.
        let is_text = |at: usize| {
            let before = self.text.get(..at).and_then(|before| before.chars().next_back());
            before.is_some_and(|c| !c.is_whitespace() && !matches!(c, ',' | ':' | '{' | '['))
        };
        if next == Some(',') && !is_text(self.at) {
            return Some(self.mistake(self.char_at(self.at), "this `,` has no value before it", "remove the `,`"));
        }
        if matches!(next, Some('{' | '[')) && is_text(self.at) {
            return self.unquoted(self.at);
        }
        if start + 1 == self.at && is_text(start) {
            return self.unquoted(start);
        }
        let unclosed = brackets::open_at(self.text, self.text.len());
        if let Some((unclosed, closes)) = open.iter().rev().find(|open| unclosed.contains(open)) {
            let opened = self.char_at(*unclosed);
            let at_end = self.text.get(self.at..).is_none_or(|rest| rest.trim().is_empty());
            let mistake = self.mistake(opened, "this bracket is not closed", format!("close it with `{closes}`"));
            return Some(if at_end {
                mistake
            } else {
                mistake.related(self.char_at(self.at), "it is still open here")
            });
        }
        let line = self.line_at(self.at);
        let since = line.start.max(start + 1);
        let since = self.text.get(since..self.at)?.rfind([',', '{', '[']).map_or(since, |comma| since + comma + 1);
        let part = self.text.get(since..self.at)?;
        let trimmed = part.trim_start();
        let begin = since + part.len() - trimmed.len();
        match trimmed.split_once(": ") {
            // The key of a second entry, or a text with a colon.
            Some((key, value)) if next == Some(':') => {
                let value_start = self.at - value.len();
                let rest = self.text.get(value_start..)?;
                let whole = rest.get(..brackets::value_length(rest))?.trim_end();
                let quote = format!("quote the text: `{}: {}`", show(key), quoted_bare(whole));
                let last = value.split_whitespace().last()?;
                Some(match value.trim_end().rsplit_once(' ') {
                    Some((value, _)) if key != "doc" => {
                        let help = format!(
                            "write a `,` between two entries: `{}: {}, {last}: …`",
                            show(key),
                            show(value.trim_end_matches(';'))
                        );
                        self.mistake(self.char_at(self.at), "a `:` in the middle of a value", help)
                            .help(format!("or {quote}"))
                    }
                    _ => self.mistake(self.char_at(self.at), "a `:` in the middle of a value", quote),
                })
            }
            _ if begin == line.start + line.indentation() => {
                let before = self.line_before(line)?;
                let end = before.end();
                let last = self.text.get(..end)?.chars().next_back()?;
                let span = self.span(end - last.len_utf8(), end);
                (!matches!(last, ',' | '{' | '[' | ':'))
                    .then(|| self.mistake(span, "a `,` is missing after this", "end the line with a `,`"))
            }
            _ => None,
        }
    }

    /// A value that needs quotes because it holds a bracket.
    fn unquoted(&self, bracket: usize) -> Option<Diagnostic> {
        let line = self.line_at(bracket);
        let before = self.text.get(line.start..bracket)?;
        let colon = before.rfind(": ").map_or(before.len() - before.trim_start().len(), |colon| colon + 2);
        let start = line.start + colon;
        let rest = self.text.get(start..)?;
        let value = rest.get(..brackets::value_length(rest))?.trim_end();
        let character = self.text.get(bracket..)?.chars().next()?;
        let label = format!("`{character}` has a meaning of its own here");
        Some(self.mistake(self.span(start, start + value.len()), label, format!("quote the text: {}", quoted(value))))
    }
}
