//! The token bucket of a limit: units that time adds, and that requests take.

use crate::ground::defects;
use crate::ground::defects::Defect;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A throttled bucket has this part of the units that DynamoDB granted, and gains them as the AWS SDKs' adaptive mode
/// ("Retry behavior", AWS SDKs and Tools Reference Guide): by CUBIC, slower the nearer it is to what was throttled.
const DECREASE: f64 = 0.7;
const RECOVERY: f64 = 0.4;

/// The units of so many seconds are there at once after a pause.
const MOST_PAID: f64 = 1.0;

/// The granted units are an average of about this time.
const AVERAGED: f64 = 1.0;
const PAUSE: Duration = Duration::from_secs(5);

/// A waiting request looks so often whether other requests took less than they were expected to.
const LONGEST_SLEEP: Duration = Duration::from_millis(500);
/// Sums of units differ by so much from what they would be without rounding.
const PRECISION: f64 = 1e-6;
/// The precision of timers.
const SHORTEST_SLEEP: Duration = Duration::from_millis(1);

/// Units per second. A request takes as many as its operation usually needs, and waits until the units of those before
/// it are paid by time. Its response corrects them.
#[derive(Debug)]
pub(super) struct Bucket {
    per_second: f64,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// The units that are left; less than 0 if time has to pay for some.
    balance: f64,
    /// When time paid last.
    paid_at: Instant,
    queue: Queue,
    /// The units that a request of an operation usually needs.
    usual: BTreeMap<&'static str, f64>,
    granted: Granted,
    slow: Option<Slow>,
}

/// The requests that wait, in their order.
#[derive(Debug, Default)]
struct Queue {
    /// The units that each has taken.
    units: BTreeMap<u64, f64>,
    /// The sums of so many in sequence, so that a long queue is added up fast.
    sums: BTreeMap<u64, f64>,
    requests: u64,
}

const IN_A_SUM: u64 = 128;

impl Queue {
    /// Adds a request, and returns its number.
    fn push(&mut self, units: f64) -> u64 {
        self.requests += 1;
        self.units.insert(self.requests, units);
        *self.sums.entry(self.requests / IN_A_SUM).or_default() += units;
        self.requests
    }

    /// Changes the units of a request that waits, and returns how many it has less.
    fn change(&mut self, number: u64, units: f64) -> f64 {
        let Some(of) = self.units.get_mut(&number) else { return 0.0 };
        let less = std::mem::replace(of, units) - units;
        *self.sums.entry(number / IN_A_SUM).or_default() -= less;
        less
    }

    /// Removes a request, and returns its units. It has none if it was removed before.
    fn remove(&mut self, number: u64) -> f64 {
        let Some(units) = self.units.remove(&number) else { return 0.0 };
        let sum = number / IN_A_SUM;
        match self.units.range(sum * IN_A_SUM..(sum + 1) * IN_A_SUM).next() {
            Some(_) => *self.sums.entry(sum).or_default() -= units,
            None => drop(self.sums.remove(&sum)),
        }
        units
    }

    /// The units of a request and of those behind it.
    fn units_from(&self, number: u64) -> f64 {
        let next = number / IN_A_SUM + 1;
        let near: f64 = self.units.range(number..next * IN_A_SUM).map(|(_, units)| units).sum();
        near + self.sums.range(next..).map(|(_, units)| units).sum::<f64>()
    }
}

/// A request that waits. It gives its units back if it is dropped.
struct Waiting<'b> {
    bucket: &'b Bucket,
    operation: &'static str,
    number: u64,
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        if defects::has(Defect::PermitsStay) {
            return;
        }
        let mut state = self.bucket.state();
        let units = state.queue.remove(self.number);
        state.balance += units;
    }
}

/// The units per second that DynamoDB granted since the last pause, of which the older ones count less.
#[derive(Debug)]
struct Granted {
    sum: f64,
    since: Instant,
    at: Instant,
}

/// The time and the units per second at which DynamoDB throttled.
#[derive(Debug, Clone, Copy)]
struct Slow {
    since: Instant,
    throttled: f64,
}

impl Slow {
    /// The units per second at a time.
    fn rate(&self, now: Instant) -> f64 {
        let back = (self.throttled * (1.0 - DECREASE) / RECOVERY).cbrt();
        RECOVERY * (now.duration_since(self.since).as_secs_f64() - back).powi(3) + self.throttled
    }
}

/// The part of granted units that counts after a time.
fn part_left(from: Instant, to: Instant) -> f64 {
    (-to.duration_since(from).as_secs_f64() / AVERAGED).exp()
}

impl Granted {
    fn add(&mut self, units: f64, now: Instant) {
        if now.duration_since(self.at) > PAUSE {
            (self.sum, self.since) = (0.0, now);
        }
        self.sum = self.sum * part_left(self.at, now) + units;
        self.at = now;
    }

    /// `None` after a pause, and before the first units.
    fn per_second(&self, now: Instant) -> Option<f64> {
        let rate = self.sum * part_left(self.at, now) / AVERAGED / (1.0 - part_left(self.since, now));
        Some(rate).filter(|rate| rate.is_normal() && now.duration_since(self.at) <= PAUSE)
    }
}

impl State {
    /// Adds the units of the time since the last call, at most those of one second, and returns the units per second.
    fn pay(&mut self, limit: f64, now: Instant) -> f64 {
        self.forget_after(now);
        let rate = match self.slow.map(|slow| slow.rate(now)) {
            Some(rate) if rate < limit => rate.max(limit.min(1.0)),
            _ => {
                self.slow = None;
                limit
            }
        };
        let seconds = now.duration_since(self.paid_at).as_secs_f64();
        let mut paid = rate * seconds;
        if seconds > MOST_PAID {
            // Those that wait did not look meanwhile: the process stood still. It is a pause for them too.
            let left = self.balance + self.queue.units_from(0);
            paid = paid.min(rate * MOST_PAID - left.min(0.0));
        }
        self.balance = (self.balance + paid).min(rate * MOST_PAID);
        self.paid_at = now;
        rate
    }

    /// Forgets times after this one: they are of the paused clock of another runtime.
    fn forget_after(&mut self, now: Instant) {
        if now < self.paid_at {
            (self.granted.since, self.granted.at) = (self.granted.since.min(now), self.granted.at.min(now));
            self.slow = self.slow.map(|slow| Slow { since: slow.since.min(now), ..slow });
        }
    }

    fn usual(&mut self, operation: &'static str) -> &mut f64 {
        self.usual.entry(operation).or_insert(1.0)
    }
}

impl Bucket {
    pub(super) fn new(per_second: f64) -> Self {
        let now = Instant::now();
        let granted = Granted { sum: 0.0, since: now, at: now };
        let state =
            State { balance: 0.0, paid_at: now, queue: Queue::default(), usual: BTreeMap::new(), granted, slow: None };
        Self { per_second, state: Mutex::new(state) }
    }

    pub(super) fn per_second(&self) -> f64 {
        self.per_second
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the units that a request of an operation usually needs, waits until those of the requests before it are
    /// paid, and returns them. It holds nothing that others need while it waits, since nobody may poll it: a stream
    /// fetches pages ahead, and is only polled again for the next item.
    pub(super) async fn take(&self, operation: &'static str) -> f64 {
        let waiting = self.enqueue(operation);
        loop {
            let wait = match self.try_admit(&waiting) {
                Ok(units) => return units,
                Err(wait) => wait,
            };
            tokio::time::sleep(wait.clamp(SHORTEST_SLEEP, LONGEST_SLEEP)).await;
        }
    }

    /// The same for a request that does not wait.
    pub(super) fn take_at_once(&self, operation: &'static str) -> f64 {
        let (mut state, _, _) = self.paid();
        let units = *state.usual(operation);
        state.balance -= units;
        units
    }

    /// The state after time has paid, the units per second, and the time.
    fn paid(&self) -> (MutexGuard<'_, State>, f64, Instant) {
        let mut state = self.state();
        // A time from before the lock would pay again what others had paid meanwhile.
        let now = Instant::now();
        let rate = state.pay(self.per_second, now);
        (state, rate, now)
    }

    fn enqueue(&self, operation: &'static str) -> Waiting<'_> {
        let (mut state, _, _) = self.paid();
        let units = *state.usual(operation);
        state.balance -= units;
        Waiting { bucket: self, operation, number: state.queue.push(units) }
    }

    /// The units of a request that may be sent, or the time after which it may.
    fn try_admit(&self, waiting: &Waiting<'_>) -> Result<f64, Duration> {
        let (mut state, rate, _) = self.paid();
        // Responses may have shown meanwhile that its operation needs others.
        let usual = *state.usual(waiting.operation);
        let less = state.queue.change(waiting.number, usual);
        state.balance += less;
        let left = state.balance + state.queue.units_from(waiting.number);
        if left < -PRECISION {
            return Err(Duration::try_from_secs_f64(-left / rate).unwrap_or(LONGEST_SLEEP));
        }
        Ok(state.queue.remove(waiting.number))
    }

    /// Replaces the units that a request took by those that it consumed.
    pub(super) fn consumed(&self, operation: &'static str, taken: f64, units: f64) {
        let (mut state, _, now) = self.paid();
        state.balance += taken - units;
        state.granted.add(units, now);
        let usual = state.usual(operation);
        *usual += (units - *usual) / 2.0;
    }

    /// Gives units back that a request did not consume.
    pub(super) fn give_back(&self, taken: f64) {
        self.state().balance += taken;
    }

    /// Slows down, since DynamoDB throttled an attempt that was sent at a time. An attempt from before the bucket
    /// slowed down last says nothing new.
    pub(super) fn slow_down(&self, sent_at: Instant) {
        let (mut state, rate, now) = self.paid();
        if state.slow.is_some_and(|slow| sent_at < slow.since) {
            return;
        }
        let throttled = state.granted.per_second(now).map_or(rate, |granted| rate.min(granted));
        state.slow = Some(Slow { since: now, throttled });
        state.balance = state.balance.min(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_units_behind_a_request_are_those_of_all_that_wait_there() {
        let (mut queue, mut waiting) = (Queue::default(), BTreeMap::new());
        for step in 0..2_000_u32 {
            let units = f64::from(fastrand::u32(1..100));
            waiting.insert(queue.push(units), units);
            let changed = fastrand::u64(1..=u64::from(step) + 1);
            if let Some(of) = waiting.get_mut(&changed) {
                assert_eq!(queue.change(changed, units), *of - units);
                *of = units;
            }
            if step % 3 > 0 {
                let at = fastrand::usize(..waiting.len());
                let number = *waiting.keys().nth(at).unwrap();
                let behind: f64 = waiting.range(number..).map(|(_, units)| units).sum();
                assert!((queue.units_from(number) - behind).abs() < PRECISION, "{number}");
                assert_eq!(Some(queue.remove(number)), waiting.remove(&number));
                assert_eq!(queue.remove(number), 0.0, "it is removed once");
                assert_eq!(queue.change(number, 5.0), 0.0, "it has none any more");
            }
        }
        waiting.keys().for_each(|number| assert!(queue.remove(*number) > 0.0));
        assert!(queue.sums.is_empty(), "{queue:?}");
    }
    #[test]
    fn time_is_paid_once_and_a_pause_of_those_that_wait_is_at_most_a_second() {
        let (bucket, begin) = (Bucket::new(10.0), Instant::now() + Duration::from_secs(1_000));
        let mut state = bucket.state();
        state.paid_at = begin;
        let at = |seconds: f64| begin + Duration::from_secs_f64(seconds);
        state.balance = -100.0;
        for step in 1..=20 {
            state.pay(10.0, at(f64::from(step) / 2.0));
        }
        assert!(state.balance.abs() < PRECISION, "10 seconds at 10 a second: {}", state.balance);

        // Units of sent requests are owed for the whole time; those of waiting ones are not there at once.
        state.balance = -50.0;
        let waiting = 1_000.0;
        state.queue.push(waiting);
        state.balance -= waiting;
        state.pay(10.0, at(70.0));
        assert!((state.balance + waiting - 10.0).abs() < PRECISION, "{}", state.balance);

        // The paused clock of another runtime begins in the past.
        state.slow = Some(Slow { since: at(70.0), throttled: 5.0 });
        let earlier = begin - Duration::from_secs(100);
        state.pay(10.0, earlier);
        assert!((state.balance + waiting - 10.0).abs() < PRECISION, "{}", state.balance);
        state.pay(10.0, earlier + Duration::from_secs(1));
        let left = state.balance + waiting;
        assert!((13.5..20.0).contains(&left), "it goes on: {left}");
        assert!(
            state.slow.is_some_and(|slow| slow.rate(earlier + Duration::from_secs(20)) > 10.0),
            "and so does the recovery"
        );
    }
}
