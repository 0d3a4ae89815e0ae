//! `dyntastic schema`.

use super::Stop;
use clap::Args;
use std::io::Write;
use std::process::ExitCode;

/// The JSON Schema of the schema language, which a test holds current.
const JSON_SCHEMA: &str = include_str!("../../models.schema.json");

#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        std::io::stdout().write_all(JSON_SCHEMA.as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
