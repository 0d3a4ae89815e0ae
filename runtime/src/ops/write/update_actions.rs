//! What an update does in all: its own actions, and those that keep index keys, version and times true.

use super::bounds::Bounds;
use super::index_keys::{Kept, Known};
use super::write_condition::WriteCondition;
use crate::expr::{Defaults, UpdateAction, UpdateExpression};
use crate::ops::write::new_item;
use crate::ops::{Model, Result};
use std::cell::LazyCell;

/// The actions of an update; its guard then asks for what has to hold for them. `known` is what is known of the item,
/// where its model's keys are made of fields.
pub(in crate::ops) fn all_actions<M: Model>(
    update: UpdateExpression<M>,
    known: Option<&Known>,
    guard: &mut WriteCondition<M>,
) -> Result<Vec<UpdateAction>> {
    let bounds = Bounds::new(update.requirements());
    let mut all = update.into_actions().map_err(|violations| violations.of_model(M::NAME))?;
    if all.is_empty() {
        return Ok(all);
    }
    let upsert = guard.is_upsert();
    let defaults = LazyCell::new(|| {
        let mut defaults = Defaults::of::<M>();
        if upsert {
            M::ROLES.defaults(&mut defaults);
        }
        defaults
    });
    all.extend(M::ROLES.actions(&all, guard.expected_version()));
    if upsert {
        all.extend(new_item::defaults::<M>(&all, &defaults)?);
    }
    let Kept { actions, unchanged } = match known {
        Some(known) => known.kept::<M>(&mut all, &defaults, upsert)?,
        None => Kept::default(),
    };
    all.extend(actions);
    guard.of_update(unchanged, bounds)?;
    Ok(all)
}

/// What is known of an item by its key alone; nothing, where its model's keys are fields.
pub(in crate::ops) fn known_by_key<M: Model>(key: &M::Key) -> Result<Option<Known>> {
    is_laid_out::<M>().then(|| Known::key::<M>(key)).transpose().map_err(Into::into)
}

/// What is known of an item that was read; nothing, where its model's keys are fields.
pub(in crate::ops) fn known_of_item<M: Model>(item: &M, key: &M::Key) -> Result<Option<Known>> {
    is_laid_out::<M>().then(|| Known::item(item, key)).transpose().map_err(Into::into)
}

fn is_laid_out<M: Model>() -> bool {
    !M::LAYOUT.keys.is_empty()
}
