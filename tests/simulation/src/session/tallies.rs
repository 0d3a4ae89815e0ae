//! Operations on tallies, which increments count while whole items are written.

use super::{Session, json, refused};
use crate::claim::{Claim, Report};
use crate::models::Tally;
use crate::names;
use crate::operation::{How, Tallying};
use dyntastic::prelude::*;
use serde_json::{Value as Json, json};

impl Session {
    pub(super) async fn put_tally(&self, id: u8, how: How) -> Report {
        let Ok(tally) = Tally::builder().id(names::id(id)).build() else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => tally.save(&self.db).await,
            How::Insert => tally.insert(&self.db).await,
            How::Replace => tally.replace(&self.db).await,
        };
        self.put(sent, how, names::tally(id), "", &tally, since)
    }

    pub(super) async fn resave_tally(&self, id: u8, text: u8, in_transaction: bool) -> Report {
        let since = self.world.changes();
        let mut tally = match Tally::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(tally)) => tally,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        tally.text = format!("text {text}");
        if in_transaction {
            return match self.db.transaction().put(&tally).await {
                Ok(()) => Report::done([Claim::Wrote(names::tally(id), json(&tally))]),
                Err(error) => Report::failed(&error, []),
            };
        }
        let sent = tally.save(&self.db).await;
        self.rewritten(sent, names::tally(id), "", &tally, since)
    }

    pub(super) async fn count_tally(&self, id: u8, by: u8, way: Tallying) -> Report {
        let (place, since) = (names::tally(id), self.world.changes());
        let by = i128::from(by);
        let counted = match way {
            Tallying::Key => Tally::increment_hits(&self.db, names::id(id), by).await,
            Tallying::Upsert => Tally::increment_hits(&self.db, names::id(id), by).upsert().await,
            Tallying::Transaction => {
                let count = Tally::A.hits.increment(by);
                return match self.db.transaction().upsert::<Tally>(names::id(id), count).await {
                    Ok(()) => Report::done([Claim::Changed(place)]),
                    Err(error) => Report::failed(&error, []),
                };
            }
        };
        match counted {
            Ok(hits) => Report::done([Claim::Wrote(place, json!({ "hits": hits }))]),
            Err(error) => {
                let claims = refused(&error, place, "", &Json::Null, since, false);
                Report::failed(&error, claims)
            }
        }
    }

    pub(super) async fn delete_tally(&self, id: u8) -> Report {
        match Tally::delete_by_key(&self.db, names::id(id)).await {
            Ok(_) => Report::done([Claim::Deleted(names::tally(id))]),
            Err(error) => Report::failed(&error, []),
        }
    }
}
