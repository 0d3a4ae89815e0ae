//! A run: the tasks of a seed, concurrently in paused time, until all have ended.

use crate::claim::{Report, Status};
use crate::faults::{Faults, PATIENCE};
use crate::limit::{Limit, Measured};
use crate::network::Network;
use crate::operation::{Migrated, Operation};
use crate::random::Random;
use crate::session::Session;
use crate::setup;
use crate::store::Call;
use crate::world::{Request, State, Traced, World};
use dyntastic::prelude::RateLimited;
use futures_util::future::join_all;
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

/// The schedule of a run: the choices of a seed, without the parts that a shrunk run leaves out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// The seed.
    pub seed: u64,
    /// The operations of each task.
    pub tasks: Vec<Vec<Operation>>,
    /// The faults.
    pub faults: Faults,
    /// The operations that are left out, by their number.
    pub left_out: BTreeSet<usize>,
    /// The starts of operations, in milliseconds. Other operations start soon after the previous one of their task.
    pub starts: BTreeMap<usize, u64>,
}

/// One operation of a run, and its report.
#[derive(Debug)]
pub struct Record {
    /// Its number.
    pub number: usize,
    /// The operation.
    pub operation: Operation,
    /// Its report.
    pub report: Report,
    /// The number of changes when it began.
    pub began: usize,
    /// The number of changes when it ended.
    pub ended: usize,
    /// The time when it began, in milliseconds.
    pub sent: u64,
    /// The time when it ended, in milliseconds.
    pub at: u64,
}

/// A run that has ended.
#[derive(Debug)]
pub struct Ended {
    /// The operations, in the order of their numbers.
    pub records: Vec<Record>,
    /// The migrations that do not end without faults, with the reason.
    pub endless: Vec<(Migrated, String)>,
    /// What the limit of the run gives at the end; `None` without one.
    pub measured: Option<Measured>,
    /// The state at the end.
    pub state: State,
}

/// More than the number of operations in a task. Operations are numbered by their task times this, plus their index.
const MOST_OPERATIONS: usize = 100;
/// The time in which a migration without faults must end.
const MOST_TIME: Duration = Duration::from_secs(120);

impl Schedule {
    /// The schedule of a seed.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            tasks: Operation::tasks(seed),
            faults: Faults::new(seed),
            left_out: BTreeSet::new(),
            starts: BTreeMap::new(),
        }
    }

    /// The numbers of the operations that are not left out.
    pub fn operations(&self) -> impl Iterator<Item = (usize, &Operation)> {
        let numbered = self.tasks.iter().enumerate().flat_map(|(task, operations)| {
            operations.iter().enumerate().map(move |(index, operation)| (task * MOST_OPERATIONS + index, operation))
        });
        numbered.filter(|(number, _)| !self.left_out.contains(number))
    }

    /// The operations of one task that are not left out, with their numbers.
    pub fn of_task(&self, task: usize) -> impl Iterator<Item = (usize, &Operation)> {
        self.operations().filter(move |(number, _)| number / MOST_OPERATIONS == task)
    }

    /// Runs the schedule.
    ///
    /// # Panics
    ///
    /// If tokio's runtime cannot be built.
    pub fn run(&self) -> Ended {
        setup::make_tables();
        // Libraries draw the pauses before retries from the thread's generator.
        fastrand::seed(self.seed);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime without threads and sockets can be built").block_on(self.run_tasks())
    }

    async fn run_tasks(&self) -> Ended {
        let world = World::new(self.faults.clone());
        let (network, limit) = (Network(world.clone()), Limit::new(self.seed));
        let unlimited = Session::new(network.client(), world.clone());
        let session = match &limit {
            Some(of) => Session::new(network.limited(&of.limit), world.clone()),
            None => unlimited.clone(),
        };
        setup::prepare(&world, &unlimited.db, self.seed).await;
        let sweeps = async {
            let mut random = Random::at(self.seed, &[21]);
            for _ in 0..random.below(4) {
                tokio::time::sleep(Duration::from_millis(random.below(1500))).await;
                let mut state = world.state();
                let now = state.now();
                state.store.sweep(2_000_000_000, &mut random, &Call { now, ..Call::default() });
            }
        };
        let tasks = self.tasks.iter().enumerate().map(|(task, _)| self.task(task, &session, limit.as_ref()));
        let (records, ()) = futures_util::future::join(join_all(tasks), sweeps).await;
        world.state().arrive_late(u64::MAX);
        let now = world.state().now();
        let measured = match &limit {
            Some(limit) => Some(limit.measure(now).await),
            None => None,
        };
        let endless = self.finish_migrations(&unlimited).await;
        drop((session, unlimited, network));
        Ended { records: records.into_iter().flatten().collect(), endless, measured, state: world.into_state() }
    }

    /// Finishes the migrations of the run, without faults.
    async fn finish_migrations(&self, session: &Session) -> Vec<(Migrated, String)> {
        let mut endless = Vec::new();
        for what in self.migrations() {
            match tokio::time::timeout(MOST_TIME, session.migrate(what)).await {
                Ok(Ok(())) => {}
                // Nothing has made the table.
                Ok(Err(error)) if error.is_not_found() => {}
                Ok(Err(error)) => endless.push((what, error.to_string())),
                Err(_) => endless.push((what, "it takes too long".to_owned())),
            }
        }
        endless
    }

    /// The migrations of the run.
    fn migrations(&self) -> BTreeSet<Migrated> {
        let of = |(_, operation): (usize, &Operation)| match operation {
            Operation::Migrate(what) => Some(*what),
            _ => None,
        };
        self.operations().filter_map(of).collect()
    }

    async fn task(&self, task: usize, session: &Session, limit: Option<&Limit>) -> Vec<Record> {
        let world = &session.world;
        let (mut records, start) = (Vec::new(), world.state().began);
        for (number, operation) in self.of_task(task) {
            let mut random = Random::at(self.seed, &[number as u64, 31]);
            let pause = Duration::from_millis(random.below(40));
            match self.starts.get(&number) {
                Some(at) => tokio::time::sleep_until(start + Duration::from_millis(*at)).await,
                None => tokio::time::sleep(pause).await,
            }
            let (began, sent) = (world.changes(), world.state().now());
            let seed = random.next();
            // Some callers drop the operation after a while.
            let (drops, most) = match operation {
                Operation::Migrate(_) => (500, 1500),
                _ if limit.is_some() => (300, 2000),
                _ => (60, 120),
            };
            // The limit of the client holds for one table, and the same limit of an operation for all.
            let performed = session.perform(operation.clone());
            let limit = limit.filter(|_| number % 3 > 0);
            let traced = Traced::new(number, seed, async {
                match limit {
                    Some(of) => performed.with_rate_limit(&of.limit).await,
                    None => performed.await,
                }
            });
            let report = match random.chance(drops) && !self.faults.left_out.contains(&(number, PATIENCE)) {
                true => {
                    let patience = Duration::from_millis(random.below(most));
                    let dropped = Report { status: Status::Dropped, claims: Vec::new() };
                    tokio::time::timeout(patience, traced).await.unwrap_or(dropped)
                }
                false => traced.await,
            };
            let (ended, at) = (world.changes(), world.state().now());
            records.push(Record { number, operation: operation.clone(), report, began, ended, sent, at });
        }
        records
    }
}

impl Ended {
    /// A hash of the run. All runs of the same schedule have the same.
    pub fn trace(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for Request { by, operation, fault, at, answer, .. } in &self.state.requests {
            (by, operation, fault.is_some(), at, answer).hash(&mut hasher);
        }
        for record in &self.records {
            (record.number, format!("{:?}", record.report.status), record.at).hash(&mut hasher);
        }
        for effect in &self.state.store.history {
            (effect.by, effect.at, &effect.table, format!("{:?}", effect.key)).hash(&mut hasher);
        }
        hasher.finish()
    }
}
