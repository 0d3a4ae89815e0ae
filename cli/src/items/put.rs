//! `dyntastic put`.

use super::super::{Stop, print_error};
use super::line::{self, Mistake, text};
use super::output::{ItemFormat, Output};
use super::{ItemsArgs, refuse_own_checks};
use clap::Args;
use dyntastic::Client;
use dyntastic::dynamic::{DynamicItem, DynamicModel};
use dyntastic::ops::Save;
use std::io::BufRead;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(crate) struct Put {
    /// A model of the schema.
    model: String,
    /// The item in JSON; without it, standard input has one on each line.
    item: Option<String>,
    #[command(flatten)]
    items: ItemsArgs,
    /// Write in place of an item with the same key. Of a model with a version, the item has the stored version.
    #[arg(long)]
    replace: bool,
    /// The format of the written items.
    #[arg(long, value_enum, default_value_t = ItemFormat::Json)]
    format: ItemFormat,
}

impl Put {
    pub(crate) fn run(&self) -> Result<ExitCode, Stop> {
        let model = self.items.model(&self.model)?;
        refuse_own_checks(model)?;
        self.items.run(async {
            let client = self.items.client().await?;
            let mut output = Output::new(model, self.format);
            if let Some(json) = &self.item {
                output.item(&self.put(&client, model, json).await?)?;
                output.end()?;
                return Ok(ExitCode::SUCCESS);
            }
            let mut refused = 0_usize;
            for (number, line) in std::io::stdin().lock().split(b'\n').enumerate() {
                let line = line?;
                let line = text(&line, number == 0);
                if line.as_ref().is_ok_and(|line| line.trim().is_empty()) {
                    continue;
                }
                let put = match line {
                    Ok(line) => self.put(&client, model, line).await,
                    Err(reason) => Err(Stop::Other(reason)),
                };
                match put {
                    Ok(item) => output.item(&item)?,
                    Err(Stop::Other(reason)) => {
                        refused += 1;
                        print_error(format_args!("error: line {}: {reason}", number + 1))?;
                    }
                    Err(stop) => return Err(stop),
                }
            }
            output.end()?;
            Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }

    async fn put(&self, client: &Client, model: DynamicModel, json: &str) -> Result<DynamicItem, Stop> {
        let mut item = line::item(json, model, json).map_err(|mistakes| {
            let line = |Mistake { column, reason }| match column {
                Some(column) if self.item.is_none() => format!("column {column}: {reason}"),
                _ => reason,
            };
            mistakes.into_iter().map(line).collect::<Vec<_>>().join("; ")
        })?;
        match write(client, model, &mut item, self.replace).await {
            // What is stored may be less exact, such as a time in seconds.
            Ok(()) => {
                let stored = model.write(&item).map_err(|error| error.to_string())?;
                Ok(model.read(stored).map_err(|error| error.to_string())?)
            }
            Err(error @ dyntastic::Error::VersionConflict { .. }) if self.replace => {
                Err(Stop::Other(format!("{error}: read the item with `get`, and put it with the version that it has")))
            }
            // DynamoDB's own words for it say less.
            Err(error) if error.is_conflict() => Err(Stop::Other(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }
}

/// Writes an item as the app does.
pub(super) async fn write(
    client: &Client,
    model: DynamicModel,
    item: &mut DynamicItem,
    replaces: bool,
) -> Result<(), dyntastic::Error> {
    model
        .run(async {
            match replaces {
                true => Save::new(client, item).await,
                false => Save::insert(client, item).await,
            }
        })
        .await
}
