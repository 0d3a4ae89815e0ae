//! Paths of what the user has written in Rust.

use crate::diagnostic::{Code, Diagnostic};
use crate::read::show;
use crate::schema::Spanned;

/// The path of a type or function of the user's own.
pub(crate) fn rust_path(written: &Spanned<String>, what: &str) -> Result<String, Diagnostic> {
    let is_identifier = |part: &str| {
        let mut chars = part.chars();
        chars.next().is_some_and(|first| first.is_ascii_alphabetic() || first == '_')
            && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    let path = written.value.strip_prefix("::").unwrap_or(&written.value);
    let parts: Vec<&str> = path.split("::").collect();
    if parts.len() < 2 || !parts.iter().all(|part| is_identifier(part)) {
        let message = format!("`{}` is not the path of a Rust {what}", show(&written.value));
        return Err(Diagnostic::new(Code::BadValue, message).at(written.span, "expected a path").help(match what {
            "type" => "such as `crate::money::Money`, or `::prices::Price`",
            _ => "such as `crate::checks::name`, or `::rules::is_free`",
        }));
    }
    Ok(match parts.first() {
        Some(&"crate") => path.to_owned(),
        _ => format!("::{path}"),
    })
}

/// The path of a function that checks a whole struct.
pub(crate) fn validate_path(written: Option<&Spanned<String>>) -> Result<Option<String>, Diagnostic> {
    written.map(|path| rust_path(path, "function")).transpose()
}
