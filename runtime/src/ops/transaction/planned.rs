//! The plan for one action of a transaction, for the stored item.

use super::action::{Action, ActionKind};
use crate::expr::{DocumentPath, Node, UpdateAction, UpdateOfItem};
use crate::ground::AttributeMap;
use crate::ops::concurrency::{CONCURRENCY, Concurrent};
use crate::ops::transaction::upgrade;
use crate::ops::write::Cause;
use crate::ops::{Error, Result};
use crate::transport::Client;

/// The plan for one action.
pub(super) struct Planned {
    /// The item as it was read; `None` if no item exists, or none was read.
    pub(super) item: Option<AttributeMap>,
    /// The condition that the item is still as it was read, where the plan depends on it.
    pub(super) condition: Node,
    /// The actions of an update for this item, if they are not its own.
    pub(super) update: Option<Vec<UpdateAction>>,
}

impl Default for Planned {
    fn default() -> Self {
        Self { item: None, condition: Node::None, update: None }
    }
}

/// Reads the stored items of these actions, several at a time. The places of the others have no item.
pub(super) async fn stored_items(
    client: &Client,
    actions: &[Action],
    is_read: impl Fn(&Action) -> bool,
) -> Result<Vec<Option<AttributeMap>>> {
    let mut items = vec![None; actions.len()];
    let mut waiting = actions.iter().zip(&mut items).filter(|(action, _)| is_read(action));
    let mut running = Concurrent::new();
    loop {
        while running.len() < CONCURRENCY
            && let Some((action, item)) = waiting.next()
        {
            running.push(async move { upgrade::read_current(client, action).await.map(|stored| *item = stored) });
        }
        match running.next().await {
            Some(read) => read?,
            None => break,
        }
    }
    drop(running);
    Ok(items)
}

/// Plans an update for the item that was read: its result, where no condition can check its bounds, and the structs
/// that its patches create.
pub(super) fn plan_update(action: &Action, planned: Planned) -> Result<Planned> {
    let expectation = &action.expectation;
    if !expectation.needs_read() {
        return Ok(planned);
    }
    let Planned { item, condition, mut update } = planned;
    let cause = expectation.cause(item.as_ref());
    if cause == Cause::OutOfBounds
        && let Some(error) = expectation.bounds.error(action.target.model, item.as_ref())
    {
        return Err(error);
    }
    if cause != Cause::ConditionFailed {
        // The action's own condition refuses the item. If another writer has changed what is the reason for that, the
        // transaction is planned again.
        let still = |name: &'static str| {
            Node::is_still(&DocumentPath::root(name), item.as_ref().and_then(|item| item.get(name)))
        };
        let names = expectation.decisive(action.target.description.hash_key.name, item.is_some());
        let condition = condition.and(names.into_iter().map(still).collect());
        return Ok(Planned { item, condition, update });
    }
    if let Some(error) = expectation.bounds.unreadable(item.as_ref()) {
        return Err(Error::Read(error.of(action.target.model)));
    }
    let mut conditions = Vec::new();
    if expectation.bounds.needs_item(false) {
        conditions.extend(expectation.bounds.planned(item.as_ref()));
    }
    if let ActionKind::Update(_, actions) = &action.request
        && !expectation.structs.are_none()
    {
        let of_item = expectation.structs.of_item(&action.target, actions, item.as_ref())?;
        let UpdateOfItem { actions, conditions: of_structs } = of_item;
        conditions.extend(of_structs);
        update = Some(actions);
    }
    Ok(Planned { item, condition: condition.and(conditions), update })
}
