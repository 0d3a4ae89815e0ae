//! Operations on tallies, which increments count while whole items are written.

use super::{Session, json, refused};
use crate::claim::{Claim, Report};
use crate::models::{Shelf, Tally};
use crate::names;
use crate::operation::{How, Tallying};
use dyntastic::Error;
use dyntastic::model::ContextClient;
use dyntastic::prelude::*;
use serde_json::{Value as Json, json};

impl Session {
    /// The client of a tally's shelf.
    fn of_shelf(&self, id: u8) -> ContextClient<Shelf> {
        self.db.with(Shelf::new(names::shelf(id)))
    }

    pub(super) async fn put_tally(&self, id: u8, how: How) -> Report {
        let db = self.of_shelf(id);
        let Ok(tally) = Tally::builder(&db).id(names::tally_id(id)).build() else {
            return Report::nothing();
        };
        let since = self.world.changes();
        let sent = match how {
            How::Save => tally.save(&db).await,
            How::Insert => tally.insert(&db).await,
            How::Replace => tally.replace(&db).await,
        };
        self.put(sent, how, names::tally(id), "", &tally, since)
    }

    pub(super) async fn resave_tally(&self, id: u8, text: u8, in_transaction: bool) -> Report {
        let db = self.of_shelf(id);
        let since = self.world.changes();
        let mut tally = match Tally::find(&db, names::tally_id(id)).consistent_read().await {
            Ok(Some(tally)) => tally,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        tally.text = format!("text {text}");
        if in_transaction {
            // A transaction writes an item to its own shelf, whichever client begins it.
            return match self.of_shelf(id + text).transaction().put(&tally).await {
                Ok(()) => Report::done([Claim::Wrote(names::tally(id), json(&tally))]),
                Err(error) => Report::failed(&error, []),
            };
        }
        let sent = tally.save(&db).await;
        self.rewritten(sent, names::tally(id), "", &tally, since)
    }

    pub(super) async fn count_tally(&self, id: u8, by: u8, way: Tallying) -> Report {
        let db = self.of_shelf(id);
        let (place, since) = (names::tally(id), self.world.changes());
        let by = i128::from(by);
        let counted = match way {
            Tallying::Key => Tally::increment_hits(&db, names::tally_id(id), by).await,
            Tallying::Upsert => Tally::increment_hits(&db, names::tally_id(id), by).upsert().await,
            Tallying::Transaction => {
                let count = Tally::A.hits.increment(by);
                return match db.transaction().upsert::<Tally>(db.key::<Tally>(names::tally_id(id)), count).await {
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
        let db = self.of_shelf(id);
        match Tally::delete_by_key(&db, names::tally_id(id)).await {
            Ok(_) => Report::done([Claim::Deleted(names::tally(id))]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn misplace_tally(&self, id: u8) -> Report {
        let tally = match Tally::find(&self.of_shelf(id), names::tally_id(id)).consistent_read().await {
            Ok(Some(tally)) => tally,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        match tally.save(&self.of_shelf(id + 1)).await {
            Ok(()) | Err(Error::OtherContext { .. }) => Report::done([]),
            Err(error) => Report::failed(&error, []),
        }
    }
}
