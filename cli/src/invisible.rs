//! Invisible differences of texts.

use std::iter::once;

/// The place and kind of a difference, if two texts differ only in characters that a screen does not show. Line ends do
/// not count.
pub(super) fn invisible_difference(found: &str, expected: &str) -> Option<String> {
    let found = found.replace("\r\n", "\n");
    let visible = |text: &str| text.chars().filter(|c| !is_invisible(*c)).collect::<String>();
    if visible(&found) != visible(expected) {
        return None;
    }
    let (mut line, mut column) = (1, 1);
    let ended = |text| str::chars(text).map(Some).chain(once(None));
    for (found, expected) in ended(&found).zip(ended(expected)) {
        if found != expected {
            return Some(format!(
                "it differs only in invisible characters: line {line}, column {column} has {}, and should have {}",
                name(found),
                name(expected)
            ));
        }
        (line, column) = if found == Some('\n') { (line + 1, 1) } else { (line, column + 1) };
    }
    None
}

/// White space, control characters, and characters that only change how others are shown.
fn is_invisible(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn name(c: Option<char>) -> String {
    let name = match c {
        None => return "the end of the file".to_owned(),
        Some(c) if !is_invisible(c) => return format!("`{c}`"),
        Some(' ') => return "a space".to_owned(),
        Some('\n') => return "the end of the line".to_owned(),
        Some('\t') => "a tab",
        Some('\r') => "a carriage return",
        Some('\u{a0}') => "a no-break space",
        Some('\u{feff}') => "a byte order mark",
        Some(_) => "a character that is not shown",
    };
    format!("{name} (U+{:04X})", c.map_or(0, u32::from))
}

#[cfg(test)]
mod tests {
    use super::invisible_difference;

    #[test]
    fn invisible_differences_are_named() {
        let of = |found, expected| invisible_difference(found, expected).unwrap_or_default();
        let says =
            |found, expected, what: &str| assert!(of(found, expected).ends_with(what), "{}", of(found, expected));
        says("a\r\n\u{feff}b\n", "a\nb\n", "line 2, column 1 has a byte order mark (U+FEFF), and should have `b`");
        says("a \nb\n", "a\nb\n", "line 1, column 2 has a space, and should have the end of the line");
        says("a\n\tb\n", "a\n    b\n", "line 2, column 1 has a tab (U+0009), and should have a space");
        says("a\n", "a\n\n", "line 2, column 1 has the end of the file, and should have the end of the line");
        says(
            "a\rb\n",
            "a\nb\n",
            "line 1, column 2 has a carriage return (U+000D), and should have the end of the line",
        );
        says("a\u{a0}b\n", "a b\n", "has a no-break space (U+00A0), and should have a space");
    }

    #[test]
    fn visible_differences_and_equal_texts_are_not() {
        assert_eq!(invisible_difference("a\n", "b\n"), None);
        assert_eq!(invisible_difference("a\r\n", "a\n"), None);
    }
}
