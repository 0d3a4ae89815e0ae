//! Names of tables and of variables in templates.

use crate::tables::{TableDescription, TableSetting};

/// The words of a table's name, or of the variable that has it: what no template takes in a name separates them.
pub(super) fn words(of: &TableSetting) -> String {
    let name = match of {
        TableSetting::Value(name) | TableSetting::Env { default: Some(name), .. } => name,
        TableSetting::Env { variable, default: None } => variable,
    };
    name.chars().map(|of| if of.is_ascii_alphanumeric() { of } else { ' ' }).collect()
}

/// A name of each table, made of its words. A number tells tables with the same name.
pub(super) fn of_tables(tables: &[TableDescription], name: impl Fn(&str) -> String) -> Vec<String> {
    let mut names: Vec<String> = Vec::with_capacity(tables.len());
    for table in tables {
        let wanted = name(&words(&table.name));
        let free = free(wanted, |name| names.iter().any(|taken| taken == name));
        names.push(free);
    }
    names
}

/// The name, or the first of those with a number after it that is not taken.
pub(super) fn free(wanted: String, is_taken: impl Fn(&str) -> bool) -> String {
    let mut found = wanted.clone();
    let mut number = 2;
    while is_taken(&found) {
        found = format!("{wanted}{number}");
        number += 1;
    }
    found
}

/// The name of each variable in a template. A number tells variables whose words are the same.
pub(super) fn of_variables(tables: &[TableDescription], name: impl Fn(&str) -> String) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for (variable, _) in variables(tables) {
        let free = free(name(variable), |name| found.iter().any(|(_, taken)| taken == name));
        found.push((variable.to_owned(), free));
    }
    found
}

/// The name of a variable among these.
pub(super) fn of_variable<'n>(names: &'n [(String, String)], variable: &str) -> &'n str {
    names.iter().find(|(known, _)| known == variable).map_or("", |(_, name)| name)
}

/// The environment variables that hold names of tables, each once, with its default.
pub(super) fn variables(tables: &[TableDescription]) -> Vec<(&str, Option<&str>)> {
    let mut found: Vec<(&str, Option<&str>)> = Vec::new();
    for table in tables {
        if let TableSetting::Env { variable, default } = &table.name
            && !found.iter().any(|(known, _)| known == variable)
        {
            found.push((variable, default.as_deref()));
        }
    }
    found
}

/// All key attributes of a table and its indexes, each once, with the letter of its type; with those that searches of vector
/// indexes compare too, if these are wanted.
pub(super) fn attributes(table: &TableDescription, searched: bool) -> Vec<(&str, &'static str)> {
    let of_indexes = table.indexes.iter().flat_map(|index| index.hash_key.iter().chain(&index.range_key));
    let all = std::iter::once(&table.hash_key).chain(&table.range_key).chain(of_indexes);
    let vectors = table.vector_indexes.iter().filter(|_| searched);
    let all = all.chain(vectors.flat_map(|index| index.hash_key.iter().chain(&index.filterable)));
    let mut found: Vec<(&str, &'static str)> = Vec::new();
    for key in all {
        if !found.iter().any(|(known, _)| *known == key.attribute) {
            found.push((&key.attribute, key.kind.letter()));
        }
    }
    found
}
