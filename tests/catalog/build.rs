//! Writes a test for each golden case: its models read and write their example items, and the calls of its access
//! patterns compile.

use dyntastic_codegen::{AccessPattern, Catalog, CatalogModel, Sources, catalog};
use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=../cases");
    let mut cases = vec![
        ("example".to_owned(), PathBuf::from("../../models.example.yaml"), "example_models".to_owned()),
        ("sampled".to_owned(), PathBuf::from("../sample.yaml"), "dyntastic_tests::sampled".to_owned()),
    ];
    for entry in fs::read_dir("../cases")? {
        let folder = entry?.path();
        if folder.join("expected").is_dir() {
            let name = folder.file_name().and_then(|name| name.to_str()).ok_or("a name that is no text")?.to_owned();
            let models = format!("dyntastic_tests::{name}");
            cases.push((name, folder, models));
        }
    }
    cases.sort();
    let mut code = String::from("/// The name and the schema of each case.\nconst CASES: &[(&str, &str)] = &[");
    for (name, schema, _) in &cases {
        write!(code, "({name:?}, {:?}),", schema.to_str().ok_or("a path that is no text")?)?;
    }
    code.push_str("];\n");
    for (name, schema, models) in &cases {
        println!("cargo:rerun-if-changed={}", schema.display());
        let catalog = catalog(&sources(schema)?)?;
        let schema = schema.to_str().ok_or("a path that is no text")?;
        case(&mut code, name, schema, models, &catalog)?;
    }
    fs::write(Path::new(&std::env::var("OUT_DIR")?).join("cases.rs"), code)?;
    Ok(())
}

fn sources(schema: &Path) -> Result<Sources, Box<dyn Error>> {
    if schema.is_file() {
        return Ok(dyntastic_codegen::read_sources(&[schema])?);
    }
    let mut files: Vec<PathBuf> =
        fs::read_dir(schema)?.map(|entry| Ok(entry?.path())).collect::<Result<_, std::io::Error>>()?;
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    Ok(dyntastic_codegen::read_sources(&files)?)
}

fn case(code: &mut String, name: &str, schema: &str, models: &str, catalog: &Catalog) -> Result<(), Box<dyn Error>> {
    writeln!(
        code,
        "#[allow(deprecated)]\nmod {name} {{\n#[test]\nfn items() {{\nlet mut read = crate::Items::of({schema:?});"
    )?;
    for model in &catalog.models {
        writeln!(code, "read.check::<{models}::{0}>({0:?});", model.name)?;
    }
    writeln!(code, "read.end();\n}}")?;
    // Only a client with keys inserts encrypted values.
    let is_encrypted =
        |model: &CatalogModel| model.fields.iter().any(|of| of.sealed.is_some_and(|how| how != "compressed"));
    let guarded = || catalog.models.iter().filter(|model| !model.unique.is_empty() && !is_encrypted(model));
    if guarded().next().is_some() {
        writeln!(code, "#[tokio::test]\nasync fn guards() {{\nlet read = crate::Items::of({schema:?});")?;
        for model in guarded() {
            let of = &model.name;
            let client = match model.context {
                Some(_) => format!(", |db: &dyntastic::Client, item: &{models}::{of}| db.with(item.context())"),
                None => String::new(),
            };
            writeln!(code, "crate::inserted!(read, {models}::{of}, {of:?}{client});")?;
        }
        writeln!(code, "}}")?;
    }
    writeln!(
        code,
        "#[allow(dead_code, unused_imports, unused_variables, clippy::clone_on_copy, clippy::too_many_arguments)]\nmod calls {{"
    )?;
    writeln!(
        code,
        "use dyntastic::prelude::{{InContext as _, Model as _, Stamped as _, Unstamped as _}};\nuse {models}::*;"
    )?;
    let mut number = 0;
    for model in &catalog.models {
        for pattern in &model.patterns {
            call(code, pattern, &format!("{models}::{}", model.name), number, catalog)?;
            number += 1;
        }
    }
    for collection in &catalog.collections {
        let first = collection.members.first().ok_or("a collection without models")?;
        call(code, &collection.pattern, &format!("{models}::{}", first.model), number, catalog)?;
        number += 1;
    }
    writeln!(code, "}}\n}}")?;
    Ok(())
}

/// A function whose body is the call of an access pattern, with the values of an item.
fn call(
    code: &mut String,
    pattern: &AccessPattern,
    model: &str,
    number: usize,
    catalog: &Catalog,
) -> Result<(), Box<dyn Error>> {
    writeln!(code, "async fn call_{number}(db: dyntastic::Client, item: {model}) -> dyntastic::Result<()> {{")?;
    if pattern.client != "db" {
        writeln!(code, "let {} = db.with(item.context());", pattern.client)?;
    }
    let name = model.rsplit("::").next().unwrap_or_default();
    let of = catalog.models.iter().find(|of| of.name == name).ok_or("no model")?;
    for parameter in &pattern.parameters {
        let mut fields = of.fields.iter().chain(&of.computed);
        let field = fields.find(|field| field.name == parameter.field).ok_or("no field")?;
        let name = identifier(&field.name);
        let value = if field.computed.is_some() { format!("item.{name}()") } else { format!("item.{name}.clone()") };
        let value = match (parameter.is_beginning && parameter.ty == "string", field.optional) {
            (true, _) => "String::new()".to_owned(),
            (false, true) => format!("{value}.unwrap()"),
            (false, false) => value,
        };
        writeln!(code, "let {} = {value};", identifier(&parameter.name))?;
    }
    writeln!(code, "let _ = {};\nOk(())\n}}", pattern.call)?;
    Ok(())
}

fn identifier(name: &str) -> String {
    match name {
        "self" | "super" | "crate" => format!("{name}_"),
        name => format!("r#{name}"),
    }
}
