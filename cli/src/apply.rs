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
    /// Allow deletions of tables, indexes and replicas. The name of each is asked for, or given by --delete.
    #[arg(long)]
    allow_destructive: bool,
    /// Delete the table, the index or the replica with this name, as the plan asks for: `orders`, `orders/by_status`,
    /// or `orders/replica:us-east-2`. May be given several times.
    #[arg(long = "delete", value_name = "NAME", requires = "allow_destructive")]
    deletions: Vec<String>,
}

impl Apply {
    pub(super) fn run(&self) -> Result<ExitCode, Stop> {
        let tables = self.tables.tables()?;
        block_on(async {
            let plan = tables::plan(&self.tables.client().await?, &tables).await?;
            print(&plan)?;
            let is_named = |change: &Change| self.deletions.contains(&change.name());
            if plan.is_empty() && !plan.kept().iter().any(is_named) {
                return Ok(ExitCode::SUCCESS);
            }
            refuse_protected(&plan)?;
            let deletions = self.decide(&plan)?;
            let is_left = |change: &Change| change.is_destructive() && !deletions.contains(&change.name());
            if plan.changes().iter().chain(plan.kept()).all(is_left) {
                return Ok(ExitCode::from(SOMETHING_TO_DO));
            }
            let mut shown = Shown::new(std::io::stderr().is_terminal());
            let apply = plan.apply().on_progress(move |progress| shown.show(progress));
            let left = deletions.into_iter().fold(apply, tables::Apply::allow_deletion).await?;
            if left.is_empty() {
                print("done: the tables are as the schema says")?;
                left.notes().try_for_each(print)?;
                return Ok(ExitCode::SUCCESS);
            }
            print(format_args!("left to do:\n\n{left}"))?;
            Ok(ExitCode::from(SOMETHING_TO_DO))
        })
    }

    /// Asks for what has to be asked for, and returns the names of the deletions to do.
    fn decide(&self, plan: &Plan) -> Result<Vec<String>, Stop> {
        // What the plan keeps is deleted only if it is named.
        let kept = plan.kept().iter().filter(|change| self.deletions.contains(&change.name()));
        let changes: Vec<&Change> = plan.changes().iter().chain(kept).collect();
        let destructive: Vec<&Change> = changes.iter().copied().filter(|change| change.is_destructive()).collect();
        let is_planned = |name: &String| destructive.iter().any(|change| change.deletions().contains(name));
        let unnamed = |change: &Change| {
            let names = change.deletions().into_iter().filter(|name| !self.deletions.contains(name));
            names.map(|name| format!(" --delete {name}")).collect::<String>()
        };
        let are_all_named = destructive.iter().all(|change| unnamed(change).is_empty());
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
            let (name, unnamed) = (change.name(), unnamed(change));
            if unnamed.is_empty() || self.allow_destructive && !self.yes && asks.deletion(change)? {
                deletions.extend(change.deletions());
                continue;
            }
            let how = match (self.allow_destructive, self.yes) {
                (false, false) => "--allow-destructive".to_owned(),
                (false, true) => format!("--allow-destructive{unnamed}"),
                (true, true) => unnamed.trim_start().to_owned(),
                (true, false) => return Err(Stop::Other("another name was typed, and nothing was changed".to_owned())),
            };
            if change.is_replacement() {
                let table = change.table();
                return Err(Stop::Other(format!("{table}: {change}. This needs {how}; nothing was changed")));
            }
            print(format_args!("not deleted: {name} (this needs {how})"))?;
        }
        let is_left = |change: &&Change| !change.is_destructive() || deletions.contains(&change.name());
        let count = changes.into_iter().filter(is_left).count();
        if count > 0 && !self.yes && !asks.go_on(count)? {
            return Err(Stop::Other("nothing was changed".to_owned()));
        }
        Ok(deletions)
    }
}

/// Refuses what DynamoDB would refuse anyway, before anybody is asked about it.
fn refuse_protected(plan: &Plan) -> Result<(), Stop> {
    let protected = plan.changes().iter().filter(|change| change.is_protected());
    let refused: Vec<String> = protected.map(|change| format!("{}: {change}", change.table())).collect();
    match refused.is_empty() {
        true => Ok(()),
        false => Err(Stop::Other(format!("{}; nothing was changed", refused.join("; ")))),
    }
}
