//! What follows from changes in the table: events of a project, and notifications of an issue's new assignee.
//!
//! A Lambda function on the table's stream, or another reader of it, calls [`follow`] for each record. Both items have
//! keys that are made of the record, so that a record that comes twice changes nothing.

use crate::models::{Event, Issue, Notification, Progress, TrackerItem, What, WhatCommented, WhatMoved, WhatOpened};
use dyntastic::chrono::{DateTime, Duration, Utc};
use dyntastic::prelude::*;
use dyntastic::streams::{Change, Record};
use dyntastic::ulid::Ulid;
use dyntastic::{Client, Result};

/// Writes what follows from one change.
///
/// # Errors
///
/// The record's item does not fit its model, or a write failed: the record is to be handled again.
pub async fn follow(db: &Client, record: Record) -> Result<()> {
    let source = Source { db, event_id: record.event_id().unwrap_or_default().to_owned() };
    match record.change::<TrackerItem>()? {
        Some(Change::Inserted(TrackerItem::Issue(issue))) => {
            let what = WhatOpened { title: issue.title.clone() };
            source.happened(issue.project_id, issue.number, issue.created_at, what).await?;
            source.notify(None, &issue).await
        }
        Some(Change::Modified { old: TrackerItem::Issue(old), new: TrackerItem::Issue(new) }) => {
            let [from, to] =
                [&old, &new].map(|issue| Progress { status: issue.status, assignee_id: issue.assignee_id });
            if from != to {
                source.happened(new.project_id, new.number, new.updated_at, WhatMoved { from, to }).await?;
            }
            source.notify(old.assignee_id, &new).await
        }
        Some(Change::Removed(TrackerItem::Issue(issue))) => {
            source.happened(issue.project_id, issue.number, issue.updated_at, What::Removed).await
        }
        Some(Change::Inserted(TrackerItem::Comment(comment))) => {
            let what = WhatCommented { comment_id: comment.comment_id };
            source.happened(comment.project_id, comment.number, comment.created_at, what).await
        }
        _ => Ok(()),
    }
}

/// The record that items are made of.
struct Source<'a> {
    db: &'a Client,
    event_id: String,
}

impl Source<'_> {
    async fn happened(&self, project: Ulid, number: u32, at: DateTime<Utc>, what: impl Into<What>) -> Result<()> {
        let event = Event::builder()
            .project_id(project)
            .number(number)
            .at(at)
            .event_id(&*self.event_id)
            .what(what.into())
            .ends_at(at + Duration::days(90))
            .build()?;
        event.save(self.db).await
    }

    /// Tells the assignee, if it is another one than before.
    async fn notify(&self, before: Option<Ulid>, issue: &Issue) -> Result<()> {
        let Some(user) = issue.assignee_id.filter(|assignee| Some(*assignee) != before) else { return Ok(()) };
        let notification = Notification::builder()
            .user_id(user)
            .at(issue.updated_at)
            .event_id(&*self.event_id)
            .project_id(issue.project_id)
            .number(issue.number)
            .title(&*issue.title)
            .build()?;
        // One that exists already may have been read since.
        notification.insert(self.db).if_matches().await?;
        Ok(())
    }
}
