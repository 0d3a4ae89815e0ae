//! Lines of a text that no YAML parser takes, as those who write them see them.

/// A line and where it begins.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) start: usize,
    pub(super) text: &'t str,
}

impl<'t> Line<'t> {
    /// The line that an offset is in.
    pub(super) fn at(text: &'t str, offset: usize) -> Self {
        let start = text.get(..offset).and_then(|before| before.rfind('\n')).map_or(0, |newline| newline + 1);
        Self { start, text: text.get(start..).and_then(|rest| rest.lines().next()).unwrap_or_default() }
    }

    /// The nearest line before that says something.
    pub(super) fn before(self, text: &'t str) -> Option<Self> {
        let mut start = self.start;
        while let Some(end) = start.checked_sub(1) {
            let line = Self::at(text, end);
            if line.says_something() {
                return Some(line);
            }
            start = line.start;
        }
        None
    }

    /// How many characters of white space it begins with.
    pub(super) fn indentation(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// Where its text ends, before a comment.
    pub(super) fn end(self) -> usize {
        let comment = self.text.find(" #").unwrap_or(self.text.len());
        self.start + self.text.get(..comment).unwrap_or(self.text).trim_end().len()
    }

    /// Its text, without indentation and comment.
    pub(super) fn trimmed(self) -> &'t str {
        self.text.get(self.indentation()..self.end() - self.start).unwrap_or_default()
    }

    /// Whether it is neither empty nor a comment alone.
    pub(super) fn says_something(self) -> bool {
        let text = self.text.trim();
        !text.is_empty() && !text.starts_with('#')
    }

    /// The key and the value of `key: value`, and where the value begins.
    pub(super) fn entry(self) -> Option<(&'t str, &'t str, usize)> {
        let (key, value) = self.trimmed().split_once(':')?;
        let value = value.strip_prefix(' ').filter(|_| !key.contains(['"', '\'', '{', '[']))?.trim_start();
        Some((key.trim_start_matches("- "), value, self.end() - value.len()))
    }
}
