//! Text from a schema in messages and docs, and text as a schema writes it.

/// Text from a schema for a message: short, and on one line.
pub(crate) fn show(text: &str) -> String {
    let mut shown = String::new();
    for c in text.chars().take(60) {
        match c {
            '\\' | '\'' | '"' => shown.push(c),
            c => shown.extend(c.escape_debug()),
        }
    }
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}

/// Whether a text is a word: a letter, and then letters, digits, `_` and `-`.
pub(crate) fn is_word(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether all parsers of YAML read a word as text.
pub(crate) fn is_text(word: &str) -> bool {
    const OTHERS: &[&str] = &["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    !OTHERS.contains(&word.to_ascii_lowercase().as_str())
}

/// A text as a scalar of YAML.
pub(crate) fn scalar(text: &str) -> String {
    if is_word(text.trim_start_matches('_')) && is_text(text) {
        return text.to_owned();
    }
    match text.chars().any(char::is_control) {
        true => serde_json::to_string(text).unwrap_or_default(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}
