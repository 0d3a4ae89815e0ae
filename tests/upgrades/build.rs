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

/// Each pair takes a second to compile, so only longer runs of the tests have many.
const FEW: usize = 10;
const MANY: usize = 40;
const MOST_TIMES: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src");
    println!("cargo:rerun-if-env-changed=DYNTASTIC_TEST_TIMES");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let times: usize = std::env::var("DYNTASTIC_TEST_TIMES").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    let of_random_types = if times > 1 { MANY * times.min(MOST_TIMES) } else { FEW };
    std::fs::write(out.join("of_random_types.rs"), of_random_types.to_string())?;
    let pairs = pairs::pairs(of_random_types);
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
