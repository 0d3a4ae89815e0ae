//! The item that a write stores.

use super::item::Item;
use crate::ground::defects::Defect;
use crate::ground::{WriteError, WriteErrorKind, defects};
use std::borrow::Cow;
use std::ops::Deref;

/// The function `before_write` of a model. Emitted code holds it as a constant.
pub struct BeforeWrite<M> {
    change: fn(&mut M),
    /// Finds what it has changed and must not.
    refused: fn(&M, &M) -> Option<RefusedChange>,
}

/// A change that a hook must not make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RefusedChange {
    pub(crate) attribute: String,
    pub(crate) of: &'static str,
}

impl<M> BeforeWrite<M> {
    pub(crate) const fn comparing(change: fn(&mut M), refused: fn(&M, &M) -> Option<RefusedChange>) -> Self {
        Self { change, refused }
    }
}

impl<M> Clone for BeforeWrite<M> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<M> Copy for BeforeWrite<M> {}

impl<M> std::fmt::Debug for BeforeWrite<M> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("BeforeWrite")
    }
}

/// An item as a write stores it: as the model's `before_write` leaves it, with the stamps of the write, and with the
/// schema's transforms. Writes take no other item, so that none goes past the hook.
pub(crate) struct AsStored<'m, M: Clone>(Cow<'m, M>);

impl<'m, M: Item> AsStored<'m, M> {
    /// The item with the stamps that `stamp` gives it, if it gives it any.
    ///
    /// # Errors
    ///
    /// The model's `before_write` has changed the key or the version.
    pub(crate) fn new(item: Cow<'m, M>, stamp: impl FnOnce(&M) -> Option<M>) -> Result<Self, WriteError> {
        let item = before_write(item)?;
        let stored = stamp(&item).map_or(item, Cow::Owned);
        Ok(Self::transformed(stored))
    }

    fn transformed(mut item: Cow<'m, M>) -> Self {
        if let Some(transform) = M::model_transforms() {
            transform(item.to_mut());
        }
        Self(item)
    }

    /// The same item with the stamps of a later moment.
    pub(crate) fn stamped(&self, stamp: impl FnOnce(&M) -> Option<M>) -> AsStored<'_, M> {
        match stamp(&self.0) {
            Some(stamped) => AsStored::transformed(Cow::Owned(stamped)),
            None => AsStored(Cow::Borrowed(&*self.0)),
        }
    }

    /// The item, if it differs from the one that was to be written.
    pub(crate) fn into_changed(self) -> Option<M> {
        match self.0 {
            Cow::Borrowed(_) => None,
            Cow::Owned(item) => Some(item),
        }
    }
}

impl<M: Clone> Deref for AsStored<'_, M> {
    type Target = M;

    fn deref(&self) -> &M {
        &self.0
    }
}

/// The item as the model's `before_write` leaves it.
///
/// # Errors
///
/// It has changed the key or the version.
pub(super) fn before_write<M: Item>(item: Cow<'_, M>) -> Result<Cow<'_, M>, WriteError> {
    let hook = M::model_before_write().filter(|_| !defects::has(Defect::WritesWithoutHook));
    let Some(BeforeWrite { change, refused }) = hook else { return Ok(item) };
    let mut changed = item.clone().into_owned();
    change(&mut changed);
    match refused(&item, &changed) {
        None => Ok(Cow::Owned(changed)),
        Some(RefusedChange { attribute, of }) => {
            let error = WriteError::new(WriteErrorKind::ChangedBeforeWrite { of });
            Err(error.within_name(&attribute).of_model::<M>())
        }
    }
}
