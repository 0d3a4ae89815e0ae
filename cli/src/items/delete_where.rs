//! `dyntastic delete --where`.

use super::super::ask::Asks;
use super::super::{Stop, print_error};
use super::ItemsArgs;
use super::filter::conditions;
use super::output::key_text;
use clap::Args;
use dyntastic::dynamic::{DynamicItem, DynamicModel};
use dyntastic::ops::BulkReport;
use dyntastic::{Condition, Error, Model};
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

/// The options for the deletion of many items. Each of them excludes the key: `requires` alone is no rule beside one.
#[derive(Debug, Args)]
pub(super) struct Many {
    /// Delete all items that meet it when they are deleted, in place of one item by its key: state=done, age>=18, by
    /// one of = != < <= > >= that the type has, name^=A (begins with), nickname? (has a value), !nickname (has none).
    /// May be given several times.
    #[arg(long = "where", value_name = "CONDITION", conflicts_with = "key")]
    pub(super) conditions: Vec<String>,
    /// Delete nothing, and count what would be deleted.
    #[arg(long, requires = "conditions", conflicts_with = "key")]
    dry_run: bool,
    /// Do not ask before the items are deleted.
    #[arg(long, requires = "conditions", conflicts_with = "key")]
    yes: bool,
}

impl Many {
    pub(super) fn run(&self, model: DynamicModel, items: &ItemsArgs) -> Result<ExitCode, Stop> {
        let conditions = conditions(model, "--where", &self.conditions)?;
        if !self.dry_run && !self.yes {
            self.ask(model)?;
        }
        items.run(async {
            let client = items.client().await?;
            let is_terminal = std::io::stderr().is_terminal();
            let delete = async {
                let delete = DynamicItem::scan(&client).delete_where(Condition::all(conditions));
                let delete = delete.on_progress(move |progress| {
                    if is_terminal {
                        // Nobody can be told about an error of showing.
                        drop(write!(std::io::stderr(), "\r\x1b[K{} items", progress.counts.written));
                    }
                });
                if self.dry_run { delete.dry_run().await } else { delete.await }
            };
            let deleted = model.run(delete).await;
            if is_terminal {
                drop(write!(std::io::stderr(), "\r\x1b[K"));
            }
            match deleted {
                Ok(report) => {
                    self.show(&report)?;
                    Ok(ExitCode::SUCCESS)
                }
                Err(Error::UnfinishedBulk(unfinished)) => {
                    self.show(unfinished.report())?;
                    for item in &unfinished.report().failed {
                        print_error(format_args!(
                            "error: {}: the item with the key {}",
                            item.error(),
                            key_text(item.key())
                        ))?;
                    }
                    if let Some(cause) = unfinished.cause() {
                        print_error(format_args!("error: {cause}: the same command goes on with the rest"))?;
                    }
                    Ok(ExitCode::FAILURE)
                }
                Err(error) => Err(error.into()),
            }
        })
    }

    fn ask(&self, model: DynamicModel) -> Result<(), Stop> {
        if !std::io::stdin().is_terminal() {
            let message = "nobody can be asked, since standard input is no terminal: add --yes, or --dry-run to count";
            return Err(Stop::Other(message.to_owned()));
        }
        let items = format!("all items of `{}` with {}", model.name(), self.conditions.join(" and "));
        match Asks::new(std::io::stdin().lock(), std::io::stdout()).delete_all(&items)? {
            true => Ok(()),
            false => Err(Stop::Other("nothing was deleted".to_owned())),
        }
    }

    fn show(&self, report: &BulkReport) -> Result<(), Stop> {
        let counts = report.counts;
        let items = |number: u64| if number == 1 { "1 item".to_owned() } else { format!("{number} items") };
        match self.dry_run {
            true => print_error(format_args!("{} to delete", items(counts.written)))?,
            false => print_error(format_args!("deleted {}", items(counts.written)))?,
        }
        if counts.skipped > 0 {
            print_error(format_args!("left {}, which others changed meanwhile", items(counts.skipped)))?;
        }
        Ok(())
    }
}
