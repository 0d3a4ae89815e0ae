//! Failed conditions.

use crate::codec::read_model_with;
use crate::ground::{AttributeMap, ReadError};
use crate::keys::Keys;
use crate::ops::TableItem;
use std::fmt;

/// A write whose condition does not hold.
#[derive(thiserror::Error)]
#[error("{operation} of {model} on the table {table}: the condition does not hold")]
pub struct ConditionFailed {
    pub(in crate::ops) operation: &'static str,
    pub(in crate::ops) model: &'static str,
    pub(in crate::ops) table: String,
    pub(in crate::ops) item: Option<AttributeMap>,
    /// The keys of its encrypted attributes.
    pub(in crate::ops) keys: Option<Keys>,
    pub(in crate::ops) source: Box<dyn std::error::Error + Send + Sync>,
}

impl ConditionFailed {
    /// The stored item, if there is one and the operation asked for it with `return_existing`.
    ///
    /// # Errors
    ///
    /// The item does not fit the model.
    pub fn existing<M: TableItem>(&self) -> Result<Option<M>, ReadError> {
        self.item.clone().map(|item| read_model_with(item, self.keys.as_ref())).transpose()
    }
}

/// Leaves out the item: no text holds values.
impl fmt::Debug for ConditionFailed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ConditionFailed")
            .field("operation", &self.operation)
            .field("model", &self.model)
            .field("table", &self.table)
            .finish_non_exhaustive()
    }
}
