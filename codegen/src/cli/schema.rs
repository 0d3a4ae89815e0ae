//! `dyntastic schema`.

use super::{Stop, tell};
use clap::Args;
use std::process::ExitCode;

/// The JSON Schema of the schema language, which a test holds current.
const JSON_SCHEMA: &str = include_str!("../../models.schema.json");

#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        tell(JSON_SCHEMA.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
