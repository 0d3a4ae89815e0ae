//! Makes a test of each chapter of the book: the models of its schemas, and its code as a function.
//!
//! A ```yaml block that begins with `dyntastic: 1` is a whole schema; any other is a part of the chapter's schema. The
//! ```rust blocks after a schema, up to the next one, are one function; those before the first schema are of the schema
//! in the index.md of the chapter's folder. A block with `no_run` is a function of its own, which is compiled only.
//! A block with `fn main` is a program of its own, which runs. A table after the line `In the table:` becomes a
//! comparison with the stored items.

use dyntastic_codegen::{Form, Options, Sources, generate};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

type Failure = Box<dyn std::error::Error>;

const BOOK: &str = "../../book/src";

fn main() -> Result<(), Failure> {
    println!("cargo:rerun-if-changed={BOOK}");
    println!("cargo:rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut tests = String::new();
    for path in chapters(Path::new(BOOK))? {
        let name =
            path.strip_prefix(BOOK)?.with_extension("").to_string_lossy().replace(['/', '\\', '-'], "_").to_lowercase();
        let parts = parts(&fs::read_to_string(&path)?);
        for (number, scene) in scenes(parts).iter().enumerate() {
            let name = format!("{name}_{}", number + 1);
            if let Some(schema) = &scene.schema {
                let mut sources = Sources::new();
                sources.add("models.yaml", schema);
                let files = generate(&sources, &Options::new(Form::File))
                    .map_err(|mistakes| format!("{}: schema {}\n{mistakes}", path.display(), number + 1))?;
                files.write_to(out.join(&name))?;
            }
            scene.check_excerpts(&path)?;
            scene.test(&name, &out.join(&name).join("models.rs"), &mut tests)?;
        }
    }
    fs::write(out.join("chapters.rs"), tests)?;
    Ok(())
}

/// All chapters, in the order of their paths.
fn chapters(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(chapters(&path)?);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}

enum Part {
    Schema(String),
    Excerpt(String),
    Code(String),
    Shown(String),
    Program(String),
    Stored(String),
}

/// The parts of a chapter that are tested.
fn parts(text: &str) -> Vec<Part> {
    let mut parts = Vec::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(info) = line.strip_prefix("```") {
            let block: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            match info {
                "yaml" if block.first() == Some(&"dyntastic: 1") => parts.push(Part::Schema(block.join("\n") + "\n")),
                "yaml" => parts.push(Part::Excerpt(block.join("\n") + "\n")),
                "rust" if block.iter().any(|line| line.contains("fn main(")) => {
                    parts.push(Part::Program(whole(&block)))
                }
                "rust" => parts.push(Part::Code(whole(&block))),
                "rust,no_run" => parts.push(Part::Shown(whole(&block))),
                _ => {}
            }
        } else if line == "In the table:" {
            let mut rows = String::new();
            while let Some(line) = lines.next_if(|line| line.is_empty() && rows.is_empty() || line.starts_with('|')) {
                if !line.is_empty() {
                    rows.push_str(line);
                    rows.push('\n');
                }
            }
            parts.push(Part::Stored(rows));
        }
    }
    parts
}

/// Code with the lines that readers do not see.
fn whole(block: &[&str]) -> String {
    let lines = block.iter().map(|line| match line.trim_start().strip_prefix('#') {
        Some("") => "",
        Some(hidden) if hidden.starts_with(' ') => hidden,
        _ => line,
    });
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A schema, and what the chapter does with its models.
#[derive(Default)]
struct Scene {
    /// Without one, it is that of the folder.
    schema: Option<String>,
    excerpts: Vec<String>,
    code: String,
    shown: Vec<String>,
    programs: Vec<String>,
}

fn scenes(parts: Vec<Part>) -> Vec<Scene> {
    let mut scenes: Vec<Scene> = Vec::new();
    for part in parts {
        if let Part::Schema(schema) = part {
            scenes.push(Scene { schema: Some(schema), ..Scene::default() });
            continue;
        }
        if scenes.is_empty() {
            scenes.push(Scene::default());
        }
        let Some(scene) = scenes.last_mut() else { continue };
        match part {
            Part::Schema(_) => {}
            Part::Excerpt(lines) => scene.excerpts.push(lines),
            Part::Code(code) => scene.code.push_str(&code),
            Part::Shown(code) => scene.shown.push(code),
            Part::Program(code) => scene.programs.push(code),
            Part::Stored(rows) => scene.code.push_str(&format!("crate::stored::compare(&db, {rows:?}).await;\n")),
        }
    }
    scenes
}

impl Scene {
    /// The shown parts of a schema are in it, at any indentation.
    fn check_excerpts(&self, chapter: &Path) -> Result<(), Failure> {
        let lines = |text: &str| text.lines().map(|line| format!("{}\n", line.trim())).collect::<String>();
        let schema = match &self.schema {
            Some(schema) => schema.clone(),
            None => fs::read_to_string(chapter.with_file_name("index.md"))?,
        };
        let schema = lines(&schema);
        match self.excerpts.iter().find(|excerpt| !schema.contains(&lines(excerpt))) {
            Some(excerpt) => Err(format!("{}: this is not in the schema:\n{excerpt}", chapter.display()).into()),
            None => Ok(()),
        }
    }

    fn test(&self, name: &str, models: &Path, tests: &mut String) -> std::fmt::Result {
        writeln!(tests, "pub mod {name} {{")?;
        if self.schema.is_some() {
            writeln!(tests, "pub mod models {{ include!({models:?}); }}")?;
        } else {
            let (folder, _) = name.split_once('_').unwrap_or((name, ""));
            writeln!(tests, "use super::{folder}_index_1::models;")?;
        }
        writeln!(
            tests,
            "use crate::at;\nuse dyntastic::prelude::*;\nuse dyntastic::{{Client, Error}};\nuse self::models::*;"
        )?;
        for (number, code) in self.shown.iter().enumerate() {
            writeln!(tests, "async fn shown_{number}(db: Client) -> dyntastic::Result<()> {{\n{code}\nOk(())\n}}")?;
        }
        for (number, code) in self.programs.iter().enumerate() {
            let code = code.replace("dyntastic::include_models!();", &format!("include!({models:?});"));
            writeln!(tests, "mod program_{number} {{\n{code}\n#[test]\nfn runs() {{ main().unwrap() }}\n}}")?;
        }
        if !self.code.is_empty() {
            writeln!(tests, "async fn chapter(db: Client) -> dyntastic::Result<()> {{\n{}\nOk(())\n}}", self.code)?;
            writeln!(tests, "#[tokio::test]\nasync fn runs() {{")?;
            writeln!(tests, "let db = dyntastic::local::start().await.unwrap().client();")?;
            writeln!(tests, "Box::pin(chapter(db)).await.unwrap();\n}}")?;
        }
        writeln!(tests, "}}")
    }
}
