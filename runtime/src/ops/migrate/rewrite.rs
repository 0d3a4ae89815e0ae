//! Writing one item again.

use super::migration::Change;
use super::progress::{UnmigratedItem, WhyUnmigrated};
use super::stored_item::read;
use crate::codec::{AsStored, Codec, LIKELY_SIZE, RawItem, opened_as, write_as_it_is};
use crate::description::Discriminator;
use crate::expr::Node;
use crate::ground::defects::Defect;
use crate::ground::{
    AttributeMap, ReadError, ReadErrorKind, SealedCause, Violations, WriteErrorKind, defects, seconds_now,
};
use crate::ops::model::ModelFacts;
use crate::ops::transaction::{
    Action, ActionKind, GuardKey, Holder, Settings, UniqueFields, commit, has_ended, has_long_ended, holder, put_alone,
};
use crate::ops::write::{
    ItemKey, Presence, WriteCondition, check_can_rise, has_hashes, is_as_read, is_same, key_of, names_of_items,
    stored_item,
};
use crate::ops::{Error, Reason, Result, TableItem};
use crate::transport::{Client, Target, backoff};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::collections::BTreeSet;

/// The maximum of attempts to write an item that other writers change.
const ATTEMPTS: u32 = 6;

/// What became of an item.
#[derive(Debug)]
pub(super) enum Outcome {
    Unchanged,
    Written,
    Rekeyed,
    Deleted,
    /// It stays as it is.
    Stays(UnmigratedItem),
    /// It is of another model.
    Foreign,
}

/// The outcome of one attempt.
enum Attempt {
    Ended(Outcome),
    /// The item has changed since it was read, or the request failed and may succeed later: the error, and what the
    /// attempt would have made of the item if it was applied.
    Again(Option<Error>, Option<Outcome>),
}

/// Writes items of a model again.
pub(super) struct Rewriter<M: TableItem> {
    pub(super) client: Client,
    pub(super) target: Target,
    pub(super) change: Option<Change<M>>,
    pub(super) is_dry: bool,
    /// The attributes that the model reads or makes.
    names: BTreeSet<&'static str>,
}

/// An item as it is stored, and as it would be written.
struct Pair<M: TableItem> {
    stored: AttributeMap,
    key: AttributeMap,
    /// The item with the change, as a save would store it now, without the stamps of the write.
    item: AsStored<'static, M>,
    written: AttributeMap,
}

impl<M: TableItem> Pair<M> {
    /// The time to live of the written item.
    fn expiry(&self) -> Option<&AttributeValue> {
        self.written.get(M::model_table().ttl?)
    }

    /// The guards that the item needs, with the names of their fields. An expired or deleted item needs none.
    fn guards(&self) -> Vec<(&'static str, GuardKey)> {
        let Some(discriminator) = M::model_layout().discriminator.map(Discriminator::text) else { return Vec::new() };
        if has_ended(self.expiry(), seconds_now()) || M::model_roles().is_deleted(&self.written) {
            return Vec::new();
        }
        let guard = |(name, fields): (&'static str, &'static [&'static str])| {
            let values: Vec<_> = fields.iter().map(|field| (*field, self.written.get(*field))).collect();
            Some((name, GuardKey::new(&discriminator, &values)?))
        };
        M::model_layout().unique_values().filter_map(guard).collect()
    }
}

impl<M: TableItem> Rewriter<M> {
    pub(super) fn new(client: Client, change: Option<Change<M>>, is_dry: bool) -> Result<Self> {
        let target = client.target::<M>()?;
        Ok(Self { client, target, change, is_dry, names: names_of_items::<M>() })
    }

    /// Writes an item as a save would, if it is stored otherwise. Returns how often other writers came first, too.
    pub(super) async fn rewrite(&self, mut stored: AttributeMap) -> Result<(Outcome, u64)> {
        let key = key_of(&stored, &self.target.description.key_names());
        let (mut contended, mut applied) = (0, None);
        for attempt in 1.. {
            let (error, of_attempt) = match Box::pin(self.attempt(stored)).await? {
                // An earlier attempt may have written it, and its response was lost.
                Attempt::Ended(Outcome::Unchanged) => return Ok((applied.unwrap_or(Outcome::Unchanged), contended)),
                Attempt::Ended(outcome) => return Ok((outcome, contended)),
                Attempt::Again(error, of_attempt) => (error, of_attempt),
            };
            contended += u64::from(error.is_none());
            applied = of_attempt.or(applied);
            if attempt == ATTEMPTS {
                return match error {
                    Some(error) => Err(error),
                    None => {
                        let reason = "other writers changed the item whenever it had been read";
                        Ok((Outcome::Stays(UnmigratedItem::new(key, WhyUnmigrated::Contended, reason)), contended))
                    }
                };
            }
            tokio::time::sleep(backoff::delay(attempt)).await;
            match stored_item(&self.target, key.clone()).await? {
                Some(item) => stored = item,
                None => {
                    let rekeyed = applied.filter(|applied| matches!(applied, Outcome::Rekeyed));
                    return Ok((rekeyed.unwrap_or(Outcome::Deleted), contended));
                }
            }
        }
        Ok((Outcome::Unchanged, contended))
    }

    async fn attempt(&self, stored: AttributeMap) -> Result<Attempt> {
        let key = key_of(&stored, &self.target.description.key_names());
        let stays = |why, reason: &dyn std::fmt::Display| {
            Ok(Attempt::Ended(Outcome::Stays(UnmigratedItem::new(key.clone(), why, reason))))
        };
        let mut opened = match self.opened(&stored).await {
            Ok(opened) => opened,
            Err(error) => match error.kind() {
                ReadErrorKind::Sealed { cause: SealedCause::KeyUnavailable, .. } => {
                    return Ok(Attempt::Again(Some(error.into()), None));
                }
                // The client lacks something, not the item.
                ReadErrorKind::Sealed { cause: SealedCause::NoKey, .. } => return Err(error.into()),
                _ => return stays(WhyUnmigrated::Unreadable, &error.hidden()),
            },
        };
        let item = match read::<M>(&opened) {
            Ok(Some(item)) => item,
            Ok(None) => return Ok(Attempt::Ended(Outcome::Foreign)),
            Err(error) => return stays(WhyUnmigrated::Unreadable, &error.hidden()),
        };
        // A write would prolong it, and its unique values may be those of other items by now.
        if M::model_roles().lifetime.is_some_and(|(name, _)| has_ended(stored.get(name), seconds_now())) {
            return Ok(Attempt::Ended(Outcome::Unchanged));
        }
        let item = self.changed(item);
        self.check_again(&item)?;
        let stored_form = AsStored::new(Cow::Owned(item), |_| None);
        let (item, written) = match stored_form.and_then(|item| write_as_it_is(&*item).map(|written| (item, written))) {
            Ok(item) => item,
            Err(error) => return stays(WhyUnmigrated::Invalid, &error),
        };
        let pair = Pair { stored, key: key.clone(), item, written };
        let lacks_guard = match self.lacks_guard(&pair).await? {
            Ok(lacks_guard) => lacks_guard,
            Err(taken) => return Ok(Attempt::Ended(Outcome::Stays(taken))),
        };
        let seals = M::model_seals();
        seals.remove_hashes(&mut opened);
        let is_as_written = is_same(&AttributeValue::M(opened), &AttributeValue::M(pair.written.clone()));
        let is_current = seals.are_current(&pair.stored, self.target.keys.as_ref())
            && has_hashes(&self.target, &seals, &pair.stored, &pair.written).await?;
        if is_as_written && is_current && !lacks_guard {
            return Ok(Attempt::Ended(Outcome::Unchanged));
        }
        if let Err(violations) = Violations::of(M::model_name(), &*pair.item) {
            return stays(WhyUnmigrated::Invalid, &violations);
        }
        if let Err(error) = check_can_rise::<M>(pair.item.version().unwrap_or(0)) {
            return stays(WhyUnmigrated::Invalid, &error);
        }
        let names = self.target.description.key_names();
        let is_moved = ItemKey::of(&pair.stored, &names) != ItemKey::of(&pair.written, &names);
        let outcome = || if is_moved { Outcome::Rekeyed } else { Outcome::Written };
        if self.is_dry {
            return Ok(Attempt::Ended(outcome()));
        }
        match self.write(&pair, is_moved).await {
            Ok(()) => Ok(Attempt::Ended(outcome())),
            Err(error) => self.refused(&pair, error, outcome()).await,
        }
    }

    /// The stored item with its sealed values opened, if it is of the model.
    async fn opened(&self, stored: &AttributeMap) -> std::result::Result<AttributeMap, ReadError> {
        if !M::model_seals().attributes.is_empty() {
            self.target.prepare_read(stored).await;
        }
        opened_as::<M>(stored.clone(), self.target.keys.as_ref())
    }

    /// The item with the change.
    fn changed(&self, mut item: M) -> M {
        if let Some(change) = &self.change {
            change(&mut item);
        }
        item
    }

    /// Checks that the change makes the same item if it is made again, as it is after a crash.
    fn check_again(&self, item: &M) -> Result<()> {
        if self.change.is_none() {
            return Ok(());
        }
        let once = item.transformed();
        // An item that cannot be written stays as it is.
        let Ok(written) = write_as_it_is(once.as_ref()) else { return Ok(()) };
        let again = write_as_it_is(self.changed(once.into_owned()).transformed().as_ref())?;
        if is_same(&AttributeValue::M(again), &AttributeValue::M(written)) {
            return Ok(());
        }
        let why = "the change makes another item when it is made twice, as it is after a crash: let it leave a changed \
                   item as it is";
        Err(Error::invalid("Migrate", format_args!("{}: {why}", M::model_name())))
    }

    /// Whether a unique value has no guard; the error if another item has the value.
    async fn lacks_guard(&self, pair: &Pair<M>) -> Result<Result<bool, UnmigratedItem>> {
        let mut lacks_guard = false;
        for (field, guard) in pair.guards() {
            if let Err(error) = guard.check(M::model_name(), field) {
                return Ok(Err(UnmigratedItem::new(pair.key.clone(), WhyUnmigrated::Invalid, error)));
            }
            match holder(&self.target, &guard, (&pair.key, pair.expiry())).await? {
                Holder::Own => {}
                Holder::Nobody => lacks_guard = true,
                Holder::Other(other) => return Ok(Err(not_unique(pair, field, Some(other)))),
            }
        }
        Ok(Ok(lacks_guard))
    }

    /// Writes the item if the stored one is as it was read.
    async fn write(&self, pair: &Pair<M>, is_moved: bool) -> Result<()> {
        let version = pair.item.version();
        let item = &pair.item.stamped(|item| item.stamped(version == Some(0)));
        let guard = WriteCondition::new::<M>(Presence::Any).and_node(self.is_as_read(pair)).in_any_form();
        let has_guards = M::model_layout().is_unique() && !has_long_ended::<M>(&pair.stored, pair.expiry());
        if !is_moved && !has_guards {
            let put = ActionKind::Put(RawItem::write(item, Codec::Map, LIKELY_SIZE)?);
            let mut put = Action::new::<M>(self.target.clone(), "replace", put, &guard, None);
            return put_alone(&mut put).await;
        }
        let mut actions = Vec::new();
        if is_moved {
            let delete = ActionKind::Delete(pair.key.clone());
            actions.push(Action::new::<M>(
                self.target.clone(),
                "delete",
                delete,
                &guard,
                UniqueFields::delete(ModelFacts::of::<M>()),
            ));
            let absent = WriteCondition::new::<M>(Presence::Absent);
            actions.push(Action::put(&self.client, "insert", item, &absent)?);
        } else {
            let mut put = Action::put(&self.client, "replace", item, &guard)?;
            put.unique = put.unique.map(|unique| Box::new(unique.claiming_all()));
            actions.push(put);
        }
        if !has_guards {
            actions.iter_mut().for_each(|action| action.unique = None);
        }
        let settings = Settings { return_existing: true, ..Settings::default() };
        commit(&self.client, &mut actions, settings).await.map(drop)
    }

    /// The condition that the stored item is as it was read. A version alone does not say so: an item that was deleted
    /// and created again has the same one, and other programs may not raise it.
    fn is_as_read(&self, pair: &Pair<M>) -> Node {
        if defects::has(Defect::MigrationWithoutCondition) {
            return Node::None;
        }
        is_as_read(&M::model_roles(), &pair.stored, &self.names)
    }

    /// What follows from the error of a write.
    async fn refused(&self, pair: &Pair<M>, error: Error, outcome: Outcome) -> Result<Attempt> {
        let stays = |why, reason: &dyn std::fmt::Display| {
            Ok(Attempt::Ended(Outcome::Stays(UnmigratedItem::new(pair.key.clone(), why, reason))))
        };
        let is_moved = matches!(outcome, Outcome::Rekeyed);
        match error {
            Error::MaybeApplied(error) if error.code() == Some("ConditionalCheckFailedException") => {
                Ok(Attempt::Again(None, Some(outcome)))
            }
            Error::MaybeApplied(_) => Ok(Attempt::Again(Some(error), Some(outcome))),
            Error::NotUnique { field, .. } => {
                let guard = pair.guards().into_iter().find(|(name, _)| *name == field);
                let held = match guard {
                    Some((_, guard)) => holder(&self.target, &guard, (&pair.key, pair.expiry())).await?,
                    None => Holder::Nobody,
                };
                match held {
                    Holder::Other(other) => Ok(Attempt::Ended(Outcome::Stays(not_unique(pair, field, Some(other))))),
                    // The other item has given the value back since.
                    Holder::Own | Holder::Nobody => Ok(Attempt::Again(None, None)),
                }
            }
            Error::Invalid(violations) => stays(WhyUnmigrated::Invalid, &violations),
            // The client or its key lacks something, not the item.
            Error::Write(of) if matches!(of.kind(), WriteErrorKind::NotEncrypted { .. }) => {
                let error = Error::Write(of);
                if error.is_retryable() { Ok(Attempt::Again(Some(error), None)) } else { Err(error) }
            }
            Error::Write(error) => stays(WhyUnmigrated::Invalid, &error),
            Error::TransactionCanceled(canceled) => {
                if canceled.is_condition_of(0) {
                    return Ok(Attempt::Again(None, None));
                }
                if is_moved && canceled.is_condition_of(1) {
                    return stays(WhyUnmigrated::KeyTaken, &"an item has the key to which this item would move");
                }
                match canceled.is_conflict() {
                    true => Ok(Attempt::Again(Some(Error::TransactionCanceled(canceled)), None)),
                    false if canceled.reasons().iter().all(is_refusal) => stays(WhyUnmigrated::Refused, &canceled),
                    false => Err(Error::TransactionCanceled(canceled)),
                }
            }
            error if error.code() == Some("ConditionalCheckFailedException") => Ok(Attempt::Again(None, None)),
            error if matches!(error.code(), Some("ValidationException" | TOO_LARGE_COLLECTION)) => {
                stays(WhyUnmigrated::Refused, &error)
            }
            error @ (Error::Expression { .. } | Error::InvalidRequest(_)) => stays(WhyUnmigrated::Refused, &error),
            error if error.is_retryable() || error.is_conflict() => Ok(Attempt::Again(Some(error), None)),
            error => Err(error),
        }
    }
}

/// A local index has a limit for all items of a hash key.
const TOO_LARGE_COLLECTION: &str = "ItemCollectionSizeLimitExceededException";

/// Whether DynamoDB refuses the item itself.
fn is_refusal(reason: &Reason) -> bool {
    matches!(reason.code(), "ValidationError" | "ItemCollectionSizeLimitExceeded")
}

fn not_unique<M: TableItem>(pair: &Pair<M>, field: &str, other: Option<AttributeMap>) -> UnmigratedItem {
    let reason = format!("{field} is unique, and another item has this value");
    let item = UnmigratedItem::new(pair.key.clone(), WhyUnmigrated::NotUnique, reason);
    UnmigratedItem { other, ..item }
}
