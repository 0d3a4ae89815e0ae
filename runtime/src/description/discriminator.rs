//! The attributes that name an item's model.

use std::iter;

/// The attributes that name an item's model in a shared table, with their values for one model. All of them must match.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Discriminator {
    /// An item that is of no model, such as a guard, has another value of this one.
    pub(crate) first: (&'static str, &'static str),
    pub(crate) others: &'static [(&'static str, &'static str)],
}

impl Discriminator {
    /// The attributes with their values.
    pub(crate) fn pairs(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        iter::once(self.first).chain(self.others.iter().copied())
    }

    /// The attributes.
    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.pairs().map(|(name, _)| name)
    }

    /// The values as one text, for keys of guards. No value holds `#`.
    pub(crate) fn text(self) -> String {
        self.pairs().map(|(_, value)| value).collect::<Vec<_>>().join("#")
    }
}
