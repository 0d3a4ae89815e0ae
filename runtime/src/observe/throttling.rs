//! Why DynamoDB throttled a request.

use aws_sdk_dynamodb::types::error::{
    ProvisionedThroughputExceededException, RequestLimitExceeded, ThrottlingException, TransactionCanceledException,
};
use aws_sdk_dynamodb::types::{CancellationReason, ThrottlingReason};
use std::error::Error;
use std::fmt;

/// Why DynamoDB throttled a request: the table or the index, and which limit of it the request would exceed.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// use dyntastic::observe::Limit;
/// # async fn example(db: Client, alice: User) -> dyntastic::Result<()> {
/// if let Err(error) = alice.save(&db).await {
///     for throttling in error.throttling() {
///         let is_hot = throttling.limit() == Limit::KeyRange; // one hash key has too many requests
///         println!("{:?} {:?} {is_hot}", throttling.table(), throttling.index());
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throttling {
    reason: String,
    resource: String,
}

/// A limit of a table or an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Limit {
    /// The capacity units per second that are provisioned.
    Provisioned,
    /// The maximum of capacity units per second that is set for a table or an index that is paid per request.
    OnDemandMaximum,
    /// The quota of the account for one table or index that is paid per request.
    Account,
    /// What DynamoDB serves of a small range of keys: too many requests have the same hash key.
    KeyRange,
    /// A limit that this version does not know. [`Throttling::reason`] has its name.
    Other,
}

/// What the requests do that a limit counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Access {
    /// They read.
    Read,
    /// They write.
    Write,
}

impl Throttling {
    /// DynamoDB's name of the reason, such as `IndexWriteKeyRangeThroughputExceeded`.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// The ARN of the table or of the index.
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// The table's name in DynamoDB; `None` if DynamoDB does not say it.
    pub fn table(&self) -> Option<&str> {
        self.resource.split('/').nth(1)
    }

    /// The index; `None` if the limit is that of the table.
    pub fn index(&self) -> Option<&str> {
        self.resource.split('/').nth(3)
    }

    /// Whether the limit is for reads or for writes; `None` if DynamoDB does not say it.
    pub fn access(&self) -> Option<Access> {
        let of = self.reason.strip_prefix("Table").or_else(|| self.reason.strip_prefix("Index"))?;
        match (of.starts_with("Read"), of.starts_with("Write")) {
            (true, _) => Some(Access::Read),
            (_, true) => Some(Access::Write),
            _ => None,
        }
    }

    /// The limit.
    pub fn limit(&self) -> Limit {
        const LIMITS: [(&str, Limit); 4] = [
            ("ProvisionedThroughputExceeded", Limit::Provisioned),
            ("MaxOnDemandThroughputExceeded", Limit::OnDemandMaximum),
            ("AccountLimitExceeded", Limit::Account),
            ("KeyRangeThroughputExceeded", Limit::KeyRange),
        ];
        let of = LIMITS.iter().find(|(name, _)| self.reason.ends_with(name));
        of.map_or(Limit::Other, |(_, limit)| *limit)
    }

    /// The reasons in an error, or in its sources; `None` if DynamoDB did not throttle. The list is empty if DynamoDB
    /// throttled an action of a transaction.
    pub(crate) fn all_of(error: &(dyn Error + 'static)) -> Option<Vec<Self>> {
        let mut next = Some(error);
        while let Some(error) = next {
            let reasons = error
                .downcast_ref::<ThrottlingException>()
                .map(ThrottlingException::throttling_reasons)
                .or_else(|| Some(error.downcast_ref::<ProvisionedThroughputExceededException>()?.throttling_reasons()))
                .or_else(|| Some(error.downcast_ref::<RequestLimitExceeded>()?.throttling_reasons()));
            if let Some(reasons) = reasons {
                return Some(reasons.iter().map(Self::from).collect());
            }
            if let Some(canceled) = error.downcast_ref::<TransactionCanceledException>() {
                let mut codes = canceled.cancellation_reasons().iter().filter_map(CancellationReason::code);
                return codes.any(is_throttled).then(Vec::new);
            }
            next = error.source();
        }
        None
    }
}

/// Whether DynamoDB canceled a transaction, which may have consumed capacity.
pub(crate) fn is_canceled(error: &(dyn Error + 'static)) -> bool {
    error.is::<TransactionCanceledException>() || error.source().is_some_and(is_canceled)
}

/// Whether the code of a canceled transaction's action says that DynamoDB throttled it.
pub(crate) fn is_throttled(code: &str) -> bool {
    matches!(code, "ThrottlingError" | "ProvisionedThroughputExceeded")
}

impl From<&ThrottlingReason> for Throttling {
    fn from(of: &ThrottlingReason) -> Self {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        Self { reason: text(of.reason()), resource: text(of.resource()) }
    }
}

impl fmt::Display for Throttling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.access() {
            Some(Access::Read) => "reads",
            Some(Access::Write) => "writes",
            None => "requests",
        })?;
        if let Some(index) = self.index() {
            write!(f, " of the index {index}")?;
        }
        match self.table() {
            Some(table) => write!(f, " of the table {table}")?,
            None => f.write_str(" of a table")?,
        }
        match self.limit() {
            Limit::Provisioned => f.write_str(" exceed its provisioned capacity"),
            Limit::OnDemandMaximum => f.write_str(" exceed its maximum of request units"),
            Limit::Account => f.write_str(" exceed the account's quota for it"),
            Limit::KeyRange => f.write_str(" exceed what one range of keys can serve: too many have the same hash key"),
            Limit::Other => write!(f, " are throttled: {}", self.reason),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn throttling(reason: &str, resource: &str) -> Throttling {
        Throttling { reason: reason.to_owned(), resource: resource.to_owned() }
    }

    #[test]
    fn a_reason_names_table_index_access_and_limit() {
        const TABLE: &str = "arn:aws:dynamodb:eu-west-1:123456789012:table/users";
        const INDEX: &str = "arn:aws-cn:dynamodb:cn-north-1:123456789012:table/users/index/by_email";
        let cases = [
            ("TableReadProvisionedThroughputExceeded", TABLE, None, Some(Access::Read), Limit::Provisioned),
            ("IndexWriteKeyRangeThroughputExceeded", INDEX, Some("by_email"), Some(Access::Write), Limit::KeyRange),
            ("IndexReadAccountLimitExceeded", INDEX, Some("by_email"), Some(Access::Read), Limit::Account),
            ("TableWriteMaxOnDemandThroughputExceeded", TABLE, None, Some(Access::Write), Limit::OnDemandMaximum),
            ("TableReplicaThroughputExceeded", TABLE, None, None, Limit::Other),
        ];
        for (reason, resource, index, access, limit) in cases {
            let of = throttling(reason, resource);
            assert_eq!(
                (of.table(), of.index(), of.access(), of.limit()),
                (Some("users"), index, access, limit),
                "{reason}"
            );
        }
    }

    #[test]
    fn a_reason_is_a_sentence() {
        let hot = throttling("IndexWriteKeyRangeThroughputExceeded", "arn:aws:dynamodb:r:1:table/users/index/by_email");
        assert_eq!(
            hot.to_string(),
            "writes of the index by_email of the table users exceed what one range of keys can serve: too many have the \
             same hash key"
        );
        let unknown = throttling("Unheard", "");
        assert_eq!(unknown.to_string(), "requests of a table are throttled: Unheard");
    }
}
