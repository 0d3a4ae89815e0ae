//! Migrations: several tasks are workers of one.

use super::Session;
use crate::claim::Report;
use crate::models::{Badge, Member, Note, Pass, Score};
use crate::operation::Migrated;
use dyntastic::Error;
use dyntastic::ops::Migration;
use dyntastic::prelude::*;
use std::time::Duration;

/// The beginning of the codes of moved badges, and of changed passes.
pub const MOVED: &str = "moved-";

/// The code after a migration.
pub fn moved(code: &str) -> String {
    if code.starts_with(MOVED) { code.to_owned() } else { format!("{MOVED}{code}") }
}

impl Session {
    /// Works on a migration until it is finished. Items that it leaves as they are, are no error.
    pub async fn migrate(&self, what: Migrated) -> dyntastic::Result<()> {
        let done = match what {
            Migrated::Scores => self.migration::<Score>("scores").await,
            Migrated::Members => self.migration::<Member>("members").await,
            Migrated::Notes => self.migration::<Note>("notes").progress_table("migrations").await,
            Migrated::Badges => self.migration::<Badge>("badges").change(|badge| badge.code = moved(&badge.code)).await,
            Migrated::Passes => self.migration::<Pass>("passes").change(|pass| pass.code = moved(&pass.code)).await,
        };
        match done {
            Ok(_) | Err(Error::Unmigrated(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn migration<M: Model>(&self, name: &str) -> Migration<M> {
        dyntastic::migrate::<M>(&self.db, name).segments(3).workers(2).lease(Duration::from_secs(5))
    }

    pub(super) async fn report_migration(&self, what: Migrated) -> Report {
        match self.migrate(what).await {
            Ok(()) => Report::done([]),
            Err(error) => Report::unknown(&error),
        }
    }
}
