//! Several writes, all or none.

use super::guard::{Guard, Presence};
use super::identity::Identity;
use super::source::table_key_names;
use super::transaction_canceled::{Reason, TransactionCanceled};
use super::{Running, backoff, missing_table};
use crate::carrier::{AttributeMap, size, write_key, write_model};
use crate::client::Target;
use crate::expr::{Condition, Expressions, IntoUpdate, Writer};
use crate::{Client, Error, Model, Result, Violations};
use aws_sdk_dynamodb::error::SdkError;
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;
use tracing::Instrument;

/// "Constraints in Amazon DynamoDB", Transactions: so many actions …
const MOST_ACTIONS: usize = 100;
/// … and so many bytes of items.
const MOST_BYTES: usize = 4 * 1024 * 1024;
/// How often a transaction is tried that others are in the way of.
const ATTEMPTS: u32 = 8;

/// Writes, updates, deletes and checks of up to 100 items, of any models and tables in one region: all are done, or
/// none (TransactWriteItems).
///
/// Actions are added one after the other, and the transaction is awaited; dropped, it does nothing. It costs twice the
/// capacity of single writes ("Amazon DynamoDB Transactions: How it works"). That others are in the way is tried again
/// a few times; a condition that does not hold is [`Error::TransactionCanceled`], and nothing was changed.
#[must_use = "a transaction does nothing until it is awaited"]
pub struct Transaction {
    client: Client,
    actions: Vec<Action>,
    token: Option<String>,
    return_existing: bool,
    mistake: Option<Error>,
}

/// One action, ready to be sent.
struct Action {
    target: Arc<Target>,
    kind: &'static str,
    identity: Identity,
    size: usize,
    request: Request,
}

/// What an action asks for, without what is the same for all.
enum Request {
    Put { item: AttributeMap, condition: Option<String>, expressions: Expressions },
    Update { key: AttributeMap, update: String, condition: Option<String>, expressions: Expressions },
    Delete { key: AttributeMap, condition: Option<String>, expressions: Expressions },
    Check { key: AttributeMap, condition: String, expressions: Expressions },
}

impl Client {
    /// Starts a transaction.
    pub fn transaction(&self) -> Transaction {
        Transaction { client: self.clone(), actions: Vec::new(), token: None, return_existing: false, mistake: None }
    }

    /// Commits what a function adds to a transaction, if it returns `Ok`; an error, or a panic, leaves everything as
    /// it is.
    ///
    /// # Errors
    ///
    /// The function's own, and those of the transaction.
    pub async fn transact<T, E: From<Error>>(
        &self,
        body: impl AsyncFnOnce(&mut Transaction) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut transaction = self.transaction();
        let result = body(&mut transaction).await?;
        transaction.await?;
        Ok(result)
    }
}

impl Transaction {
    /// Writes an item, in place of the one with the same key.
    pub fn put<M: Model>(&mut self, item: &M) -> &mut Self {
        self.put_guarded("put", item, Guard::new(Presence::Any))
    }

    /// Writes an item, if the one with the same key fulfils a condition.
    pub fn put_if<M: Model>(&mut self, item: &M, condition: impl Into<Condition<M>>) -> &mut Self {
        self.put_guarded("put", item, Guard::new(Presence::Any).and(condition.into()))
    }

    /// Writes an item, if there is none with the same key.
    pub fn insert<M: Model>(&mut self, item: &M) -> &mut Self {
        self.put_guarded("insert", item, Guard::new(Presence::Absent))
    }

    /// Writes an item, if there is one with the same key.
    pub fn replace<M: Model>(&mut self, item: &M) -> &mut Self {
        self.put_guarded("replace", item, Guard::new(Presence::Present))
    }

    /// Changes parts of the item with a key, if there is one.
    pub fn update<M: Model>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("update", &key.into(), update, Guard::new(Presence::Present))
    }

    /// Changes parts of the item with a key, if there is one that fulfils a condition.
    pub fn update_if<M: Model>(
        &mut self,
        key: impl Into<M::Key>,
        update: impl IntoUpdate<M>,
        condition: impl Into<Condition<M>>,
    ) -> &mut Self {
        self.update_guarded("update", &key.into(), update, Guard::new(Presence::Present).and(condition.into()))
    }

    /// Changes parts of the item with a key, or makes it of its key and what the update sets.
    pub fn upsert<M: Model>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("upsert", &key.into(), update, Guard::new(Presence::Any))
    }

    /// Deletes the item with a key; that there is none is no error.
    pub fn delete<M: Model>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        self.delete_guarded(&key.into(), Guard::<M>::new(Presence::Any))
    }

    /// Deletes the item with a key, if it fulfils a condition.
    pub fn delete_if<M: Model>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        self.delete_guarded(&key.into(), Guard::<M>::new(Presence::Any).and(condition.into()))
    }

    /// Checks that the item with a key fulfils a condition, and leaves it as it is.
    pub fn check<M: Model>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        let guard = Guard::<M>::new(Presence::Any).and(condition.into());
        let request = self.request(&key.into(), |key| {
            let (condition, expressions) = guard.expressions()?;
            let nothing = || Error::InvalidTransaction(format!("{}: a check without a condition", M::NAME));
            Ok(Request::Check { key, condition: condition.ok_or_else(nothing)?, expressions })
        });
        self.add::<M>("check", request)
    }

    /// Names the transaction, with 1 to 36 characters: DynamoDB takes one of the same name within ten minutes for the
    /// same, and does not do it again. If nothing is said, a name is made, which the SDK's own retries share.
    pub fn token(&mut self, token: impl Into<String>) -> &mut Self {
        self.token = Some(token.into());
        self
    }

    /// Has [`Error::TransactionCanceled`] hold the items whose conditions failed.
    pub fn return_existing(&mut self) -> &mut Self {
        self.return_existing = true;
        self
    }

    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Commits the actions in several transactions of up to this many, one after the other: as a whole that is not
    /// atomic. An error leaves done what was committed before it; the indexes of its reasons count all actions.
    pub fn in_chunks_of(&mut self, actions: usize) -> Running<'static, ()> {
        let Self { client, actions: all, token: _, return_existing, mistake } = self.take();
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            if !(1..=MOST_ACTIONS).contains(&actions) {
                return Err(Error::InvalidTransaction(format!("a transaction has 1 to {MOST_ACTIONS} actions")));
            }
            let mut rest = all;
            let mut done = 0;
            while !rest.is_empty() {
                let later = rest.split_off(actions.min(rest.len()));
                commit(&client, &rest, done, None, return_existing).await?;
                done += rest.len();
                rest = later;
            }
            Ok(())
        })
    }

    fn put_guarded<M: Model>(&mut self, kind: &'static str, item: &M, guard: Guard<M>) -> &mut Self {
        let request = Violations::of(M::NAME, item).map_err(Error::from).and_then(|()| {
            let (condition, expressions) = guard.expressions()?;
            let item = write_model(item)?;
            Ok((item.clone(), Request::Put { item, condition, expressions }))
        });
        self.add::<M>(kind, request)
    }

    fn update_guarded<M: Model>(
        &mut self,
        kind: &'static str,
        key: &M::Key,
        update: impl IntoUpdate<M>,
        guard: Guard<M>,
    ) -> &mut Self {
        let request = self.request(key, |key| {
            let update = update.into_update();
            let mut writer = Writer::new(M::NAME);
            let actions = update.actions().map_err(|violations| violations.of_model(M::NAME))?;
            let text = writer.update(actions)?;
            let condition = guard.write(&mut writer)?;
            Ok(Request::Update { key, update: text, condition, expressions: writer.finish() })
        });
        self.add::<M>(kind, request)
    }

    fn delete_guarded<M: Model>(&mut self, key: &M::Key, guard: Guard<M>) -> &mut Self {
        let request = self.request(key, |key| {
            let (condition, expressions) = guard.expressions()?;
            Ok(Request::Delete { key, condition, expressions })
        });
        self.add::<M>("delete", request)
    }

    fn request<K: crate::Key>(
        &self,
        key: &K,
        request: impl FnOnce(AttributeMap) -> Result<Request>,
    ) -> Result<(AttributeMap, Request)> {
        let key = write_key(key)?;
        Ok((key.clone(), request(key)?))
    }

    fn add<M: Model>(&mut self, kind: &'static str, request: Result<(AttributeMap, Request)>) -> &mut Self {
        match request.and_then(|request| Ok((request, self.client.target::<M>()?))) {
            Ok(((attributes, request), target)) => {
                let identity = Identity::of(&attributes, &table_key_names::<M>());
                let (target, size) = (Arc::new(target), size(&attributes));
                self.actions.push(Action { target, kind, identity, size, request });
            }
            Err(error) => drop(self.mistake.get_or_insert(error)),
        }
        self
    }

    /// What was added, with nothing left behind.
    fn take(&mut self) -> Self {
        let empty = self.client.transaction();
        std::mem::replace(self, empty)
    }
}

/// What DynamoDB would refuse.
fn check(actions: &[Action]) -> Result<()> {
    let refuse = |why: String| Err(Error::InvalidTransaction(why));
    if actions.len() > MOST_ACTIONS {
        return refuse(format!("a transaction has at most {MOST_ACTIONS} actions, this one has {}", actions.len()));
    }
    let bytes: usize = actions.iter().map(|action| action.size).sum();
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

/// Sends one transaction; `before` counts the actions that earlier ones of the same chunks had.
async fn commit(
    client: &Client,
    actions: &[Action],
    before: usize,
    token: Option<String>,
    return_existing: bool,
) -> Result<()> {
    check(actions)?;
    let Some(target) = actions.first().map(|action| action.target.clone()) else { return Ok(()) };
    let on_failure = return_existing.then_some(ReturnValuesOnConditionCheckFailure::AllOld);
    let items = actions.iter().map(|action| action.to_sdk(on_failure.as_ref())).collect::<Result<Vec<_>>>()?;
    let mut attempt = 0;
    loop {
        let creations = client.creations();
        let request = target.sdk.transact_write_items().set_transact_items(Some(items.clone()));
        let sent = request.set_client_request_token(token.clone()).send();
        let Err(error) = sent.instrument(target.span("TransactWriteItems")).await else { return Ok(()) };
        let canceled = canceled(actions, before, &error);
        attempt += 1;
        let again = match &canceled {
            Some(canceled) => canceled.is_conflict(),
            None => {
                matches!(error.as_service_error(), Some(TransactWriteItemsError::TransactionInProgressException(_)))
            }
        };
        if again && attempt < ATTEMPTS {
            tokio::time::sleep(backoff::delay(attempt)).await;
            continue;
        }
        if let Some(canceled) = canceled {
            return Err(Error::TransactionCanceled(Box::new(canceled)));
        }
        let targets = actions.iter().map(|action| &*action.target);
        missing_table::create_any(client, targets, creations, target.error("TransactWriteItems", error)).await?;
        if attempt >= ATTEMPTS {
            return Err(Error::InvalidTransaction("its tables do not become ready".to_owned()));
        }
    }
}

fn canceled<R>(
    actions: &[Action],
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

impl Action {
    fn to_sdk(&self, on_failure: Option<&ReturnValuesOnConditionCheckFailure>) -> Result<TransactWriteItem> {
        let failed = |error| Error::Config(format!("{}: TransactWriteItems: {error}", self.target.model));
        let table = self.target.table.clone();
        let on_failure = on_failure.cloned();
        let item = TransactWriteItem::builder();
        Ok(match &self.request {
            Request::Put { item: attributes, condition, expressions } => {
                let put = Put::builder()
                    .table_name(table)
                    .set_item(Some(attributes.clone()))
                    .set_condition_expression(condition.clone())
                    .set_expression_attribute_names(expressions.names.clone())
                    .set_expression_attribute_values(expressions.values.clone())
                    .set_return_values_on_condition_check_failure(on_failure);
                item.put(put.build().map_err(failed)?)
            }
            Request::Update { key, update, condition, expressions } => {
                let update = Update::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .update_expression(update)
                    .set_condition_expression(condition.clone())
                    .set_expression_attribute_names(expressions.names.clone())
                    .set_expression_attribute_values(expressions.values.clone())
                    .set_return_values_on_condition_check_failure(on_failure);
                item.update(update.build().map_err(failed)?)
            }
            Request::Delete { key, condition, expressions } => {
                let delete = Delete::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .set_condition_expression(condition.clone())
                    .set_expression_attribute_names(expressions.names.clone())
                    .set_expression_attribute_values(expressions.values.clone())
                    .set_return_values_on_condition_check_failure(on_failure);
                item.delete(delete.build().map_err(failed)?)
            }
            Request::Check { key, condition, expressions } => {
                let check = ConditionCheck::builder()
                    .table_name(table)
                    .set_key(Some(key.clone()))
                    .condition_expression(condition)
                    .set_expression_attribute_names(expressions.names.clone())
                    .set_expression_attribute_values(expressions.values.clone())
                    .set_return_values_on_condition_check_failure(on_failure);
                item.condition_check(check.build().map_err(failed)?)
            }
        }
        .build())
    }
}

impl IntoFuture for Transaction {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { client, actions, token, return_existing, mistake } = self;
        Box::pin(async move {
            match mistake {
                Some(mistake) => Err(mistake),
                None => commit(&client, &actions, 0, token, return_existing).await,
            }
        })
    }
}

/// Commits what was added; the transaction is empty afterwards.
impl IntoFuture for &mut Transaction {
    type Output = Result<()>;
    type IntoFuture = Running<'static, ()>;

    fn into_future(self) -> Self::IntoFuture {
        self.take().into_future()
    }
}

impl fmt::Debug for Transaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("actions", &self.actions.len()).finish_non_exhaustive()
    }
}
