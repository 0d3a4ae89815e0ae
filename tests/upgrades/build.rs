//! Generates both sides of all pairs: one schema with the models before, one with those after, and a table of functions
//! that read and write them.

#[path = "src/edits.rs"]
#[allow(dead_code)]
mod edits;
#[path = "src/pairs.rs"]
#[allow(dead_code)]
mod pairs;
#[path = "src/types.rs"]
mod types;

use dyntastic_codegen::{Form, Options, Sources, generate};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let pairs = pairs::pairs();
    for (name, schema) in [
        ("old", pairs::whole(pairs.iter().map(|pair| &pair.old))),
        ("new", pairs::whole(pairs.iter().map(|pair| &pair.new))),
    ] {
        let mut sources = Sources::new();
        sources.add("models.yaml", schema);
        generate(&sources, &Options::new(Form::File))?.write_to(out.join(name))?;
    }
    let rows: String = (0..pairs.len())
        .map(|number| format!("    (copy::<old::M{number}> as Copying, copy::<new::M{number}> as Copying),\n"))
        .collect();
    std::fs::write(out.join("copying.rs"), format!("&[\n{rows}]\n"))?;
    Ok(())
}
