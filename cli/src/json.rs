//! Failures that are no mistakes of the schema, for editors: one JSON object a line, as diagnostics are.

use serde::Serialize;

#[derive(Serialize)]
struct Failure<'a> {
    code: Option<&'a str>,
    severity: &'static str,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    related: [&'a str; 0],
    help: &'a [&'a str],
    rendered: &'a str,
}

/// A failure of the command.
pub(super) fn failure(message: &str) -> String {
    line(&Failure { message, rendered: &format!("error: {message}"), ..Failure::default() })
}

/// A file that is not as it should be, what to do about it, and all of it as a person reads it.
pub(super) fn failure_of_file(message: &str, file: &str, help: &str, rendered: &str) -> String {
    line(&Failure { message, file: Some(file), help: &[help], rendered, ..Failure::default() })
}

fn line(failure: &Failure<'_>) -> String {
    // Strings only: there is nothing in it that JSON could refuse.
    serde_json::to_string(failure).unwrap_or_default()
}

impl Default for Failure<'_> {
    fn default() -> Self {
        Self { code: None, severity: "error", message: "", file: None, related: [], help: &[], rendered: "" }
    }
}
