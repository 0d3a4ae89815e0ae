//! The `dyntastic` command.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a command speaks through them")]

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(cli::Cli::parse())
}
