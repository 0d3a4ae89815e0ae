//! Characters that YAML refuses at their place.

use super::line::Line;
use super::{Place, brackets, quoted};
use crate::diagnostic::Diagnostic;

impl Place<'_> {
    /// A tab at the place, or in the indentation of its line or of the next line, which the parser may have read
    /// already.
    pub(super) fn tab(&self) -> Option<Diagnostic> {
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

    /// A character that YAML never allows, or a byte order mark that does not begin the file.
    pub(super) fn invisible(&self) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let is_odd = |c: char| c == '\u{feff}' || c.is_control() && !matches!(c, '\t' | '\n' | '\r' | '\u{85}');
        let (at, odd) = line.text.char_indices().find(|(_, c)| is_odd(*c))?;
        let label = match odd {
            '\u{feff}' => "a byte order mark (U+FEFF), which is allowed only at the beginning of a file".to_owned(),
            odd => format!("the control character U+{:04X}, which YAML does not take", u32::from(odd)),
        };
        Some(self.mistake(self.char_at(line.start + at), label, "remove this character, which editors may not show"))
    }

    /// A carriage return in quotes, the line end of old systems, with text after it on the same line.
    pub(super) fn carriage_return(&self) -> Option<Diagnostic> {
        let rest = self.text.get(self.at..)?;
        let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let inner = rest.get(1..)?;
        let inner = inner.get(..inner.find(quote)?)?;
        let found =
            inner.match_indices('\r').find(|(at, _)| !inner.get(at + 1..).is_some_and(|of| of.starts_with('\n')))?;
        let label = "a carriage return alone, which ends a line";
        Some(self.mistake(self.char_at(self.at + 1 + found.0), label, "remove it, or write `\\r` in double quotes"))
    }

    /// A surrogate pair, such as `"\ud83d\ude00"`, as JSON writes a character beyond U+FFFF.
    pub(super) fn surrogates(&self, said: &str) -> Option<Diagnostic> {
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

    pub(super) fn escape(&self, said: &str) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let start = self.at - line.start;
        let quoted = line.text.get(start..).filter(|_| said.contains("escape"))?;
        let end = quoted.get(1..)?.find('"').map_or(quoted.len(), |end| end + 2);
        let inner = quoted.get(1..end.saturating_sub(1)).unwrap_or_default();
        let help = format!("single quotes keep the text unchanged: `'{}'`", inner.replace('\'', "''"));
        Some(self.mistake(self.span(self.at, self.at + end), "in double quotes, `\\` begins an escape", help))
    }

    pub(super) fn quote(&self, said: &str) -> Option<Diagnostic> {
        let quote = self.text.get(self.at..)?.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let is_open = said.contains("quoted scalar") || said.contains("end of stream");
        let help = format!("close it with `{quote}`, or write a text of several lines after `|`");
        is_open.then(|| self.mistake(self.char_at(self.at), "this quote is not closed", help))
    }

    pub(super) fn first_character(&self, said: &str) -> Option<Diagnostic> {
        let first = self.text.get(self.at..)?.chars().next().filter(|_| said.contains("unexpected character"))?;
        let value = self.text.get(self.at..).unwrap_or_default();
        let value = value.get(..brackets::value_length(value)).unwrap_or_default().trim_end();
        let label = format!("a value without quotes does not begin with `{first}`");
        Some(self.mistake(self.char_at(self.at), label, format!("quote it: {}", quoted(value))))
    }

    /// `*` or `&`, which begin references in YAML.
    pub(super) fn reference(&self, said: &str) -> Option<Diagnostic> {
        let rest = self.text.get(self.at..).filter(|_| said.contains("anchor"))?;
        let value = rest.get(..brackets::value_length(rest))?.trim_end();
        let label = "`*` and `&` are YAML's references, which the schema language does not have";
        let help = format!("write the value where it is used, or quote a text: {}", quoted(value));
        Some(self.mistake(self.span(self.at, self.at + value.len()), label, help))
    }
}
