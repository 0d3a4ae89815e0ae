//! Writes whose failed condition is no error.

use crate::ops::{Error, Result};

/// A write that returns whether its condition held. A failed condition is no error.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, mut alice: User) -> dyntastic::Result<()> {
/// let is_deleted = alice.delete(&db).condition(User::A.age.lt(5)).if_matches().await?;
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[must_use = "an operation runs when it is awaited"]
pub struct IfMatches<O>(pub(in crate::ops) O);

/// Turns a failed condition into `None`.
pub(in crate::ops) fn matched<T>(result: Result<T>) -> Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(Error::ConditionFailed(_) | Error::AlreadyExists(_)) => Ok(None),
        Err(error) => Err(error),
    }
}
