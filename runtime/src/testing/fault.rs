//! The kinds of faults, and the choice of one by a seed.

use super::Random;
use std::fmt;

/// What goes wrong with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The connection breaks before DynamoDB has the request.
    LoseRequest,
    /// DynamoDB performs the request, and the connection breaks before its response.
    LoseResponse,
    /// The connection breaks, and DynamoDB performs the request after the caller has got the error.
    Late,
    /// DynamoDB refuses the request, because there are too many (ThrottlingException).
    Throttle,
    /// DynamoDB returns an internal error before it performs the request.
    FailBefore,
    /// DynamoDB returns an internal error after it has performed the request.
    FailAfter,
    /// DynamoDB performs the request, and half of the response arrives.
    CutResponse,
    /// DynamoDB performs the request, and the response is an HTML page of a proxy.
    Html,
    /// DynamoDB refuses a write of one item, because a transaction uses the item (TransactionConflictException).
    Conflict,
    /// DynamoDB cancels a transaction of writes for a reason that passes.
    Cancel,
    /// A batch leaves some of its items unprocessed.
    Leave,
    /// A page of a query or a scan has at most three items.
    CutPage,
}

impl Fault {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::LoseRequest,
        Self::LoseResponse,
        Self::Late,
        Self::Throttle,
        Self::FailBefore,
        Self::FailAfter,
        Self::CutResponse,
        Self::Html,
        Self::Conflict,
        Self::Cancel,
        Self::Leave,
        Self::CutPage,
    ];

    /// Whether the fault leaves the caller unsure if DynamoDB has performed the request.
    pub fn leaves_doubt(self) -> bool {
        match self {
            Self::LoseRequest
            | Self::LoseResponse
            | Self::Late
            | Self::FailBefore
            | Self::FailAfter
            | Self::CutResponse
            | Self::Html => true,
            Self::Throttle | Self::Conflict | Self::Cancel | Self::Leave | Self::CutPage => false,
        }
    }

    /// Whether requests of a kind can have the fault. Operations have DynamoDB's names.
    pub fn can_meet(self, operation: &str) -> bool {
        match self {
            Self::Conflict => matches!(operation, "PutItem" | "UpdateItem" | "DeleteItem"),
            Self::Cancel => operation == "TransactWriteItems",
            Self::Leave => matches!(operation, "BatchWriteItem" | "BatchGetItem"),
            Self::CutPage => matches!(operation, "Query" | "Scan"),
            _ => true,
        }
    }

    /// How much oftener it is chosen than others. A fault of few operations would otherwise be rare.
    fn weight(self) -> usize {
        match self {
            Self::Leave | Self::CutPage => 6,
            Self::Cancel => 3,
            _ => 1,
        }
    }

    /// Chooses one of some faults for a request, or none in most cases: `of_thousand` requests meet one of them, if there
    /// is one for their operation.
    ///
    /// ```
    /// use dyntastic::testing::{Fault, Random};
    ///
    /// let kinds = [Fault::Throttle, Fault::CutPage];
    /// let fault = Fault::choose(&kinds, 1000, "PutItem", &mut Random::new(1));
    /// assert_eq!(fault, Some(Fault::Throttle));
    /// ```
    pub fn choose(kinds: &[Self], of_thousand: u64, operation: &str, random: &mut Random) -> Option<Self> {
        if !random.chance(of_thousand) {
            return None;
        }
        let fitting = kinds.iter().filter(|fault| fault.can_meet(operation));
        let weighted: Vec<Self> = fitting.flat_map(|fault| std::iter::repeat_n(*fault, fault.weight())).collect();
        random.choose(&weighted).copied()
    }
}

/// What has happened: `the response was lost`.
impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::LoseRequest => "the request was lost",
            Self::LoseResponse => "the response was lost",
            Self::Late => "the request was performed after its error",
            Self::Throttle => "throttled",
            Self::FailBefore => "an internal error, and not performed",
            Self::FailAfter => "an internal error, and performed",
            Self::CutResponse => "half of the response arrived",
            Self::Html => "the response was HTML",
            Self::Conflict => "a transaction had the item",
            Self::Cancel => "the transaction was canceled",
            Self::Leave => "items were left unprocessed",
            Self::CutPage => "the page was short",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, Random};
    use std::collections::BTreeSet;

    #[test]
    fn a_seed_chooses_among_the_kinds_that_an_operation_can_meet() {
        let mut random = Random::new(1);
        let found: BTreeSet<Fault> =
            (0..2_000).filter_map(|_| Fault::choose(&Fault::ALL, 900, "Query", &mut random)).collect();
        let expected = Fault::ALL.into_iter().filter(|fault| fault.can_meet("Query")).collect();
        assert_eq!(found, expected);
        assert!(!found.contains(&Fault::Leave) && found.contains(&Fault::CutPage));
        assert_eq!(Fault::choose(&[Fault::Cancel], 1000, "GetItem", &mut random), None);
        assert_eq!(Fault::choose(&Fault::ALL, 0, "GetItem", &mut random), None);
    }
}
