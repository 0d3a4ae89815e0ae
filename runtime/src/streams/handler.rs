//! Functions of the app for the changes of models, called for the records of a stream.

use super::failure::{DeadLetter, Failure};
use super::functions::{ChangeFunction, Function, Functions, Handling};
use super::{Event, Record, View};
use crate::codec::normal_number;
use crate::ground::{AttributeMap, Concurrent, ReadErrorKind, SealedCause};
use crate::ops::model::Streamed;
use crate::ops::{Error, Result};
use crate::transport::Client;
use aws_lambda_events::event::streams::{DynamoDbBatchItemFailure, DynamoDbEventResponse};
use aws_sdk_dynamodb::types::AttributeValue;
use std::collections::HashMap;
use std::fmt;
use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};

type LetterFunction = Box<dyn Fn(DeadLetter) -> Handling + Send + Sync>;

/// Functions of the app for the changes of models, and one for the records that cannot be handled.
///
/// ```ignore
/// let handler = streams::handler()
///     .on::<Order>(move |change, _| index(search.clone(), change))
///     .on::<Customer>(move |change, info| greet(mail.clone(), change, info))
///     .dead_letter(move |letter| store(bucket.clone(), letter));
/// let handle = async |event: LambdaEvent<Event>| Ok::<_, lambda_runtime::Error>(handler.handle(event.payload).await);
/// lambda_runtime::run(service_fn(handle)).await
/// ```
///
/// **Order.** The records of a batch are handled one after the other. With [`concurrency`](Self::concurrency), those of
/// different items are handled side by side, and only those of one item one after the other, as they were written.
///
/// **At least once.** A record that fails is delivered again, and so are the records after it, also those that were
/// handled. Let the functions leave a second delivery of a change without effect, by
/// [`event_id`](super::RecordInfo::event_id) or by the version of the item.
///
/// **Models.** A record is for the function of its item's model; records of models without a function are left alone.
/// Models of several tables may have functions: [`with_client`](Self::with_client) tells their names.
///
/// **Poison.** A record that does not fit its model fails at each delivery and would stop its shard until it is trimmed after 24
/// hours. The function of [`dead_letter`](Self::dead_letter) takes it; then the record is handled.
#[must_use = "a handler does nothing until it is given records"]
pub struct Handler {
    functions: Vec<Function>,
    dead_letter: Option<LetterFunction>,
    client: Option<Client>,
    concurrency: usize,
}

/// A handler without functions: every record is handled by doing nothing.
pub fn handler() -> Handler {
    Handler { functions: Vec::new(), dead_letter: None, client: None, concurrency: 1 }
}

/// A record of a batch that failed, the first one that must be delivered again.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) position: usize,
    pub(super) failure: Failure,
    /// The record, if the handler has a function for dead letters.
    pub(super) record: Option<Record>,
}

impl Handler {
    /// Calls a function for each change of an item of `M`. The first function that was given for a model takes its
    /// records.
    ///
    /// The function returns `Ok` when the change is handled. An error is a failure that is tried again;
    /// [`Failure::poison`] is one that would fail each time.
    pub fn on<M: Streamed<View: View<M>>>(
        mut self,
        function: impl ChangeFunction<<M::View as View<M>>::Change>,
    ) -> Self {
        self.functions.push(Function::new::<M>(function));
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

    /// Reads encrypted attributes with the keys of a client, and takes its names of the tables, with their prefix.
    ///
    /// Without it, a poller gives its own client, and in a Lambda function the names are those that the schema says.
    /// The names are needed if the functions are for models of several tables: then a record is for the functions of
    /// its own table, and one of another table is a failure.
    pub fn with_client(mut self, client: &Client) -> Self {
        self.client = Some(client.clone());
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
    pub async fn handle(&self, event: impl Into<Event>) -> DynamoDbEventResponse {
        let records = event.into().into_records();
        let numbers: Vec<_> = records.iter().map(sequence_number).collect();
        let mut response = DynamoDbEventResponse::default();
        if let Some(Failed { position, failure, .. }) = self.handle_batch(records, None, &|| true).await {
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
    /// Without a client of its own, the handler takes that of the `reader`. Before each record, `may_go_on` says
    /// whether it may still be handled here; otherwise the batch never ends.
    pub(super) async fn handle_batch(
        &self,
        records: Vec<Result<Record>>,
        reader: Option<&Client>,
        may_go_on: &(dyn Fn() -> bool + Send + Sync),
    ) -> Option<Failed> {
        let functions = Functions::new(&self.functions, self.client.as_ref().or(reader));
        let first_failed = AtomicUsize::new(usize::MAX);
        let mut failed: Option<Failed> = None;
        let groups = match self.concurrency {
            1 => vec![records.into_iter().enumerate().collect()],
            _ => by_item(records),
        };
        let mut groups = groups.into_iter();
        let mut running = Concurrent::new();
        loop {
            while running.len() < self.concurrency
                && let Some(group) = groups.next()
            {
                running.push(self.handle_in_order(group, &functions, &first_failed, may_go_on));
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
        records: Vec<(usize, Result<Record>)>,
        functions: &Functions<'_>,
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
            if let Err((failure, record)) = self.handle_record(record, functions).await {
                first_failed.fetch_min(position, Ordering::Relaxed);
                return Some(Failed { position, failure, record });
            }
        }
        None
    }

    /// Handles a record. If it fails, the record is returned for the dead letters, if there is a function for them.
    async fn handle_record(
        &self,
        record: Result<Record>,
        functions: &Functions<'_>,
    ) -> Result<(), (Failure, Option<Record>)> {
        let (called, kept) = match record {
            Ok(record) => {
                let record = functions.with_keys(record).await;
                let kept = self.has_dead_letter().then(|| record.clone());
                (call(record, functions).await, kept)
            }
            Err(error) => (Err(Failure::poison(error)), None),
        };
        match called {
            Err(failure) if failure.is_poison() && self.has_dead_letter() => {
                self.bury(kept.clone(), failure.clone()).await.map_err(|error| {
                    tracing::error!(%error, "a record was not taken by the dead-letter function");
                    // The record fails for its own reason.
                    (failure, kept)
                })
            }
            called => called.map_err(|failure| (failure, kept)),
        }
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

fn sequence_number(record: &Result<Record>) -> Option<String> {
    let number = match record {
        Ok(record) => record.sequence_number(),
        Err(Error::DamagedRecord(damaged)) => damaged.sequence_number(),
        Err(_) => None,
    };
    number.map(str::to_owned)
}

/// Calls the function that a record is for.
async fn call(record: Record, functions: &Functions<'_>) -> Result<(), Failure> {
    let Some(function) = functions.of(&record)? else { return Ok(()) };
    match function.call(record) {
        Ok(Some(running)) => running.await,
        Ok(None) => Ok(()),
        Err(error) if is_for_now(&error) => Err(error.into()),
        Err(error) => Err(Failure::poison(error)),
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
fn by_item(records: Vec<Result<Record>>) -> Vec<Vec<(usize, Result<Record>)>> {
    let mut places: HashMap<Vec<(String, String)>, usize> = HashMap::new();
    let mut items: Vec<Vec<(usize, Result<Record>)>> = Vec::new();
    for (position, record) in records.into_iter().enumerate() {
        let place = match &record {
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
