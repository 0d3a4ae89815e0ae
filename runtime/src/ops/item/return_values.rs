//! What updates return.

use crate::codec::{FromAttribute, RawItem, ValueReader};
use crate::expr::Attribute;
use crate::ground::AttributeMap;
use crate::ops::{Model, Result};
use std::fmt;
use std::marker::PhantomData;

/// What an update returns.
pub trait Returned<M>: Send + 'static {
    /// The result.
    type Output: Send;
    #[doc(hidden)]
    const VALUES: ReturnValues;
    #[doc(hidden)]
    fn read(item: ReturnedItem) -> Result<Self::Output>;
}

/// What an update was answered.
#[doc(hidden)]
#[derive(Debug)]
pub struct ReturnedItem(pub(in crate::ops) Option<RawItem>);

impl ReturnedItem {
    fn changed<M: Model>(self) -> Result<Changed<M>> {
        let attributes = self.0.map(RawItem::into_map).transpose().map_err(|error| error.of(M::NAME))?;
        Ok(Changed { attributes: attributes.unwrap_or_default(), model: PhantomData })
    }
}

/// What is asked of UpdateItem's ReturnValues.
#[doc(hidden)]
#[derive(Debug, Clone, Copy)]
pub enum ReturnValues {
    None,
    AllNew,
    AllOld,
    UpdatedNew,
    UpdatedOld,
}

/// The item as it is after the update.
#[derive(Debug)]
pub enum New {}

/// The item as it was before the update; `None` where there was none.
#[derive(Debug)]
pub enum Old {}

/// The attributes that the update changed, as they are after it.
#[derive(Debug)]
pub enum UpdatedNew {}

/// The attributes that the update changed, as they were before it.
#[derive(Debug)]
pub enum UpdatedOld {}

/// Nothing.
#[derive(Debug)]
pub enum Nothing {}

/// The attributes that an update changed.
pub struct Changed<M> {
    attributes: AttributeMap,
    model: PhantomData<fn() -> M>,
}

impl<M: Model> Changed<M> {
    /// The value of an attribute, or of a part of one; `None` where it is not among what changed.
    ///
    /// # Errors
    ///
    /// The value is not of the attribute's type.
    pub fn get<T: FromAttribute, R>(&self, attribute: &Attribute<M, T, R>) -> Result<Option<T>> {
        let path = attribute.path();
        let value = path.find(&self.attributes);
        let read = value.map(|value| T::read(ValueReader::new(value.clone()))).transpose();
        read.map_err(|error| error.within_name(path.attribute()).of(M::NAME).into())
    }
}

impl<M> fmt::Debug for Changed<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.attributes.keys()).finish()
    }
}

impl<M: Model> Returned<M> for New {
    type Output = M;
    const VALUES: ReturnValues = ReturnValues::AllNew;

    fn read(item: ReturnedItem) -> Result<M> {
        Ok(item.0.unwrap_or_else(|| RawItem::Map(AttributeMap::new())).read_model()?)
    }
}

impl<M: Model> Returned<M> for Old {
    type Output = Option<M>;
    const VALUES: ReturnValues = ReturnValues::AllOld;

    fn read(item: ReturnedItem) -> Result<Option<M>> {
        Ok(item.0.map(RawItem::read_model).transpose()?)
    }
}

impl<M: Model> Returned<M> for UpdatedNew {
    type Output = Changed<M>;
    const VALUES: ReturnValues = ReturnValues::UpdatedNew;

    fn read(item: ReturnedItem) -> Result<Changed<M>> {
        item.changed()
    }
}

impl<M: Model> Returned<M> for UpdatedOld {
    type Output = Changed<M>;
    const VALUES: ReturnValues = ReturnValues::UpdatedOld;

    fn read(item: ReturnedItem) -> Result<Changed<M>> {
        item.changed()
    }
}

impl<M: Model> Returned<M> for Nothing {
    type Output = ();
    const VALUES: ReturnValues = ReturnValues::None;

    fn read(_: ReturnedItem) -> Result<()> {
        Ok(())
    }
}
