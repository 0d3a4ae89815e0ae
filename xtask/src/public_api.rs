//! Records the public API of the libraries in `tests/public_api/`, so that a review shows every change of it. Items
//! that docs hide are left out.
//!
//! The API comes from rustdoc's JSON. Stable toolchains write it only if they are told to act as nightly ones, and its
//! format changes between releases: this code and the recorded texts are for `RUST`.

use crate::Result;
use crate::workspace::{cargo, root, run, target};
use public_api::Builder;
use similar::TextDiff;
use std::env;
use std::fs;
use std::process::{Command, ExitCode};

const LIBRARIES: [&str; 2] = ["dyntastic", "dyntastic_codegen"];

/// The release of Rust whose JSON this code reads.
const RUST: &str = "1.95";

/// Auto traits and compiler traits that are not of interest.
const BESIDE_THE_POINT: [&str; 5] = [
    "core::marker::Freeze for ",
    "core::marker::StructuralPartialEq for ",
    "core::marker::UnsafeUnpin for ",
    "core::panic::unwind_safe::RefUnwindSafe for ",
    "core::panic::unwind_safe::UnwindSafe for ",
];

/// The variable that is set when Cargo calls this program instead of rustdoc.
const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// Compares the public API with the recorded one, or records it.
pub fn check(bless: bool) -> Result {
    document()?;
    let mut changes = String::new();
    for library in LIBRARIES {
        let found = items(library)?;
        let golden = root().join("tests/public_api").join(format!("{library}.txt"));
        if bless {
            fs::write(golden, found)?;
            continue;
        }
        let written = fs::read_to_string(golden)?;
        let diff = TextDiff::from_lines(&written, &found);
        changes += &diff.unified_diff().header(&format!("{library}, recorded"), "now").to_string();
    }
    if changes.is_empty() { Ok(()) } else { Err(format!("`cargo xtask bless` accepts this:\n{changes}").into()) }
}

/// The items of the API, one per line, with path and signature.
fn items(library: &str) -> Result<String> {
    let json = target()?.join("doc").join(format!("{library}.json"));
    let api = Builder::from_rustdoc_json(json).omit_blanket_impls(true).build();
    let api = api.map_err(|error| format!("this reads the JSON of Rust {RUST}: {error}"))?;
    let items = api.items().map(|item| format!("{item}\n"));
    Ok(items.filter(|item| !BESIDE_THE_POINT.iter().any(|name| item.contains(name))).collect())
}

/// Writes rustdoc's JSON. It names all packages, as CI does for docs, so that nothing is compiled again.
fn document() -> Result {
    let mut cargo = cargo()?;
    cargo.args(["doc", "--workspace", "--lib", "--no-deps", "--all-features"]);
    cargo.env("RUSTDOC", env::current_exe()?).env(AS_RUSTDOC, "1");
    run(cargo.env("RUSTDOCFLAGS", "-Zunstable-options --output-format=json"))
}

/// Runs rustdoc as a nightly one. Only rustdoc gets the variable, since build scripts would see it and configure their
/// crates differently.
pub fn as_rustdoc() -> Option<ExitCode> {
    env::var_os(AS_RUSTDOC)?;
    let status = Command::new("rustdoc").args(env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status();
    Some(if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
