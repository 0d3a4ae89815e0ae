//! Patterns, compiled once.

use regex::Regex;
use std::fmt;

/// A regular expression. Emitted code makes one with [`pattern!`](crate::pattern).
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    /// `None` for what is no regular expression, which the generator does not emit: nothing matches it.
    regex: Option<Regex>,
}

impl Pattern {
    #[doc(hidden)]
    pub fn new(text: &'static str) -> Self {
        Self { text, regex: Regex::new(text).ok() }
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.as_ref().is_some_and(|regex| regex.is_match(text))
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text)
    }
}

/// A [`Pattern`](self::Pattern) that is compiled when it is first used, and then no more.
#[macro_export]
macro_rules! pattern {
    ($text:literal) => {{
        static PATTERN: ::std::sync::LazyLock<$crate::validate::Pattern> =
            ::std::sync::LazyLock::new(|| $crate::validate::Pattern::new($text));
        &*PATTERN
    }};
}
