//! The places in the page that links lead to.

use dyntastic_codegen::{Catalog, CatalogTable, TableSetting};
use std::collections::HashSet;

/// The name of a table in the page.
pub(super) fn table_name(of: &CatalogTable) -> String {
    match (&of.entry, &of.description.name) {
        (Some(entry), _) => entry.clone(),
        (None, TableSetting::Value(name) | TableSetting::Env { default: Some(name), .. }) => name.clone(),
        (None, TableSetting::Env { variable, default: None }) => variable.clone(),
    }
}

/// The anchor of each table, in their order.
pub(super) fn of_tables(catalog: &Catalog) -> Vec<String> {
    let mut taken = HashSet::new();
    let anchor = |table| {
        let wanted = format!("table.{}", slug(&table_name(table)));
        let numbered = (2..).map(|number| format!("{wanted}.{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|anchor| taken.insert(anchor.clone()));
        free.unwrap_or(wanted)
    };
    catalog.tables.iter().map(anchor).collect()
}

/// The anchor of a model.
pub(super) fn model(name: &str) -> String {
    format!("model.{name}")
}

/// The anchor of a type.
pub(super) fn ty(name: &str) -> String {
    format!("type.{name}")
}

/// A text with only the characters of anchors.
pub(super) fn slug(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-') { c } else { '-' }).collect()
}
