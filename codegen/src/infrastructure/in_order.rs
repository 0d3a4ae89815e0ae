//! JSON objects whose entries keep their order.

use serde::{Serialize, Serializer};

/// The entries of an object.
#[derive(Debug)]
pub(super) struct InOrder<T>(pub(super) Vec<(String, T)>);

impl<T> InOrder<T> {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<T: Serialize> Serialize for InOrder<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// An object as text, with an end of line.
pub(super) fn text(of: &impl Serialize) -> String {
    // The objects hold texts, numbers, flags and lists of them, which JSON cannot refuse.
    serde_json::to_string_pretty(of).unwrap_or_default() + "\n"
}
