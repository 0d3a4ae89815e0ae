//! What a schema does to texts before they are checked.

/// Without white space at either end.
pub fn trim(text: String) -> String {
    match text.trim() {
        trimmed if trimmed.len() == text.len() => text,
        trimmed => trimmed.to_owned(),
    }
}

/// In lower case.
pub fn lowercase(text: String) -> String {
    text.to_lowercase()
}

/// In upper case.
pub fn uppercase(text: String) -> String {
    text.to_uppercase()
}
