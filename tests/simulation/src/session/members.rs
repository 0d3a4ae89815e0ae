//! Operations on the members of two tables, which have unique fields.

use super::{Session, json, refused, taken};
use crate::claim::{Claim, Report};
use crate::models::{ClubMember, Member};
use crate::names;
use crate::operation::{By, Change, How};
use dyntastic::prelude::*;

const KIND: &str = "Member";

/// The email, the nick and the seat.
type Unique = (u8, Option<u8>, Option<u8>);

impl Session {
    pub(super) async fn put_member(&self, id: u8, (email, nick, seat): Unique, how: How) -> Report {
        let member = Member::builder().id(names::id(id)).email(names::email(email)).nick(nick.map(names::nick));
        let member = member.seat(seat.map(names::seat));
        let mut member = match member.build() {
            Ok(member) => member,
            Err(_) => return Report::nothing(),
        };
        let since = self.world.changes();
        let sent = match how {
            How::Save => member.save(&self.db).await,
            How::Insert => member.insert(&self.db).await,
            How::Replace => member.replace(&self.db).await,
        };
        match sent {
            // A replace by a new item, which has no version, also fails if a stored item has a version.
            Err(error) if how == How::Replace => {
                Report::failed(&error, taken(&error, "shop", KIND, &json(&member), since))
            }
            sent => self.put(sent, how, names::member(id), KIND, &member, since),
        }
    }

    pub(super) async fn resave_member(&self, id: u8, (email, nick, seat): Unique) -> Report {
        let since = self.world.changes();
        let mut member = match Member::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(member)) => member,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        member.email = names::email(email);
        member.nick = nick.map(names::nick);
        member.seat = seat.map(names::seat);
        let sent = member.save(&self.db).await;
        self.rewritten(sent, names::member(id), KIND, &member, since)
    }

    pub(super) async fn update_member(&self, id: u8, change: Change, by: By) -> Report {
        let update = || match change {
            Change::Email(value) => Member::A.email.set(names::email(value)),
            Change::Nick(Some(value)) => Member::A.nick.set(names::nick(value)),
            Change::Nick(None) => Member::A.nick.remove(),
            Change::Tier(value) => Member::A.tier.set(names::tier(value)),
            Change::Seat(Some(value)) => Member::A.seat.set(names::seat(value)),
            Change::Seat(None) => Member::A.seat.remove(),
            Change::Visits => Member::A.visits.add(1),
        };
        let (place, since) = (names::member(id), self.world.changes());
        let value = match change {
            Change::Email(value) => serde_json::json!({ "email": names::email(value) }),
            Change::Nick(Some(value)) => serde_json::json!({ "nick": names::nick(value) }),
            Change::Tier(value) => serde_json::json!({ "tier": names::tier(value) }),
            Change::Seat(Some(value)) => serde_json::json!({ "seat": names::seat(value) }),
            _ => serde_json::Value::Null,
        };
        if by == By::Instance {
            let mut member = match Member::find(&self.db, names::id(id)).consistent_read().await {
                Ok(Some(member)) => member,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            };
            return match member.update(&self.db, update()).await {
                Ok(()) => Report::done([Claim::Changed(place.clone()), saw(place, &member, since)]),
                Err(error) => {
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    let taken = taken(&error, "shop", KIND, &value, since);
                    Report::failed(&error, conflict.into_iter().chain(taken))
                }
            };
        }
        let request = Member::update_by_key(&self.db, names::id(id), update());
        let updated = if by == By::Upsert { request.upsert().await } else { request.await };
        match updated {
            Ok(member) => Report::done([Claim::Changed(place.clone()), saw(place, &member, since)]),
            Err(error) => {
                let claims = refused(&error, place, KIND, &value, since, false);
                Report::failed(&error, claims)
            }
        }
    }

    pub(super) async fn delete_member(&self, id: u8, by: By) -> Report {
        let (place, since) = (names::member(id), self.world.changes());
        if by != By::Instance {
            return match Member::delete_by_key(&self.db, names::id(id)).await {
                Ok(_) => Report::done([Claim::Deleted(place)]),
                Err(error) => Report::failed(&error, []),
            };
        }
        match Member::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(member)) => match member.delete(&self.db).await {
                Ok(_) => Report::done([Claim::Deleted(place)]),
                Err(error) => {
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    Report::failed(&error, conflict)
                }
            },
            Ok(None) => Report::nothing(),
            Err(error) => Report::unread(&error),
        }
    }

    pub(super) async fn rekey_member(&self, from: u8, to: u8) -> Report {
        if from == to {
            return Report::nothing();
        }
        let mut member = match Member::find(&self.db, names::id(from)).consistent_read().await {
            Ok(Some(member)) => member,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        member.id = names::id(to);
        match Member::rekey(&self.db, names::id(from), &mut member).await {
            Ok(()) => {
                Report::done([Claim::Moved { from: names::member(from), to: names::member(to), item: json(&member) }])
            }
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn swap_emails(&self, one: u8, other: u8) -> Report {
        if one == other {
            return Report::nothing();
        }
        let mut members = Vec::new();
        for id in [one, other] {
            match Member::find(&self.db, names::id(id)).consistent_read().await {
                Ok(Some(member)) => members.push(member),
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            }
        }
        let transaction = self
            .db
            .transaction()
            .update_item(&members[0], Member::A.email.set(members[1].email.clone()))
            .update_item(&members[1], Member::A.email.set(members[0].email.clone()));
        match transaction.await {
            Ok(()) => Report::done([one, other].map(|id| Claim::Changed(names::member(id)))),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn move_to_club(&self, id: u8, email: u8, club: u8) -> Report {
        let member = match Member::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(member)) => member,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        let moved = ClubMember::builder().id(names::id(club)).email(member.email.clone()).build();
        let Ok(moved) = moved else { return Report::nothing() };
        let transaction =
            self.db.transaction().update_item(&member, Member::A.email.set(names::email(email))).put(&moved);
        match transaction.await {
            Ok(()) => {
                Report::done([Claim::Changed(names::member(id)), Claim::Wrote(names::club_member(club), json(&moved))])
            }
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn put_club_member(&self, id: u8, email: u8, how: How) -> Report {
        let member = ClubMember::builder().id(names::id(id)).email(names::email(email)).build();
        let Ok(member) = member else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => member.save(&self.db).await,
            How::Insert => member.insert(&self.db).await,
            How::Replace => member.replace(&self.db).await,
        };
        self.put(sent, how, names::club_member(id), KIND, &member, since)
    }

    pub(super) async fn delete_club_member(&self, id: u8) -> Report {
        match ClubMember::delete_by_key(&self.db, names::id(id)).await {
            Ok(_) => Report::done([Claim::Deleted(names::club_member(id))]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn read_member(&self, id: u8) -> Report {
        let since = self.world.changes();
        match Member::find(&self.db, names::id(id)).consistent_read().await {
            Ok(found) => Report::done([Claim::Saw {
                place: names::member(id),
                kind: Some(KIND),
                item: found.map(|member| json(&member)),
                since,
            }]),
            Err(error) => Report::unread(&error),
        }
    }
}

fn saw(place: crate::names::Place, member: &Member, since: usize) -> Claim {
    Claim::Saw { place, kind: Some(KIND), item: Some(json(member)), since }
}
