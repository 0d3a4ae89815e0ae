//! The lines of a text that is not valid YAML.

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

    /// The nearest line before that is neither empty nor a comment.
    pub(super) fn before(self, text: &'t str) -> Option<Self> {
        let mut start = self.start;
        while let Some(end) = start.checked_sub(1) {
            let line = Self::at(text, end);
            if line.has_content() {
                return Some(line);
            }
            start = line.start;
        }
        None
    }

    /// The number of white space characters at its beginning.
    pub(super) fn indentation(self) -> usize {
        self.text.len() - self.text.trim_start().len()
    }

    /// The end of its text, before a comment.
    pub(super) fn end(self) -> usize {
        let comment = self.text.find(" #").unwrap_or(self.text.len());
        self.start + self.text.get(..comment).unwrap_or(self.text).trim_end().len()
    }

    /// Its text, without indentation and comment.
    pub(super) fn trimmed(self) -> &'t str {
        self.text.get(self.indentation()..self.end() - self.start).unwrap_or_default()
    }

    /// Whether the line is neither empty nor only a comment.
    pub(super) fn has_content(self) -> bool {
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
