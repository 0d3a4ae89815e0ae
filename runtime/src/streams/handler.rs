//! Functions of the app for the changes of models, called for the records of a stream.

use super::failure::{DeadLetter, Failure};
use super::{Record, View};
use crate::codec::normal_number;
use crate::ground::{AttributeMap, Concurrent, ReadErrorKind, SealedCause};
use crate::ops::model::Streamed;
use crate::ops::{Error, Result};
use crate::transport::Client;
use aws_lambda_events::event::dynamodb::Event;
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use std::fmt;
use std::future::pending;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::SystemTime;

type Handling = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;
/// Calls a function of the app; `None` if the record is of another model.
type Function = Box<dyn Fn(Record) -> Result<Option<Handling>> + Send + Sync>;
type LetterFunction = Box<dyn Fn(DeadLetter) -> Handling + Send + Sync>;

/// What is known of a record beside its change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordInfo {
    /// The id of the record's event. It is the same each time the record is delivered, so that it tells a change that
    /// was handled before.
    pub event_id: Option<String>,
    /// The position of the record in its shard.
    pub sequence_number: Option<String>,
    /// About when the item was written, to the second.
    pub written_at: Option<SystemTime>,
    /// Whether DynamoDB has deleted the item because its time to live has ended.
    pub is_expired: bool,
}

impl RecordInfo {
    fn of(record: &Record) -> Self {
        Self {
            event_id: record.event_id().map(str::to_owned),
            sequence_number: record.sequence_number().map(str::to_owned),
            written_at: record.written_at(),
            is_expired: record.is_expired(),
        }
    }
}

/// An async function of the app for a change of type `C`.
pub trait ChangeFunction<C>: Fn(C, RecordInfo) -> Self::Running + Send + Sync + 'static {
    /// The running function.
    type Running: Future<Output = Result<(), Self::Failure>> + Send + 'static;
    /// Why a change is not handled.
    type Failure: Into<Failure>;
}

impl<C, Called, Running, E> ChangeFunction<C> for Called
where
    Called: Fn(C, RecordInfo) -> Running + Send + Sync + 'static,
    Running: Future<Output = Result<(), E>> + Send + 'static,
    E: Into<Failure>,
{
    type Running = Running;
    type Failure = E;
}

/// Functions of the app for the changes of models, and one for the records that cannot be handled.
///
/// ```ignore
/// let handler = streams::handler()
///     .on::<Order>(move |change, _| index(search.clone(), change))
///     .on::<Customer>(move |change, info| greet(mail.clone(), change, info))
///     .dead_letter(move |letter| store(bucket.clone(), letter));
/// lambda_runtime::run(service_fn(|event: LambdaEvent<Event>| async { Ok(handler.handle(event.payload).await) })).await
/// ```
///
/// **Order.** The records of a batch are handled one after the other. With [`concurrency`](Self::concurrency), those of
/// different items are handled side by side, and only those of one item one after the other, as they were written.
///
/// **At least once.** A record that fails is delivered again, and so are the records after it, also those that were
/// handled. Let the functions leave a second delivery of a change without effect, by
/// [`event_id`](RecordInfo::event_id) or by the version of the item.
///
/// **Poison.** A record that does not fit its model fails at each delivery and would stop its shard until it is trimmed after 24
/// hours. The function of [`dead_letter`](Self::dead_letter) takes it; then the record is handled.
#[must_use = "a handler does nothing until it is given records"]
pub struct Handler {
    functions: Vec<Function>,
    dead_letter: Option<LetterFunction>,
    keys_of: Option<Client>,
    concurrency: usize,
}

/// A handler without functions: every record is handled by doing nothing.
pub fn handler() -> Handler {
    Handler { functions: Vec::new(), dead_letter: None, keys_of: None, concurrency: 1 }
}

/// A record of a batch that failed, the first one that must be delivered again.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) position: usize,
    pub(super) failure: Failure,
}

impl Handler {
    /// Calls a function for each change of an item of `M`. The first function that was given for a model takes its
    /// records; records of models without a function are left alone.
    ///
    /// The function returns `Ok` when the change is handled. An error is a failure that is tried again;
    /// [`Failure::poison`] is one that would fail each time.
    pub fn on<M: Streamed<View: View<M>>>(
        mut self,
        function: impl ChangeFunction<<M::View as View<M>>::Change>,
    ) -> Self {
        self.functions.push(Box::new(move |record| {
            let info = RecordInfo::of(&record);
            let Some(change) = record.change::<M>()? else { return Ok(None) };
            let running = function(change, info);
            Ok(Some(Box::pin(async move { running.await.map_err(Into::into) })))
        }));
        self
    }

    /// Calls a function for each record that cannot be handled: it does not fit its model, or a function has failed
    /// with [`Failure::poison`]. The record is handled when the function returns `Ok`. Without a function, such a
    /// record fails like others.
    pub fn dead_letter<F, E>(mut self, function: impl Fn(DeadLetter) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<Failure>,
    {
        self.dead_letter = Some(Box::new(move |letter| {
            let running = function(letter);
            Box::pin(async move { running.await.map_err(Into::into) })
        }));
        self
    }

    /// Reads encrypted attributes with the keys of this client.
    pub fn with_keys_of(mut self, client: &Client) -> Self {
        self.keys_of = Some(client.clone());
        self
    }

    /// Handles the records of up to so many items side by side, at least 1, instead of one record after the other.
    pub fn concurrency(mut self, items: usize) -> Self {
        self.concurrency = items.max(1);
        self
    }

    /// Handles the records of a Lambda event. The response names the record from which on Lambda delivers the batch
    /// again; it needs `ReportBatchItemFailures` among the function response types of the event source mapping, or
    /// Lambda takes each batch for handled ("Configuring partial batch response with DynamoDB and Lambda").
    pub async fn handle(&self, event: Event) -> DynamoDbEventResponse {
        let numbers: Vec<_> = event.records.iter().map(|record| record.change.sequence_number.clone()).collect();
        let records: Vec<_> = event.records.into_iter().map(Record::try_from).collect();
        let mut response = DynamoDbEventResponse::default();
        if let Some(Failed { position, failure }) = self.handle_batch(&records, &|| true).await {
            tracing::error!(error = %failure, "a record of a stream was not handled");
            let mut failure = DynamoDbBatchItemFailure::default();
            failure.item_identifier = numbers.into_iter().nth(position).flatten();
            response.batch_item_failures.push(failure);
        }
        response
    }

    /// Handles the records of a shard, in their order. Returns the first one that failed: all records before it are
    /// handled, and some after it may be.
    ///
    /// Before each record, `may_go_on` says whether it may still be handled here; otherwise the batch never ends.
    pub(super) async fn handle_batch(
        &self,
        records: &[Result<Record>],
        may_go_on: &(dyn Fn() -> bool + Send + Sync),
    ) -> Option<Failed> {
        let first_failed = AtomicUsize::new(usize::MAX);
        let mut failed: Option<Failed> = None;
        let groups = match self.concurrency {
            1 => vec![records.iter().enumerate().collect()],
            _ => by_item(records),
        };
        let mut groups = groups.into_iter();
        let mut running = Concurrent::new();
        loop {
            while running.len() < self.concurrency
                && let Some(group) = groups.next()
            {
                running.push(self.handle_in_order(group, &first_failed, may_go_on));
            }
            match running.next().await {
                None => return failed,
                Some(Some(later)) if failed.as_ref().is_none_or(|failed| later.position < failed.position) => {
                    failed = Some(later);
                }
                Some(_) => {}
            }
        }
    }

    /// Handles records one after the other, each with its position in the batch. It ends at the first record that fails,
    /// and at those that will be delivered again because an earlier one of another item has failed.
    async fn handle_in_order(
        &self,
        records: Vec<(usize, &Result<Record>)>,
        first_failed: &AtomicUsize,
        may_go_on: &(dyn Fn() -> bool + Send + Sync),
    ) -> Option<Failed> {
        for (position, record) in records {
            if position > first_failed.load(Ordering::Relaxed) {
                return None;
            }
            if !may_go_on() {
                pending::<()>().await;
            }
            if let Err(failure) = self.handle_record(record).await {
                first_failed.fetch_min(position, Ordering::Relaxed);
                return Some(Failed { position, failure });
            }
        }
        None
    }

    async fn handle_record(&self, record: &Result<Record>) -> Result<(), Failure> {
        let record = match record {
            Ok(record) => record,
            Err(error) => return self.bury_poison(None, Failure::poison(error.to_string())).await,
        };
        let called = match &self.keys_of {
            Some(client) => self.call(&record.clone().with_keys_of(client).await).await,
            None => self.call(record).await,
        };
        match called {
            Err(failure) if failure.is_poison() => self.bury_poison(Some(record.clone()), failure).await,
            called => called,
        }
    }

    async fn call(&self, record: &Record) -> Result<(), Failure> {
        for function in &self.functions {
            match function(record.clone()) {
                Ok(Some(running)) => return running.await,
                Ok(None) => {}
                Err(error) if is_for_now(&error) => return Err(error.into()),
                Err(error) => return Err(Failure::poison(error)),
            }
        }
        Ok(())
    }

    /// Gives a poison record to the dead-letter function. If that fails, the record fails for its own reason.
    async fn bury_poison(&self, record: Option<Record>, failure: Failure) -> Result<(), Failure> {
        if !self.has_dead_letter() {
            return Err(failure);
        }
        self.bury(record, failure.clone()).await.map_err(|error| {
            tracing::error!(%error, "a record was not taken by the dead-letter function");
            failure
        })
    }

    pub(super) fn has_dead_letter(&self) -> bool {
        self.dead_letter.is_some()
    }

    /// Gives a record to the dead-letter function.
    pub(super) async fn bury(&self, record: Option<Record>, failure: Failure) -> Result<(), Failure> {
        match &self.dead_letter {
            Some(function) => function(DeadLetter { record, failure }).await,
            None => Err(failure),
        }
    }
}

/// Whether the record can be read when a key is available, or when the client has it.
fn is_for_now(error: &Error) -> bool {
    let Error::DamagedRecord(damaged) = error else { return true };
    matches!(
        damaged.error.kind(),
        ReadErrorKind::Sealed { cause: SealedCause::KeyUnavailable | SealedCause::NoKey, .. }
    )
}

/// The records of each item with their positions, the items in the order of their first records.
fn by_item(records: &[Result<Record>]) -> Vec<Vec<(usize, &Result<Record>)>> {
    let mut places: HashMap<Vec<(String, String)>, usize> = HashMap::new();
    let mut items: Vec<Vec<(usize, &Result<Record>)>> = Vec::new();
    for (position, record) in records.iter().enumerate() {
        let place = match record {
            Ok(record) => *places.entry(identity(record.keys())).or_insert(items.len()),
            Err(_) => items.len(),
        };
        match items.get_mut(place) {
            Some(of_item) => of_item.push((position, record)),
            None => items.push(vec![(position, record)]),
        }
    }
    items
}

fn identity(keys: &AttributeMap) -> Vec<(String, String)> {
    let text = |value: &AttributeValue| match value {
        AttributeValue::S(text) => text.clone(),
        AttributeValue::N(text) => normal_number(text),
        other => format!("{other:?}"),
    };
    let mut identity: Vec<_> = keys.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    identity.sort_unstable();
    identity
}

impl fmt::Debug for Handler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handler")
            .field("functions", &self.functions.len())
            .field("has_dead_letter", &self.dead_letter.is_some())
            .field("concurrency", &self.concurrency)
            .finish_non_exhaustive()
    }
}
