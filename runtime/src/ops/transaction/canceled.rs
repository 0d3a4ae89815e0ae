//! Why DynamoDB canceled a transaction.

use super::action::Action;
use crate::codec::read_model_with;
use crate::ground::AttributeMap;
use crate::keys::Keys;
use crate::observe::is_throttled;
use crate::ops::write::{Cause, is_absent_parent};
use crate::ops::{Result, TableItem};
use std::fmt;

/// The reasons why DynamoDB canceled a transaction. Nothing was changed.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::Error;
/// # async fn example(db: Client, order: Order) -> dyntastic::Result<()> {
/// if let Err(Error::TransactionCanceled(canceled)) = db.transaction().insert(&order).await {
///     for reason in canceled.reasons() {
///         eprintln!("{} of {}: {}", reason.action(), reason.model(), reason.cause());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct TransactionCanceled {
    reasons: Vec<Reason>,
}

/// The reason why DynamoDB refused one action of a transaction.
pub struct Reason {
    index: usize,
    model: &'static str,
    action: &'static str,
    cause: Cause,
    code: String,
    message: Option<String>,
    existing: Option<AttributeMap>,
    /// The keys of its encrypted attributes.
    keys: Option<Keys>,
}

impl TransactionCanceled {
    pub(in crate::ops) fn new(reasons: Vec<Reason>) -> Self {
        Self { reasons }
    }

    /// The same reasons without the stored items.
    pub(in crate::ops) fn without_items(mut self) -> Self {
        for reason in &mut self.reasons {
            reason.existing = None;
        }
        self
    }

    /// Whether the condition of the action at this index failed.
    pub(in crate::ops) fn is_condition_of(&self, index: usize) -> bool {
        self.reasons.iter().any(|reason| reason.index == index && reason.code == Reason::CONDITION)
    }

    /// The stored item of the action at this index, if DynamoDB returned it.
    pub(in crate::ops) fn item_of(&self, index: usize) -> Option<&AttributeMap> {
        self.reasons.iter().find(|reason| reason.index == index)?.item()
    }

    /// The reasons, one for each refused action, in the order of the actions.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Whether the condition of an action failed.
    pub fn is_condition(&self) -> bool {
        self.reasons.iter().any(|reason| reason.code == Reason::CONDITION)
    }

    /// Whether all reasons are conflicts with other writers or throttling. The same transaction may then succeed
    /// later.
    pub fn is_conflict(&self) -> bool {
        let is_passing = |reason: &Reason| matches!(reason.cause, Cause::Conflict | Cause::Throttled);
        !self.reasons.is_empty() && self.reasons.iter().all(is_passing)
    }
}

impl Reason {
    /// The code of a failed condition.
    pub(in crate::ops) const CONDITION: &'static str = "ConditionalCheckFailed";

    /// The reason that DynamoDB gives for an action.
    pub(in crate::ops) fn new(
        index: usize,
        action: &Action,
        code: &str,
        message: Option<&str>,
        existing: Option<AttributeMap>,
    ) -> Self {
        let existing = existing.filter(|item| !item.is_empty());
        let cause = match code {
            Self::CONDITION => action.expectation.cause(existing.as_ref()),
            "TransactionConflict" => Cause::Conflict,
            code if is_throttled(code) => Cause::Throttled,
            _ if is_absent_parent(message) => Cause::AbsentParent,
            _ => Cause::Other,
        };
        let message = message.filter(|_| cause == Cause::Other).map(str::to_owned);
        let (model, keys) = (action.target.model, action.target.keys.clone());
        Self { index, model, action: action.kind, cause, code: code.to_owned(), message, existing, keys }
    }

    /// The same reason as a conflict, because another writer changed the item or a guard.
    pub(in crate::ops) fn into_conflict(self) -> Self {
        Self { cause: Cause::Conflict, code: "TransactionConflict".to_owned(), message: None, existing: None, ..self }
    }

    /// The index of the action in the transaction, from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The model of the action.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The name of the action: `put`, `insert`, `replace`, `update`, `upsert`, `delete` or `check`.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// Why the action was refused.
    pub fn cause(&self) -> Cause {
        self.cause
    }

    /// DynamoDB's message, where the code alone does not name the cause, such as the message of a `ValidationError`.
    pub fn message(&self) -> Option<&str> {
        self.message.as_deref()
    }

    /// The stored item, if the request asked for it.
    pub(in crate::ops) fn item(&self) -> Option<&AttributeMap> {
        self.existing.as_ref()
    }

    /// DynamoDB's code, such as `ConditionalCheckFailed` or `TransactionConflict`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The stored item, if [`Transaction::return_existing`](super::Transaction::return_existing) asked for it.
    ///
    /// # Errors
    ///
    /// The item does not fit the model.
    pub fn existing<M: TableItem>(&self) -> Result<Option<M>> {
        Ok(self.existing.clone().map(|item| read_model_with(item, self.keys.as_ref())).transpose()?)
    }
}

/// Leaves out the item: no text holds values.
impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, model, action, cause, code, message: _, existing: _, keys: _ } = self;
        let mut reason = f.debug_struct("Reason");
        reason.field("index", index).field("model", model).field("action", action).field("cause", cause);
        reason.field("code", code).finish_non_exhaustive()
    }
}

impl fmt::Display for TransactionCanceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the transaction was canceled, and nothing was changed")?;
        for (position, reason) in self.reasons.iter().enumerate() {
            let Reason { index, model, action, cause, code, message, .. } = reason;
            write!(f, "{} {action} of {model} (action {index}): ", if position == 0 { ":" } else { ";" })?;
            match (cause, message) {
                (Cause::Other, Some(message)) => write!(f, "{code}: {message}"),
                (Cause::Other, None) => f.write_str(code),
                (cause, _) => write!(f, "{cause}"),
            }?;
        }
        Ok(())
    }
}

impl std::error::Error for TransactionCanceled {}
