//! The layer that makes requests fail.

use super::fault::Fault;
use super::layer::Layer;
use super::protocol::{body, broken, bytes, canceled, error, operation, response, with_bytes};
use super::sent::tables;
use super::{Random, leftovers};
use aws_smithy_runtime_api::client::http::{HttpConnector, HttpConnectorFuture, SharedHttpConnector};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The operations that read or write items.
const ON_ITEMS: [&str; 10] = [
    "GetItem",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "Query",
    "Scan",
    "BatchGetItem",
    "BatchWriteItem",
    "TransactGetItems",
    "TransactWriteItems",
];

/// The delay of a request that is performed after its error.
const LATE: Duration = Duration::from_millis(20);

/// A layer that makes requests fail as the network and DynamoDB do. A seed chooses which ones: the same seed and the same
/// requests in the same order meet the same faults. A test with many seeds tries many schedules, and names the one that
/// failed.
///
/// ```
/// use dyntastic::testing::{Fault, Faults};
/// use std::time::Duration;
///
/// let faults = Faults::new(7)
///     .rate(0.2) // of the requests; the default is 0.1
///     .only([Fault::Throttle, Fault::LoseResponse, Fault::Late]) // the default is all kinds
///     .operations(["PutItem", "TransactWriteItems"]) // the default is all that read or write items
///     .delays(Duration::from_millis(5)); // up to this long
/// ```
///
/// [`Fault::Leave`] and [`Fault::CutPage`] change requests, so that their signatures are no longer right. Engines for
/// tests do not look at signatures; in front of DynamoDB, leave these kinds out.
///
/// Clones share the count of requests and the log.
#[derive(Debug, Clone)]
pub struct Faults {
    seed: u64,
    of_thousand: u64,
    kinds: Vec<Fault>,
    operations: Option<Vec<String>>,
    delays: Duration,
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    requests: u64,
    log: Vec<InjectedFault>,
}

/// A fault that a request has met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InjectedFault {
    number: u64,
    operation: String,
    tables: String,
    fault: Fault,
}

impl InjectedFault {
    /// The number of the request among all that could meet faults. The first one is 0.
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The operation, such as `PutItem`.
    pub fn operation(&self) -> &str {
        &self.operation
    }

    /// The fault.
    pub fn fault(&self) -> Fault {
        self.fault
    }
}

/// `request 3, PutItem users: the response was lost`.
impl fmt::Display for InjectedFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "request {}, {} {}: {}", self.number, self.operation, self.tables, self.fault)
    }
}

impl Faults {
    /// The faults of a seed: one request of ten meets one, of any kind.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            of_thousand: 100,
            kinds: Fault::ALL.to_vec(),
            operations: None,
            delays: Duration::ZERO,
            state: Arc::default(),
        }
    }

    /// Sets the share of requests that meet a fault, from 0.0 to 1.0.
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        // A float becomes the nearest number of the range.
        self.of_thousand = (rate * 1000.0).round() as u64;
        self
    }

    /// Sets the kinds of faults.
    #[must_use]
    pub fn only(mut self, kinds: impl IntoIterator<Item = Fault>) -> Self {
        self.kinds = kinds.into_iter().collect();
        self
    }

    /// Sets the operations that meet faults, by DynamoDB's names.
    #[must_use]
    pub fn operations(mut self, operations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.operations = Some(operations.into_iter().map(Into::into).collect());
        self
    }

    /// Delays each request by up to this long, also those without a fault, so that tasks meet each other.
    #[must_use]
    pub fn delays(mut self, most: Duration) -> Self {
        self.delays = most;
        self
    }

    /// The faults so far, the first one first.
    pub fn log(&self) -> Vec<InjectedFault> {
        self.state().log.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_on(&self, operation: &str) -> bool {
        match &self.operations {
            Some(operations) => operations.iter().any(|of| of == operation),
            None => ON_ITEMS.contains(&operation),
        }
    }

    async fn perform(self, request: HttpRequest, next: SharedHttpConnector) -> Result<HttpResponse, ConnectorError> {
        let operation = operation(&request);
        if !self.is_on(&operation) {
            return next.call(request).await;
        }
        let (mut random, fault) = {
            let mut state = self.state();
            let number = state.requests;
            state.requests += 1;
            let mut random = Random::at(self.seed, &[number]);
            let fault = Fault::choose(&self.kinds, self.of_thousand, &operation, &mut random);
            let tables = tables(&body(&request)).join(", ");
            state.log.extend(fault.map(|fault| InjectedFault { number, operation: operation.clone(), tables, fault }));
            (random, fault)
        };
        if !self.delays.is_zero() {
            let most = u64::try_from(self.delays.as_micros()).unwrap_or(u64::MAX);
            tokio::time::sleep(Duration::from_micros(random.below(most.saturating_add(1)))).await;
        }
        let Some(fault) = fault else { return next.call(request).await };
        match fault {
            Fault::LoseRequest => Err(broken()),
            Fault::Throttle => error("ThrottlingException"),
            Fault::FailBefore => error("InternalServerError"),
            Fault::Conflict => error("TransactionConflictException"),
            Fault::Cancel => canceled(&body(&request), &mut random),
            Fault::Leave => leftovers::send(request, &next, &mut random).await,
            Fault::CutPage => next.call(leftovers::with_short_page(request, &mut random)).await,
            Fault::Late => {
                tokio::spawn(async move {
                    tokio::time::sleep(LATE).await;
                    // Nobody waits for the response.
                    let _ = next.call(request).await;
                });
                Err(broken())
            }
            Fault::LoseResponse | Fault::FailAfter | Fault::CutResponse | Fault::Html => {
                let mut response = next.call(request).await?;
                // The connection can go to the next request when the response has been read.
                let bytes = bytes(&mut response).await?;
                after(fault, response, bytes)
            }
        }
    }
}

/// What arrives of the response to a request that was performed.
fn after(fault: Fault, performed: HttpResponse, mut bytes: Vec<u8>) -> Result<HttpResponse, ConnectorError> {
    match fault {
        Fault::FailAfter => error("InternalServerError"),
        Fault::Html => response(200, b"<html><body>A proxy is here.</body></html>".to_vec()),
        Fault::CutResponse if performed.status().is_success() => {
            bytes.truncate(bytes.len() / 2);
            Ok(with_bytes(performed, bytes))
        }
        Fault::CutResponse => Ok(performed),
        _ => Err(broken()),
    }
}

impl Layer for Faults {
    fn send(&self, request: HttpRequest, next: SharedHttpConnector) -> HttpConnectorFuture {
        HttpConnectorFuture::new(self.clone().perform(request, next))
    }
}
