//! Why a transaction was not done.

use crate::carrier::{AttributeMap, read_model};
use crate::{Model, Result};
use std::fmt;

/// A transaction that DynamoDB canceled: nothing was changed.
#[derive(Debug)]
pub struct TransactionCanceled {
    reasons: Vec<Reason>,
}

/// Why DynamoDB canceled a transaction, of one of its actions.
pub struct Reason {
    index: usize,
    model: &'static str,
    action: &'static str,
    code: String,
    existing: Option<AttributeMap>,
}

impl TransactionCanceled {
    pub(super) fn new(reasons: Vec<Reason>) -> Self {
        Self { reasons }
    }

    /// Without the reasons of actions from this one on.
    pub(super) fn up_to(mut self, index: usize) -> Self {
        self.reasons.retain(|reason| reason.index < index);
        self
    }

    /// The reasons, one for each action that was in the way, in the order of the actions.
    pub fn reasons(&self) -> &[Reason] {
        &self.reasons
    }

    /// Whether a condition did not hold.
    pub fn is_condition(&self) -> bool {
        self.reasons.iter().any(|reason| reason.code == "ConditionalCheckFailed")
    }

    /// Whether the condition of an action did not hold.
    pub(super) fn is_condition_of(&self, index: usize) -> bool {
        let found = self.reasons.iter().find(|reason| reason.index == index);
        found.is_some_and(|reason| reason.code == "ConditionalCheckFailed")
    }

    /// Whether others were in the way, or DynamoDB was too busy, and nothing else: trying again may help.
    pub fn is_conflict(&self) -> bool {
        let passing = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];
        !self.reasons.is_empty() && self.reasons.iter().all(|reason| passing.contains(&reason.code.as_str()))
    }
}

impl Reason {
    pub(super) fn new(
        index: usize,
        model: &'static str,
        action: &'static str,
        code: &str,
        existing: Option<AttributeMap>,
    ) -> Self {
        Self { index, model, action, code: code.to_owned(), existing: existing.filter(|item| !item.is_empty()) }
    }

    /// The action's place in the transaction, counted from 0.
    pub fn index(&self) -> usize {
        self.index
    }

    /// The action's model.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// What the action was: `put`, `insert`, `replace`, `update`, `upsert`, `delete` or `check`.
    pub fn action(&self) -> &'static str {
        self.action
    }

    /// The item as it is, if it was asked for.
    pub(super) fn item(&self) -> Option<&AttributeMap> {
        self.existing.as_ref()
    }

    /// DynamoDB's code, such as `ConditionalCheckFailed` or `TransactionConflict`.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The item as it is, where [`Transaction::return_existing`](super::Transaction::return_existing) asked for it.
    ///
    /// # Errors
    ///
    /// It is not what the model says.
    pub fn existing<M: Model>(&self) -> Result<Option<M>> {
        Ok(self.existing.clone().map(read_model).transpose()?)
    }
}

/// Without the item, which stays out of every text.
impl fmt::Debug for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { index, model, action, code, existing: _ } = self;
        let mut reason = f.debug_struct("Reason");
        reason.field("index", index).field("model", model).field("action", action).field("code", code);
        reason.finish_non_exhaustive()
    }
}

impl fmt::Display for TransactionCanceled {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the transaction was canceled, and nothing was changed")?;
        for (position, reason) in self.reasons.iter().enumerate() {
            let Reason { index, model, action, code, .. } = reason;
            write!(f, "{} {action} of {model} (action {index}): {code}", if position == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for TransactionCanceled {}
