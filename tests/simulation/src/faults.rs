//! What goes wrong: chosen by the seed, for each request by itself.

use crate::random::Random;
use std::collections::BTreeSet;

/// What becomes of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// It is done and answered.
    None,
    /// It gets lost.
    LoseRequest,
    /// It is done, and the answer gets lost.
    LoseAnswer,
    /// It is done after its caller has been told that the connection broke.
    Late,
    /// It is refused for there are too many.
    Throttle,
    /// An error of DynamoDB's own, before it is done.
    FailBefore,
    /// An error of DynamoDB's own, after it was done.
    FailAfter,
    /// A transaction is on the item.
    Conflict,
    /// A transaction is canceled for a reason that passes.
    Cancel(&'static str),
    /// Some of a batch are left undone.
    Leave,
    /// A page ends before its limit.
    CutPage,
    /// It is done, and the answer is cut off.
    CutAnswer,
    /// It is done, and the answer is a page of some proxy.
    Html,
}

impl Fault {
    /// Whether the caller does not learn whether the request was done.
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

/// Stands for the patience of an operation's caller among the numbers of its requests.
pub const PATIENCE: u64 = u64::MAX;

/// The reasons of canceled transactions that pass.
const PASSING: [&str; 3] = ["TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"];

/// The faults of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Faults {
    seed: u64,
    /// Out of a thousand requests, how many meet one.
    rate: u64,
    /// Which kinds there are: a run with few kinds goes deeper into each.
    kinds: u64,
    /// Those that a shrunk run leaves out, by operation and request.
    pub left_out: BTreeSet<(usize, u64)>,
}

impl Faults {
    /// The faults of a seed: of some runs none, of most some, of some many.
    pub fn new(seed: u64) -> Self {
        let mut random = Random::at(seed, &[1]);
        let rate = *random.pick(&[0, 30, 60, 120, 250, 400]);
        let kinds = if random.chance(400) { u64::MAX } else { random.next() };
        Self { seed, rate, kinds, left_out: BTreeSet::new() }
    }

    /// What becomes of an operation's request.
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

    /// Numbers for one of the choices about a request.
    pub fn random(&self, by: Option<usize>, ordinal: u64, choice: u64) -> Random {
        let by = by.map_or(u64::MAX, |by| by as u64);
        Random::at(self.seed, &[by, ordinal, choice])
    }

    /// How long something takes, in milliseconds: mostly little, so that tasks meet, and sometimes long.
    pub fn delay(random: &mut Random) -> u64 {
        match random.below(20) {
            0 => 100 + random.below(2000),
            1..=4 => 0,
            _ => random.below(30),
        }
    }
}
