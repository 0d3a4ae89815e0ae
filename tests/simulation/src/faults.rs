//! The faults of a run. The seed chooses them for each request separately.

use crate::random::Random;
use std::collections::BTreeSet;

/// The fault that a request meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// No fault: the store performs the request, and its response arrives.
    None,
    /// The request gets lost.
    LoseRequest,
    /// The store performs the request, and the response gets lost.
    LoseAnswer,
    /// The store performs the request after its caller has got the error of a broken connection.
    Late,
    /// DynamoDB refuses the request, because there are too many.
    Throttle,
    /// DynamoDB returns an internal error before it performs the request.
    FailBefore,
    /// DynamoDB returns an internal error after it has performed the request.
    FailAfter,
    /// DynamoDB refuses the request, because a transaction uses the item.
    Conflict,
    /// DynamoDB cancels a transaction for a transient reason.
    Cancel(&'static str),
    /// A batch leaves some of its requests unprocessed.
    Leave,
    /// A page ends before its limit.
    CutPage,
    /// The store performs the request, and the response is truncated.
    CutAnswer,
    /// The store performs the request, and the response is an HTML page of a proxy.
    Html,
}

impl Fault {
    /// Whether the fault leaves the caller unsure if the request was performed.
    pub fn leaves_doubt(self) -> bool {
        matches!(
            self,
            Self::LoseRequest
                | Self::LoseAnswer
                | Self::Late
                | Self::FailBefore
                | Self::FailAfter
                | Self::CutAnswer
                | Self::Html
        )
    }
}

/// The number that stands for the patience of an operation's caller, among the numbers of the operation's requests.
pub const PATIENCE: u64 = u64::MAX;

/// The transient reasons of canceled transactions.
const PASSING: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// The faults of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    seed: u64,
    /// The number of requests out of a thousand that meet a fault.
    rate: u64,
    /// The kinds of faults in the run, as bits. A run with few kinds exercises each of them more.
    kinds: u64,
    /// The faults that a shrunk run leaves out, by operation and request.
    pub left_out: BTreeSet<(usize, u64)>,
}

impl Faults {
    /// The faults of a seed. Some runs have none, most have some, and some have many.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::at(seed, &[1]);
        let rate = *random.pick(&[0, 30, 60, 120, 250, 400]);
        let kinds = if random.chance(400) { u64::MAX } else { random.next() };
        Self { seed, rate, kinds, left_out: BTreeSet::new() }
    }

    /// Chooses the fault of an operation's request.
    pub fn choose(&self, by: Option<usize>, ordinal: u64, operation: &str) -> Fault {
        let Some(by) = by.filter(|by| !self.left_out.contains(&(*by, ordinal))) else { return Fault::None };
        let mut random = self.random(Some(by), ordinal, 2);
        if !random.chance(self.rate) {
            return Fault::None;
        }
        let mut faults = vec![
            Fault::LoseRequest,
            Fault::LoseAnswer,
            Fault::Late,
            Fault::Throttle,
            Fault::FailBefore,
            Fault::FailAfter,
            Fault::CutAnswer,
            Fault::Html,
        ];
        match operation {
            "PutItem" | "UpdateItem" | "DeleteItem" => faults.push(Fault::Conflict),
            "TransactWriteItems" => faults.extend(PASSING.map(Fault::Cancel)),
            "BatchWriteItem" | "BatchGetItem" => faults.extend([Fault::Leave; 6]),
            "Query" | "Scan" => faults.extend([Fault::CutPage; 6]),
            _ => {}
        }
        let fault = *random.pick(&faults);
        let kind = faults.iter().position(|other| *other == fault).unwrap_or_default();
        if self.kinds >> kind & 1 == 1 { fault } else { Fault::None }
    }

    /// The random numbers for one choice about a request.
    pub fn random(&self, by: Option<usize>, ordinal: u64, choice: u64) -> Random {
        let by = by.map_or(u64::MAX, |by| by as u64);
        Random::at(self.seed, &[by, ordinal, choice])
    }

    /// A random delay in milliseconds. Most delays are short, so that tasks meet, and some are long.
    pub fn delay(random: &mut Random) -> u64 {
        match random.below(20) {
            0 => 100 + random.below(2000),
            1..=4 => 0,
            _ => random.below(30),
        }
    }
}
