//! Failures other than mistakes of the schema, for editors: one JSON object per line, like diagnostics.

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

/// A file that is not current, with the fix, and the whole message as text for people.
pub(super) fn failure_of_file(message: &str, file: &str, help: &str, rendered: &str) -> String {
    line(&Failure { message, file: Some(file), help: &[help], rendered, ..Failure::default() })
}

fn line(failure: &Failure<'_>) -> String {
    // The object holds strings only, so JSON cannot refuse it.
    serde_json::to_string(failure).unwrap_or_default()
}

impl Default for Failure<'_> {
    fn default() -> Self {
        Self { code: None, severity: "error", message: "", file: None, related: [], help: &[], rendered: "" }
    }
}
