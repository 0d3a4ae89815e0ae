//! Performs operations with the generated models, and makes their reports.

mod batches;
mod bulk;
mod clubs;
mod deletes;
mod marks;
mod members;
pub mod migrations;
mod numbers;
mod others;
mod passes;
mod reads;
mod scores;
mod sketches;
mod tallies;

use crate::claim::{Claim, Report};
use crate::models::Numbers;
use crate::names::Place;
use crate::operation::{How, Operation};
use crate::world::World;
use dyntastic::ops::Sequence;
use dyntastic::{Client, Error, Result};
use serde::Serialize;
use serde_json::Value as Json;

/// Performs operations.
#[derive(Debug, Clone)]
pub struct Session {
    /// The client.
    pub db: Client,
    /// The run, to read the number of its changes.
    pub world: World,
    /// The handles of sequences.
    numbers: Vec<Sequence<Numbers, u64>>,
}

impl Session {
    /// The operations of a run with a client.
    pub fn new(db: Client, world: World) -> Self {
        let numbers = Self::handles(&db);
        Self { db, world, numbers }
    }

    /// Performs an operation.
    pub async fn perform(&self, operation: Operation) -> Report {
        match operation {
            Operation::PutMember { id, email, nick, seat, how } => self.put_member(id, (email, nick, seat), how).await,
            Operation::ResaveMember { id, email, nick, seat } => self.resave_member(id, (email, nick, seat)).await,
            Operation::UpdateMember { id, change, by } => self.update_member(id, change, by).await,
            Operation::DeleteMember { id, by } => self.delete_member(id, by).await,
            Operation::RekeyMember { from, to } => self.rekey_member(from, to).await,
            Operation::SwapEmails { one, other } => self.swap_emails(one, other).await,
            Operation::MoveToClub { id, email, club } => self.move_to_club(id, email, club).await,
            Operation::PutClubMember { id, email, how } => self.put_club_member(id, email, how).await,
            Operation::DeleteClubMember { id } => self.delete_club_member(id).await,
            Operation::UpdateClubMember { id, by } => self.update_club_member(id, by).await,
            Operation::LeaveClub { id, in_transaction } => self.leave_club(id, in_transaction).await,
            Operation::RejoinClub { id, in_transaction } => self.rejoin_club(id, in_transaction).await,
            Operation::PutPass { id, code, is_expired, how } => self.put_pass(id, code, is_expired, how).await,
            Operation::UpdatePass { id, is_expired, code, by } => self.update_pass(id, is_expired, code, by).await,
            Operation::DeletePass { id } => self.delete_pass(id).await,
            Operation::PutScore { id, game, how } => self.put_score(id, game, how).await,
            Operation::UpdateScore { id, game, turn, by } => self.update_score(id, game, turn, by).await,
            Operation::PutBadge { code, how } => self.put_badge(code, how).await,
            Operation::CountBadge { code } => self.count_badge(code).await,
            Operation::MarkBadge { code, marking, by, in_transaction } => {
                self.mark_badge(code, marking, by, in_transaction).await
            }
            Operation::SpanBadge { code, low, high, by, in_transaction } => {
                self.span_badge(code, (low, high), by, in_transaction).await
            }
            Operation::CountBadges { one, other, note } => self.count_badges(one, other, note).await,
            Operation::PutDraft { id, how } => self.put_draft(id, how).await,
            Operation::ResaveDraft { id, text } => self.resave_draft(id, text).await,
            Operation::UpdateDraft { id, by } => self.update_draft(id, by).await,
            Operation::DeleteDraft { id, by } => self.delete_draft(id, by).await,
            Operation::DeleteDrafts => self.delete_drafts().await,
            Operation::PutNote { book, number } => self.put_note(book, number).await,
            Operation::DeleteNote { book, number } => self.delete_note(book, number).await,
            Operation::DeleteBook { book } => self.delete_book(book).await,
            Operation::DeleteScores { id } => self.delete_scores(id).await,
            Operation::Batch { puts, deletes, scores } => self.batch(&puts, &deletes, &scores).await,
            Operation::BatchGet { notes } => self.batch_get(&notes).await,
            Operation::Writer { notes, invalid, is_stream, impatient } => {
                self.writer(notes, invalid, is_stream, impatient).await
            }
            Operation::Walk { book, limit } => self.walk(book, limit).await,
            Operation::ReadMember { id } => self.read_member(id).await,
            Operation::ReadDraft { id } => self.read_draft(id).await,
            Operation::ReadScore { id, game } => self.read_score(id, game).await,
            Operation::TransactGet { id, game, code } => self.transact_get(id, game, code).await,
            Operation::Index { game } => self.index(game).await,
            Operation::PutSketch { id, album, shape, how } => self.put_sketch(id, album, shape, how).await,
            Operation::UpdateSketch { id, stroke, by } => self.update_sketch(id, stroke, by).await,
            Operation::DeleteSketch { id } => self.delete_sketch(id).await,
            Operation::Search { album, shape, top, is_whole } => self.search(album, shape, top, is_whole).await,
            Operation::PutTally { id, how } => self.put_tally(id, how).await,
            Operation::ResaveTally { id, text, in_transaction } => self.resave_tally(id, text, in_transaction).await,
            Operation::CountTally { id, by, way } => self.count_tally(id, by, way).await,
            Operation::TakeNumbers { handle, count } => self.take_numbers(handle, count).await,
            Operation::SaveNumbers { id, is_new } => self.save_numbers(id, is_new).await,
            Operation::DeleteTally { id } => self.delete_tally(id).await,
            Operation::MisplaceTally { id } => self.misplace_tally(id).await,
            Operation::Promote { from, to } => self.promote(from, to).await,
            Operation::Rerank { from, to } => self.rerank(from, to).await,
            Operation::ClearBook { book, patience } => self.clear_book(book, patience).await,
            Operation::Migrate(what) => self.report_migration(what).await,
        }
    }

    /// The report of a put of a new item.
    fn put<M: Serialize>(
        &self,
        sent: Result<()>,
        how: How,
        place: Place,
        kind: &'static str,
        item: &M,
        since: usize,
    ) -> Report {
        match sent {
            Ok(()) => Report::done([Claim::Wrote(place, json(item))]),
            Err(error) => {
                let is_present = how != How::Replace || matches!(error, Error::CounterConflict { .. });
                let claims = refused(&error, place, kind, &json(item), since, is_present);
                Report::failed(&error, claims)
            }
        }
    }

    /// The report of a write of an item that was read.
    fn rewritten<M: Serialize>(
        &self,
        sent: Result<()>,
        place: Place,
        kind: &'static str,
        item: &M,
        since: usize,
    ) -> Report {
        match sent {
            Ok(()) => Report::done([Claim::Wrote(place, json(item))]),
            Err(error) => {
                let taken = taken(&error, place.table, kind, &json(item), since);
                let conflict = is_refusal(&error).then_some(Claim::Conflict { place, since });
                Report::failed(&error, taken.into_iter().chain(conflict))
            }
        }
    }
}

/// The claims of a put's error: that an item is stored or missing, or that another item has a unique value.
fn refused(error: &Error, place: Place, kind: &'static str, item: &Json, since: usize, is_present: bool) -> Vec<Claim> {
    let taken = taken(error, place.table, kind, item, since);
    let left = left(error, &place, since);
    let refused = is_refusal(error).then_some(Claim::Present { place, is_present, since });
    taken.into_iter().chain(left).chain(refused).collect()
}

/// The claim of an error that an item is deleted and stays, or that it is not.
fn left(error: &Error, place: &Place, since: usize) -> Option<Claim> {
    let is_left = match error {
        Error::Deleted { .. } => true,
        Error::NotDeleted { .. } => false,
        _ => return None,
    };
    Some(Claim::Left { place: place.clone(), is_left, since })
}

/// The claim of an error that another item has a unique value.
fn taken(error: &Error, table: &'static str, kind: &'static str, item: &Json, since: usize) -> Option<Claim> {
    let Error::NotUnique { field, .. } = error else { return None };
    let names = field.trim_matches(['(', ')']).split(", ");
    let values: Vec<_> = names.map(|name| (name, item.get(name).and_then(Json::as_str).map(str::to_owned))).collect();
    values.iter().any(|(_, value)| value.is_some()).then_some(Claim::Taken { table, kind, values, since })
}

/// Whether the error says that the stored item does not meet the write's condition.
fn is_refusal(error: &Error) -> bool {
    matches!(
        error,
        Error::ConditionFailed(_)
            | Error::AlreadyExists(_)
            | Error::VersionConflict { .. }
            | Error::CounterConflict { .. }
            | Error::StaleIndexKey { .. }
            | Error::NotFound { .. }
    )
}

/// A model as JSON.
fn json<M: Serialize>(item: &M) -> Json {
    serde_json::to_value(item).unwrap_or_default()
}
