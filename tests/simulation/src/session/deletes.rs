//! Deletes of many items: of a table, and of a hash key.

use super::Session;
use crate::claim::{Claim, Report};
use crate::models::{Draft, Note, Score};
use crate::names;
use dyntastic::Result;
use dyntastic::prelude::*;

impl Session {
    pub(super) async fn delete_drafts(&self) -> Report {
        let since = self.world.changes();
        deleted(Draft::delete_table(&self.db).await, Claim::Emptied { table: "drafts", hash: None, kind: None, since })
    }

    pub(super) async fn delete_book(&self, book: u8) -> Report {
        let (hash, since) = (Some(names::note(&names::book(book), 0).key.hash), self.world.changes());
        let sent = Note::delete_partition(&self.db, names::book(book)).await;
        deleted(sent, Claim::Emptied { table: "notes", hash, kind: None, since })
    }

    pub(super) async fn delete_scores(&self, id: u8) -> Report {
        let (hash, since) = (Some(names::member(id).key.hash), self.world.changes());
        let sent = Score::delete_partition(&self.db, names::id(id)).await;
        deleted(sent, Claim::Emptied { table: "shop", hash, kind: Some("Score"), since })
    }
}

fn deleted<T>(sent: Result<T>, claim: Claim) -> Report {
    match sent {
        Ok(_) => Report::done([claim]),
        Err(error) => Report::unknown(&error),
    }
}
