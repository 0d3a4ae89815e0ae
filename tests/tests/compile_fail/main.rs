//! Programs that must not compile: each file has one misuse, and the compiler's errors are in a text beside it.
//! `BLESS=1 cargo test --workspace --test compile_fail` accepts the current errors.

mod compiler;
mod stable_text;

use compiler::Compiler;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// The folder of the programs, from the root of the workspace.
const PROGRAMS: &str = "tests/compile_fail";

#[test]
fn misuses_do_not_compile() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let compiler = Compiler::of_this_workspace(root);
    let programs = files(root, "rs");
    let bless = std::env::var_os("BLESS").is_some();
    let failures = in_parallel(&programs, |program| check(root, &compiler, program, bless).err());
    assert!(failures.is_empty(), "BLESS=1 accepts the current errors:\n\n{}", failures.join("\n\n"));
    assert!(!programs.is_empty(), "no program in {PROGRAMS}");
}

#[test]
fn every_text_has_its_program() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for text in files(root, "stderr") {
        assert!(root.join(&text).with_extension("rs").exists(), "{} has no program", text.display());
    }
}

/// Compiles a program, and compares the compiler's errors with the text beside it.
fn check(root: &Path, compiler: &Compiler, program: &Path, bless: bool) -> Result<(), String> {
    let name = program.display();
    let errors = compiler.errors_of(program).ok_or_else(|| format!("{name} compiles"))?;
    let errors = stable_text::of_diagnostics(&errors, program);
    let accepted = root.join(program).with_extension("stderr");
    if bless {
        return fs::write(accepted, errors).map_err(|error| format!("{name}: {error}"));
    }
    let wanted = fs::read_to_string(accepted).unwrap_or_default();
    if errors == wanted {
        return Ok(());
    }
    let diff = similar::TextDiff::from_lines(&wanted, &errors);
    Err(format!("{name}:\n{}", diff.unified_diff().header("accepted", "current")))
}

/// The files of the programs' folder with this extension, as paths from the root of the workspace.
fn files(root: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(root.join(PROGRAMS)).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| Path::new(PROGRAMS).join(entry.unwrap().file_name())).collect();
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    files
}

/// Works on all items with all cores, and returns the results in the order of the items.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut found = Vec::new();
        loop {
            let position = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(position) else { return found };
            found.extend(work(item).map(|result| (position, result)));
        }
    };
    let mut found: Vec<(usize, R)> = thread::scope(|scope| {
        let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(worker)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    found.sort_by_key(|(position, _)| *position);
    found.into_iter().map(|(_, result)| result).collect()
}
