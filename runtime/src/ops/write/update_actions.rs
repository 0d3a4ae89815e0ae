//! All actions of an update: its own, and those that keep index keys, version and times correct.

use super::bounds::Bounds;
use super::made::{Kept, Known, LazyDefaults};
use super::sealing::leave_unsealed;
use super::structs::Structs;
use super::write_condition::WriteCondition;
use crate::expr::{
    Defaults, ExpressionError, UnwritableExpression, UpdateAction, UpdateExpression, UpdateParts, Writer,
};
use crate::ops::model::ModelFacts;
use crate::ops::write::new_item;
use crate::ops::{Error, Result, TableItem};
use std::time::SystemTime;

/// All actions of an update, or none if a patch changes nothing. Adds the conditions that they need to `guard`.
/// `known` has the known attributes of the item, if the model's keys are made of fields.
///
/// # Errors
///
/// The values break constraints, the update has no actions and is no patch, or its keys cannot be made.
pub(in crate::ops) fn all_actions<M: TableItem>(
    update: UpdateExpression<M>,
    known: Option<&Known>,
    guard: &mut WriteCondition,
) -> Result<Vec<UpdateAction>> {
    all_actions_of(ModelFacts::of::<M>(), Defaults::of::<M>, update.into_parts(), known, guard)
}

/// Checks an update before the items that it changes are known.
///
/// # Errors
///
/// The values break constraints, the update has no actions and is no patch, or DynamoDB would refuse an action.
pub(in crate::ops) fn check_update<M: TableItem>(update: UpdateExpression<M>) -> Result<()> {
    let update = update.valid()?.into_parts();
    let (structs, may_be_empty, model) = (update.structs(), update.may_be_empty(), ModelFacts::of::<M>());
    let actions = update.into_actions()?;
    if actions.is_empty() {
        return if may_be_empty { Ok(()) } else { Err(no_actions(model)) };
    }
    let mut writer = Writer::new(model.name());
    writer.check_overlap(&actions, &structs)?;
    writer.update(&actions)?;
    Ok(())
}

fn all_actions_of(
    model: ModelFacts,
    defaults: fn() -> Defaults,
    update: UpdateParts,
    known: Option<&Known>,
    guard: &mut WriteCondition,
) -> Result<Vec<UpdateAction>> {
    let requirements = update.requirements();
    let mut structs = update.structs();
    let may_be_empty = update.may_be_empty();
    let mut all = update.into_actions().map_err(|violations| violations.of_model(model.name(), model.json_names()))?;
    let upsert = guard.is_upsert();
    if all.is_empty() && structs.is_empty() && !upsert && may_be_empty {
        return Ok(all);
    }
    if all.is_empty() && !may_be_empty {
        return Err(no_actions(model));
    }
    let now = SystemTime::now();
    let defaults: LazyDefaults<'_> = LazyDefaults::new(Box::new(|| {
        let mut defaults = defaults();
        if upsert {
            model.roles().defaults(&mut defaults, now);
        }
        defaults
    }));
    if model.layout().is_unique() {
        keep_unique_values(model, &mut all, &defaults);
    }
    all.extend(model.roles().actions(&all, guard.expected_version(), now));
    if upsert {
        all.extend(new_item::defaults(model.name(), &all, &structs, &defaults)?);
    }
    let Kept { actions, unchanged } = match known {
        Some(known) => known.kept(model, &mut all, &defaults, upsert)?,
        None => Kept::default(),
    };
    all.extend(actions);
    if all.is_empty() && structs.is_empty() {
        return Err(no_actions(model));
    }
    if !structs.is_empty() {
        Writer::new(model.name()).check_overlap(&all, &structs)?;
        structs.set_defaults(&defaults);
    }
    let bounds = Bounds::new(requirements.inside(&structs), model.json_names());
    guard.of_update(unchanged, bounds, Structs::new(structs, model.json_names()))?;
    leave_unsealed(&mut all, &model.seals());
    Ok(all)
}

/// An item without a unique attribute reads as one with the field's default, so removing the attribute must claim the
/// default: it is set instead.
fn keep_unique_values(model: ModelFacts, own: &mut [UpdateAction], defaults: &Defaults) {
    let is_unique = |attribute| model.layout().unique_values().any(|(_, fields)| fields.contains(&attribute));
    for action in own {
        if let UpdateAction::Remove(path) = action
            && is_unique(path.attribute())
            && let Some(default) = defaults.term(path.attribute())
        {
            *action = UpdateAction::Set(path.clone(), default.clone());
        }
    }
}

fn no_actions(model: ModelFacts) -> Error {
    UnwritableExpression::Refused { model: model.name(), error: ExpressionError::NoActions }.into()
}

/// The attributes that are known from a key alone; `None` if no attribute is made of fields.
pub(in crate::ops) fn known_by_key<M: TableItem>(key: &M::Key) -> Result<Option<Known>> {
    has_made::<M>().then(|| Known::key::<M>(key)).transpose().map_err(Into::into)
}

/// The attributes of an item that was read; `None` if no attribute is made of fields.
pub(in crate::ops) fn known_of_item<M: TableItem>(item: &M, key: &M::Key) -> Result<Option<Known>> {
    has_made::<M>().then(|| Known::item(item, key)).transpose().map_err(Into::into)
}

fn has_made<M: TableItem>() -> bool {
    M::model_layout().has_made()
}
