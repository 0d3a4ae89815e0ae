//! The changes between two schemas. Each folder of `tests/changes/` holds `old.yaml`, `new.yaml`, and the changes
//! between them as text (`stdout`). `BLESS=1 cargo test -p dyntastic-codegen --test generator changes::` accepts the
//! current text.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use crate::golden;
use dyntastic_codegen::{ChangeCode, Changes, Level, Sources, changes};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn between(old: &str, new: &str) -> Changes {
    let (mut was, mut is) = (Sources::new(), Sources::new());
    was.add("old.yaml", old);
    is.add("new.yaml", new);
    changes(&was, &is).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn of_case(case: &Path) -> Changes {
    let read = |file: &str| fs::read_to_string(case.join(file)).unwrap();
    between(&read("old.yaml"), &read("new.yaml"))
}

#[test]
fn every_case_has_its_changes() {
    golden::check("changes", |case| of_case(case).to_string());
}

#[test]
fn every_code_and_every_level_has_a_case() {
    let found: Vec<Changes> = golden::cases("changes").iter().map(|case| of_case(case)).collect();
    let shown: BTreeSet<ChangeCode> = found.iter().flat_map(Changes::iter).map(|change| change.code()).collect();
    let missing: Vec<&ChangeCode> = ChangeCode::ALL.iter().filter(|code| !shown.contains(code)).collect();
    assert!(missing.is_empty(), "no case shows {missing:?}");
    for level in Level::ALL {
        let is_shown = found.iter().flat_map(Changes::iter).any(|change| change.level() == level);
        assert!(is_shown, "no case shows {level}");
    }
}

#[test]
fn a_schema_does_not_differ_from_itself() {
    let examples = ["../models.example.yaml".into(), "../tests/sample.yaml".into()];
    let of_cases = fs::read_dir("../tests/cases").unwrap().map(|case| case.unwrap().path().join("models.yaml"));
    let mut compared = 0;
    for file in examples.into_iter().chain(of_cases.filter(|file| file.exists())) {
        let mut sources = Sources::new();
        sources.read(&file).unwrap();
        if let Ok(found) = changes(&sources, &sources) {
            assert!(found.is_empty(), "{}:\n{found}", file.display());
            assert_eq!(found.to_string(), "no change: items, tables and code stay the same\n");
            compared += 1;
        }
    }
    assert!(compared > 30, "{compared}");
}

#[test]
fn every_code_is_explained_by_an_example() {
    let example = |explanation: &'static str, heading: &str| {
        let (_, rest) = explanation.split_once(heading)?;
        Some(rest.split_once("```yaml\n")?.1.split_once("```")?.0)
    };
    for code in ChangeCode::ALL {
        let explanation = code.explanation();
        assert!(!code.title().is_empty(), "{code}: {explanation}");
        assert_eq!(ChangeCode::find(&code.as_str().to_lowercase()), Some(*code));
        let before = example(explanation, "Before:").unwrap_or_else(|| panic!("{code} has no example before"));
        let after = example(explanation, "After:").unwrap_or_else(|| panic!("{code} has no example after"));
        let found = between(before, after);
        let change = found.iter().find(|change| change.code() == *code);
        let change = change.unwrap_or_else(|| panic!("the example of {code} has other changes:\n{found}"));
        for level in change.broken() {
            assert!(explanation.contains(&format!("`{level}`")), "{code} does not explain {level}");
        }
    }
    assert_eq!(ChangeCode::find("C9999"), None);
}

/// The levels that `dyntastic diff` finds for a code are those of its explanation.
#[test]
fn every_level_of_a_case_is_explained() {
    let mut missing = BTreeSet::new();
    for case in golden::cases("changes") {
        for change in of_case(&case).iter() {
            let explanation = change.code().explanation();
            let (_, levels) = explanation.split_once("\nLevel").unwrap();
            let levels = levels.split("\n\n").next().unwrap();
            let broken = change.broken();
            let found = if broken.is_empty() { vec![change.level()] } else { broken.to_vec() };
            let unexplained = found.into_iter().filter(|level| !levels.contains(&format!("`{level}`")));
            missing.extend(
                unexplained.map(|level| format!("{} does not explain `{level}` of {}", change.code(), case.display())),
            );
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

#[test]
fn a_change_that_breaks_stored_items_says_what_to_do() {
    for case in golden::cases("changes") {
        let text = fs::read_to_string(case.join("stdout")).unwrap();
        let fatal = ["default[", "unreadable[", "keys[", "table["];
        for change in text.split("\n\n").filter(|change| fatal.iter().any(|level| change.starts_with(level))) {
            assert!(change.contains("= help: "), "{}: no help\n{change}", case.display());
        }
    }
}
