//! Batches of writes, and the writer of many.

use super::{Session, json};
use crate::claim::{Claim, Report, word};
use crate::models::{Note, Score};
use crate::names;
use dyntastic::{Error, Result};
use std::collections::BTreeMap;
use std::time::Duration;

/// How often what a batch has left is sent again.
const ROUNDS: usize = 3;
/// How long an impatient caller waits for a put.
const PATIENCE: Duration = Duration::from_millis(40);

impl Session {
    pub(super) async fn batch(&self, puts: &[(u8, u8)], deletes: &[(u8, u8)], scores: &[(u8, u8)]) -> Report {
        let mut batch = self.db.batch_write();
        let mut claims = BTreeMap::new();
        for (index, (book, number)) in puts.iter().enumerate() {
            let note = Note::builder().book(names::book(*book)).number(u32::from(*number));
            let Ok(note) = note.text("batch").length(i64::try_from(index).unwrap_or_default()).build() else {
                continue;
            };
            batch = batch.put(&note);
            let place = names::note(&note.book, note.number);
            claims.insert(place.clone(), Claim::Wrote(place, json(&note)));
        }
        for (book, number) in deletes {
            let (book, number) = (names::book(*book), u32::from(*number));
            let place = names::note(&book, number);
            batch = batch.delete::<Note>((book, number));
            claims.insert(place.clone(), Claim::Deleted(place));
        }
        for (id, game) in scores {
            let Ok(score) = Score::builder().id(names::id(*id)).game(names::game(*game)).build() else { continue };
            batch = batch.put(&score);
            let place = names::score(*id, *game);
            claims.insert(place.clone(), Claim::Wrote(place, json(&score)));
        }
        let claims: Vec<Claim> = claims.into_values().collect();
        self.finish(batch.chunk_size(3).await, claims).await
    }

    /// Sends what is left, and says what was written.
    async fn finish(&self, sent: Result<()>, claims: Vec<Claim>) -> Report {
        let mut sent = sent;
        for _ in 0..ROUNDS {
            match sent {
                Ok(()) => return Report::done(claims),
                Err(Error::UnfinishedBatch(left)) => sent = left.into_batch(&self.db).await,
                Err(error) => return Report::failed(&error, []),
            }
        }
        match sent {
            Ok(()) => Report::done(claims),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn writer(&self, notes: u8, invalid: Option<u8>, is_stream: bool, impatient: bool) -> Report {
        let book = format!("w{}", self.world.changes());
        let mut writer = self.db.batch_writer();
        let mut items = Vec::new();
        for number in 0..notes {
            let Ok(mut note) = Note::builder().book(book.as_str()).number(u32::from(number)).build() else { continue };
            if invalid == Some(number) {
                note.text = "longer than it may be".to_owned();
            }
            items.push(note);
        }
        let mut accepted = Vec::new();
        let mut left: Result<()> = Ok(());
        if is_stream {
            // What the stream gives before the invalid item is accepted.
            let valid = invalid.map_or(items.len(), usize::from);
            accepted.extend(items.iter().take(valid).map(wrote));
            let sent = writer.put_stream(futures_util::stream::iter(items)).await;
            left = self.again(sent).await;
        } else {
            for note in &items {
                let put = writer.put(note);
                let sent = match impatient {
                    false => put.await,
                    true => match tokio::time::timeout(PATIENCE, put).await {
                        Ok(sent) => sent,
                        // Given up: whether this one was accepted is not known, those before are.
                        Err(_) => continue,
                    },
                };
                match &sent {
                    Err(Error::Invalid(_)) => continue,
                    _ => accepted.push(wrote(note)),
                }
                if let Err(error) = self.again(sent).await {
                    left = Err(error);
                }
            }
        }
        let mut flushed = writer.flush().await;
        for _ in 0..ROUNDS {
            flushed = match self.again(flushed).await {
                Ok(()) => writer.flush().await,
                Err(error) => Err(error),
            };
        }
        match (left, flushed) {
            (Ok(()), Ok(())) => Report::done(accepted),
            (Err(error), _) | (_, Err(error)) => {
                Report { status: crate::claim::Status::Unknown(word(&error)), claims: Vec::new() }
            }
        }
    }

    /// Sends again what an error says is left; an invalid item is no error of those before it.
    async fn again(&self, sent: Result<()>) -> Result<()> {
        let mut sent = sent;
        for _ in 0..ROUNDS {
            sent = match sent {
                Err(Error::UnfinishedBatch(left)) => left.into_batch(&self.db).await,
                Err(Error::Invalid(_)) => Ok(()),
                other => return other,
            };
        }
        sent
    }
}

fn wrote(note: &Note) -> Claim {
    Claim::Wrote(names::note(&note.book, note.number), json(note))
}
