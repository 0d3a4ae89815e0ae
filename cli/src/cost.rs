//! `dyntastic cost`.

use super::{MessageFormat, Stop, print};
use clap::{Args, ValueEnum};
use dyntastic_codegen::{Prices, cost, read_sources};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Cost {
    /// Schema files, folders of them, or `-` for standard input; all together make one model set.
    #[arg(required = true, value_name = "SCHEMA")]
    schemas: Vec<PathBuf>,
    /// The form of the cost.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// A file with prices, in the form of codegen/src/cost/prices.json in the repository; by default, those of us-east-1.
    #[arg(long, value_name = "FILE")]
    prices: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As text, a table for each model.
    Text,
    /// As one JSON object per line for each request, for programs.
    Json,
    /// As a table, for a comment.
    Markdown,
}

impl Cost {
    /// The format of mistakes and failures.
    pub(super) fn message_format(&self) -> MessageFormat {
        match self.format {
            Format::Json => MessageFormat::Json,
            Format::Text | Format::Markdown => MessageFormat::Human,
        }
    }

    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let prices = match &self.prices {
            None => Prices::default(),
            Some(path) => std::fs::read_to_string(path)
                .map_err(|error| error.to_string())
                .and_then(|text| Prices::of_json(&text))
                .map_err(|error| Stop::Other(format!("{}: {error}", path.display())))?,
        };
        let found = cost(&read_sources(&self.schemas)?, &prices)?;
        match self.format {
            Format::Text => print(found.to_string().trim_end())?,
            Format::Markdown => print(found.to_markdown().trim_end())?,
            Format::Json => print(found.to_json_lines().trim_end())?,
        }
        Ok(ExitCode::SUCCESS)
    }
}
