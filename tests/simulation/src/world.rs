//! What a run has in common: the store, the choices of its seed, and what has happened.

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

/// A run, as its tasks and its connector share it.
#[derive(Debug, Clone)]
pub struct World(Arc<Mutex<State>>);

/// What a run holds.
#[derive(Debug)]
pub struct State {
    /// The tables.
    pub store: Store,
    /// What becomes of requests.
    pub faults: Faults,
    /// Requests that have left their callers and are on their way.
    pub late: Vec<Late>,
    /// The requests, in the order in which they were sent.
    pub requests: Vec<Request>,
    ordinals: BTreeMap<Option<usize>, u64>,
    /// When the run began.
    pub began: Instant,
}

/// A request that arrives after its caller has given it up.
#[derive(Debug)]
pub struct Late {
    /// When.
    pub due: u64,
    /// Its number.
    pub request: u64,
    /// What it asks for.
    pub body: Vec<u8>,
}

/// A request, and what became of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// Whose it is.
    pub by: Option<usize>,
    /// The how manieth of its operation it is.
    pub ordinal: u64,
    /// What it asks for, such as `PutItem`.
    pub operation: String,
    /// What was done to it.
    pub fault: Fault,
    /// When it was sent.
    pub at: u64,
    /// What was answered, in a word.
    pub answer: String,
}

impl World {
    /// A run with empty tables, at its beginning.
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

    /// What the run holds.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the run holds, once nobody else has part in it.
    ///
    /// # Panics
    ///
    /// A client of the run is still there.
    pub fn into_state(self) -> State {
        let state = Arc::into_inner(self.0).expect("the tasks and the client of the run are gone");
        state.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many changes there have been.
    pub fn changes(&self) -> usize {
        self.state().store.history.len()
    }
}

impl State {
    /// The time of the run, in milliseconds.
    pub fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Notes a request that is sent, and chooses what becomes of it.
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

/// A future whose requests are those of an operation, and whose numbers, which libraries draw from the thread's own
/// generator, are the operation's own.
pub struct Traced<F> {
    operation: usize,
    seed: u64,
    future: Pin<Box<F>>,
}

impl<F: Future> Traced<F> {
    /// What an operation does.
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
