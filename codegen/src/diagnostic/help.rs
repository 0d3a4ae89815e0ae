//! The fix of a mistake: a text, and the words that editors can replace.

/// A line of help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Help {
    pub(crate) text: String,
    pub(crate) replacement: Option<Replacement>,
}

/// A word that is meant in place of the written one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Replacement {
    /// The written word, in the place of the mistake; the whole place without one.
    pub(crate) written: Option<String>,
    pub(crate) word: String,
}

impl Help {
    pub(crate) fn replacing(text: String, written: Option<&str>, word: &str) -> Self {
        let replacement = Replacement { written: written.map(str::to_owned), word: word.to_owned() };
        Self { text, replacement: Some(replacement) }
    }
}

impl From<String> for Help {
    fn from(text: String) -> Self {
        Self { text, replacement: None }
    }
}

impl From<&str> for Help {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}
