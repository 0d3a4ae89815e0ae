//! Every YAML library can read the schemas in the documents. PyYAML, and so yamllint and pre-commit, ends a plain
//! scalar at a `?` inside `{ … }` and `[ … ]`; this generator accepts it there.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dyntastic_codegen::{Form, Options, Sources, generate};
use saphyr_parser::{Event, Parser, ScalarStyle};
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_yaml_library_can_read_the_schemas_in_the_documents() {
    let mut shown = Vec::new();
    for file in files_of_the_repository() {
        let Ok(text) = fs::read_to_string(&file) else { continue };
        match file.extension().and_then(|extension| extension.to_str()) {
            Some("yaml" | "yml") => shown.push((file, text)),
            Some("md") => {
                let schemas = text.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
                shown.extend(schemas.map(|schema| (file.clone(), schema.to_owned())));
            }
            _ => {}
        }
    }
    for part in ["models.example.yaml", "README.md", "mistakes.md", "cases/everything/models.yaml"] {
        assert!(shown.iter().any(|(file, _)| file.ends_with(part)), "{part} is not looked at");
    }
    let refused: Vec<String> = shown
        .iter()
        .flat_map(|(file, text)| bare_question_marks(text).into_iter().map(move |scalar| (file, scalar)))
        .map(|(file, scalar)| format!("{}: quote `{scalar}`", file.display()))
        .collect();
    assert!(refused.is_empty(), "{}", refused.join("\n"));
}

#[test]
fn question_marks_that_every_library_reads_are_not_reported() {
    let found = |text| bare_question_marks(text).len();
    for text in ["a: { b: string? }", "a: [string?]", "a:\n  - { b: [x, list<u8?>] }", "{a: u8?}"] {
        assert_eq!(found(text), 1, "{text}");
    }
    for text in
        ["a: string?", "a: { b: \"string?\" }", "a: [ 'u8?' ]", "a:\n  - u8?", "a: { } # u8?", "d: |\n  { x: y? }"]
    {
        assert_eq!(found(text), 0, "{text}");
    }
}

#[test]
fn a_bare_question_mark_is_still_accepted() {
    let bare = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string, name: string?, tags: list<u8?> } } }\n";
    let quoted = bare.replace("string?", "\"string?\"").replace("list<u8?>", "'list<u8?>'");
    let code = |schema: &str| {
        let mut sources = Sources::new();
        sources.add("models.yaml", schema);
        let files = generate(&sources, &Options::new(Form::Module)).unwrap();
        files.get("user.rs").unwrap().to_owned()
    };
    assert_eq!(code(bare), code(&quoted));
}

/// Plain scalars with a question mark inside `{ … }` and `[ … ]`; in text that is not valid YAML, those before its
/// mistake.
fn bare_question_marks(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut open = Vec::new();
    let mut found = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, span)) = event else { break };
        match event {
            Event::SequenceStart(..) | Event::MappingStart(..) => {
                open.push(matches!(characters.get(span.start.index()), Some('{' | '[')));
            }
            Event::SequenceEnd | Event::MappingEnd => drop(open.pop()),
            Event::Scalar(scalar, ScalarStyle::Plain, ..) if open.contains(&true) && scalar.contains('?') => {
                found.push(scalar.into_owned());
            }
            _ => {}
        }
    }
    found
}

/// The repository's files, without generated (`target`) and random ones (`sample.yaml`).
fn files_of_the_repository() -> Vec<PathBuf> {
    let mut folders = vec![Path::new("..").to_owned()];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            match path.is_dir() {
                true if name != "target" && !name.starts_with('.') => folders.push(path),
                false if name != "sample.yaml" => files.push(path),
                _ => {}
            }
        }
    }
    files
}
