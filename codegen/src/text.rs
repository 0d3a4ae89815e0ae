//! Text from a schema in messages and docs.

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
