//! The public API of the libraries that users name, written down in `tests/public_api/`, so that a change of it is
//! seen in review. Items that docs hide are left out.
//!
//! It is read from rustdoc's JSON, which stable toolchains write only when told to take themselves for a nightly
//! one, and whose format changes from release to release. What reads it, and the texts, are those of `RUST`.

use crate::Result;
use crate::workspace::{cargo, root, run, target};
use public_api::Builder;
use similar::TextDiff;
use std::env;
use std::fs;
use std::process::{Command, ExitCode};

const LIBRARIES: [&str; 2] = ["dyntastic", "dyntastic_codegen"];

/// The release of Rust whose JSON is read.
const RUST: &str = "1.95";

/// Traits that every type has or has not by itself, and that nobody asks for.
const BESIDE_THE_POINT: [&str; 5] = [
    "core::marker::Freeze for ",
    "core::marker::StructuralPartialEq for ",
    "core::marker::UnsafeUnpin for ",
    "core::panic::unwind_safe::RefUnwindSafe for ",
    "core::panic::unwind_safe::UnwindSafe for ",
];

/// Set where Cargo calls this program in place of rustdoc.
const AS_RUSTDOC: &str = "XTASK_AS_RUSTDOC";

/// Compares the public API with what is written down, or writes it down.
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
        changes += &diff.unified_diff().header(&format!("{library}, written down"), "now").to_string();
    }
    if changes.is_empty() { Ok(()) } else { Err(format!("`cargo xtask bless` accepts this:\n{changes}").into()) }
}

/// One item a line, with its path and its signature.
fn items(library: &str) -> Result<String> {
    let json = target()?.join("doc").join(format!("{library}.json"));
    let api = Builder::from_rustdoc_json(json).omit_blanket_impls(true).build();
    let api = api.map_err(|error| format!("this reads the JSON of Rust {RUST}: {error}"))?;
    let items = api.items().map(|item| format!("{item}\n"));
    Ok(items.filter(|item| !BESIDE_THE_POINT.iter().any(|name| item.contains(name))).collect())
}

/// Writes rustdoc's JSON. All packages are named, as where CI documents them, so that nothing is compiled again.
fn document() -> Result {
    let mut cargo = cargo()?;
    cargo.args(["doc", "--workspace", "--lib", "--no-deps", "--all-features"]);
    cargo.env("RUSTDOC", env::current_exe()?).env(AS_RUSTDOC, "1");
    run(cargo.env("RUSTDOCFLAGS", "-Zunstable-options --output-format=json"))
}

/// Does what rustdoc does, as a nightly one. For rustdoc alone, since build scripts see the variable and make other
/// crates of themselves.
pub fn as_rustdoc() -> Option<ExitCode> {
    env::var_os(AS_RUSTDOC)?;
    let status = Command::new("rustdoc").args(env::args_os().skip(1)).env("RUSTC_BOOTSTRAP", "1").status();
    Some(if status.is_ok_and(|status| status.success()) { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
