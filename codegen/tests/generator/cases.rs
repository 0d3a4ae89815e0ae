//! Golden cases: each folder of `tests/cases/` holds a schema, and either its expected output (`expected/`, with its
//! `warnings`) or its diagnostics (`stderr`). `BLESS=1 cargo test -p dyntastic-codegen --test generator cases::`
//! accepts the current output.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use dyntastic_codegen::{Code, CrateOptions, Difference, FileSet, Form, Options, Severity, Sources, generate};
use std::fs;
use std::path::{Path, PathBuf};

/// The path of the runtime's crate from an expected crate.
const RUNTIME: &str = "../../../../runtime";

#[test]
fn every_case_has_its_output() {
    let bless = std::env::var_os("BLESS").is_some();
    let mut failures = Vec::new();
    for case in cases() {
        if let Err(failure) = check(&case, bless) {
            failures.push(format!("{}: {failure}", case.display()));
        }
    }
    assert!(failures.is_empty(), "BLESS=1 accepts these:\n\n{}", failures.join("\n\n"));
}

#[test]
fn every_code_has_a_case() {
    let files = cases().into_iter().flat_map(|case| [case.join("stderr"), case.join("warnings")]);
    let shown: String = files.filter_map(|file| fs::read_to_string(file).ok()).collect();
    for code in Code::ALL {
        // No schema causes these: an unreadable file, and a mistake of the generator itself. `lint.rs` shows lints.
        if matches!(code, Code::Unreadable | Code::Internal) || code.is_lint() {
            continue;
        }
        let severity = if code.severity() == Severity::Warning { "warning" } else { "error" };
        assert!(shown.contains(&format!("{severity}[{code}]")), "no case shows {code}");
    }
}

#[test]
fn every_mistake_has_a_help_without_a_librarys_words() {
    for case in cases() {
        let text = fs::read_to_string(case.join("stderr")).unwrap_or_default();
        for mistake in text.split("\n\n").filter(|part| part.starts_with("error[")) {
            assert!(mistake.contains("= help: "), "{}: no help\n{mistake}", case.display());
            for others in
                ["invalid type", "invalid value", "unknown variant", "Invalid symbol", "while parsing", "failed to"]
            {
                assert!(!mistake.contains(others), "{}: a library's words\n{mistake}", case.display());
            }
        }
    }
}

#[test]
fn every_expected_output_is_compiled() {
    let compiled = fs::read_to_string("../tests/src/lib.rs").unwrap();
    for case in cases().iter().filter(|case| case.join("expected").is_dir()) {
        let path = format!("\"../cases/{}/expected/", case.file_name().unwrap().to_str().unwrap());
        assert!(compiled.contains(&path), "tests/src/lib.rs does not compile {path}…");
    }
}

#[test]
fn the_checked_in_crate_is_current() {
    let mut sources = Sources::new();
    sources.add("models.example.yaml", fs::read("../models.example.yaml").unwrap());
    let form = dyntastic_codegen::form_in("../tests/generated").expect("tests/generated has a header");
    let files = generate(&sources, &Options::new(form)).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let differences = files.compare("../tests/generated").unwrap();
    assert!(
        differences.is_empty(),
        "run `cargo run -p dyntastic-cli -- generate models.example.yaml --out tests/generated`: {differences:#?}"
    );
}

fn check(case: &Path, bless: bool) -> Result<(), String> {
    let expected = case.join("expected");
    let stderr = case.join("stderr");
    let warnings = case.join("warnings");
    let warned = |files: &FileSet| match files.warnings().is_empty() {
        true => String::new(),
        false => files.warnings().to_string(),
    };
    match generate(&sources(case), &Options::new(form(case))) {
        Ok(files) if bless => {
            let _ = fs::remove_file(stderr);
            let _ = fs::remove_file(&warnings);
            if !warned(&files).is_empty() {
                fs::write(warnings, warned(&files)).map_err(|error| error.to_string())?;
            }
            files.replace_in(expected).map(drop).map_err(|error| error.to_string())
        }
        Err(mistakes) if bless => {
            let _ = fs::remove_dir_all(expected);
            fs::write(stderr, mistakes.to_string()).map_err(|error| error.to_string())
        }
        Ok(_) if stderr.exists() => Err("the schema has no mistake any more".to_owned()),
        Ok(files) => {
            let wanted = fs::read_to_string(warnings).unwrap_or_default();
            if warned(&files) != wanted {
                return Err(diff(&wanted, &warned(&files)));
            }
            let differences = files.compare(expected).map_err(|error| error.to_string())?;
            if differences.is_empty() { Ok(()) } else { Err(describe(&differences)) }
        }
        Err(mistakes) => {
            let found = mistakes.to_string();
            let wanted = fs::read_to_string(stderr).unwrap_or_default();
            if found == wanted { Ok(()) } else { Err(diff(&wanted, &found)) }
        }
    }
}

fn describe(differences: &[Difference]) -> String {
    let one = |difference: &Difference| match difference {
        Difference::Changed { path, found, expected } => format!("{path} changes:\n{}", diff(found, expected)),
        Difference::Missing { path } => format!("{path} is new"),
        Difference::Orphaned { path } => format!("{path} is no longer made"),
    };
    differences.iter().map(one).collect::<Vec<_>>().join("\n")
}

fn diff(old: &str, new: &str) -> String {
    similar::TextDiff::from_lines(old, new).unified_diff().header("accepted", "made now").to_string()
}

fn sources(case: &Path) -> Sources {
    let mut files: Vec<PathBuf> = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "yaml"));
    files.sort();
    let mut sources = Sources::new();
    for file in files {
        sources.add(file.file_name().unwrap().to_str().unwrap(), fs::read(&file).unwrap());
    }
    sources
}

/// A crate, unless the case's file `form` says otherwise.
fn form(case: &Path) -> Form {
    match fs::read_to_string(case.join("form")).as_deref().map(str::trim) {
        Ok("--as file") => Form::File,
        Ok("--as module") => Form::Module,
        Ok(other) => panic!("{}: unknown form {other}", case.display()),
        Err(_) => Form::Crate(CrateOptions {
            name: format!("case-{}", case.file_name().unwrap().to_str().unwrap().replace('_', "-")),
            runtime_path: Some(RUNTIME.to_owned()),
        }),
    }
}

fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir("../tests/cases").unwrap().map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.is_dir());
    cases.sort();
    cases
}
