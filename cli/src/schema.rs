//! `dyntastic schema`.

use super::{Stop, print};
use clap::Args;
use dyntastic_codegen::JSON_SCHEMA;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Schema {}

impl Schema {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        print(JSON_SCHEMA.trim_end())?;
        Ok(ExitCode::SUCCESS)
    }
}
