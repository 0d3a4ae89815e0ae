//! Operations on members of the club that leave, and come back.

use super::{Session, refused};
use crate::claim::{Claim, Report};
use crate::models::ClubMember;
use crate::names;
use crate::operation::By;
use dyntastic::Result;
use dyntastic::prelude::*;
use serde_json::Value as Json;

impl Session {
    pub(super) async fn update_club_member(&self, id: u8, by: By) -> Report {
        let (text, since) = (ClubMember::A.text.set("updated"), self.world.changes());
        let sent = match by {
            By::Instance => match ClubMember::find(&self.db, names::id(id)).with_deleted().consistent_read().await {
                Ok(Some(mut member)) => member.update(&self.db, text).await,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            },
            By::Key => ClubMember::update_by_key(&self.db, names::id(id), text).await.map(drop),
            // It would need an email, which another item may have.
            By::Upsert => self.db.transaction().update::<ClubMember>(names::id(id), text).await,
        };
        self.of_club(sent, id, since)
    }

    pub(super) async fn leave_club(&self, id: u8, in_transaction: bool) -> Report {
        let since = self.world.changes();
        let sent = match in_transaction {
            true => self.db.transaction().soft_delete::<ClubMember>(names::id(id)).await,
            false => ClubMember::soft_delete_by_key(&self.db, names::id(id)).await.map(drop),
        };
        self.of_club(sent, id, since)
    }

    pub(super) async fn rejoin_club(&self, id: u8, in_transaction: bool) -> Report {
        let since = self.world.changes();
        let sent = match in_transaction {
            true => self.db.transaction().restore::<ClubMember>(names::id(id)).await,
            false => ClubMember::restore(&self.db, names::id(id)).await.map(drop),
        };
        self.of_club(sent, id, since)
    }

    fn of_club(&self, sent: Result<()>, id: u8, since: usize) -> Report {
        let place = names::club_member(id);
        match sent {
            Ok(()) => Report::done([Claim::Changed(place)]),
            Err(error) => Report::failed(&error, refused(&error, place, "Member", &Json::Null, since, false)),
        }
    }
}
