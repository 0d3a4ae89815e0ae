//! Reads of several items: batches, transactions, and the pages of a book.

use super::{Session, json};
use crate::claim::{Claim, Report};
use crate::models::{Badge, Member, Note, Score};
use crate::names;
use dyntastic::ops::Page;
use dyntastic::prelude::*;

/// The maximum number of requests for a page that fails.
const TRIES: usize = 4;
/// More than the number of pages in a book.
const MOST_PAGES: usize = 400;

impl Session {
    pub(super) async fn batch_get(&self, notes: &[(u8, u8)]) -> Report {
        let since = self.world.changes();
        let keys: Vec<(String, u32)> =
            notes.iter().map(|(book, number)| (names::book(*book), u32::from(*number))).collect();
        match Note::batch_get(&self.db, keys.clone()).consistent_read().await {
            Ok(found) => Report::done(keys.iter().map(|(book, number)| {
                let item = found.iter().find(|note| note.book == *book && note.number == *number).map(json);
                Claim::Saw { place: names::note(book, *number), kind: None, item, since }
            })),
            Err(error) => Report::unread(&error),
        }
    }

    pub(super) async fn transact_get(&self, id: u8, game: u8, code: u8) -> Report {
        let since = self.world.changes();
        let keys =
            (Member::key(names::id(id)), Score::key((names::id(id), names::game(game))), Badge::key(names::code(code)));
        match self.db.transact_get(keys).await {
            Ok((member, score, badge)) => {
                let saw = |place, kind, item| Claim::Saw { place, kind: Some(kind), item, since };
                Report::done([
                    saw(names::member(id), "Member", member.map(|member| json(&member))),
                    saw(names::score(id, game), "Score", score.map(|score| json(&score))),
                    saw(names::badge(code), "Badge", badge.map(|badge| json(&badge))),
                ])
            }
            Err(error) => Report::unread(&error),
        }
    }

    pub(super) async fn walk(&self, book: u8, limit: u8) -> Report {
        let (book, limit, since) = (names::book(book), usize::from(limit), self.world.changes());
        let mut forwards: Vec<u32> = Vec::new();
        let mut page = match self.page(&book, limit, None).await {
            Ok(page) => page,
            Err(report) => return report,
        };
        for _ in 0..MOST_PAGES {
            forwards.extend(page.items.iter().map(|note| note.number));
            let Some(next) = page.next.take() else { break };
            page = match self.page(&book, limit, Some(next)).await {
                Ok(page) => page,
                Err(report) => return report,
            };
        }
        let mut backwards: Vec<u32> = page.items.iter().map(|note| note.number).collect();
        for _ in 0..MOST_PAGES {
            let Some(previous) = page.previous.take() else { break };
            page = match self.page(&book, limit, Some(previous)).await {
                Ok(page) => page,
                Err(report) => return report,
            };
            backwards.splice(0..0, page.items.iter().map(|note| note.number));
        }
        Report::done([Claim::Walked { book, forwards, backwards: Some(backwards), since }])
    }

    async fn page(&self, book: &str, limit: usize, cursor: Option<String>) -> Result<Page<Note>, Report> {
        let mut tries = 0;
        loop {
            let mut query = Note::query(&self.db, book).consistent_read().limit(limit);
            if let Some(cursor) = &cursor {
                query = query.cursor(cursor.as_str());
            }
            tries += 1;
            match query.page().await {
                Ok(page) => return Ok(page),
                Err(error) if tries == TRIES || !error.is_retryable() => return Err(Report::unread(&error)),
                Err(_) => {}
            }
        }
    }
}
