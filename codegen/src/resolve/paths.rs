//! Paths to the user's own Rust code.

use crate::diagnostic::{Code, Diagnostic};
use crate::schema::Spanned;
use crate::text::show;

/// The path of a user's type or function.
pub(crate) fn rust_path(written: &Spanned<String>, what: &str) -> Result<String, Diagnostic> {
    let path = written.value.strip_prefix("::").unwrap_or(&written.value);
    let parts: Vec<&str> = path.split("::").collect();
    if parts.len() < 2 || !is_usable(&parts) {
        let message = format!("`{}` is not the path of a Rust {what}", show(&written.value));
        let diagnostic = Diagnostic::new(Code::BadValue, message);
        return Err(unusable(diagnostic, written, &parts).help(match what {
            "type" => "such as `crate::money::Money`, or `::prices::Price`",
            _ => "such as `crate::checks::name`, or `::rules::is_free`",
        }));
    }
    Ok(match parts.first() {
        Some(&"crate") => path.to_owned(),
        _ => format!("::{path}"),
    })
}

/// Whether emitted code can use a path of these parts: each is an identifier, and the first may be `crate`.
pub(super) fn is_usable(parts: &[&str]) -> bool {
    let is_identifier = |part: &str| {
        let word = part.strip_prefix("r#").unwrap_or(part);
        // `gen` is a keyword only from the edition of emitted crates on.
        part != "gen"
            && word.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
            && syn::parse_str::<syn::Ident>(part).is_ok()
    };
    let rest = match parts {
        ["crate", rest @ ..] if !rest.is_empty() => rest,
        all => all,
    };
    rest.iter().all(|part| is_identifier(part))
}

/// Points at a path that is not usable, and gives the reason if it is not obvious.
pub(super) fn unusable(diagnostic: Diagnostic, written: &Spanned<String>, parts: &[&str]) -> Diagnostic {
    match parts.iter().find(|part| matches!(**part, "self" | "super" | "Self")) {
        Some(relative) => {
            let label = format!("`{relative}` is another place in emitted code: begin with `crate`, or a crate's name");
            diagnostic.at(written.span, label)
        }
        None => diagnostic.at(written.span, "expected a path"),
    }
}

/// The path of a function that takes a whole struct.
pub(crate) fn function_path(written: Option<&Spanned<String>>) -> Result<Option<String>, Diagnostic> {
    written.map(|path| rust_path(path, "function")).transpose()
}
