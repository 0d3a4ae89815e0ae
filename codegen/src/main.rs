//! The `dyntastic` command.

#![expect(clippy::print_stderr, reason = "a command speaks through them")]

mod cli;

use clap::Parser;
use std::process::ExitCode;

/// Formatting makes and drops millions of small tokens on all cores: a third of the time is the allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    cli::run(cli::Cli::parse())
}
