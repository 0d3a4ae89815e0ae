//! Mistakes of beginners and their diagnostics: the sections of `beginners.md`. `BLESS=1 cargo test -p
//! dyntastic-codegen --test generator beginners::` accepts the current diagnostics.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dyntastic_codegen::{Form, Options, Sources, generate};
use std::fmt::Write;

const PAGE: &str = "tests/generator/beginners.md";

/// The schema before the fields, for a section that shows only fields.
const HEAD: &str = "dyntastic: 1
models:
  User:
    table: users
    hash_key: id
    fields:
      id: string
";

struct Section<'p> {
    /// The section up to the accepted text; it begins with the heading.
    source: &'p str,
    heading: &'p str,
    schema: String,
    /// The accepted text.
    text: &'p str,
    /// The text after it, up to the next section.
    rest: &'p str,
}

#[test]
fn every_mistake_of_a_beginner_has_a_place_and_a_fix() {
    let page = std::fs::read_to_string(PAGE).unwrap();
    let mut parts = page.split("\n## ");
    let mut renewed = parts.next().unwrap().to_owned();
    let mut failures = Vec::new();
    for part in parts {
        let section = section(part);
        let text = told_of(&section.schema);
        for failure in faults(&text) {
            failures.push(format!("{}: {failure}\n{text}", section.heading));
        }
        if text != section.text && std::env::var_os("BLESS").is_none() {
            let diff = similar::TextDiff::from_lines(section.text, &text).unified_diff().to_string();
            failures.push(format!("{}: BLESS=1 accepts this:\n{diff}", section.heading));
        }
        write!(renewed, "\n## {}\n```text\n{text}```\n{}", section.source, section.rest).unwrap();
    }
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(PAGE, renewed).unwrap();
    }
    assert!(failures.is_empty(), "{}", failures.join("\n\n"));
}

fn section(part: &str) -> Section<'_> {
    let heading = part.lines().next().unwrap();
    let (_, code) = part.split_once("```yaml").unwrap();
    let (kind, code) = code.split_once('\n').unwrap();
    let (code, after) = code.split_once("```\n").unwrap();
    let schema = match kind {
        "" => code.to_owned(),
        " fields" => code.lines().fold(HEAD.to_owned(), |schema, line| schema + "      " + line + "\n"),
        other => panic!("{heading}: a block `yaml{other}`"),
    };
    let text = after.trim_start().strip_prefix("```text\n");
    let (text, rest) = text.map_or(("", after), |text| text.split_once("```\n").unwrap());
    let length = part.len() - after.len();
    Section { source: part.get(..length).unwrap(), heading, schema, text, rest }
}

fn told_of(schema: &str) -> String {
    let mut sources = Sources::new();
    sources.add("models.yaml", schema);
    match generate(&sources, &Options::new(Form::File)) {
        Ok(_) => "no mistake\n".to_owned(),
        Err(mistakes) => mistakes.to_string(),
    }
}

/// The faults that no diagnostic may have.
fn faults(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mistakes = text.matches("error[").count();
    if mistakes != 1 {
        faults.push(format!("one mistake is reported as {mistakes}"));
    }
    if !text.contains(" = help: ") {
        faults.push("it has no help".to_owned());
    }
    if !text.contains(" --> models.yaml:") && !text.contains("D0007") {
        faults.push("it has no place".to_owned());
    }
    if text.lines().any(|line| line.trim_start().starts_with("= help") && line.chars().count() > 200) {
        faults.push("the help is too long a list".to_owned());
    }
    faults
}
