//! Operations on the structs of badges: patches change a mark or a span inside, and make it where a badge has none.

use super::{Session, json, refused};
use crate::claim::{Claim, Report};
use crate::models::{Badge, BadgePatch, MarkPatch, SpanPatch};
use crate::names;
use crate::operation::{By, Marking};
use dyntastic::prelude::*;
use dyntastic::{Error, Patch};

fn marked(marking: Marking) -> BadgePatch {
    let by = |by: u8| Some(format!("b{by}"));
    let note = |note: u8| Patch::Set(format!("n{note}"));
    let mark = match marking {
        Marking::By(name) => MarkPatch { by: by(name), ..MarkPatch::default() },
        Marking::ByWithNote(name) => MarkPatch { by: by(name), note: note(name), ..MarkPatch::default() },
        Marking::Note(text) => MarkPatch { note: text.map_or(Patch::Remove, note), ..MarkPatch::default() },
        Marking::Remove => return BadgePatch { mark: Patch::Remove, ..BadgePatch::default() },
    };
    BadgePatch { mark: Patch::Set(mark), ..BadgePatch::default() }
}

impl Session {
    pub(super) async fn mark_badge(&self, code: u8, marking: Marking, by: By, in_transaction: bool) -> Report {
        self.patch_badge(code, marked(marking), by, in_transaction).await
    }

    pub(super) async fn span_badge(
        &self,
        code: u8,
        (low, high): (Option<u8>, Option<u8>),
        by: By,
        in_transaction: bool,
    ) -> Report {
        let end = |end: Option<u8>| end.map_or(Patch::Leave, |end| Patch::Set(i64::from(end)));
        let span = SpanPatch { low: end(low), high: end(high) };
        let span = if low.or(high).is_some() { Patch::Set(span) } else { Patch::Remove };
        let patch = BadgePatch { span, ..BadgePatch::default() };
        self.patch_badge(code, patch, by, in_transaction).await
    }

    async fn patch_badge(&self, code: u8, patch: BadgePatch, by: By, in_transaction: bool) -> Report {
        let place = names::badge(code);
        let since = self.world.changes();
        let json_patch = json(&patch);
        let merged = Claim::Merged { place: place.clone(), patch: json_patch.clone() };
        let updated = match (by, in_transaction) {
            (By::Upsert, true) => self.db.transaction().upsert::<Badge>(names::code(code), patch).await.map(|()| None),
            (_, true) => self.db.transaction().update::<Badge>(names::code(code), patch).await.map(|()| None),
            (By::Upsert, false) => Badge::update_by_key(&self.db, names::code(code), patch).upsert().await.map(Some),
            (By::Key, false) => Badge::update_by_key(&self.db, names::code(code), patch).await.map(Some),
            (By::Instance, false) => match Badge::find(&self.db, names::code(code)).consistent_read().await {
                Ok(Some(mut badge)) => badge.update(&self.db, patch).await.map(|()| Some(badge)),
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            },
        };
        match updated {
            Ok(badge) => {
                let saw = |badge: &Badge| Claim::Saw {
                    place: place.clone(),
                    kind: Some("Badge"),
                    item: Some(json(badge)),
                    since,
                };
                Report::done(badge.as_ref().map(saw).into_iter().chain([merged]))
            }
            Err(error @ Error::IncompletePatch { .. }) => Report::failed(&error, [Claim::Unmarked { place, since }]),
            Err(error @ Error::OutOfBounds(_)) => {
                Report::failed(&error, [Claim::Disordered { place, patch: json_patch, since }])
            }
            Err(error) => {
                let claims = refused(&error, place, "Badge", &serde_json::Value::Null, since, false);
                Report::failed(&error, claims)
            }
        }
    }
}
