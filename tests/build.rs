//! Generates the schemas of the README, so that its code compiles: the quick start as a doc test, and the right
//! column of its comparison with Dyntastic as functions. And a sample of random schemas.

use dyntastic_codegen::{FileSet, Form, Options, Sources, generate};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=../README.md");
    let readme = std::fs::read_to_string("../README.md")?;
    let schemas: Vec<&str> = readme.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    let [quick_start, comparison, upgraded, pulled] = schemas.as_slice() else {
        return Err("the README has another number of schemas than four".into());
    };
    models(upgraded)?;
    models(pulled)?;
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    models(quick_start)?.write_to(&out)?;
    models(comparison)?.write_to(out.join("comparison"))?;
    std::fs::write(out.join("comparison/rows.rs"), rows(&readme)?)?;
    println!("cargo:rerun-if-changed=sample.yaml");
    let sample = out.join("sample");
    generated(&std::fs::read_to_string("sample.yaml")?, Form::Module)?.write_to(&sample)?;
    std::fs::write(out.join("sample.rs"), format!("#[path = {:?}]\nmod sample;", sample.join("mod.rs")))?;
    let (described, faked) = described()?;
    std::fs::write(out.join("described.rs"), described)?;
    std::fs::write(out.join("faked.rs"), faked)?;
    Ok(())
}

/// The models of all cases and of the sample: the schema's files, the name, and a function that compares the model with its
/// description. And the models with made-up values, each with a function that makes one, and one that counts
/// the different keys of some.
fn described() -> Result<(String, String), Box<dyn std::error::Error>> {
    println!("cargo:rerun-if-changed=src/lib.rs");
    println!("cargo:rerun-if-changed=cases");
    let registered = std::fs::read_to_string("src/lib.rs")?;
    let cases = registered.split("#[path = \"../cases/").skip(1).filter_map(|rest| {
        let (case, rest) = rest.split_once("/expected/src/lib.rs\"]")?;
        let module = rest.trim_start().strip_prefix("pub mod ")?.split(';').next()?;
        Some((PathBuf::from("cases").join(case), module.to_owned()))
    });
    let mut all = String::from("&[");
    let mut faked = String::from("&[");
    for (folder, module) in cases.chain([(PathBuf::from("sample.yaml"), "sampled".to_owned())]) {
        let mut files = vec![folder.clone()];
        if folder.is_dir() {
            files = std::fs::read_dir(&folder)?.map(|file| Ok(file?.path())).collect::<std::io::Result<_>>()?;
            files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
            files.sort();
        }
        let sources = dyntastic_codegen::read_sources(&files)?;
        let items = dyntastic_codegen::items(&sources)?;
        let catalog = dyntastic_codegen::catalog(&sources)?;
        let mut texts = files.iter().map(std::fs::read_to_string);
        let has_fakes = texts.any(|text| text.is_ok_and(|text| text.contains("\nfakes: true")));
        let emitted = if items.json.contains("\"serde\":true") { "with_serde" } else { "without_serde" };
        for (model, of) in items.models.iter().zip(&catalog.models) {
            if has_fakes {
                let name = &model.name;
                let model = format!("dyntastic_tests::{module}::{name}");
                // Only a client has the fields of a context.
                let keys = if of.context.is_some() { "|items| items".to_owned() } else { format!("keys!({model})") };
                faked.push_str(&format!("({name:?}, make::<{model}>, {keys}),\n"));
            }
            // Only a client has keys.
            if of.fields.iter().any(|field| field.sealed.is_some_and(|how| how != "compressed")) {
                continue;
            }
            let name = &model.name;
            // Only a client has the fields of a context.
            let emitted = if of.context.is_some() { "without_serde" } else { emitted };
            all.push_str(&format!("(&{files:?}, {name:?}, {emitted}::<dyntastic_tests::{module}::{name}>()),\n"));
        }
    }
    Ok((all + "]", faked + "]"))
}

fn models(schema: &str) -> Result<FileSet, Box<dyn std::error::Error>> {
    generated(schema, Form::File)
}

fn generated(schema: &str, form: Form) -> Result<FileSet, Box<dyn std::error::Error>> {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    Ok(generate(&sources, &Options::new(form))?)
}

/// A function for each row of the comparison, with its right column as the body.
fn rows(readme: &str) -> Result<String, String> {
    let (_, table) = readme.split_once("| Dyntastic | here |\n|---|---|\n").ok_or("the README has no comparison")?;
    let mut code = String::new();
    for (number, row) in table.lines().take_while(|line| line.starts_with('|')).enumerate() {
        let cell = row.split('`').nth(3).ok_or_else(|| format!("a row without code: {row}"))?;
        code.push_str(&format!(
            "#[allow(unused_variables, unused_mut, clippy::let_unit_value)]\n\
             pub async fn row_{number}(db: Client, mut product: Product, when: DateTime<Utc>, page: Page<Event>) \
             -> dyntastic::Result<()> {{\n    let _ = {cell};\n    Ok(())\n}}\n"
        ));
    }
    Ok(code)
}
