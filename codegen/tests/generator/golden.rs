//! Golden cases: folders with a schema and, in `stdout`, the text that comes of it. `BLESS=1` accepts the current text.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

/// The cases in a folder of `tests/`.
pub(crate) fn cases(folder: &str) -> Vec<PathBuf> {
    let cases = fs::read_dir(format!("../tests/{folder}")).unwrap();
    let mut cases: Vec<PathBuf> = cases.map(|case| case.unwrap().path()).collect();
    cases.sort();
    cases
}

/// Checks that each case has its text.
pub(crate) fn check(folder: &str, text_of: impl Fn(&Path) -> String) {
    let mut failures = Vec::new();
    for case in cases(folder) {
        let (file, found) = (case.join("stdout"), text_of(&case));
        if std::env::var_os("BLESS").is_some() {
            fs::write(&file, &found).unwrap();
        }
        let wanted = fs::read_to_string(&file).unwrap_or_default();
        if wanted != found {
            let diff = similar::TextDiff::from_lines(&wanted, &found).unified_diff().to_string();
            failures.push(format!("{}:\n{diff}", case.display()));
        }
    }
    assert!(failures.is_empty(), "BLESS=1 accepts these:\n\n{}", failures.join("\n\n"));
}
