//! What an update does in all: its own actions, and those that keep index keys, version and times true.

use super::index_keys::{Kept, Known};
use crate::expr::{Action, Node, Update};
use crate::{Model, Result};

/// The actions of an update, and what has to hold for them. `known` is what is known of the item, where its model's
/// keys are made of fields.
pub(super) fn all<M: Model>(
    update: Update<M>,
    known: Option<&Known>,
    upsert: bool,
) -> Result<(Vec<Action>, Vec<Node>)> {
    let mut all = update.into_actions().map_err(|violations| violations.of_model(M::NAME))?;
    if all.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    all.extend(M::ROLES.actions(&all, upsert));
    let Kept { actions, unchanged } = match known {
        Some(known) => known.kept::<M>(&all, upsert)?,
        None => Kept::default(),
    };
    all.extend(actions);
    Ok((all, unchanged))
}

/// What is known of an item by its key alone; nothing, where its model's keys are fields.
pub(super) fn known_by_key<M: Model>(key: &M::Key) -> Result<Option<Known>> {
    is_laid_out::<M>().then(|| Known::key::<M>(key)).transpose().map_err(Into::into)
}

/// What is known of an item that was read; nothing, where its model's keys are fields.
pub(super) fn known_of_item<M: Model>(item: &M, key: &M::Key) -> Result<Option<Known>> {
    is_laid_out::<M>().then(|| Known::item(item, key)).transpose().map_err(Into::into)
}

fn is_laid_out<M: Model>() -> bool {
    !M::LAYOUT.keys.is_empty()
}
