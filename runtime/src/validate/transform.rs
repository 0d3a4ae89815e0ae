//! Transforms that a schema applies to texts before they are checked. They do not copy a text that they leave
//! unchanged.

use std::borrow::Cow;

/// Removes white space at both ends.
pub fn trim(text: &str) -> Cow<'_, str> {
    text.trim().into()
}

/// Converts to lower case.
pub fn lowercase(text: &str) -> Cow<'_, str> {
    changed(text, str::to_lowercase, |c| c.is_lowercase() || !c.is_alphabetic())
}

/// Converts to upper case.
pub fn uppercase(text: &str) -> Cow<'_, str> {
    changed(text, str::to_uppercase, |c| c.is_uppercase() || !c.is_alphabetic())
}

/// Converts a text. An ASCII text whose characters are all converted is not copied.
fn changed(text: &str, change: fn(&str) -> String, is_converted: fn(char) -> bool) -> Cow<'_, str> {
    match text.is_ascii() && text.chars().all(is_converted) {
        true => text.into(),
        false => change(text).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn transforms_copy_only_texts_that_they_change() {
        assert_eq!(trim("\u{2003} a b\n"), "a b");
        assert_eq!((lowercase("Æ-Ab1"), uppercase("straße-1a")), ("æ-ab1".into(), "STRASSE-1A".into()));
        for (transform, text) in [(trim as fn(&str) -> Cow<'_, str>, "a"), (lowercase, "a-1 b"), (uppercase, "A_1")] {
            assert!(matches!(transform(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
