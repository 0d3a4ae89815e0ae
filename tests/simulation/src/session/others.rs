//! Operations on drafts and notes, which have their own tables. The first write creates them.

use super::{Session, json, refused};
use crate::claim::{Claim, Report};
use crate::models::{Draft, Note};
use crate::names;
use crate::operation::{By, How};
use crate::own_types::as_stored;
use dyntastic::prelude::*;

impl Session {
    pub(super) async fn put_draft(&self, id: u8, how: How) -> Report {
        let Ok(mut draft) = Draft::builder().id(names::id(id)).text("new").build() else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => draft.save(&self.db).await,
            How::Insert => draft.insert(&self.db).await,
            How::Replace => draft.replace(&self.db).await,
        };
        match sent {
            // A replace by a new item, which has no version, also fails if a stored item has a version.
            Err(error) if how == How::Replace => Report::failed(&error, []),
            sent => self.put(sent, how, names::draft(id), "", &draft, since),
        }
    }

    pub(super) async fn resave_draft(&self, id: u8, text: Option<u8>) -> Report {
        let since = self.world.changes();
        let mut draft = match Draft::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(draft)) => draft,
            Ok(None) => return Report::nothing(),
            Err(error) => return Report::unread(&error),
        };
        draft.text = match text {
            Some(text) => format!("equal {text}"),
            None => format!("text {}", fastrand::u32(..)),
        };
        let sent = draft.save(&self.db).await;
        self.rewritten(sent, names::draft(id), "", &draft, since)
    }

    pub(super) async fn update_draft(&self, id: u8, by: By) -> Report {
        let (place, since) = (names::draft(id), self.world.changes());
        let saw = |place: names::Place, draft: &Draft| Claim::Saw { place, kind: None, item: Some(json(draft)), since };
        if by == By::Instance {
            let mut draft = match Draft::find(&self.db, names::id(id)).consistent_read().await {
                Ok(Some(draft)) => draft,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            };
            // The version says that the text is still this one.
            let has_text = Draft::A.text.eq(draft.text.clone());
            return match draft.update(&self.db, Draft::A.points.add(1)).condition(has_text).await {
                Ok(()) => Report::done([Claim::Changed(place.clone()), saw(place, &draft)]),
                Err(error) => {
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    Report::failed(&error, conflict)
                }
            };
        }
        let request =
            Draft::update_by_key(&self.db, names::id(id), (Draft::A.points.add(1), Draft::A.text.set("updated")));
        let updated = if by == By::Upsert { request.upsert().await } else { request.await };
        match updated {
            Ok(draft) => Report::done([Claim::Changed(place.clone()), saw(place, &draft)]),
            Err(error) => {
                let claims = refused(&error, place, "", &serde_json::Value::Null, since, false);
                Report::failed(&error, claims)
            }
        }
    }

    pub(super) async fn delete_draft(&self, id: u8, by: By) -> Report {
        let (place, since) = (names::draft(id), self.world.changes());
        if by != By::Instance {
            return match Draft::delete_by_key(&self.db, names::id(id)).await {
                Ok(_) => Report::done([Claim::Deleted(place)]),
                Err(error) => Report::failed(&error, []),
            };
        }
        match Draft::find(&self.db, names::id(id)).consistent_read().await {
            Ok(Some(draft)) => match draft.delete(&self.db).await {
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

    pub(super) async fn put_note(&self, book: u8, number: u8) -> Report {
        let note = Note::builder().book(names::book(book)).number(u32::from(number)).build();
        let Ok(note) = note else { return Report::nothing() };
        let sent = note.save(&self.db).await;
        self.put(sent, How::Save, names::note(&note.book, note.number), "", &as_stored(&note), 0)
    }

    pub(super) async fn delete_note(&self, book: u8, number: u8) -> Report {
        let (book, number) = (names::book(book), u32::from(number));
        let place = names::note(&book, number);
        match Note::delete_by_key(&self.db, (book, number)).await {
            Ok(_) => Report::done([Claim::Deleted(place)]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn read_draft(&self, id: u8) -> Report {
        let since = self.world.changes();
        match Draft::find(&self.db, names::id(id)).consistent_read().await {
            Ok(found) => Report::done([Claim::Saw {
                place: names::draft(id),
                kind: None,
                item: found.map(|draft| json(&draft)),
                since,
            }]),
            Err(error) => Report::unread(&error),
        }
    }
}
