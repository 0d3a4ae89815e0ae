//! The layer that makes requests fail.

use super::fault::Fault;
use super::layer::Layer;
use super::near::near;
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

/// The other operations of DynamoDB.
const OTHERS: [&str; 47] = [
    "BatchExecuteStatement",
    "CreateBackup",
    "CreateGlobalTable",
    "CreateTable",
    "DeleteBackup",
    "DeleteResourcePolicy",
    "DeleteTable",
    "DescribeBackup",
    "DescribeContinuousBackups",
    "DescribeContributorInsights",
    "DescribeEndpoints",
    "DescribeExport",
    "DescribeGlobalTable",
    "DescribeGlobalTableSettings",
    "DescribeImport",
    "DescribeKinesisStreamingDestination",
    "DescribeLimits",
    "DescribeTable",
    "DescribeTableReplicaAutoScaling",
    "DescribeTimeToLive",
    "DisableKinesisStreamingDestination",
    "EnableKinesisStreamingDestination",
    "ExecuteStatement",
    "ExecuteTransaction",
    "ExportTableToPointInTime",
    "GetResourcePolicy",
    "ImportTable",
    "ListBackups",
    "ListContributorInsights",
    "ListExports",
    "ListGlobalTables",
    "ListImports",
    "ListTables",
    "ListTagsOfResource",
    "PutResourcePolicy",
    "RestoreTableFromBackup",
    "RestoreTableToPointInTime",
    "TagResource",
    "UntagResource",
    "UpdateContinuousBackups",
    "UpdateContributorInsights",
    "UpdateGlobalTable",
    "UpdateGlobalTableSettings",
    "UpdateKinesisStreamingDestination",
    "UpdateTable",
    "UpdateTableReplicaAutoScaling",
    "UpdateTimeToLive",
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

    /// Sets the share of requests that meet a fault, from 0.0 to 1.0, in steps of 0.001. One above 0.0 is at least such a step.
    ///
    /// # Panics
    ///
    /// If it is another number.
    #[track_caller]
    #[must_use]
    pub fn rate(mut self, rate: f64) -> Self {
        if !(0.0..=1.0).contains(&rate) {
            refuse(&format!("the share of requests that meet a fault is from 0.0 to 1.0, and not {rate:?}"));
        }
        // A float becomes the nearest number of the range.
        self.of_thousand = ((rate * 1000.0).round() as u64).max(u64::from(rate > 0.0));
        self
    }

    /// Sets the kinds of faults.
    ///
    /// # Panics
    ///
    /// If there are none, or no request of the [`operations`](Self::operations) can have one of them. Without faults, the
    /// test would test nothing.
    #[track_caller]
    #[must_use]
    pub fn only(mut self, kinds: impl IntoIterator<Item = Fault>) -> Self {
        self.kinds = kinds.into_iter().collect();
        if self.kinds.is_empty() {
            refuse("there are no kinds of faults");
        }
        self.can_meet();
        self
    }

    /// Sets the operations that meet faults, by DynamoDB's names: `PutItem`, `TransactWriteItems`.
    ///
    /// # Panics
    ///
    /// If there are none, DynamoDB has no operation of a name, or no request of these can have a fault of the
    /// [kinds](Self::only).
    #[track_caller]
    #[must_use]
    pub fn operations(mut self, operations: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let operations: Vec<String> = operations.into_iter().map(Into::into).collect();
        if operations.is_empty() {
            refuse("there are no operations that meet faults");
        }
        let known = || ON_ITEMS.into_iter().chain(OTHERS);
        if let Some(unknown) = operations.iter().find(|name| known().all(|known| known != name.as_str())) {
            refuse(&format!("DynamoDB has no operation `{unknown}`: {}", near(unknown, known())));
        }
        self.operations = Some(operations);
        self.can_meet();
        self
    }

    #[track_caller]
    fn can_meet(&self) {
        let Some(operations) = &self.operations else { return };
        if !operations.iter().any(|operation| self.kinds.iter().any(|kind| kind.can_meet(operation))) {
            let (kinds, operations) = (&self.kinds, operations.join(", "));
            refuse(&format!("no request of {operations} can have a fault of {kinds:?}"));
        }
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

/// Fails a test whose faults could not be.
#[track_caller]
fn refuse(mistake: &str) {
    #[expect(clippy::panic, reason = "a mistake in a test")]
    {
        panic!("{mistake}");
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

#[cfg(test)]
mod tests {
    use super::{Fault, Faults};
    use std::panic::catch_unwind;

    /// What the panic says.
    fn refused(make: fn() -> Faults) -> String {
        let panic = catch_unwind(make).expect_err("it is refused");
        panic.downcast_ref::<String>().cloned().unwrap_or_default()
    }

    #[test]
    fn faults_that_cannot_be_are_refused() {
        let faults = || Faults::new(1);
        assert_eq!(
            refused(|| Faults::new(1).operations(["putitem"])),
            "DynamoDB has no operation `putitem`: did you mean `PutItem`?"
        );
        assert!(refused(|| Faults::new(1).operations(["PutItem", "PutItems"])).contains("`PutItems`: did you mean"));
        assert!(refused(|| Faults::new(1).operations(Vec::<String>::new())).contains("no operations"));
        assert!(refused(|| Faults::new(1).only([])).contains("no kinds"));
        assert!(refused(|| Faults::new(1).rate(f64::NAN)).ends_with("and not NaN"));
        assert!(refused(|| Faults::new(1).rate(-1.0)).ends_with("and not -1.0"));
        assert!(refused(|| Faults::new(1).rate(20.0)).ends_with("and not 20.0"));
        let never = "no request of GetItem, Query can have a fault of [Cancel, Leave]";
        assert_eq!(
            refused(|| Faults::new(1).only([Fault::Cancel, Fault::Leave]).operations(["GetItem", "Query"])),
            never
        );
        assert_eq!(
            refused(|| Faults::new(1).operations(["GetItem", "Query"]).only([Fault::Cancel, Fault::Leave])),
            never
        );
        assert_eq!(faults().rate(0.0).of_thousand, 0);
        assert_eq!(faults().rate(0.0001).of_thousand, 1, "a rate above 0 makes faults");
        assert_eq!(faults().rate(1.0).operations(["CreateTable", "PutItem"]).of_thousand, 1000);
    }
}
