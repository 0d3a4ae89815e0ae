//! The keys around a place, by indentation and brackets. It reads any text, since a file that somebody types in is
//! seldom valid YAML.

/// The keys and texts of a file, as far as they can be told, and the place that was asked for.
#[derive(Debug, Default)]
pub(super) struct Scan<'t> {
    /// The keys, each after the path of its map. Elements of lists have the key `-`.
    pub(super) keys: Vec<(Vec<&'t str>, &'t str)>,
    /// The texts, each with its path.
    pub(super) texts: Vec<(Vec<&'t str>, &'t str)>,
    pub(super) cursor: Cursor<'t>,
}

/// A place in a file.
#[derive(Debug, Default, Clone)]
pub(super) struct Cursor<'t> {
    /// The path of the map whose key is written there, or of the text.
    pub(super) path: Vec<&'t str>,
    pub(super) is_value: bool,
    /// The key or text up to the place.
    pub(super) before: &'t str,
    /// All of it.
    pub(super) word: &'t str,
}

/// The deepest keys that are collected: `models`, `User`, `table`, `create`, `replicas`, `-`.
const DEEPEST: usize = 6;

impl<'t> Scan<'t> {
    pub(super) fn of(text: &'t str, cursor: usize) -> Self {
        let mut scanner =
            Scanner { text, at: cursor, scan: Self::default(), blocks: Vec::new(), frames: Vec::new(), skips: None };
        let mut start = 0;
        for line in text.split_inclusive('\n') {
            scanner.line(start, line);
            start += line.len();
        }
        if text.is_empty() || text.ends_with('\n') {
            scanner.line(start, "");
        }
        scanner.scan
    }

    /// The keys of the map at a path.
    pub(super) fn names<'s>(&'s self, path: &'s [&'s str]) -> impl Iterator<Item = &'t str> + 's {
        self.keys.iter().filter(move |(of, _)| of.as_slice() == path).map(|(_, key)| *key)
    }

    /// The texts at a path, or in the list there.
    pub(super) fn texts_at<'s>(&'s self, path: &'s [&'s str]) -> impl Iterator<Item = &'t str> + 's {
        let is_there = move |of: &[&str]| of.strip_suffix(&["-"]).unwrap_or(of) == path;
        self.texts.iter().filter(move |(of, _)| is_there(of)).map(|(_, text)| *text)
    }
}

/// A bracket that is open.
struct Frame<'t> {
    is_map: bool,
    key: Option<&'t str>,
}

struct Scanner<'t> {
    text: &'t str,
    /// The offset of the place.
    at: usize,
    scan: Scan<'t>,
    /// The keys of the open blocks, with their columns.
    blocks: Vec<(usize, &'t str)>,
    frames: Vec<Frame<'t>>,
    /// The column of the key whose text under `|` is skipped.
    skips: Option<usize>,
}

impl<'t> Scanner<'t> {
    fn line(&mut self, start: usize, line: &'t str) {
        let content = line.trim_start_matches(' ');
        let mut column = line.len() - content.len();
        let end = start + line.trim_end_matches('\n').len();
        let is_here = (start..=end).contains(&self.at);
        let is_blank = content.trim().is_empty() || content.starts_with('#');
        if self.skips.is_some_and(|of| column > of || is_blank) {
            return;
        }
        self.skips = None;
        if is_blank && !is_here {
            return;
        }
        let mut offset = start + column;
        let is_closed = content.starts_with(['}', ']']);
        if self.blocks.last().is_some_and(|(of, _)| column <= *of) && !is_closed && !is_blank {
            // A bracket that nobody closed: what is in it is indented further.
            self.frames.clear();
        }
        if self.frames.is_empty() {
            // Of a blank line, the place of the cursor counts.
            let indent = if is_blank { self.at - start } else { column };
            let is_item = content.starts_with("- ") || content.trim_end() == "-";
            while self.blocks.pop_if(|(of, key)| *of > indent || (*of == indent && (!is_item || *key == "-"))).is_some()
            {
            }
            let mut rest = content;
            while let Some(item) = rest.strip_prefix("- ") {
                self.blocks.push((column, "-"));
                let spaces = 2 + item.len() - item.trim_start_matches(' ').len();
                (column, offset) = (column + spaces, offset + spaces);
                rest = item.trim_start_matches(' ');
            }
        }
        self.content(offset, end, column);
    }

    fn path(&self) -> Vec<&'t str> {
        let frames = self.frames.iter().filter_map(|frame| if frame.is_map { frame.key } else { Some("-") });
        self.blocks.iter().map(|(_, key)| *key).chain(frames).collect()
    }

    /// Whether a text may be here, and no key.
    fn is_value(&self, has_key: bool) -> bool {
        self.frames.last().map_or(has_key, |frame| !frame.is_map || frame.key.is_some())
    }

    /// Reads keys and texts between two places of a line.
    fn content(&mut self, start: usize, end: usize, column: usize) {
        let (mut at, mut has_key) = (start, self.blocks.last().is_some_and(|(_, key)| *key == "-"));
        // After a `-`, a key may follow.
        let after_dash = has_key && self.frames.is_empty();
        loop {
            let rest = self.text.get(at..end).unwrap_or_default();
            let trimmed = rest.trim_start_matches([' ', '\t']);
            let token = at + rest.len() - trimmed.len();
            let length = self.token(trimmed);
            let token_end = token + length;
            let word = unquoted(trimmed.get(..length).unwrap_or_default().trim_end());
            if (at..=token_end).contains(&self.at)
                || (token_end >= end && (start..=end).contains(&self.at) && self.at >= at)
            {
                let before = self.text.get(token.min(self.at)..self.at).unwrap_or_default();
                let is_value = self.is_value(has_key);
                self.scan.cursor = Cursor { path: self.path(), is_value, before, word };
            }
            let after = trimmed.get(length..).unwrap_or_default();
            let Some(mark) = after.chars().next() else {
                self.text_of(word, has_key, column);
                return;
            };
            match mark {
                ':' => {
                    self.key(word, column, has_key && !after_dash);
                    has_key = true;
                }
                '{' | '[' => self.frames.push(Frame { is_map: mark == '{', key: None }),
                '}' | ']' => {
                    self.text_of(word, has_key, column);
                    self.frames.pop();
                }
                ',' => {
                    self.text_of(word, has_key, column);
                    if let Some(frame) = self.frames.last_mut() {
                        frame.key = None;
                    }
                }
                // A comment.
                _ => {
                    self.text_of(word, has_key, column);
                    return;
                }
            }
            at = token_end + 1;
        }
    }

    /// The length of the word at the beginning of a text.
    fn token(&self, text: &str) -> usize {
        let in_flow = !self.frames.is_empty();
        let quote = text.chars().next().filter(|c| ['"', '\''].contains(c));
        let mut escaped = false;
        let mut previous = ' ';
        let mut is_quoted = quote.is_some();
        for (at, c) in text.char_indices() {
            if is_quoted && at > 0 {
                if escaped {
                    escaped = false;
                } else if c == '\\' && quote == Some('"') {
                    escaped = true;
                } else if Some(c) == quote {
                    is_quoted = false;
                }
            } else if !is_quoted {
                let next = text.get(at + c.len_utf8()..).and_then(|rest| rest.chars().next());
                let is_end = match c {
                    ':' => next.is_none_or(|next| next.is_whitespace() || (in_flow && [',', '}', ']'].contains(&next))),
                    '#' => previous.is_whitespace(),
                    '{' | '[' => at == 0,
                    ',' | '}' | ']' => in_flow,
                    _ => false,
                };
                if is_end {
                    return at;
                }
            }
            previous = c;
        }
        text.len()
    }

    fn key(&mut self, key: &'t str, column: usize, is_second: bool) {
        let frame = self.frames.last_mut();
        let path = match frame {
            Some(frame) => {
                frame.key = None;
                self.path()
            }
            None if is_second => return,
            None => self.path(),
        };
        if path.len() < DEEPEST {
            self.scan.keys.push((path, key));
        }
        match self.frames.last_mut() {
            Some(frame) => frame.key = Some(key),
            None => self.blocks.push((column, key)),
        }
    }

    fn text_of(&mut self, word: &'t str, has_key: bool, column: usize) {
        if word.is_empty() || !self.is_value(has_key) {
            return;
        }
        if self.frames.is_empty() && word.starts_with(['|', '>']) {
            self.skips = Some(column);
        }
        let path = self.path();
        if path.len() <= DEEPEST {
            self.scan.texts.push((path, word));
        }
    }
}

fn unquoted(word: &str) -> &str {
    let inside = |quote: char| word.strip_prefix(quote)?.strip_suffix(quote);
    inside('"').or_else(|| inside('\'')).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::Scan;

    fn cursor(text: &str) -> String {
        let at = text.find('@').unwrap();
        let text = text.replace('@', "");
        let scan = Scan::of(&text, at);
        let kind = if scan.cursor.is_value { "=" } else { "" };
        format!("{}{kind}:{}", scan.cursor.path.join("/"), scan.cursor.before)
    }

    #[test]
    fn the_keys_around_a_place() {
        assert_eq!(cursor("@"), ":");
        assert_eq!(cursor("mod@"), ":mod");
        assert_eq!(cursor("models:\n  User:\n    ha@"), "models/User:ha");
        assert_eq!(cursor("models:\n  User:\n    @\n"), "models/User:");
        assert_eq!(cursor("models:\n  User:\n    fields:\n      a: b\n  @"), "models:");
        assert_eq!(cursor("models:\n  User:\n    table: us@\n"), "models/User/table=:us");
        assert_eq!(cursor("models:\n  User: { table: users, ha@"), "models/User:ha");
        assert_eq!(
            cursor("models:\n  User: { table: users, fields: { a: { type: @ } } }"),
            "models/User/fields/a/type=:"
        );
        assert_eq!(cursor("models:\n  User:\n    mixins: [Times, @]"), "models/User/mixins/-=:");
        assert_eq!(cursor("models:\n  User:\n    mixins:\n      - Ti@"), "models/User/mixins/-=:Ti");
        assert_eq!(cursor("models:\n  U:\n    key: { pk: 'A#{i@' }"), "models/U/key/pk=:'A#{i");
        assert_eq!(cursor("models:\n  U: {\n    doc: \"x\",\n    ta@"), "models/U:ta");
        assert_eq!(cursor("doc: |\n  a: b\nx: @"), "x=:");
    }

    #[test]
    fn names_and_texts_of_a_broken_file() {
        let text = "models:\n  User:\n    table: shop\n    fields:\n      a: string\n      b: { type: [\n  Other: {}\n";
        let scan = Scan::of(text, 0);
        assert_eq!(scan.names(&["models", "User", "fields"]).collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(scan.texts_at(&["models", "User", "table"]).collect::<Vec<_>>(), ["shop"]);
    }
}
