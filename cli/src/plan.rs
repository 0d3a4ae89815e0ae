//! `dyntastic plan`.

use super::tables::{TablesArgs, block_on};
use super::{MessageFormat, Stop, print, print_error};
use clap::{Args, ValueEnum};
use dyntastic::tables;
use serde::Serialize;
use std::process::ExitCode;

/// The exit code if the tables are not as the schema says.
pub(super) const SOMETHING_TO_DO: u8 = 2;

#[derive(Debug, Args)]
pub(super) struct Plan {
    #[command(flatten)]
    tables: TablesArgs,
    /// The form of the plan.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// As text, by tables.
    Text,
    /// As one JSON object per change and line, for programs.
    Json,
}

impl Plan {
    /// The format of mistakes and failures.
    pub(super) fn message_format(&self) -> MessageFormat {
        match self.format {
            Format::Json => MessageFormat::Json,
            Format::Text => MessageFormat::Human,
        }
    }

    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let tables = self.tables.tables()?;
        let plan = block_on(async { Ok(tables::plan(&self.tables.client().await?, &tables).await?) })?;
        match self.format {
            Format::Text => print(&plan)?,
            Format::Json => {
                plan.changes().iter().try_for_each(|change| print(line(change)))?;
                plan.notes().try_for_each(|note| print_error(format_args!("note: {note}")))?;
            }
        }
        Ok(if plan.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(SOMETHING_TO_DO) })
    }
}

/// A change for programs.
#[derive(Serialize)]
struct Line<'a> {
    table: &'a str,
    /// The region or the host of a table that has its own.
    place: Option<&'a str>,
    index: Option<&'a str>,
    /// The region of a replica.
    replica: Option<&'a str>,
    kind: &'static str,
    change: String,
    is_destructive: bool,
    is_replacement: bool,
    /// The name for `--delete`, of a deletion.
    name: Option<String>,
    lost_items: Option<u64>,
}

fn line(change: &tables::Change) -> String {
    let line = Line {
        table: change.table(),
        place: change.place(),
        index: change.index(),
        replica: change.replica(),
        kind: change.kind(),
        change: change.to_string(),
        is_destructive: change.is_destructive(),
        is_replacement: change.is_replacement(),
        name: change.is_destructive().then(|| change.name()),
        lost_items: change.lost_items(),
    };
    // The object holds texts, numbers and flags only, so JSON cannot refuse it.
    serde_json::to_string(&line).unwrap_or_default()
}
