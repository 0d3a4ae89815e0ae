//! `dyntastic completions` and `dyntastic man`.

use super::arguments;
use super::{Cli, Stop, print_text};
use clap::{Args, CommandFactory};
use clap_complete::Shell;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Completions {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut Cli::command(), "dyntastic", &mut script);
        print_text(&String::from_utf8_lossy(&script))?;
        Ok(ExitCode::SUCCESS)
    }
}

#[derive(Debug, Args)]
pub(super) struct Man {
    /// The folder of the pages.
    #[arg(long, value_name = "DIR", value_parser = arguments::out())]
    out: PathBuf,
}

impl Man {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        std::fs::create_dir_all(&self.out)
            .and_then(|()| clap_mangen::generate_to(Cli::command(), &self.out))
            .map_err(|error| format!("the pages cannot be written to {}: {error}", self.out.display()))?;
        Ok(ExitCode::SUCCESS)
    }
}
