//! The state of a run, which its tasks share: the store, the faults, and the requests.

use crate::faults::{Fault, Faults};
use crate::store::Store;
use std::cell::Cell;
use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use tokio::time::Instant;

thread_local! {
    /// The operation whose future is being polled.
    static CURRENT: Cell<Option<usize>> = const { Cell::new(None) };
}

/// The shared state of a run, for its tasks and its connector.
#[derive(Debug, Clone)]
pub struct World(Arc<Mutex<State>>);

/// The state of a run.
#[derive(Debug)]
pub struct State {
    /// The tables.
    pub store: Store,
    /// The faults of requests.
    pub faults: Faults,
    /// Requests that will arrive after their callers have given up.
    pub late: Vec<Late>,
    /// The requests, in the order in which they were sent.
    pub requests: Vec<Request>,
    ordinals: BTreeMap<Option<usize>, u64>,
    /// The time when the run began.
    pub began: Instant,
}

/// A request that arrives after its caller has given up.
#[derive(Debug)]
pub struct Late {
    /// The time when it arrives, in milliseconds.
    pub due: u64,
    /// Its number.
    pub request: u64,
    /// Its body.
    pub body: Vec<u8>,
}

/// A request and its result.
#[derive(Debug, Clone)]
pub struct Request {
    /// The operation that sent it.
    pub by: Option<usize>,
    /// Its number within the operation, from 0.
    pub ordinal: u64,
    /// The name of the API operation, such as `PutItem`.
    pub operation: String,
    /// The fault that it meets.
    pub fault: Option<Fault>,
    /// The time when it was sent, in milliseconds.
    pub at: u64,
    /// The response in a word.
    pub answer: String,
}

impl World {
    /// The state at the beginning of a run, without tables.
    pub fn new(faults: Faults) -> Self {
        Self(Arc::new(Mutex::new(State {
            store: Store::default(),
            faults,
            late: Vec::new(),
            requests: Vec::new(),
            ordinals: BTreeMap::new(),
            began: Instant::now(),
        })))
    }

    /// The state of the run.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state of the run, after its tasks and clients are gone.
    ///
    /// # Panics
    ///
    /// If a client of the run is not dropped.
    pub fn into_state(self) -> State {
        let state = Arc::into_inner(self.0).expect("the tasks and the client of the run are gone");
        state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// The number of changes in the history.
    pub fn changes(&self) -> usize {
        self.state().store.history.len()
    }
}

impl State {
    /// The time of the run, in milliseconds.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Records a request that is sent, and chooses its fault.
    pub fn begin(&mut self, operation: &str) -> usize {
        let by = CURRENT.get();
        let ordinal = self.ordinals.entry(by).or_default();
        let this = *ordinal;
        *ordinal += 1;
        let fault = self.faults.choose(by, this, operation);
        let at = self.now();
        let operation = operation.to_owned();
        self.requests.push(Request { by, ordinal: this, operation, fault, at, answer: String::new() });
        self.requests.len() - 1
    }
}

/// The future of an operation. Its requests are recorded as the operation's. Libraries draw random numbers from the
/// thread's generator, which has a separate state for each operation.
pub struct Traced<F> {
    operation: usize,
    seed: u64,
    future: Pin<Box<F>>,
}

impl<F: Future> Traced<F> {
    /// Wraps the future of an operation.
    pub fn new(operation: usize, seed: u64, future: F) -> Self {
        Self { operation, seed, future: Box::pin(future) }
    }
}

impl<F: Future> Future for Traced<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<F::Output> {
        let before = CURRENT.replace(Some(self.operation));
        fastrand::seed(self.seed);
        let polled = self.future.as_mut().poll(cx);
        self.seed = fastrand::get_seed();
        CURRENT.set(before);
        polled
    }
}
