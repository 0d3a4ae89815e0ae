//! The keys of encrypted attributes.

mod absent;

pub(crate) use absent::Keys;
