//! Operations on passes, which have a unique field and a time to live.

use super::{Session, json, refused, taken};
use crate::claim::{Claim, Report};
use crate::models::Pass;
use crate::names;
use crate::operation::{By, How};
use dyntastic::UpdateExpression;
use dyntastic::chrono::{DateTime, Utc};
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;

const KIND: &str = "Pass";

/// A time long ago or far in the future, because the time of a run differs from the machine's.
fn ends(is_expired: bool) -> DateTime<Utc> {
    DateTime::from_timestamp(if is_expired { 1_000_000_000 } else { 4_000_000_000 }, 0).unwrap_or_default()
}

impl Session {
    pub(super) async fn put_pass(&self, id: u8, code: u8, is_expired: bool, how: How) -> Report {
        let pass = Pass::builder().id(names::id(id)).code(names::email(code)).ends_at(ends(is_expired)).build();
        let Ok(pass) = pass else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => pass.save(&self.db).await,
            How::Insert => pass.insert(&self.db).await,
            How::Replace => pass.replace(&self.db).await,
        };
        self.put(sent, how, names::pass(id), KIND, &pass, since)
    }

    pub(super) async fn delete_pass(&self, id: u8) -> Report {
        match Pass::delete_by_key(&self.db, names::id(id)).await {
            Ok(_) => Report::done([Claim::Deleted(names::pass(id))]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn update_pass(&self, id: u8, is_expired: bool, code: Option<u8>, by: By) -> Report {
        let update = || -> UpdateExpression<Pass> {
            let ends = Pass::A.ends_at.set(ends(is_expired));
            match code {
                Some(code) => (ends, Pass::A.code.set(names::email(code))).into_update(),
                None => ends.into_update(),
            }
        };
        let (place, since) = (names::pass(id), self.world.changes());
        let saw =
            |place: names::Place, pass: &Pass| Claim::Saw { place, kind: Some(KIND), item: Some(json(pass)), since };
        if by == By::Instance {
            let mut pass = match Pass::find(&self.db, names::id(id)).consistent_read().await {
                Ok(Some(pass)) => pass,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            };
            let value = serde_json::json!({ "code": code.map_or_else(|| pass.code.clone(), names::email) });
            return match pass.update(&self.db, update()).await {
                Ok(()) => Report::done([Claim::Changed(place.clone()), saw(place, &pass)]),
                Err(error) => {
                    // Without a code, the value is the stored one, which another writer may have changed.
                    let taken = taken(&error, "club", KIND, &value, since).filter(|_| code.is_some());
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    Report::failed(&error, conflict.into_iter().chain(taken))
                }
            };
        }
        let value = code.map_or(serde_json::Value::Null, |code| serde_json::json!({ "code": names::email(code) }));
        match Pass::update_by_key(&self.db, names::id(id), update()).await {
            Ok(pass) => Report::done([Claim::Changed(place.clone()), saw(place, &pass)]),
            Err(error) => {
                let claims = refused(&error, place, KIND, &value, since, false);
                Report::failed(&error, claims)
            }
        }
    }
}
