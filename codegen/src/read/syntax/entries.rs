//! Mistakes in the entries of maps, and in their lines.

use super::{Place, quoted_bare};
use crate::diagnostic::Diagnostic;
use crate::text::show;

impl Place<'_> {
    /// A line that is indented as if the value before the comment continued.
    pub(super) fn after_comment(&self, said: &str) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let next = line.start + line.text.len() + 1;
        let next =
            Some(self.line_at(next)).filter(|next| said.contains("comment intercepting") && next.has_content())?;
        Place { at: next.start + next.indentation(), ..*self }.indentation()
    }

    /// `doc: Note: x`.
    pub(super) fn second_colon(&self) -> Option<Diagnostic> {
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
    pub(super) fn missing_colon(&self) -> Option<Diagnostic> {
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

    /// Text after the end of a value: `pattern: [a-z]+`, or `doc: "Name" of the user`.
    pub(super) fn after_value(&self) -> Option<Diagnostic> {
        let (key, value, start) = self.line_at(self.at).entry().filter(|_| !self.is_in_brackets())?;
        if value.starts_with("- ") || value.starts_with("? ") {
            let label = "this begins a list or a map, which needs lines of its own";
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
            '"' | '\'' => "text follows the closing quote".to_owned(),
            _ => return None,
        };
        let help = format!("quote the whole text: `{}: {}`", show(key), quoted_bare(value));
        Some(self.mistake(self.span(start, start + value.len()), label, help))
    }

    pub(super) fn indentation(&self) -> Option<Diagnostic> {
        let line = self.line_at(self.at);
        let before = self.line_before(line).filter(|_| line.has_content() && !self.is_in_brackets())?;
        let (own, above) = (line.indentation(), before.indentation());
        let span = self.span(line.start + own, line.end());
        let help = format!("the lines of one map begin in one column: indent it by {above} spaces, as the line above");
        let label = match own > above {
            true if before.trimmed().ends_with(':') => return None,
            true => "this is indented further than the line above, which already has a value",
            false => "no line above begins in this column",
        };
        (own != above).then(|| self.mistake(span, label, help))
    }
}
