//! Items to put: shared, or mutable where a write changes fields of them.

use crate::ops::TableItem;
use crate::ops::model::Unstamped;

/// An item that a transaction or a batch puts: `&item`, or `&mut item` for a model with a version or times that
/// writes keep. A mutable item is brought up to date only after DynamoDB has acknowledged the write.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be put",
    label = "expected `&item`, or `&mut item` of a model with a version or times",
    note = "writes change the version and the times of such a model: the struct is brought up to date after the write"
)]
pub trait IntoPut<'a, M: TableItem> {
    #[doc(hidden)]
    fn item(&self) -> &M;

    /// The struct to bring up to date.
    #[doc(hidden)]
    fn kept(self) -> Option<&'a mut M>;
}

impl<'a, M: Unstamped> IntoPut<'a, M> for &M {
    fn item(&self) -> &M {
        self
    }

    fn kept(self) -> Option<&'a mut M> {
        None
    }
}

impl<'a, M: TableItem> IntoPut<'a, M> for &'a mut M {
    fn item(&self) -> &M {
        self
    }

    fn kept(self) -> Option<&'a mut M> {
        Some(self)
    }
}

/// Brings a struct up to date when DynamoDB has acknowledged its write.
pub(in crate::ops) type WhenWritten<'a> = Box<dyn FnOnce() + Send + Sync + 'a>;
