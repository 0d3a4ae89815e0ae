//! The capacity that requests have consumed.

use aws_sdk_dynamodb::types::ConsumedCapacity;
use std::sync::{Arc, Mutex, PoisonError};

/// The sum of consumed capacity units. Clones share it.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Consumed(Arc<Mutex<f64>>);

impl Consumed {
    pub(in crate::ops) fn add<'c>(&self, capacities: impl IntoIterator<Item = &'c ConsumedCapacity>) {
        let units: f64 = capacities.into_iter().filter_map(|capacity| capacity.capacity_units).sum();
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) += units;
    }

    /// The units since the last call.
    pub(in crate::ops) fn take(&self) -> f64 {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
