//! `dyntastic pull`.

use super::arguments;
use super::connection::ConnectionArgs;
use super::live;
use super::sample::Sample;
use super::tables::block_on;
use super::{Stop, print, print_error};
use clap::Args;
use std::fs::OpenOptions;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Pull {
    /// Names of tables; all together make one schema.
    #[arg(required = true, value_name = "TABLE", value_parser = arguments::table)]
    tables: Vec<String>,
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The number of items to read of each table, from all parts of it.
    #[arg(long, value_name = "ITEMS", default_value_t = 1_000)]
    #[arg(value_parser = arguments::items, allow_negative_numbers = true)]
    sample: usize,
    /// The read capacity units per second to use at most.
    #[arg(long, value_name = "UNITS", default_value_t = 100)]
    #[arg(value_parser = arguments::units, allow_negative_numbers = true)]
    rate: u32,
    /// A new file for the schema, in place of standard output.
    #[arg(long, value_name = "FILE", value_parser = arguments::out())]
    out: Option<PathBuf>,
}

impl Pull {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        if let Some(path) = self.out.as_deref().filter(|path| path.exists()) {
            return Err(exists(path));
        }
        let schema = block_on(async {
            let client = self.connection.client().await?;
            let sample = Sample { items: self.sample, rate: self.rate };
            let mut tables = Vec::with_capacity(self.tables.len());
            for (place, name) in self.tables.iter().enumerate() {
                // A table that is named twice is one table.
                if self.tables.iter().take(place).any(|before| before == name) {
                    continue;
                }
                let mut shown = Shown { name, is_terminal: std::io::stderr().is_terminal() };
                tables.push(live::table(client.sdk(), name, sample, |items| shown.items(items)).await?);
                shown.end();
            }
            Ok(dyntastic_codegen::pull(&tables))
        })?;
        match &self.out {
            None => print(schema.trim_end())?,
            Some(path) => {
                let mut file =
                    OpenOptions::new().write(true).create_new(true).open(path).map_err(|error| match error.kind() {
                        ErrorKind::AlreadyExists => exists(path),
                        _ => Stop::Other(format!("{}: {error}", path.display())),
                    })?;
                file.write_all(schema.as_bytes())
                    .map_err(|error| Stop::Other(format!("{}: {error}", path.display())))?;
                print_error(format_args!(
                    "wrote {}: check it with `dyntastic check {}`",
                    path.display(),
                    path.display()
                ))?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn exists(path: &Path) -> Stop {
    Stop::Other(match path.is_dir() {
        true => format!("{} is a folder: give a file in it", path.display()),
        false => format!("{} exists: give another file, or remove it", path.display()),
    })
}

/// The progress on a terminal.
struct Shown<'n> {
    name: &'n str,
    is_terminal: bool,
}

impl Shown<'_> {
    fn items(&mut self, count: usize) {
        if self.is_terminal {
            // Nobody can be told about an error of showing.
            drop(write!(std::io::stderr(), "\r\x1b[K{}: {count} items", self.name));
        }
    }

    fn end(&mut self) {
        if self.is_terminal {
            drop(write!(std::io::stderr(), "\r\x1b[K"));
        }
    }
}
