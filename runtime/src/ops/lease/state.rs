//! The state of a part of shared work, and its form as an item.

use crate::ground::AttributeMap;
use aws_sdk_dynamodb::types::AttributeValue;

/// What is known of the work on a part.
pub(crate) trait Work: Clone + Default + Send + Sync {
    /// Its attributes.
    fn write(&self) -> AttributeMap;

    fn read(item: &AttributeMap) -> Self;
}

/// The state of a part.
#[derive(Debug, Clone, Default)]
pub(crate) struct State<W> {
    /// The number of its writes.
    pub(crate) turn: u64,
    /// The worker of the last write.
    pub(crate) worker: String,
    /// Whether this worker has the lease.
    pub(crate) is_leased: bool,
    pub(crate) is_finished: bool,
    pub(crate) work: W,
}

/// The name of the number of writes in the item.
pub(crate) const TURN: &str = "turn";

impl<W: Work> State<W> {
    /// The attributes of the state, without the key.
    pub(super) fn write(&self) -> AttributeMap {
        let mut item = self.work.write();
        item.extend([
            (TURN.to_owned(), AttributeValue::N(self.turn.to_string())),
            ("worker".to_owned(), AttributeValue::S(self.worker.clone())),
            ("is_leased".to_owned(), AttributeValue::Bool(self.is_leased)),
            ("is_finished".to_owned(), AttributeValue::Bool(self.is_finished)),
        ]);
        item
    }

    pub(super) fn read(item: &AttributeMap) -> Self {
        let is_true = |name| item.get(name) == Some(&AttributeValue::Bool(true));
        Self {
            turn: item.get(TURN).and_then(|turn| turn.as_n().ok()?.parse().ok()).unwrap_or_default(),
            worker: item.get("worker").and_then(|worker| worker.as_s().ok()).cloned().unwrap_or_default(),
            is_leased: is_true("is_leased"),
            is_finished: is_true("is_finished"),
            work: W::read(item),
        }
    }
}
