//! The brackets (`{ … }` and `[ … ]`) in a text that is not valid YAML.

/// The brackets that are open at `end`, the innermost last: the place of each, and its closing bracket. At the text's
/// end they are those that are never closed.
pub(super) fn open_at(text: &str, end: usize) -> Vec<(usize, char)> {
    let mut scan = Scan::default();
    for (at, c) in text.char_indices().take_while(|(at, _)| *at < end) {
        scan.take(at, c);
    }
    scan.open
}

/// The length of the value that `text` begins with. It ends at a `,`, at a closing bracket that the value did not open,
/// or at the line's end.
pub(super) fn value_length(text: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in text.char_indices() {
        match c {
            '\n' => return at,
            ',' if depth == 0 => return at,
            '{' | '[' => depth += 1,
            '}' | ']' if depth == 0 => return at,
            '}' | ']' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[derive(Default)]
struct Scan {
    open: Vec<(usize, char)>,
    /// The open quote.
    quote: Option<char>,
    comment: bool,
    escaped: bool,
    /// Whether a value may begin here.
    at_start: Option<bool>,
    previous: char,
}

impl Scan {
    fn take(&mut self, at: usize, c: char) {
        let at_start = self.at_start.unwrap_or(true);
        let after_space = self.previous.is_whitespace() || self.at_start.is_none();
        self.previous = c;
        match self.quote {
            Some('"') if self.escaped => self.escaped = false,
            Some('"') if c == '\\' => self.escaped = true,
            Some(quote) if c == quote => self.quote = None,
            Some(_) => {}
            None if self.comment => self.comment = c != '\n',
            None if c == '#' && after_space => self.comment = true,
            None if c.is_whitespace() => {
                self.at_start = Some(at_start || c == '\n');
                return;
            }
            None if matches!(c, '"' | '\'') && at_start => self.quote = Some(c),
            None if matches!(c, '{' | '[') && (at_start || !self.open.is_empty()) => {
                self.open.push((at, if c == '{' { '}' } else { ']' }));
            }
            None if self.open.last().is_some_and(|(_, closes)| *closes == c) => {
                self.open.pop();
            }
            None => {}
        }
        self.at_start = Some(self.comment || matches!(c, ':' | ',' | '{' | '[' | '-' | '\n'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_texts_and_comments_are_none() {
        let text = "doc: it's a [test # {\nname: \"{\" # [\nmore: ' [ ' \nfields: { a: [b, c], d: { e: '}' ";
        let open: Vec<char> = open_at(text, text.len()).into_iter().map(|(_, closes)| closes).collect();
        assert_eq!(open, ['}', '}']);
    }

    #[test]
    fn a_value_holds_its_own_brackets() {
        assert_eq!(value_length("^[a-z]{2,4}$ } }"), "^[a-z]{2,4}$ ".len());
        assert_eq!(value_length("a, b"), 1);
        assert_eq!(value_length("a\nb"), 1);
    }
}
