//! What observers of a client see of each request.

use super::capacity::Capacity;
use super::throttling::Throttling;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// Sees each request of a client that reads or writes items, for metrics and logs of your own. Give it to
/// [`ClientBuilder::observer`](crate::ClientBuilder::observer). A closure is an observer.
///
/// ```no_run
/// # use dyntastic::Client;
/// use dyntastic::observe::ObservedRequest;
/// # async fn example() -> dyntastic::Result<()> {
/// let log = |request: &ObservedRequest<'_>| println!("{} {:?}", request.operation(), request.duration());
/// let db = Client::builder().observer(log).from_env().await?;
/// # Ok(())
/// # }
/// ```
pub trait Observer: Send + Sync + 'static {
    /// Sees a request that has ended. It is called in the task of the request, which waits for it.
    fn observe(&self, request: &ObservedRequest<'_>);
}

impl<F: Fn(&ObservedRequest<'_>) + Send + Sync + 'static> Observer for F {
    fn observe(&self, request: &ObservedRequest<'_>) {
        self(request);
    }
}

/// A request that has ended, with the SDK's own retries. One operation may send several requests: pages, the requests
/// of a batch, the reads of items that a write depends on, and requests that are sent again.
///
/// It has no keys and no values. A request whose future was dropped before its end is not observed.
#[derive(Debug, Clone)]
pub struct ObservedRequest<'r> {
    pub(crate) operation: &'static str,
    pub(crate) model: &'static str,
    pub(crate) tables: &'r [String],
    pub(crate) index: Option<&'r str>,
    pub(crate) batch_size: Option<usize>,
    pub(crate) duration: Duration,
    pub(crate) attempts: u32,
    pub(crate) capacity: &'r Capacity,
    pub(crate) returned: Option<u64>,
    pub(crate) scanned: Option<u64>,
    pub(crate) error: Option<&'r str>,
    pub(crate) throttling: &'r [Throttling],
}

impl<'r> ObservedRequest<'r> {
    /// DynamoDB's operation, such as `PutItem`.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The model; of a batch or a transaction with several models, that of the first item.
    pub fn model(&self) -> &'static str {
        self.model
    }

    /// The table's name in DynamoDB; `None` for a batch or a transaction in several tables.
    pub fn table(&self) -> Option<&'r str> {
        match self.tables {
            [table] => Some(table),
            _ => None,
        }
    }

    /// The names of all tables of the request.
    pub fn tables(&self) -> impl Iterator<Item = &'r str> {
        self.tables.iter().map(String::as_str)
    }

    /// The index that the request reads.
    pub fn index(&self) -> Option<&'r str> {
        self.index
    }

    /// The number of items that a batch or a transaction reads, writes or checks; `None` for other requests.
    pub fn batch_size(&self) -> Option<usize> {
        self.batch_size
    }

    /// The time from the request to its end, with the SDK's retries and without the wait for a rate limit.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The number of attempts, those of the SDK's retries included.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The capacity that the response reported; nothing after an error.
    pub fn capacity(&self) -> &'r Capacity {
        self.capacity
    }

    /// The number of items in the response to a read; `None` for writes and after an error.
    pub fn returned(&self) -> Option<u64> {
        self.returned
    }

    /// The number of items that a query or scan read, with those that its filter left out.
    pub fn scanned(&self) -> Option<u64> {
        self.scanned
    }

    /// The kind of the error: its code, such as `ConditionalCheckFailedException`, or `timeout`, `connection`,
    /// `request` or `response`. `None` if the request succeeded.
    pub fn error(&self) -> Option<&'r str> {
        self.error
    }

    /// Why attempts of the request were throttled, also if a later one succeeded.
    pub fn throttling(&self) -> &'r [Throttling] {
        self.throttling
    }
}

/// The observer of a client.
#[derive(Clone)]
pub(crate) struct SharedObserver(pub(crate) Arc<dyn Observer>);

impl fmt::Debug for SharedObserver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedObserver")
    }
}
