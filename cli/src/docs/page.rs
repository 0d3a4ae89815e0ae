//! The whole page.

use super::diagram::{self, Diagram};
use super::models::{self, ModelView};
use super::services::{self, ServiceView};
use super::tables::{self, TableView};
use super::types::{self, TypeView};
use super::values::counted;
use super::{anchors, values};
use askama::Template;
use dyntastic_codegen::{Catalog, Cost};
use sha2::{Digest, Sha256};
use std::collections::HashSet;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

#[derive(Template)]
#[template(path = "docs/page.html")]
struct Page {
    /// The names of the schema's files.
    title: String,
    counts: String,
    style: &'static str,
    script: &'static str,
    /// The hashes of both: nothing else may run, or change how the page looks.
    style_hash: String,
    script_hash: String,
    diagram: Option<Diagram>,
    tables: Vec<TableView>,
    models: Vec<ModelView>,
    types: Vec<TypeView>,
    services: Vec<ServiceView>,
}

/// The page of a schema.
pub(super) fn html(catalog: &Catalog, costs: &Cost) -> Result<String, askama::Error> {
    let of_tables = anchors::of_tables(catalog);
    let type_names: HashSet<&str> = catalog.types.iter().map(|of| of.name.as_str()).collect();
    let page = Page {
        title: catalog.files.join(", "),
        counts: counts(catalog),
        style: STYLE,
        script: SCRIPT,
        style_hash: hash(STYLE),
        script_hash: hash(SCRIPT),
        diagram: diagram::of(catalog),
        tables: tables::of(catalog, &of_tables),
        models: models::of(catalog, costs, &of_tables, &type_names),
        types: types::of(catalog, &type_names),
        services: services::of(catalog, &of_tables),
    };
    page.render()
}

/// The hash of a text as a Content-Security-Policy has it.
fn hash(text: &str) -> String {
    format!("sha256-{}", values::base64(&Sha256::digest(text)))
}

fn counts(catalog: &Catalog) -> String {
    let count = |number: usize, word: &str| counted(u64::try_from(number).unwrap_or(u64::MAX), word);
    let mut counts = format!("{} in {}", count(catalog.models.len(), "model"), count(catalog.tables.len(), "table"));
    if !catalog.types.is_empty() {
        counts.push_str(&format!(", with {}", count(catalog.types.len(), "type")));
    }
    counts
}
