//! Operations on scores and badges, which share the members' table and have counts.

use super::{Session, json, refused};
use crate::claim::{Claim, Report};
use crate::models::{Badge, Note, Score, ScorePatch};
use crate::names;
use crate::operation::{By, How, Turn};
use crate::own_types::as_stored;
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;

const SCORE: &str = "Score";
const BADGE: &str = "Badge";

fn state(is_played: bool) -> String {
    if is_played { "played" } else { "over" }.to_owned()
}

impl Session {
    pub(super) async fn put_score(&self, id: u8, game: u8, how: How) -> Report {
        let score = Score::builder().id(names::id(id)).game(names::game(game)).build();
        let Ok(score) = score else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => score.save(&self.db).await,
            How::Insert => score.insert(&self.db).await,
            How::Replace => score.replace(&self.db).await,
        };
        self.put(sent, how, names::score(id, game), SCORE, &score, since)
    }

    pub(super) async fn update_score(&self, id: u8, game: u8, turn: Turn, by: By) -> Report {
        let update = || match turn {
            Turn::Points => Score::A.points.add(1),
            Turn::Level(level) => Score::A.level.set(u32::from(level)),
            Turn::Rank(rank) => Score::A.rank.set(names::rank(rank)),
            Turn::State(is_played) => Score::A.state.set(state(is_played)),
            Turn::Life => Score::A.lives.set(Score::A.lives - 2),
        };
        let (place, since) = (names::score(id, game), self.world.changes());
        let key = (names::id(id), names::game(game));
        let saw = |place: names::Place, score: &Score| Claim::Saw {
            place,
            kind: Some(SCORE),
            item: Some(json(score)),
            since,
        };
        if by == By::Instance {
            let mut score = match Score::find(&self.db, key).consistent_read().await {
                Ok(Some(score)) => score,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            };
            // A change to a given value is the difference between the read struct and a changed one.
            let changed = match turn {
                Turn::Points | Turn::Life => None,
                Turn::Level(level) => Some(Score { level: u32::from(level), ..score.clone() }),
                Turn::Rank(rank) => Some(Score { rank: names::rank(rank), ..score.clone() }),
                Turn::State(is_played) => Some(Score { state: state(is_played), ..score.clone() }),
            };
            let patch = changed.map(|changed| score.changes_to(&changed));
            if patch.as_ref().is_some_and(ScorePatch::is_empty) {
                return Report::done([saw(place, &score)]);
            }
            let update = patch.map_or_else(update, IntoUpdate::into_update);
            return match score.update(&self.db, update).await {
                Ok(()) => Report::done([Claim::Changed(place.clone()), saw(place, &score)]),
                Err(error) => {
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    Report::failed(&error, conflict)
                }
            };
        }
        let request = Score::update_by_key(&self.db, key, update());
        let updated = if by == By::Upsert { request.upsert().await } else { request.await };
        match updated {
            Ok(score) => Report::done([Claim::Changed(place.clone()), saw(place, &score)]),
            Err(error) => {
                let claims = refused(&error, place, SCORE, &serde_json::Value::Null, since, false);
                Report::failed(&error, claims)
            }
        }
    }

    pub(super) async fn put_badge(&self, code: u8, how: How) -> Report {
        let Ok(badge) = Badge::builder().code(names::code(code)).build() else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => badge.save(&self.db).await,
            How::Insert => badge.insert(&self.db).await,
            How::Replace => badge.replace(&self.db).await,
        };
        self.put(sent, how, names::badge(code), BADGE, &badge, since)
    }

    pub(super) async fn count_badge(&self, code: u8) -> Report {
        let (place, since) = (names::badge(code), self.world.changes());
        match Badge::update_by_key(&self.db, names::code(code), Badge::A.points.add(1)).upsert().await {
            Ok(badge) => Report::done([
                Claim::Changed(place.clone()),
                Claim::Saw { place, kind: Some(BADGE), item: Some(json(&badge)), since },
            ]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn count_badges(&self, one: u8, other: u8, note: Option<(u8, u8)>) -> Report {
        let mut transaction = self.db.transaction();
        let mut claims = Vec::new();
        let mut codes = vec![one, other];
        codes.dedup();
        for code in codes {
            transaction = transaction.upsert::<Badge>(names::code(code), Badge::A.points.add(1));
            claims.push(Claim::Changed(names::badge(code)));
        }
        if let Some((book, number)) = note {
            let note = Note::builder().book(names::book(book)).number(u32::from(number)).text("counted").build();
            let Ok(note) = note else { return Report::nothing() };
            transaction = transaction.put(&note);
            claims.push(Claim::Wrote(names::note(&note.book, note.number), json(&as_stored(&note))));
        }
        match transaction.await {
            Ok(()) => Report::done(claims),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn read_score(&self, id: u8, game: u8) -> Report {
        let since = self.world.changes();
        match Score::find(&self.db, (names::id(id), names::game(game))).consistent_read().await {
            Ok(found) => Report::done([Claim::Saw {
                place: names::score(id, game),
                kind: Some(SCORE),
                item: found.map(|score| json(&score)),
                since,
            }]),
            Err(error) => Report::unread(&error),
        }
    }

    pub(super) async fn index(&self, game: u8) -> Report {
        let since = self.world.changes();
        match Score::query_gsi1(&self.db, names::game(game)).all().await {
            Ok(scores) => Report::done(scores.iter().map(|score| {
                let id = score.id.trim_start_matches('i').parse().unwrap_or_default();
                Claim::Saw { place: names::score(id, game), kind: Some(SCORE), item: Some(json(score)), since }
            })),
            Err(error) => Report::unread(&error),
        }
    }
}
