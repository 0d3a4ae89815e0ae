//! `dyntastic put`.

use super::super::tables::in_words;
use super::super::{Stop, print_error};
use super::line::{self, Mistake, text};
use super::output::{ItemFormat, Output};
use super::{ItemsArgs, refuse_own_functions};
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
        refuse_own_functions(model)?;
        self.items.run(async {
            let client = self.items.client().await?;
            let mut output = Output::new(model, self.format);
            if let Some(json) = &self.item {
                match self.put(&client, model, json).await {
                    Ok(item) => output.item(&item)?,
                    Err(mistakes) => {
                        print_mistakes("", mistakes)?;
                        return Ok(ExitCode::FAILURE);
                    }
                }
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
                    Err(reason) => Err(vec![Mistake::from(reason)]),
                };
                match put {
                    Ok(item) => output.item(&item)?,
                    Err(mistakes) => {
                        refused += 1;
                        print_mistakes(&format!("line {}: ", number + 1), mistakes)?;
                    }
                }
            }
            output.end()?;
            Ok(if refused == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
        })
    }

    async fn put(&self, client: &Client, model: DynamicModel, json: &str) -> Result<DynamicItem, Vec<Mistake>> {
        let mut item = line::item(json, model, json)?;
        let of_item = |reason: String| vec![Mistake::from(reason)];
        match write(client, model, &mut item, self.replace).await {
            // What is stored may be less exact, such as a time in seconds.
            Ok(()) => {
                let stored = model.write(&item).map_err(|error| of_item(error.to_string()))?;
                model.read(stored).map_err(|error| of_item(error.to_string()))
            }
            Err(error @ dyntastic::Error::VersionConflict { .. }) if self.replace => {
                Err(of_item(format!("{error}: read the item with `get`, and put it with the version that it has")))
            }
            Err(error @ dyntastic::Error::CounterConflict { .. }) => {
                Err(of_item(format!("{error}: read the item with `get`, and put it with the count that it has")))
            }
            // DynamoDB's own words for it say less.
            Err(error) if error.is_conflict() => Err(of_item(error.to_string())),
            Err(error) => Err(of_item(in_words(&error))),
        }
    }
}

/// Prints all mistakes of an item, each in a line of its own after its place.
fn print_mistakes(line: &str, mistakes: Vec<Mistake>) -> Result<(), Stop> {
    mistakes.into_iter().try_for_each(|Mistake { column, reason }| {
        let column = column.map(|column| format!("column {column}: ")).unwrap_or_default();
        print_error(format_args!("error: {line}{column}{reason}"))
    })
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
