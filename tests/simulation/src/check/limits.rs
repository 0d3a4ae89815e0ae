//! Checks that a rate limit gives its rate after a run, whatever became of the requests that waited for it.

use super::Broken;
use crate::faults::Fault;
use crate::limit::Measured;
use crate::run::Ended;
use std::time::Duration;

/// Times of the run are in whole milliseconds.
const PRECISION: Duration = Duration::from_millis(20);

pub(super) fn check(ended: &Ended, broken: &mut Vec<Broken>) {
    let Some(measured) = ended.measured else { return };
    let Measured { per_second, first, after_pause, then, .. } = measured;
    if after_pause > PRECISION || !(Duration::from_millis(1900)..Duration::from_millis(2100)).contains(&then) {
        let how = format!("of {per_second} a second: those of one second took {after_pause:?}, of two more {then:?}");
        broken.push(Broken { rule: "a limit gives its rate again", how });
    }
    let owed = owed(ended, measured);
    // After it was throttled, a limit is less for a while.
    let slows_down = |fault: Fault| matches!(fault, Fault::Throttle | Fault::Cancel | Fault::Leave);
    let is_slow = ended.state.requests.iter().filter_map(|request| request.fault).any(slows_down);
    if !is_slow && first > owed + PRECISION {
        let how = format!("of {per_second} a second: a request waited {first:?}, and those before it owe {owed:?}");
        broken.push(Broken { rule: "a limit counts only what was sent", how });
    }
}

/// The time that pays what the requests of the run consumed.
fn owed(ended: &Ended, Measured { per_second, at, .. }: Measured) -> Duration {
    let rate = f64::from(per_second);
    let (mut balance, mut paid_at) = (0.0, 0);
    let mut pay = |until: u64, balance: f64| {
        let seconds = (until.saturating_sub(paid_at)) as f64 / 1000.0;
        paid_at = until;
        (balance + rate * seconds).min(rate)
    };
    for request in ended.state.requests.iter().filter(|request| request.by.is_some()) {
        balance = pay(request.at, balance) - 1.0;
    }
    balance = pay(at, balance);
    Duration::from_secs_f64((-balance).max(0.0) / rate)
}
