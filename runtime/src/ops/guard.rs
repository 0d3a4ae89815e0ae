//! The condition of a write, and what its failure is.

use super::bounds::Bounds;
use super::unchanged::{self, Unchanged};
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
    /// The version that the item has to have: 0, if it has to have none.
    version: Option<u64>,
    /// What has to hold so that keys which are made of fields stay true to them.
    unchanged: Vec<Unchanged>,
    /// What has to hold so that what an update calculates is within its bounds.
    pub(super) bounds: Bounds,
    /// Whether it is of an update, which raises the version that the item has.
    raises_version: bool,
    pub(super) return_existing: bool,
}

/// Whether the item has to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Presence {
    Any,
    Absent,
    Present,
    /// There is none, or it fulfils the condition.
    PresentOrDeleted,
}

impl<M: Model> Guard<M> {
    pub(super) fn new(presence: Presence) -> Self {
        let condition = Condition::all([]);
        Self {
            condition,
            presence,
            version: None,
            unchanged: Vec::new(),
            bounds: Bounds::default(),
            raises_version: false,
            return_existing: false,
        }
    }

    /// What deleting an item that was read asks: what is deleted already is not changed by another writer.
    pub(super) fn of_deleted(item: &M) -> Self {
        match item.version() {
            Some(version) => Self::new(Presence::PresentOrDeleted).version(Some(version)),
            None => Self::new(Presence::Any),
        }
    }

    /// Asks for an item that no other writer has changed since it was read.
    pub(super) fn version(mut self, version: Option<u64>) -> Self {
        self.version = version;
        self
    }

    /// Asks for what an update needs: fields that are as they were read, and a version that can be raised.
    ///
    /// # Errors
    ///
    /// The version that was read cannot be raised.
    pub(super) fn of_update(&mut self, unchanged: Vec<Unchanged>, bounds: Bounds) -> Result<()> {
        M::ROLES.check_can_rise(M::NAME, self.version.unwrap_or(0))?;
        self.unchanged = unchanged;
        self.bounds = bounds;
        self.raises_version = true;
        Ok(())
    }

    /// The version that the item has to have.
    pub(super) fn expected_version(&self) -> Option<u64> {
        self.version
    }

    /// Asks for the forms in which an item has its fields, where they read as they have to and have other forms than were
    /// asked for; tells whether it does.
    pub(super) fn take_forms(&mut self, item: &AttributeMap) -> bool {
        match unchanged::in_other_forms::<M>(&self.unchanged, item) {
            Some(forms) => {
                self.unchanged = forms;
                true
            }
            None => false,
        }
    }

    /// Asks for this too.
    pub(super) fn and(mut self, condition: Condition<M>) -> Self {
        self.condition = Condition::all([self.condition, condition]);
        self
    }

    /// Whether there is to be no item yet.
    pub(super) fn is_new(&self) -> bool {
        self.presence == Presence::Absent
    }

    pub(super) fn any_presence(mut self) -> Self {
        self.presence = Presence::Any;
        self
    }

    /// Whether there may be no item.
    pub(super) fn is_upsert(&self) -> bool {
        self.presence == Presence::Any
    }

    /// An item as it is to be written, where that is another than it is.
    ///
    /// # Errors
    ///
    /// Its version cannot be raised.
    pub(super) fn stamped(&self, item: &M) -> Result<Option<M>> {
        M::ROLES.check_can_rise(M::NAME, item.version().unwrap_or(0))?;
        Ok(item.stamped(self.is_new() || item.version() == Some(0)))
    }

    /// The text of the condition, written beside what the request's other expressions have written.
    pub(super) fn write(&self, writer: &mut Writer) -> Result<Option<String>> {
        if self.presence == Presence::PresentOrDeleted {
            return writer.condition(&self.node());
        }
        let own = self.own();
        let unchanged: Vec<Node> = self.unchanged.iter().map(Unchanged::node).collect();
        writer.conditions(own.iter().chain(&unchanged).chain(&self.bounds.asked).chain([self.condition.node()]))
    }

    /// All that is asked for.
    pub(super) fn node(&self) -> Node {
        let [presence, version] = self.own();
        let own = [presence, version]
            .into_iter()
            .chain(self.unchanged.iter().map(Unchanged::node))
            .chain(self.bounds.asked.iter().cloned())
            .map(Condition::<M>::from_node);
        let all = Condition::all(own.chain([self.condition.clone()]));
        let all = match self.presence {
            Presence::PresentOrDeleted => Condition::presence(M::TABLE.hash_key.name, false).or(all),
            _ => all,
        };
        all.into_node()
    }

    /// What it asks for beside the conditions of others.
    fn own(&self) -> [Node; 2] {
        let presence = |present| Condition::<M>::presence(M::TABLE.hash_key.name, present).into_node();
        let presence = match self.presence {
            Presence::Any => Node::None,
            Presence::Absent => presence(false),
            Presence::Present | Presence::PresentOrDeleted => presence(true),
        };
        let version = match self.version {
            Some(version) => M::ROLES.is_version(version),
            None if self.raises_version => M::ROLES.can_rise(),
            None => Node::None,
        };
        [presence, version]
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
        let wanted =
            self.return_existing || self.presence == Presence::Present || self.version.is_some() || self.raises_version;
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
        self.failed(target, operation, item, Box::new(error))
    }

    /// The error of a write in a transaction of its own.
    pub(super) fn transaction_error(&self, target: &Target, error: Error) -> Error {
        match error {
            Error::TransactionCanceled(canceled) if canceled.is_condition() => {
                let item = canceled.reasons().first().and_then(|reason| reason.item().cloned());
                self.failed(target, "TransactWriteItems", item, canceled)
            }
            other => other,
        }
    }

    fn failed(
        &self,
        target: &Target,
        operation: &'static str,
        item: Option<AttributeMap>,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> Error {
        let [_, version] = self.own();
        let unconditioned = *self.condition.node() == Node::None
            && version == Node::None
            && self.unchanged.is_empty()
            && self.bounds.is_empty();
        if self.presence == Presence::Present && (unconditioned || item.is_none()) {
            return Error::NotFound { model: target.model, table: target.table.clone(), other_model: false };
        }
        if let Some(expected) = self.version {
            let stored = item.as_ref().and_then(|item| M::ROLES.stored_version(item));
            if stored.unwrap_or(0) != expected {
                return Error::VersionConflict { model: target.model, table: target.table.clone(), expected, stored };
            }
        }
        if self.raises_version
            && let Some(Err(exhausted)) = item.as_ref().map(|item| M::ROLES.check_stored_can_rise(M::NAME, item))
        {
            return exhausted;
        }
        if let Some(error) = self.bounds.error(M::NAME, item.as_ref()) {
            return error;
        }
        if let Some(error) = unchanged::error::<M>(&self.unchanged, item.as_ref(), &target.table) {
            return error;
        }
        Error::ConditionFailed(Box::new(ConditionFailed {
            operation,
            model: target.model,
            table: target.table.clone(),
            item: item.filter(|_| self.return_existing),
            source,
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
