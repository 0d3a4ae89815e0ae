//! `dyntastic apply`.

use super::ask::Asks;
use super::plan::SOMETHING_TO_DO;
use super::progress::Shown;
use super::tables::{TablesArgs, block_on};
use super::{Stop, print, print_error};
use clap::Args;
use dyntastic::tables::{self, Change, Plan};
use std::io::IsTerminal;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Apply {
    #[command(flatten)]
    tables: TablesArgs,
    /// Do not ask.
    #[arg(long)]
    yes: bool,
    /// Allow deletions of tables and indexes. The name of each is asked for, or given by --delete.
    #[arg(long)]
    allow_destructive: bool,
    /// Delete the table or the index with this name, as the plan asks for: `orders`, or `orders/by_status`.
    /// May be given several times.
    #[arg(long = "delete", value_name = "NAME", requires = "allow_destructive")]
    deletions: Vec<String>,
}

impl Apply {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let tables = self.tables.tables()?;
        block_on(async {
            let plan = tables::plan(&self.tables.client().await?, &tables).await?;
            print(&plan)?;
            if plan.is_empty() {
                return Ok(ExitCode::SUCCESS);
            }
            let deletions = self.decide(&plan)?;
            if plan.changes().iter().all(|change| change.is_destructive() && !deletions.contains(&change.name())) {
                return Ok(ExitCode::from(SOMETHING_TO_DO));
            }
            let mut shown = Shown::new(std::io::stderr().is_terminal());
            let apply = plan.apply().on_progress(move |progress| shown.show(progress));
            let left = deletions.into_iter().fold(apply, tables::Apply::allow_deletion).await?;
            if left.is_empty() {
                print("done: the tables are as the schema says")?;
                return Ok(ExitCode::SUCCESS);
            }
            print(format_args!("left to do:\n\n{left}"))?;
            Ok(ExitCode::from(SOMETHING_TO_DO))
        })
    }

    /// Asks for what has to be asked for, and returns the names of the deletions to do.
    fn decide(&self, plan: &Plan) -> Result<Vec<String>, Stop> {
        let destructive: Vec<&Change> = plan.changes().iter().filter(|change| change.is_destructive()).collect();
        let is_planned = |name: &String| destructive.iter().any(|change| change.name() == *name);
        let are_all_named = destructive.iter().all(|change| self.deletions.contains(&change.name()));
        for name in self.deletions.iter().filter(|name| !is_planned(name)) {
            let note = format!("--delete {name}: the plan has no such deletion");
            // An earlier run may have done it. Where another deletion has no name, it may be a mistake in writing.
            match are_all_named {
                true => print_error(format_args!("note: {note}"))?,
                false => return Err(Stop::Other(note)),
            }
        }
        if !self.yes && !std::io::stdin().is_terminal() {
            let message = "nobody can be asked, since standard input is no terminal: add --yes";
            return Err(Stop::Other(message.to_owned()));
        }
        let mut asks = Asks::new(std::io::stdin().lock(), std::io::stdout());
        let mut deletions = Vec::new();
        for change in destructive {
            let name = change.name();
            let is_named = self.deletions.contains(&name);
            if is_named || self.allow_destructive && !self.yes && asks.deletion(change)? {
                deletions.push(name);
                continue;
            }
            let how = match (self.allow_destructive, self.yes) {
                (false, false) => "--allow-destructive".to_owned(),
                (false, true) => format!("--allow-destructive --delete {name}"),
                (true, true) => format!("--delete {name}"),
                (true, false) => return Err(Stop::Other("another name was typed, and nothing was changed".to_owned())),
            };
            if change.is_replacement() {
                let table = change.table();
                return Err(Stop::Other(format!("{table}: {change}. This needs {how}; nothing was changed")));
            }
            print(format_args!("not deleted: {name} (this needs {how})"))?;
        }
        let is_left = |change: &&Change| !change.is_destructive() || deletions.contains(&change.name());
        let count = plan.changes().iter().filter(is_left).count();
        if count > 0 && !self.yes && !asks.go_on(count)? {
            return Err(Stop::Other("nothing was changed".to_owned()));
        }
        Ok(deletions)
    }
}
