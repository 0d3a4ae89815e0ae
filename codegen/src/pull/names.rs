//! Names for the tables, models, types and fields of a schema.

use crate::text::is_text;
use heck::{ToSnakeCase, ToUpperCamelCase};
use std::collections::HashSet;

/// Names of one kind, each of them taken once.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

/// The endings of the names of the types that are emitted for a struct, and for a model.
const OF_STRUCT: &[&str] = &["", "Attributes", "Builder", "Values", "Fields"];
const OF_MODEL: &[&str] = &["", "Attributes", "Builder", "Values", "Fields", "Key"];
/// Those for an index of a model, and for a table with several models.
const OF_INDEX: &[&str] = &["", "Values", "Attributes"];
const OF_TABLE: &[&str] = &["Item", "ItemKey", "ItemAttributes"];

impl Names {
    /// The name of an enum for a text of the table, in upper camel case.
    pub(super) fn enum_name(&mut self, text: &str) -> String {
        self.type_name(text, "Values", &[""])
    }

    /// The name of a nested struct.
    pub(super) fn struct_name(&mut self, text: &str) -> String {
        self.type_name(text, "Part", OF_STRUCT)
    }

    /// The name of a model whose table has these indexes.
    pub(super) fn model_name(&mut self, text: &str, indexes: &[String]) -> String {
        let of_indexes = indexes.iter().map(|index| camel(index));
        let of_indexes = of_indexes.flat_map(|index| OF_INDEX.iter().map(move |ending| format!("{index}{ending}")));
        let endings: Vec<String> = OF_MODEL.iter().map(|ending| (*ending).to_owned()).chain(of_indexes).collect();
        self.type_name(text, "Item", &endings)
    }

    /// Takes the names of the types of a table with several models.
    pub(super) fn take_table(&mut self, entry: &str) {
        self.0.extend(OF_TABLE.iter().map(|ending| format!("{}{ending}", camel(entry))));
    }

    /// A name with which no other type has any of the endings.
    fn type_name(&mut self, text: &str, otherwise: &str, endings: &[impl AsRef<str>]) -> String {
        let name = camel(text);
        let is_usable = name.starts_with(|first: char| first.is_ascii_alphabetic()) && name != "Self" && is_text(&name);
        let name = if is_usable { name } else { otherwise.to_owned() };
        let types = |name: &str| endings.iter().map(|ending| format!("{name}{}", ending.as_ref())).collect::<Vec<_>>();
        let free = first_free(name, "", |name| types(name).iter().all(|name| !self.0.contains(name)));
        self.0.extend(types(&free));
        free
    }

    /// The name of a field, index or table, in snake case.
    pub(super) fn member_name(&mut self, text: &str, otherwise: &str) -> String {
        let name = usable(text).to_snake_case();
        let is_usable = name.starts_with(|first: char| first.is_ascii_alphabetic());
        let name = if is_usable { name } else { otherwise.to_owned() };
        let free = first_free(name, "_", |name| !self.0.contains(name));
        self.0.insert(free.clone());
        free
    }
}

/// The name, or the first one with a number that is free.
fn first_free(name: String, joint: &str, is_free: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name}{joint}{number}"));
    std::iter::once(name.clone()).chain(numbered).find(|name| is_free(name)).unwrap_or(name)
}

/// A text in upper camel case as the generator writes it: of `U A` it is `Ua`, as that of `UA` is.
fn camel(text: &str) -> String {
    usable(text).to_upper_camel_case().to_upper_camel_case()
}

/// The letters, digits and joints of a text, as far as a name may be long.
fn usable(text: &str) -> String {
    text.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { '_' }).take(60).collect()
}
