//! The keywords of Rust.

/// Rust's keywords of every edition, strict and reserved ("Keywords", The Rust Reference), in sorted order.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct", "super", "trait", "true",
    "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The keywords that `r#` cannot make identifiers.
const NEVER_RAW: &[&str] = &["crate", "self", "super"];

/// A name in snake case as an identifier.
pub(crate) fn identifier(name: &str) -> String {
    if NEVER_RAW.contains(&name) {
        format!("{name}_")
    } else if is_keyword(name) {
        format!("r#{name}")
    } else {
        name.to_owned()
    }
}

/// Whether a name is a keyword of some edition.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    #[test]
    fn keywords_are_in_order() {
        assert!(super::KEYWORDS.is_sorted());
    }
}
