//! Batches of writes, and the batch writer.

use super::{Session, json};
use crate::claim::{Claim, Report, Status, word};
use crate::models::{Note, Score};
use crate::names;
use crate::own_types::as_stored;
use dyntastic::{Error, Result};
use futures_util::Stream;
use std::collections::BTreeMap;
use std::time::Duration;

/// The maximum number of times that unprocessed writes of a batch are sent again.
const ROUNDS: usize = 3;
/// The time that an impatient caller waits for a put.
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
            claims.insert(place.clone(), Claim::Wrote(place, json(&as_stored(&note))));
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

    /// Sends unprocessed writes again, and makes the report.
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
        let valid = |note: &Note| invalid.map(u32::from) != Some(note.number);
        let mut accepted: Vec<Claim> = Vec::new();
        if is_stream {
            // After an error or a drop, the stream can be continued: the writer has written the notes that it took, or
            // has them pending.
            accepted.extend(items.iter().filter(|note| valid(note)).map(wrote));
            let mut stream = futures_util::stream::iter(items);
            for patience in [Some(PATIENCE), Some(PATIENCE), None, None, None, None] {
                let sent = writer.put_stream(&mut stream);
                let sent = match patience.filter(|_| impatient) {
                    Some(patience) => tokio::time::timeout(patience, sent).await.ok(),
                    None => Some(sent.await),
                };
                if let Some(Ok(())) = sent {
                    break;
                }
            }
            if stream.size_hint().0 > 0 {
                return Report { status: Status::Unknown("the stream did not end".to_owned()), claims: Vec::new() };
            }
        } else {
            for note in &items {
                let put = writer.put(note);
                let sent = match impatient {
                    false => put.await,
                    true => match tokio::time::timeout(PATIENCE, put).await {
                        Ok(sent) => sent,
                        // The put was dropped: whether the writer accepted this note is unknown.
                        Err(_) => continue,
                    },
                };
                if matches!(sent, Ok(()) | Err(Error::UnfinishedFlush(_))) {
                    accepted.push(wrote(note));
                }
            }
        }
        let mut flushed = writer.flush().await;
        for _ in 0..ROUNDS {
            if flushed.is_err() {
                flushed = writer.flush().await;
            }
        }
        match flushed {
            Ok(()) => Report::done(accepted),
            Err(error) => Report { status: Status::Unknown(word(&error)), claims: Vec::new() },
        }
    }
}

fn wrote(note: &Note) -> Claim {
    Claim::Wrote(names::note(&note.book, note.number), json(&as_stored(note)))
}
