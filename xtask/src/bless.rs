//! Renews every accepted output.

use crate::workspace::{cargo, root, run};
use crate::{Result, public_api};
use std::process::Command;

/// Renews every accepted output. Each step comes after those whose outputs it reads, so a second run changes nothing.
pub fn all() -> Result {
    step("the checked-in crate");
    run(cargo()?.args([
        "run",
        "-p",
        "dyntastic-cli",
        "--",
        "generate",
        "models.example.yaml",
        "--out",
        "tests/generated",
    ]))?;
    step(
        "golden cases, lints, costs, changes of schemas, schemas of tables, diagnostics for beginners, the sample of random schemas, a page",
    );
    bless("generator", &["cases::", "lint::", "cost::", "changes::", "pull::", "beginners::", "random_schemas::"])?;
    bless("docs", &[])?;
    step("compiler errors of misuses");
    bless("compile_fail", &[])?;
    step("the public API");
    public_api::check(true)?;
    step("changed files: review them with `git diff`, and new files with `git status`");
    run(Command::new("git").args(["--no-pager", "diff", "--stat"]).current_dir(root()))?;
    run(Command::new("git").args(["status", "--short"]).current_dir(root()))
}

/// Runs tests that accept the current output. They name the whole workspace, so that nothing is compiled twice.
fn bless(target: &str, tests: &[&str]) -> Result {
    let mut command = cargo()?;
    command.args(["test", "--workspace", "--test", target, "--"]).args(tests).env("BLESS", "1");
    run(&mut command)
}

fn step(heading: &str) {
    println!("\n==> {heading}");
}
