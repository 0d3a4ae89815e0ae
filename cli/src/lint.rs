//! `dyntastic lint`.

use super::{MessageFormat, Stop, colour, print, print_error};
use clap::Args;
use dyntastic_codegen::{lint, read_sources};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Lint {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// The format of what is found, and of failures.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
    pub(super) message_format: MessageFormat,
}

impl Lint {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let found = lint(&read_sources(&self.schemas)?)?;
        if found.is_empty() {
            let said = "no lint: nothing here is known to be slow or expensive";
            match self.message_format {
                MessageFormat::Human => print(said)?,
                MessageFormat::Json => print_error(said)?,
            }
            return Ok(ExitCode::SUCCESS);
        }
        match self.message_format {
            MessageFormat::Human => print_error(found.render(colour()).trim_end())?,
            MessageFormat::Json => print(found.to_json_lines().trim_end())?,
        }
        Ok(ExitCode::FAILURE)
    }
}
