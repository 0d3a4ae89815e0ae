//! `cargo xtask`: the contributors' commands besides the tests.

mod bless;
mod public_api;
mod workspace;

use std::process::ExitCode;

type Result<T = ()> = std::result::Result<T, Box<dyn std::error::Error>>;

const USAGE: &str = "\
cargo xtask bless        renews every accepted output, and lists the changed files
cargo xtask public-api   compares the public API with tests/public_api; BLESS=1 accepts it";

fn main() -> ExitCode {
    if let Some(exit) = public_api::as_rustdoc() {
        return exit;
    }
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["bless"] => bless::all(),
        ["public-api"] => public_api::check(std::env::var_os("BLESS").is_some()),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
