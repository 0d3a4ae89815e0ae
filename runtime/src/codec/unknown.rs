//! Attributes that a struct does not know.

use crate::ground::AttributeMap;
use std::fmt;

/// The attributes of an item that its struct has no fields for: they survive a load and a save.
#[derive(Clone, Default, PartialEq)]
pub struct UnknownAttributes(AttributeMap);

impl UnknownAttributes {
    pub(crate) fn new(attributes: AttributeMap) -> Self {
        Self(attributes)
    }

    /// The attributes, as the SDK has them.
    pub fn as_map(&self) -> &AttributeMap {
        &self.0
    }

    /// The attributes, to change.
    pub fn as_map_mut(&mut self) -> &mut AttributeMap {
        &mut self.0
    }
}

/// The names alone: the values may be what nobody wants in a log.
impl fmt::Debug for UnknownAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
