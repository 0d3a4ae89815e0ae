//! Names for the tables, models, types and fields of a schema.

use super::texts::is_word;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::HashSet;

/// Names of one kind, each of them taken once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name of a model or type for a text of the table, in upper camel case.
    pub(super) fn type_name(&mut self, text: &str, otherwise: &str) -> String {
        let name = usable(text).to_upper_camel_case();
        let is_usable = name.starts_with(|first: char| first.is_ascii_alphabetic()) && name != "Self";
        self.take(if is_usable { name } else { otherwise.to_upper_camel_case() }, "")
    }

    /// The name of a field, index or table, in snake case.
    pub(super) fn member_name(&mut self, text: &str, otherwise: &str) -> String {
        let name = usable(text).to_snake_case();
        let is_usable = name.starts_with(|first: char| first.is_ascii_alphabetic());
        self.take(if is_usable { name } else { otherwise.to_owned() }, "_")
    }

    /// The name, or the first one with a number that is not taken.
    fn take(&mut self, name: String, joint: &str) -> String {
        let numbered = (2..).map(|number| format!("{name}{joint}{number}"));
        let free = std::iter::once(name.clone()).chain(numbered).find(|name| !self.0.contains(name)).unwrap_or(name);
        self.0.insert(free.clone());
        free
    }
}

/// The letters, digits and joints of a text, as far as a name may be long.
fn usable(text: &str) -> String {
    text.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).take(60).collect()
}

/// A text as a scalar of YAML.
pub(super) fn quoted(text: &str) -> String {
    const OTHERS: &[&str] = &["true", "false", "null", "yes", "no", "on", "off", "y", "n"];
    if is_word(text.trim_start_matches('_')) && !OTHERS.contains(&text.to_ascii_lowercase().as_str()) {
        return text.to_owned();
    }
    match text.chars().any(char::is_control) {
        true => serde_json::to_string(text).unwrap_or_default(),
        false => format!("'{}'", text.replace('\'', "''")),
    }
}
