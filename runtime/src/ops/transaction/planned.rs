//! The plan for one action of a transaction, for the stored item.

use super::action::{Action, ActionKind};
use crate::expr::{Node, UpdateAction, UpdateOfItem};
use crate::ground::AttributeMap;
use crate::ops::Result;
use crate::ops::write::Presence;

/// The plan for one action.
pub(super) struct Planned {
    /// The item as it was read; `None` if no item exists, or none was read.
    pub(super) item: Option<AttributeMap>,
    /// The attributes that must still be as they were read.
    pub(super) read: Vec<&'static str>,
    pub(super) condition: Node,
    /// The actions of an update for this item, if they are not its own.
    pub(super) update: Option<Vec<UpdateAction>>,
}

impl Default for Planned {
    fn default() -> Self {
        Self { item: None, read: Vec::new(), condition: Node::None, update: None }
    }
}

/// Plans an update for the item that was read: its result, where no condition can check its bounds, and the structs
/// that its patches create.
pub(super) fn plan_update(action: &Action, planned: Planned) -> Result<Planned> {
    let Planned { item, mut read, condition, mut update } = planned;
    let expectation = &action.expectation;
    // The action's own condition refuses a missing item, and an item of another model.
    let is_refused = match &item {
        Some(item) => expectation.is_of_other_model(item),
        None => expectation.presence == Presence::Present,
    };
    if is_refused || !expectation.needs_read() {
        return Ok(Planned { item, read, condition, update });
    }
    let mut conditions = vec![condition];
    if expectation.bounds.needs_item(false) {
        let (nodes, attributes) = expectation.bounds.planned(action.target.model, item.as_ref())?;
        read.extend(attributes);
        conditions.extend(nodes);
    }
    if let ActionKind::Update(_, actions) = &action.request
        && !expectation.structs.are_none()
    {
        let of_item = expectation.structs.of_item(&action.target, actions, item.as_ref())?;
        let UpdateOfItem { actions, conditions: of_structs } = of_item;
        read.extend(expectation.structs.attributes());
        conditions.extend(of_structs);
        update = Some(actions);
    }
    conditions.retain(|node| *node != Node::None);
    Ok(Planned { item, read, condition: Node::And(conditions), update })
}
