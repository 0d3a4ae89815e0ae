//! Operations on sketches, which a vector index finds.

use super::{Session, json, refused};
use crate::claim::{Claim, Report, Search};
use crate::models::Sketch;
use crate::names::{self, Place};
use crate::operation::{By, How, Stroke};
use dyntastic::UpdateExpression;
use dyntastic::expr::IntoUpdate;
use dyntastic::prelude::*;
use serde_json::Value as Json;

impl Session {
    pub(super) async fn put_sketch(&self, id: u8, album: u8, shape: Option<u8>, how: How) -> Report {
        let shape = shape.map(|shape| names::shape(shape).into());
        let sketch = Sketch::builder().id(names::id(id)).album(names::album(album)).shape(shape).build();
        let Ok(sketch) = sketch else { return Report::nothing() };
        let since = self.world.changes();
        let sent = match how {
            How::Save => sketch.save(&self.db).await,
            How::Insert => sketch.insert(&self.db).await,
            How::Replace => sketch.replace(&self.db).await,
        };
        self.put(sent, how, names::sketch(names::id(id)), "", &sketch, since)
    }

    pub(super) async fn update_sketch(&self, id: u8, stroke: Stroke, by: By) -> Report {
        let update = || -> UpdateExpression<Sketch> {
            match stroke {
                Stroke::Shape(Some(shape)) => Sketch::A.shape.set(names::shape(shape)).into_update(),
                Stroke::Shape(None) => Sketch::A.shape.remove().into_update(),
                Stroke::Album(album) => Sketch::A.album.set(names::album(album)).into_update(),
                Stroke::Count => Sketch::A.strokes.add(1).into_update(),
            }
        };
        let (place, since) = (names::sketch(names::id(id)), self.world.changes());
        let changed = |sketch: &Sketch| {
            let saw = Claim::Saw { place: place.clone(), kind: None, item: Some(json(sketch)), since };
            Report::done([Claim::Changed(place.clone()), saw])
        };
        if by == By::Instance {
            let mut sketch = match Sketch::find(&self.db, names::id(id)).consistent_read().await {
                Ok(Some(sketch)) => sketch,
                Ok(None) => return Report::nothing(),
                Err(error) => return Report::unread(&error),
            };
            return match sketch.update(&self.db, update()).await {
                Ok(()) => changed(&sketch),
                Err(error) => {
                    let conflict = super::is_refusal(&error).then_some(Claim::Conflict { place, since });
                    Report::failed(&error, conflict)
                }
            };
        }
        let request = Sketch::update_by_key(&self.db, names::id(id), update());
        let updated = if by == By::Upsert { request.upsert().await } else { request.await };
        match updated {
            Ok(sketch) => changed(&sketch),
            Err(error) => {
                let claims = refused(&error, place, "", &Json::Null, since, false);
                Report::failed(&error, claims)
            }
        }
    }

    pub(super) async fn delete_sketch(&self, id: u8) -> Report {
        match Sketch::delete_by_key(&self.db, names::id(id)).await {
            Ok(_) => Report::done([Claim::Deleted(names::sketch(names::id(id)))]),
            Err(error) => Report::failed(&error, []),
        }
    }

    pub(super) async fn search(&self, album: u8, shape: u8, top: u8, is_whole: bool) -> Report {
        let (album, shape, since) = (names::album(album), names::shape(shape), self.world.changes());
        let search = Sketch::search_by_shape(&self.db, album.as_str(), shape).top(u32::from(top));
        let found: dyntastic::Result<Vec<(Place, Json, f64)>> = match is_whole {
            true => search.full().await.map(|found| {
                let found = found.into_iter();
                found.map(|of| (names::sketch(of.item.id.clone()), json(&of.item), of.score)).collect()
            }),
            false => search.await.map(|found| {
                let found = found.into_iter();
                found.map(|of| (names::sketch(of.item.id.clone()), json(&of.item), of.score)).collect()
            }),
        };
        match found {
            Ok(found) => {
                let (shape, top) = (shape.map(f64::from).to_vec(), usize::from(top));
                Report::done([Claim::Found(Search { album, shape, top, is_whole, found, since })])
            }
            Err(error) => Report::unread(&error),
        }
    }
}
