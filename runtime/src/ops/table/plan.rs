//! The changes that make tables what a schema says.

use super::apply::Apply;
use super::change::{Change, Effect};
use super::compare;
use super::elsewhere;
use super::live;
use super::run::{Left, Run};
use crate::description::Table;
use crate::ops::{Error, Result};
use crate::transport::{Client, Target};
use std::fmt;

/// The name under which errors report requests that are of no model.
const MODEL: &str = "the schema";

/// Compares the tables of a schema with those in DynamoDB. It only reads.
///
/// It reads keys, indexes, billing, throughput, class, stream, replicas, time to live and, where the schema sets them,
/// deletion protection, point-in-time recovery and tags. Tags and local indexes that the schema does not have are not
/// compared. Nor are settings that an engine for tests does not know, such as point-in-time recovery in the embedded
/// one, and a key of KMS that an alias names: [`Plan::uncompared`] names these.
///
/// ```no_run
/// # use dyntastic::Client;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let plan = dyntastic::tables::plan(&db, example_models::TABLES).await?;
/// println!("{plan}");
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// The environment variable of a table's name is not set, two entries of `tables` are one table in DynamoDB and differ,
/// a table with replicas is missing here and is in another of its regions, or DynamoDB refuses a request. DescribeTable
/// and DescribeTimeToLive are needed, and where the schema has these settings ListTagsOfResource,
/// DescribeContinuousBackups, DescribeContributorInsights and GetResourcePolicy; for a missing table with replicas,
/// DescribeTable in all its regions.
pub async fn plan(client: &Client, tables: &[Table]) -> Result<Plan> {
    Plan::of(targets(client, tables)?).await
}

/// The changes that make tables what a schema says, from [`plan`].
///
/// Its text has the changes of each table: `+` adds, `~` changes, `-` removes, and `!` replaces; and what is kept, and
/// what cannot be compared.
#[derive(Debug)]
pub struct Plan {
    targets: Vec<Target>,
    changes: Vec<Change>,
    kept: Vec<Change>,
    uncompared: Vec<String>,
}

impl Plan {
    async fn of(targets: Vec<Target>) -> Result<Self> {
        let (mut changes, mut kept, mut uncompared) = (Vec::new(), Vec::new(), Vec::new());
        for target in &targets {
            let live = match live::table(target).await? {
                Some(live) => live::complete(target, live).await?,
                None => None,
            };
            if live.is_none() {
                elsewhere::refuse_creation(target).await?;
            }
            let (unasked, of_target): (Vec<_>, Vec<_>) =
                compare::changes(target, live.as_ref()).into_iter().partition(Change::is_unasked);
            if let Some(live) = live.filter(|_| !of_target.iter().any(Change::is_of_whole_table)) {
                uncompared.extend(in_words(target, compare::uncompared(target, &live)));
            }
            changes.extend(of_target);
            kept.extend(unasked);
        }
        Ok(Self { targets, changes, kept, uncompared })
    }

    /// The changes, in the order in which they are done.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// The deletions of replicas that the schema does not list: such a replica may be the table in the region where it
    /// was first made. It stays, unless [`Apply::allow_deletion`] gives the deletion's name.
    pub fn kept(&self) -> &[Change] {
        &self.kept
    }

    /// What the schema says and cannot be compared, in words: the table, the setting and the reason.
    pub fn uncompared(&self) -> impl Iterator<Item = &str> {
        self.uncompared.iter().map(String::as_str)
    }

    /// The replicas that are [`kept`](Self::kept), and what is not compared, each in a line as the plan's text has
    /// them.
    pub fn notes(&self) -> impl Iterator<Item = String> {
        let uncompared = self.uncompared.iter().map(|of| format!("not compared: {of}"));
        self.kept.iter().map(kept).chain(uncompared)
    }

    /// Whether the tables are as the schema says, as far as they can be compared, and but for the replicas that are
    /// [`kept`](Self::kept).
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Does the changes. Deletions need [`Apply::allow_deletion`].
    pub fn apply(self) -> Apply {
        Apply::new(self)
    }

    /// Does the changes that a run may do, and returns the rest.
    ///
    /// # Errors
    ///
    /// [`Error::TablesDiffer`] before anything is changed, if a table cannot become what the schema says without
    /// something that the run may not do.
    pub(super) async fn run(mut self, mut run: Run) -> Result<Self> {
        self.refuse(&run)?;
        if self.changes.iter().chain(&self.kept).any(|change| run.may(change)) {
            (self.changes, self.kept, self.uncompared) = (Vec::new(), Vec::new(), Vec::new());
            for target in &self.targets {
                let Left { changes, uncompared } = run.bring(target).await?;
                let (kept, left): (Vec<_>, Vec<_>) = changes.into_iter().partition(Change::is_unasked);
                self.changes.extend(left);
                self.kept.extend(kept);
                self.uncompared.extend(in_words(target, uncompared));
            }
            self.refuse(&run)?;
        }
        Ok(self)
    }

    fn refuse(&self, run: &Run) -> Result<()> {
        let is_refused = |change: &&Change| change.is_replacement() && !run.may(change);
        let changes: Vec<Change> = self.changes.iter().filter(is_refused).cloned().collect();
        if changes.is_empty() { Ok(()) } else { Err(Error::TablesDiffer { changes }) }
    }
}

/// What cannot be compared of a target's table, in words.
fn in_words(target: &Target, uncompared: Vec<(&'static str, &'static str)>) -> impl Iterator<Item = String> {
    let place = target.place.region.as_ref().or(target.place.host.as_ref());
    let table = Heading((&target.table, place.map(String::as_str))).to_string();
    uncompared.into_iter().map(move |(what, why)| format!("{what} of {table}: {why}"))
}

/// A deletion of a replica that is kept, in words.
fn kept(change: &Change) -> String {
    let (table, region) = (Heading((change.table(), change.place())), change.replica().unwrap_or_default());
    let name = change.name();
    format!("kept: the replica in {region} of {table}, which the schema does not list (to delete it: {name})")
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_empty() {
            f.write_str("nothing to do: the tables are as the schema says")?;
            return self.notes().try_for_each(|note| write!(f, "\n{note}"));
        }
        let mut table = None;
        for change in &self.changes {
            let place = (change.table(), change.place());
            if table != Some(place) {
                let separator = if table.is_some() { "\n" } else { "" };
                writeln!(f, "{separator}{}", Heading(place))?;
                table = Some(place);
            }
            writeln!(f, "  {} {change}", sign(change))?;
        }
        let count = match self.changes.len() {
            1 => "1 change".to_owned(),
            changes => format!("{changes} changes"),
        };
        write!(f, "\n{count}")?;
        match self.changes.iter().filter(|change| change.is_destructive()).count() {
            0 => {}
            1 => f.write_str(", 1 of them a deletion")?,
            deletions => write!(f, ", {deletions} of them deletions")?,
        }
        self.notes().try_for_each(|note| write!(f, "\n{note}"))
    }
}

/// The name of a table, and its place if it has its own.
struct Heading<'a>((&'a str, Option<&'a str>));

impl fmt::Display for Heading<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            (table, None) => f.write_str(table),
            (table, Some(place)) => write!(f, "{table} in {place}"),
        }
    }
}

fn sign(change: &Change) -> char {
    match (change.effect(), change.kind()) {
        (Effect::Replaces, _) => '!',
        (Effect::Removes, _) => '-',
        (Effect::Sets, "create_table" | "create_index" | "create_replica") => '+',
        (Effect::Sets, _) => '~',
    }
}

/// The targets of the tables, each table in DynamoDB once.
pub(super) fn targets(client: &Client, tables: &[Table]) -> Result<Vec<Target>> {
    let mut targets: Vec<Target> = Vec::new();
    for table in tables {
        let target = client.target_of(MODEL, *table)?;
        // A table with the client's region and one without a region are in the same.
        let region = |of: &Target| of.sdk.config().region().cloned();
        let is_same = |of: &&Target| {
            of.table == target.table && of.place.host == target.place.host && region(of) == region(&target)
        };
        let Some(first) = targets.iter().find(is_same) else {
            targets.push(target);
            continue;
        };
        let Table { name, region, host, .. } = first.description;
        if first.description != (Table { name, region, host, ..target.description }) {
            let reason = format_args!("two descriptions of the table {} differ", target.table);
            return Err(Error::invalid("DescribeTable", reason));
        }
    }
    Ok(targets)
}

/// The plan of [`ensure`](super::ensure).
pub(super) async fn of_all(targets: Result<Vec<Target>>) -> Result<Plan> {
    Plan::of(targets?).await
}
