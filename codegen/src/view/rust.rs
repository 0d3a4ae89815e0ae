//! Rust identifiers and literals for views.

use crate::keywords::is_keyword;
use crate::model::Field;
use heck::ToSnakeCase;

pub(crate) use crate::keywords::identifier;

/// Names that modules cannot have: roots, devices on Windows, and names that code uses without a path (crates, and the
/// tools of attributes).
const RESERVED_FILES: &[&str] = &[
    "alloc",
    "clippy",
    "core",
    "dyntastic",
    "rustfmt",
    "std",
    "aux",
    "com0",
    "com1",
    "com2",
    "com3",
    "com4",
    "com5",
    "com6",
    "com7",
    "com8",
    "com9",
    "con",
    "lib",
    "lpt0",
    "lpt1",
    "lpt2",
    "lpt3",
    "lpt4",
    "lpt5",
    "lpt6",
    "lpt7",
    "lpt8",
    "lpt9",
    "main",
    "mod",
    "nul",
    "prn",
];

/// `wanted`, with underscores until `taken` has no such name.
pub(crate) fn free_name(wanted: &str, taken: impl Fn(&str) -> bool) -> String {
    let mut name = wanted.to_owned();
    while taken(&name) {
        name.push('_');
    }
    name
}

/// The module of each of these definitions, in their order: also the name of its file.
pub(crate) fn module_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<String> {
    let mut taken = std::collections::HashSet::new();
    names
        .map(|name| {
            let snake = name.to_snake_case();
            let name =
                free_name(&snake, |name| is_keyword(name) || RESERVED_FILES.contains(&name) || taken.contains(name));
            taken.insert(name.clone());
            name
        })
        .collect()
}

/// Text as a string literal. Characters that could end it or be misread are escaped.
pub(crate) fn literal(text: &str) -> String {
    format!("{text:?}")
}

/// A number with its digits in groups.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push('_');
        }
        text.push(digit);
    }
    text
}

/// JSON as a string literal, without escapes if it needs none.
pub(crate) fn json_literal(json: &str) -> String {
    let is_plain = |c: char| c.is_ascii_graphic() || c == ' ';
    match json.contains('"') && !json.contains("\"#") && json.chars().all(is_plain) {
        true => format!("r#\"{json}\"#"),
        false => literal(json),
    }
}

/// A character as a literal.
pub(crate) fn character(of: char) -> String {
    format!("{of:?}")
}

/// `wanted`, or another name for a type parameter that is not the owner's and not a type of its fields.
pub(crate) fn free_generic<'f>(wanted: &str, owner: &str, fields: impl IntoIterator<Item = &'f Field>) -> String {
    let taken = super::named_types(fields);
    let mut name = wanted.to_owned();
    let mut number = 1;
    while name == owner || taken.contains(name.as_str()) {
        name = format!("{wanted}{number}");
        number += 1;
    }
    name
}
