//! `dyntastic docs`: a page about a schema, drawn from its catalog.

mod anchors;
mod diagram;
mod grids;
mod html;
mod models;
mod page;
mod services;
mod tables;
mod types;
mod values;

use super::arguments;
use super::form::way_to;
use super::{MessageFormat, Stop, print, print_error};
use clap::Args;
use dyntastic_codegen::{Prices, catalog, cost, page, read_sources};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Docs {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// The folder to write `index.html` to; it is created if it does not exist.
    #[arg(long, value_name = "DIR", value_parser = arguments::out())]
    out: PathBuf,
    /// Replace the page of another schema; a file that dyntastic did not write stays.
    #[arg(long)]
    force: bool,
    /// The format of mistakes and failures.
    #[arg(long, value_enum, default_value_t = MessageFormat::Human)]
    message_format: MessageFormat,
}

impl Docs {
    pub(super) fn message_format(&self) -> MessageFormat {
        self.message_format
    }

    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let sources = read_sources(&self.schemas)?;
        let costs = cost(&sources, &Prices::default())?;
        let html = page::html(&catalog(&sources)?, &costs).map_err(|error| error.to_string())?;
        let files = page(&sources, &html, |file| way_to(&self.out, Path::new(file)));
        let done = if self.force { files.replace_in(&self.out)? } else { files.write_to(&self.out)? };
        let state = if done.written.is_empty() { "unchanged" } else { "written" };
        let message = format!("{}: {state}", self.out.join("index.html").display());
        match self.message_format {
            MessageFormat::Human => print(message)?,
            MessageFormat::Json => print_error(message)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
