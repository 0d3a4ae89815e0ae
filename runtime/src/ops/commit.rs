//! Sending a transaction.

use super::transaction_action::Action;
use super::transaction_canceled::{Reason, TransactionCanceled};
use super::{backoff, missing_table, unique};
use crate::carrier::{AttributeMap, Bodies, Operation, RawItem};
use crate::expr::Node;
use crate::{Client, Error, Result};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{ReturnValuesOnConditionCheckFailure, TransactWriteItem};
use std::collections::HashSet;
use tracing::Instrument;

/// "Constraints in Amazon DynamoDB", Transactions: so many actions …
pub(super) const MOST_ACTIONS: usize = 100;
/// … and so many bytes of items.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How often a transaction is tried that others are in the way of.
const ATTEMPTS: u32 = 8;

/// How a transaction is sent.
#[derive(Debug, Clone, Default)]
pub(super) struct Settings {
    /// How many actions earlier ones of the same chunks had.
    pub(super) before: usize,
    pub(super) token: Option<String>,
    pub(super) return_existing: bool,
}

/// What a transaction has left: the items as they were before, of the actions on unique fields.
pub(super) type Before = Vec<Option<AttributeMap>>;

/// Sends one transaction, and again while others are in the way.
pub(super) async fn commit(client: &Client, actions: &[Action], settings: Settings) -> Result<Before> {
    let Some(target) = actions.first().map(|action| action.target.clone()) else { return Ok(Vec::new()) };
    let has_unique = actions.iter().any(|action| action.unique.is_some());
    let mut token = settings.token;
    // A condition that failed, and the items that the actions were planned for.
    let mut failed: Option<(TransactionCanceled, Before)> = None;
    let mut lost = HashSet::new();
    let mut attempt = 0;
    loop {
        let mut plan = if has_unique { unique::plan(actions).await? } else { unique::Plan::default() };
        if let Some((canceled, before)) = failed.take()
            && before == plan.before
        {
            return Err(Error::TransactionCanceled(Box::new(canceled)));
        }
        plan.guards.retain(|guard| !lost.contains(&guard.action.identity));
        let all: Vec<&Action> = actions.iter().chain(plan.guards.iter().map(|guard| &guard.action)).collect();
        check(&all)?;
        let mut bodies = target.bodies(Operation::TransactWriteItems);
        let items = items(&all, &plan.conditions, settings.return_existing, bodies.as_mut())?;
        let creations = client.creations();
        let request = target.sdk.transact_write_items().set_transact_items(Some(items));
        let request = request.set_client_request_token(token.clone());
        let sent = async { crate::client::send!(request, &bodies) };
        let Err(error) = sent.instrument(target.span("TransactWriteItems")).await else { return Ok(plan.before) };
        attempt += 1;
        let Some(canceled) = canceled(&all, settings.before, &error) else {
            let in_progress =
                matches!(error.as_service_error(), Some(TransactWriteItemsError::TransactionInProgressException(_)));
            if in_progress && attempt < ATTEMPTS {
                tokio::time::sleep(backoff::delay(attempt)).await;
                continue;
            }
            let targets = all.iter().map(|action| &*action.target);
            missing_table::create_any(client, targets, creations, target.error("TransactWriteItems", error)).await?;
            if attempt >= ATTEMPTS {
                return Err(Error::InvalidTransaction("its tables do not become ready".to_owned()));
            }
            continue;
        };
        if has_unique {
            // The guards may be others next time, and a token stands for one request.
            token = None;
        }
        let failing = |index| canceled.is_condition_of(settings.before + index);
        let mut again = canceled.is_conflict();
        for (position, guard) in plan.guards.iter().enumerate() {
            match (failing(actions.len() + position), guard.is_claim) {
                (true, true) => return Err(Error::NotUnique { model: guard.model, field: guard.field }),
                // The guard is somebody else's, so there is nothing to give up.
                (true, false) => {
                    lost.insert(guard.action.identity.clone());
                    again = true;
                }
                _ => {}
            }
        }
        let of_unique = actions.iter().enumerate().any(|(index, action)| action.unique.is_some() && failing(index));
        let canceled = canceled.up_to(settings.before + actions.len());
        if of_unique && attempt < ATTEMPTS {
            failed = Some((canceled, plan.before));
        } else if !again || attempt >= ATTEMPTS {
            return Err(Error::TransactionCanceled(Box::new(canceled)));
        }
        tokio::time::sleep(backoff::delay(attempt)).await;
    }
}

fn items(
    actions: &[&Action],
    conditions: &[Node],
    return_existing: bool,
    mut bodies: Option<&mut Bodies>,
) -> Result<Vec<TransactWriteItem>> {
    let on_failure = return_existing.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
    let beside = |index| conditions.get(index).unwrap_or(&Node::None);
    let items = actions.iter().enumerate();
    items.map(|(index, action)| action.to_sdk(beside(index), on_failure.as_ref(), bodies.as_deref_mut())).collect()
}

/// What DynamoDB would refuse.
fn check(actions: &[&Action]) -> Result<()> {
    let refuse = |why: String| Err(Error::InvalidTransaction(why));
    if actions.len() > MOST_ACTIONS {
        return refuse(format!("a transaction has at most {MOST_ACTIONS} actions, this one has {}", actions.len()));
    }
    let bytes = |of_item| actions.iter().map(|action| action.request.size(of_item)).sum::<usize>();
    let bytes = if bytes(RawItem::size) > MOST_BYTES { bytes(RawItem::counted_size) } else { 0 };
    if bytes > MOST_BYTES {
        return refuse(format!("a transaction has at most 4 MB, this one has {bytes} bytes"));
    }
    let mut seen = HashSet::new();
    let first = actions.first().map(|action| &action.target.place);
    for (index, action) in actions.iter().enumerate() {
        let target = &action.target;
        if Some(&target.place) != first {
            return refuse(format!(
                "{}: its table is in another region, or on another host, than the others",
                target.model
            ));
        }
        if !seen.insert((&target.table, &action.identity)) {
            return refuse(format!("{}: action {index} is on an item that an earlier one is on", target.model));
        }
    }
    Ok(())
}

fn canceled<R>(
    actions: &[&Action],
    before: usize,
    error: &SdkError<TransactWriteItemsError, R>,
) -> Option<TransactionCanceled> {
    let Some(TransactWriteItemsError::TransactionCanceledException(canceled)) = error.as_service_error() else {
        return None;
    };
    let reasons = actions.iter().zip(canceled.cancellation_reasons()).enumerate();
    let reasons = reasons.filter_map(|(index, (action, reason))| {
        let code = reason.code().filter(|code| *code != "None")?;
        Some(Reason::new(before + index, action.target.model, action.kind, code, reason.item().cloned()))
    });
    Some(TransactionCanceled::new(reasons.collect()))
}

/// The write of one item with unique fields.
pub(super) async fn commit_one(client: &Client, action: &Action) -> Result<Option<AttributeMap>> {
    let settings = Settings { return_existing: true, ..Settings::default() };
    // Boxed, for most writes have no such fields, and would take its place with them.
    let before = Box::pin(commit(client, std::slice::from_ref(action), settings)).await?;
    Ok(before.into_iter().next().flatten())
}
