//! What is wrong with a text that is no YAML, in the words of those who write schemas: the parser says where it stopped, and the
//! lines around that place say why.

use super::brackets;
use super::lines::Line;
use crate::diagnostic::{Code, Diagnostic};
use crate::sources::Span;
use crate::text::show;

const MESSAGE: &str = "the file is not valid YAML";

/// The mistake at which the parser has stopped; `said` is its own word for it.
pub(super) fn explain(file: usize, text: &str, at: usize, said: &str) -> Diagnostic {
    let place = Place { file, text, at: at.min(text.len()) };
    if said.contains("recursion limit") {
        return Diagnostic::new(Code::TooDeep, "lists and maps are nested too deeply")
            .at(place.char_at(at), "no schema nests so deeply")
            .help("close the brackets that are open, or remove those that are too many");
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

/// Where the parser has stopped.
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

    /// The line where the parser stopped; at the end of the text, the last one that says something.
    fn line(&self) -> Line<'t> {
        let line = self.line_at(self.at);
        if line.says_something() { line } else { self.line_before(line).unwrap_or(line) }
    }

    fn line_before(&self, line: Line<'t>) -> Option<Line<'t>> {
        line.before(self.text)
    }

    fn is_in_brackets(&self) -> bool {
        !brackets::open_at(self.text, self.at).is_empty()
    }

    fn mistake(&self, span: Span, label: impl Into<String>, help: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::Syntax, MESSAGE).at(span, label).help(help)
    }

    /// A tab at the place, or in the indentation of its line or of the next one, where the parser looks already.
    fn tab(&self) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let next = Some(line.start + line.text.len() + 1).filter(|next| *next < self.text.len());
        let in_indentation = |line: Line<'_>| {
            let tab = line.text.get(..line.indentation()).unwrap_or_default().find('\t');
            tab.map(|tab| line.start + tab)
        };
        let is_tab = |at: &usize| self.text.get(*at..).is_some_and(|rest| rest.starts_with('\t'));
        if let Some(tab) =
            [Some(line), next.map(|next| self.line_at(next))].into_iter().flatten().find_map(in_indentation)
        {
            return Some(self.mistake(
                self.char_at(tab),
                "this is a tab",
                "indent with spaces: YAML takes no tabs there",
            ));
        }
        let near = [Some(self.at), self.at.checked_sub(1)].into_iter().flatten().find(is_tab)?;
        Some(self.mistake(self.char_at(near), "this is a tab", "write a space: YAML takes no tabs there"))
    }

    /// A character that no text of YAML holds, or a byte order mark that does not begin the file.
    fn invisible(&self) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let is_odd = |c: char| c == '\u{feff}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        let (at, odd) = line.text.char_indices().find(|(_, c)| is_odd(*c))?;
        let label = match odd {
            '\u{feff}' => "a byte order mark (U+FEFF), which stands at the beginning of a file alone".to_owned(),
            odd => format!("the control character U+{:04X}, which YAML does not take", u32::from(odd)),
        };
        Some(self.mistake(self.char_at(line.start + at), label, "remove this character, which editors may not show"))
    }

    /// In quotes, the end of a line as old systems wrote it: the text of one line goes on after it.
    fn carriage_return(&self) -> Option<Diagnostic> {
        let rest = self.text.get(self.at..)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = rest.get(1..)?;
        let inner = inner.get(..inner.find(quote)?)?;
        let found =
            inner.match_indices('\r').find(|(at, _)| !inner.get(at + 1..).is_some_and(|of| of.starts_with('\n')))?;
        let label = "a carriage return alone, which ends a line";
        Some(self.mistake(self.char_at(self.at + 1 + found.0), label, "remove it, or write `\\r` in double quotes"))
    }

    /// `"\ud83d\ude00"`, as JSON writes a character beyond U+FFFF.
    fn surrogates(&self, said: &str) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let quoted = line.text.get(self.at - line.start..).filter(|_| said.contains("escape"))?;
        let unit = |at: usize| {
            let digits = quoted.get(at..at + 6)?.strip_prefix("\\u")?;
            u16::from_str_radix(digits, 16).ok()
        };
        let (at, _) =
            quoted.match_indices("\\u").find(|(at, _)| unit(*at).is_some_and(|of| (0xd800..0xdc00).contains(&of)))?;
        let character = char::decode_utf16([unit(at)?, unit(at + 6)?]).next()?.ok()?;
        let start = self.at + at;
        let label = "two halves of one character, as JSON writes it";
        let help = format!("write the character itself, `{character}`, or `\\U{:08X}`", u32::from(character));
        Some(self.mistake(self.span(start, start + 12), label, help))
    }

    fn escape(&self, said: &str) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let start = self.at - line.start;
        let quoted = line.text.get(start..).filter(|_| said.contains("escape"))?;
        let end = quoted.get(1..)?.find('"').map_or(quoted.len(), |end| end + 2);
        let inner = quoted.get(1..end.saturating_sub(1)).unwrap_or_default();
        let help = format!("single quotes keep it as it is: `'{}'`", inner.replace('\'', "''"));
        Some(self.mistake(self.span(self.at, self.at + end), "in double quotes, `\\` begins an escape", help))
    }

    fn quote(&self, said: &str) -> Option<Diagnostic> {
        let quote = self.text.get(self.at..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let is_open = said.contains("quoted scalar") || said.contains("end of stream");
        let help = format!("close it with `{quote}`, or write a text of several lines after `|`");
        is_open.then(|| self.mistake(self.char_at(self.at), "this quote is not closed", help))
    }

    fn first_character(&self, said: &str) -> Option<Diagnostic> {
        let first = self.text.get(self.at..)?.chars().next().filter(|_| said.contains("unexpected character"))?;
        let value = self.text.get(self.at..).unwrap_or_default();
        let value = value.get(..brackets::value_length(value)).unwrap_or_default().trim_end();
        let label = format!("a value without quotes does not begin with `{first}`");
        Some(self.mistake(self.char_at(self.at), label, format!("quote it: {}", quoted(value))))
    }

    /// A line that is indented as if the value before the comment went on.
    fn after_comment(&self, said: &str) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let next = line.start + line.text.len() + 1;
        let next =
            Some(self.line_at(next)).filter(|next| said.contains("comment intercepting") && next.says_something())?;
        Place { at: next.start + next.indentation(), ..*self }.indentation()
    }

    /// `*` and `&` begin what YAML has for references.
    fn reference(&self, said: &str) -> Option<Diagnostic> {
        let rest = self.text.get(self.at..).filter(|_| said.contains("anchor"))?;
        let value = rest.get(..brackets::value_length(rest))?.trim_end();
        let label = "`*` and `&` are YAML's references, which the schema language does not have";
        let help = format!("write the value where it is used, or quote a text: {}", quoted(value));
        Some(self.mistake(self.span(self.at, self.at + value.len()), label, help))
    }

    /// In brackets, what stands after the closing quote or bracket of a value: `{ pattern: [0-9]+ }`.
    fn quoted_part(&self) -> Option<Diagnostic> {
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
        // The value has been closed before the place.
        self.text.get(colon + 1..self.at)?.rfind(closes)?;
        let value = rest.get(..brackets::value_length(rest))?.trim_end();
        let label = format!("something stands after the closing `{closes}`");
        let help = format!("quote all of the text: {}", quoted(value));
        Some(self.mistake(self.span(colon, colon + value.len()), label, help))
    }

    /// A bracket that closes nothing, or another one than is open.
    fn bracket(&self) -> Option<Diagnostic> {
        let close = self.text.get(self.at..)?.chars().next().filter(|c| matches!(c, '}' | ']'))?;
        match brackets::open_at(self.text, self.at).last() {
            None => Some(self.mistake(
                self.char_at(self.at),
                format!("this `{close}` closes nothing"),
                format!("remove the `{close}`, or open it before"),
            )),
            Some((open, closes)) if *closes != close => {
                let label = format!("this `{close}` closes another bracket than is open");
                let mistake = self.mistake(self.char_at(self.at), label, format!("write `{closes}`"));
                Some(mistake.related(self.char_at(*open), "open since here"))
            }
            Some(_) => None,
        }
    }

    /// In `{ … }` or `[ … ]`: they are not closed, a comma is missing, or a value needs quotes.
    fn in_brackets(&self) -> Option<Diagnostic> {
        let open = brackets::open_at(self.text, self.at);
        let (start, _) = *open.last()?;
        let next = self.text.get(self.at..).and_then(|rest| rest.chars().next());
        // The parser stops at the bracket, or after it.
        let is_text = |at: usize| {
            let before = self.text.get(..at).and_then(|before| before.chars().next_back());
            before.is_some_and(|c| !c.is_whitespace() && !matches!(c, ',' | ':' | '{' | '['))
        };
        if next == Some(',') && !is_text(self.at) {
            return Some(self.mistake(self.char_at(self.at), "nothing stands before this `,`", "remove the `,`"));
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

    /// A value that needs quotes, for the bracket in it.
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

    /// `doc: Note: x`.
    fn second_colon(&self) -> Option<Diagnostic> {
        if self.is_in_brackets() {
            return None;
        }
        let line = self.line_at(self.at);
        let (key, value, start) = line.entry()?;
        if self.at <= start || !self.text.get(self.at..)?.starts_with(':') {
            return None;
        }
        let help = format!("quote the text: `{}: {}`", show(key), quoted_bare(value));
        Some(self.mistake(self.char_at(self.at), "a second `:` in one entry", help))
    }

    /// `User`, `table users` or `table:users`, where a `key:` should be.
    fn missing_colon(&self) -> Option<Diagnostic> {
        if self.is_in_brackets() {
            return None;
        }
        let own = self.line();
        [Some(own), self.line_before(own)].into_iter().flatten().find_map(|line| {
            let text = line.trimmed();
            if self
                .line_before(line)
                .is_some_and(|before| [" |", " >"].iter().any(|begins| before.trimmed().ends_with(begins)))
            {
                let span = self.span(line.start + line.indentation(), line.end());
                let help = "indent the lines of the text further than its key";
                return Some(self.mistake(span, "the text of several lines does not begin here", help));
            }
            if text.starts_with('%') {
                let span = self.span(line.start + line.indentation(), line.end());
                return Some(self.mistake(
                    span,
                    "a directive of YAML, which the schema language does not have",
                    "remove the line",
                ));
            }
            if text.starts_with("- ") {
                let start = line.start + line.indentation();
                let label = "`- ` begins an item of a list, among the entries of a map";
                let help = format!("drop the `- `: write `{}`", show(text.trim_start_matches("- ")));
                return Some(self.mistake(self.span(start, start + 1), label, help));
            }
            let is_other = text.starts_with(['-', '"', '\'', '{', '[', '|', '>', '}', ']']);
            if is_other || text.ends_with(':') || text.contains(": ") {
                return None;
            }
            let start = line.start + line.indentation();
            if let Some((key, value)) = text.split_once(':') {
                let colon = start + key.len();
                let help = format!("write `{}: {}`", show(key), show(value));
                return Some(self.mistake(self.char_at(colon), "a space is missing after this `:`", help));
            }
            let (key, help) = match text.split_once(' ') {
                Some((key, value)) => {
                    (key, format!("write `{}: {}`", show(key), show(value.trim_start_matches([' ', '=']))))
                }
                None => (text, format!("write `{}:`", show(text))),
            };
            Some(self.mistake(self.span(start, start + key.len()), "a `:` is missing after this", help))
        })
    }

    /// `pattern: [a-z]+`, or `doc: "Name" of the user`: something stands after the value's end.
    fn after_value(&self) -> Option<Diagnostic> {
        let (key, value, start) = self.line_at(self.at).entry().filter(|_| !self.is_in_brackets())?;
        if value.starts_with("- ") || value.starts_with("? ") {
            let label = "this begins a list or a map, which stands on lines of its own";
            let help = format!("quote the text: `{}: {}`", show(key), quoted_bare(value));
            return Some(self.mistake(self.span(start, start + 1), label, help));
        }
        let first = value.chars().next().filter(|_| self.at > start)?;
        let closes = if first == '{' { '}' } else { ']' };
        let after = value.rfind(closes).and_then(|at| value.get(at + 1..)).unwrap_or_default();
        if matches!(first, '{' | '[')
            && value.split_once(closes).is_some_and(|(_, rest)| rest.starts_with(',') || after.starts_with(','))
        {
            let help = "write the next entry on a line of its own, or within the braces";
            return Some(self.mistake(self.char_at(self.at), format!("`{first} … {closes}` ends the value"), help));
        }
        let label = match first {
            '{' | '[' => format!("`{first}` begins a {} here", if first == '{' { "map" } else { "list" }),
            '"' | '\'' => "something stands after the closing quote".to_owned(),
            _ => return None,
        };
        let help = format!("quote all of the text: `{}: {}`", show(key), quoted_bare(value));
        Some(self.mistake(self.span(start, start + value.len()), label, help))
    }

    fn indentation(&self) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let before = self.line_before(line).filter(|_| line.says_something() && !self.is_in_brackets())?;
        let (own, above) = (line.indentation(), before.indentation());
        let span = self.span(line.start + own, line.end());
        let help = format!("the lines of one map begin in one column: indent it by {above} spaces, as the line above");
        let label = match own > above {
            true if before.trimmed().ends_with(':') => return None,
            true => "this is indented further than the line above, which has its value already",
            false => "no line above begins in this column",
        };
        (own != above).then(|| self.mistake(span, label, help))
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
