//! Pulls a schema from all tables, and generates its models.

#[path = "src/live.rs"]
mod live;

use dyntastic_codegen::{Form, Options, Sources, generate, pull};
use serde_yaml::Value;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=tables.json");
    println!("cargo:rerun-if-changed=src/live.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let schema = pull(&live::tables(include_str!("tables.json")));
    let mut sources = Sources::new();
    sources.add("models.yaml", schema.clone());
    std::fs::write(out.join("models.yaml"), &schema)?;
    generate(&sources, &Options::new(Form::File))?.write_to(out.join("models"))?;
    std::fs::write(out.join("readers.rs"), readers(&serde_yaml::from_str(&schema)?))?;
    Ok(())
}

/// The models of each table: the name of the table, and functions that read an item.
fn readers(schema: &Value) -> String {
    let name = |entry: &Value| entry.get("name").unwrap_or(entry).as_str().unwrap_or_default().to_owned();
    let shared = |entry: &str| schema.get("tables").and_then(|tables| tables.get(entry)).map(name);
    let models = schema["models"].as_mapping().into_iter().flatten();
    let rows = models.map(|(model, of)| {
        let entry = name(&of["table"]);
        let table = shared(&entry).unwrap_or(entry);
        format!("    ({table:?}, read::<models::{}>),\n", model.as_str().unwrap_or_default())
    });
    format!("&[\n{}]\n", rows.collect::<String>())
}
