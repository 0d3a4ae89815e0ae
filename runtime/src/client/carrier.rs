//! Which form items travel in.

/// The form that items are taken from answers in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Carrier {
    /// The JSON on the wire: structs are read from it with nothing between.
    #[default]
    Wire,
    /// The SDK's attribute map: the reference that the other is held to.
    Map,
}
