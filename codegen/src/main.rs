//! The `dyntastic` command.

mod cli;

use clap::Parser;
use std::process::ExitCode;

/// Formatting makes and drops millions of small tokens on all cores: a third of the time is the allocator's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match cli::Cli::try_parse() {
        Ok(cli) => cli::run(cli),
        Err(error) => cli::refuse(&error),
    }
}
