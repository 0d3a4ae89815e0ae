//! The search for a smaller schedule that breaks the same rule. The parts that it leaves out do not change the choices
//! for the rest.

use crate::check::{Broken, broken};
use crate::faults::PATIENCE;
use crate::run::{Ended, Schedule};

/// A schedule that breaks a rule, and its run.
#[derive(Debug)]
pub struct Failure {
    /// The schedule.
    pub schedule: Schedule,
    /// The broken rule.
    pub broken: Broken,
    /// The run that breaks it.
    pub ended: Ended,
}

/// Runs a schedule. Returns the failure of the first broken rule, if there is one, and the number of requests.
pub fn failure(schedule: Schedule) -> (Option<Failure>, u64) {
    let ended = schedule.run();
    let requests = ended.state.requests.len() as u64;
    let broken = broken(&ended).into_iter().next();
    (broken.map(|broken| Failure { schedule, broken, ended }), requests)
}

/// Leaves out operations and faults, as long as the same rule is broken.
pub fn shrink(failure: Failure) -> Failure {
    // Each operation keeps its start, even if the operations before it are left out.
    let starts = failure.ended.records.iter().map(|record| (record.number, record.sent)).collect();
    let mut smallest = with(failure, |schedule| schedule.starts = starts);
    loop {
        let before = smallest.schedule.clone();
        for operations in parts(&smallest) {
            smallest = with(smallest, |schedule| schedule.left_out.extend(operations.iter().copied()));
        }
        let requests = smallest.ended.state.requests.iter().filter(|request| request.fault.is_some());
        let hit: Vec<_> = requests.filter_map(|request| Some((request.by?, request.ordinal))).collect();
        let patience: Vec<_> = smallest.schedule.operations().map(|(number, _)| (number, PATIENCE)).collect();
        for fault in hit.into_iter().chain(patience) {
            smallest = with(smallest, |schedule| schedule.faults.left_out.extend([fault]));
        }
        if before == smallest.schedule {
            return smallest;
        }
    }
}

/// The parts to leave out: all operations of each task, then each operation.
fn parts(failure: &Failure) -> Vec<Vec<usize>> {
    let of_task = |task| failure.schedule.of_task(task).map(|(number, _)| number).collect();
    let tasks = (0..failure.schedule.tasks.len()).map(of_task);
    tasks.chain(failure.schedule.operations().map(|(number, _)| vec![number])).collect()
}

/// Changes the schedule, if it still breaks the rule after the change.
fn with(failure: Failure, change: impl FnOnce(&mut Schedule)) -> Failure {
    let mut schedule = failure.schedule.clone();
    change(&mut schedule);
    if schedule == failure.schedule {
        return failure;
    }
    let ended = schedule.run();
    match broken(&ended).into_iter().find(|broken| broken.rule == failure.broken.rule) {
        Some(broken) => Failure { schedule, broken, ended },
        None => failure,
    }
}
