//! Regular expressions, each compiled once.

use regex::Regex;
use std::fmt;

/// A regular expression. Make one with [`pattern!`](crate::pattern), as emitted code does.
#[derive(Debug)]
pub struct Pattern {
    text: &'static str,
    /// `None` if the text is no regular expression: then no text matches. The generator emits none of these.
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

/// Makes a [`Pattern`](crate::validate::Pattern) that is compiled once, on its first use.
///
/// ```
/// use dyntastic::{Checked, pattern};
///
/// fn check(postcode: Checked<'_, String>) {
///     postcode.pattern(pattern!("^[0-9]{4}$")).done();
/// }
/// ```
#[macro_export]
macro_rules! pattern {
    ($text:literal) => {{
        static PATTERN: ::std::sync::LazyLock<$crate::validate::Pattern> =
            ::std::sync::LazyLock::new(|| $crate::validate::Pattern::new($text));
        &*PATTERN
    }};
}
