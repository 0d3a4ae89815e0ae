//! The results of updates.

use crate::codec::{FromAttribute, RawItem, ValueReader};
use crate::expr::{Attribute, StoredRole};
use crate::ground::AttributeMap;
use crate::ops::{Result, TableItem};
use std::fmt;
use std::marker::PhantomData;

/// The result of an update: a whole item, changed attributes, or nothing.
pub trait Returned: Send + 'static {
    /// The result of an update of the model `M`.
    type Output<M: TableItem>: Send;
    #[doc(hidden)]
    const VALUES: ReturnValues;
    #[doc(hidden)]
    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<Self::Output<M>>;
}

/// The attributes in the response to an update.
#[doc(hidden)]
#[derive(Debug)]
pub struct ReturnedItem(pub(in crate::ops) Option<RawItem>);

impl ReturnedItem {
    pub(super) fn into_attributes<M: TableItem>(self) -> Result<AttributeMap> {
        let attributes = self.0.map(RawItem::into_map).transpose().map_err(|error| error.of(M::model_name()))?;
        Ok(attributes.unwrap_or_default())
    }

    fn changed<M: TableItem>(self) -> Result<Changed<M>> {
        Ok(Changed { attributes: self.into_attributes::<M>()?, model: PhantomData })
    }
}

/// The value of UpdateItem's ReturnValues.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum ReturnValues {
    None,
    AllNew,
    AllOld,
    UpdatedNew,
    UpdatedOld,
}

/// The item after the update.
#[derive(Debug)]
pub struct New;

/// The item before the update; `None` if it was missing.
#[derive(Debug)]
pub struct Old;

/// The attributes that the update changed, with their values after it.
#[derive(Debug)]
pub struct UpdatedNew;

/// The attributes that the update changed, with their values before it.
#[derive(Debug)]
pub struct UpdatedOld;

/// No result.
#[derive(Debug)]
pub struct Nothing;

/// The attributes that an update changed.
pub struct Changed<M> {
    attributes: AttributeMap,
    model: PhantomData<fn() -> M>,
}

impl<M: TableItem> Changed<M> {
    /// The value of a changed attribute, or of a part of it; `None` if it was not changed.
    ///
    /// # Errors
    ///
    /// The value does not fit the attribute's type.
    pub fn get<T: FromAttribute, R: StoredRole>(&self, attribute: &Attribute<M, T, R>) -> Result<Option<T>> {
        let path = attribute.path();
        let value = path.find(&self.attributes);
        let read = value.map(|value| T::read(ValueReader::new(value.clone()))).transpose();
        read.map_err(|error| error.within_name(path.attribute()).of(M::model_name()).into())
    }
}

impl<M> fmt::Debug for Changed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.attributes.keys()).finish()
    }
}

impl Returned for New {
    type Output<M: TableItem> = M;
    const VALUES: ReturnValues = ReturnValues::AllNew;

    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<M> {
        Ok(item.0.unwrap_or_else(|| RawItem::Map(AttributeMap::new())).read_model()?)
    }
}

impl Returned for Old {
    type Output<M: TableItem> = Option<M>;
    const VALUES: ReturnValues = ReturnValues::AllOld;

    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<Option<M>> {
        Ok(item.0.map(RawItem::read_model).transpose()?)
    }
}

impl Returned for UpdatedNew {
    type Output<M: TableItem> = Changed<M>;
    const VALUES: ReturnValues = ReturnValues::UpdatedNew;

    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<Changed<M>> {
        item.changed()
    }
}

impl Returned for UpdatedOld {
    type Output<M: TableItem> = Changed<M>;
    const VALUES: ReturnValues = ReturnValues::UpdatedOld;

    fn read<M: TableItem>(&self, item: ReturnedItem) -> Result<Changed<M>> {
        item.changed()
    }
}

impl Returned for Nothing {
    type Output<M: TableItem> = ();
    const VALUES: ReturnValues = ReturnValues::None;

    fn read<M: TableItem>(&self, _: ReturnedItem) -> Result<()> {
        Ok(())
    }
}
