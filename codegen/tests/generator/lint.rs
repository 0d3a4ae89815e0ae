//! The lints of schemas. Each folder of `tests/lints/` holds `models.yaml` and what is found in it as text (`stdout`).
//! `BLESS=1 cargo test -p dyntastic-codegen --test generator lint::` accepts the current text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::golden;
use dyntastic_codegen::{Code, Diagnostics, Sources, lint};
use std::fs;
use std::path::Path;

fn found(file: &Path) -> Diagnostics {
    let mut sources = Sources::new();
    sources.add("models.yaml", fs::read(file).unwrap());
    lint(&sources).unwrap_or_else(|mistakes| panic!("{}: {mistakes}", file.display()))
}

#[test]
fn every_case_has_its_lints() {
    golden::check("lints", |case| found(&case.join("models.yaml")).to_string());
}

#[test]
fn every_lint_has_a_case_and_help() {
    let shown: String =
        golden::cases("lints").iter().map(|case| found(&case.join("models.yaml")).to_string()).collect();
    for code in Code::ALL.iter().filter(|code| code.is_lint()) {
        assert!(shown.contains(&format!("warning[{code}]")), "no case shows {code}");
    }
    for lint in shown.split("\n\n").filter(|part| part.starts_with("warning[")) {
        assert!(lint.contains("= help: "), "no help:\n{lint}");
    }
}

#[test]
fn the_shown_schemas_have_no_lints() {
    for file in ["models.example.yaml", "examples/axum/models.yaml", "examples/lambda/models.yaml"] {
        let found = found(&Path::new("..").join(file));
        assert!(found.is_empty(), "{file}:\n{found}");
    }
}
