//! What a schema does to texts before they are checked. A text that is so already is not copied.

use std::borrow::Cow;

/// Without white space at either end.
pub fn trim(text: &str) -> Cow<'_, str> {
    text.trim().into()
}

/// In lower case.
pub fn lowercase(text: &str) -> Cow<'_, str> {
    changed(text, str::to_lowercase, |c| c.is_lowercase() || !c.is_alphabetic())
}

/// In upper case.
pub fn uppercase(text: &str) -> Cow<'_, str> {
    changed(text, str::to_uppercase, |c| c.is_uppercase() || !c.is_alphabetic())
}

/// ASCII that is so already is told without making the text anew.
fn changed(text: &str, change: fn(&str) -> String, is_so: fn(char) -> bool) -> Cow<'_, str> {
    match text.is_ascii() && text.chars().all(is_so) {
        true => text.into(),
        false => change(text).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_changed_where_they_have_to_be() {
        assert_eq!(trim("\u{2003} a b\n"), "a b");
        assert_eq!((lowercase("Æ-Ab1"), uppercase("straße-1a")), ("æ-ab1".into(), "STRASSE-1A".into()));
        for (transform, text) in [(trim as fn(&str) -> Cow<'_, str>, "a"), (lowercase, "a-1 b"), (uppercase, "A_1")] {
            assert!(matches!(transform(text), Cow::Borrowed(_)), "{text}");
        }
    }
}
