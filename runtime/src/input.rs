//! What clients send.

use crate::codec::Item;
use crate::ground::Violations;

/// A value that a client sends, and what it becomes when it is valid.
///
/// A model stays itself, with the values that a write stores. Of the structs that `inputs:` emits, `create` becomes the
/// model (or its builder, if fields are missing that the app sets: then `build` checks all values), and `patch` becomes
/// an update. With the feature `axum`, `dyntastic::axum::Valid` extracts it from a request.
///
/// ```no_run
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # use dyntastic::{Input, serde_json};
/// # async fn example(body: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
/// let user: User = serde_json::from_slice::<CreateUser>(body)?.into_valid()?;
/// # Ok(())
/// # }
/// ```
pub trait Input: Sized {
    /// What the value becomes.
    type Valid;

    /// Checks the value.
    ///
    /// # Errors
    ///
    /// All violations.
    fn into_valid(self) -> Result<Self::Valid, Violations>;
}

impl<T: Item> Input for T {
    type Valid = T;

    fn into_valid(mut self) -> Result<T, Violations> {
        if let Some(change) = T::model_transforms() {
            change(&mut self);
        }
        self.validate()?;
        Ok(self)
    }
}
