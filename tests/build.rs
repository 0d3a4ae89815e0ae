//! Generates the schema of the README's quick start, so that its code compiles and runs as a doc test.

use dyntastic_codegen::{Form, Options, Sources, generate};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=../README.md");
    let readme = std::fs::read_to_string("../README.md")?;
    let schema = readme
        .split_once("```yaml\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .ok_or("the README has no schema")?
        .0;
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    let files = generate(&sources, &Options::new(Form::File))?;
    files.write_to(std::env::var("OUT_DIR")?)?;
    Ok(())
}
