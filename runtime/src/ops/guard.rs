//! The condition of a write, and what its failure is.

use crate::carrier::AttributeMap;
use crate::client::Target;
use crate::error::ConditionFailed;
use crate::expr::{Condition, Expressions, Node, Writer};
use crate::{Error, Model, Result};
use aws_sdk_dynamodb::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_dynamodb::types::ReturnValuesOnConditionCheckFailure;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

/// What a write asks of the item before it changes anything.
#[derive(Debug)]
pub(super) struct Guard<M> {
    condition: Condition<M>,
    presence: Presence,
    pub(super) return_existing: bool,
}

/// Whether the item has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Any,
    Absent,
    Present,
}

impl<M: Model> Guard<M> {
    pub(super) fn new(presence: Presence) -> Self {
        Self { condition: Condition::all([]), presence, return_existing: false }
    }

    /// Asks for this too.
    pub(super) fn and(mut self, condition: Condition<M>) -> Self {
        self.condition = Condition::all([self.condition, condition]);
        self
    }

    pub(super) fn any_presence(mut self) -> Self {
        self.presence = Presence::Any;
        self
    }

    /// The text of the condition, written beside what the request's other expressions have written.
    pub(super) fn write(&self, writer: &mut Writer) -> Result<Option<String>> {
        let presence = Condition::<M>::presence(M::TABLE.hash_key.name, self.presence == Presence::Present);
        let condition = match self.presence {
            Presence::Any => self.condition.clone(),
            Presence::Absent | Presence::Present => presence.and(self.condition.clone()),
        };
        writer.condition(&condition.into_node())
    }

    /// The expressions of a request that has nothing but the condition.
    pub(super) fn expressions(&self) -> Result<(Option<String>, Expressions)> {
        let mut writer = Writer::new(M::NAME);
        let text = self.write(&mut writer)?;
        Ok((text, writer.finish()))
    }

    /// What DynamoDB returns where the condition fails: the item, which also tells a failed condition from
    /// an absent item.
    pub(super) fn on_failure(&self) -> Option<ReturnValuesOnConditionCheckFailure> {
        let wanted = self.return_existing || self.presence == Presence::Present;
        wanted.then_some(ReturnValuesOnConditionCheckFailure::AllOld)
    }

    /// The error of a write; `item` takes the existing item out of the SDK's error.
    pub(super) fn error<E>(
        &self,
        target: &Target,
        operation: &'static str,
        error: SdkError<E, HttpResponse>,
        item: impl FnOnce(&E) -> Option<AttributeMap>,
    ) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
    {
        if error.code() != Some("ConditionalCheckFailedException") {
            return target.error(operation, error);
        }
        let item = error.as_service_error().and_then(item);
        let unconditioned = self.condition.clone().into_node() == Node::None;
        if self.presence == Presence::Present && (unconditioned || item.is_none()) {
            return Error::NotFound { model: target.model, table: target.table.clone() };
        }
        Error::ConditionFailed(Box::new(ConditionFailed {
            operation,
            model: target.model,
            table: target.table.clone(),
            item: item.filter(|_| self.return_existing),
            source: Box::new(error),
        }))
    }
}

/// A write that is nothing unusual where its condition does not hold: it tells whether it did.
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct IfMatches<O>(pub(super) O);

/// A failed condition as no error.
pub(super) fn matched<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::ConditionFailed(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
