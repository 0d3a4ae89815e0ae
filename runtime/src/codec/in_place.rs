//! Items that are read where they stand in an answer, all at once.

use super::item::Item;
use super::json::{Json, Malformed};
use super::raw_item::RawItem;
use super::reader::ItemReader;
use crate::ground::ReadError;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Items, in a vector of what they are read as.
pub(super) type AnyItems = Box<dyn Any + Send>;

/// Reads one item, or those of an array.
pub(crate) type ReadInPlace = fn(Json<'_>, several: bool) -> Result<(AnyItems, usize), Malformed>;

/// How items are read as `T`.
pub(crate) struct Reads<T> {
    pub(super) in_place: Option<InPlace<T>>,
    /// Reads an item that could not be read in place.
    pub(super) raw: Arc<ReadRaw<T>>,
}

impl<T> Clone for Reads<T> {
    fn clone(&self) -> Self {
        Self { in_place: self.in_place, raw: self.raw.clone() }
    }
}

/// Reads an item as it came.
type ReadRaw<T> = dyn Fn(RawItem) -> Result<T, ReadError> + Send + Sync;

/// How items are read as `T` where they stand.
pub(super) struct InPlace<T> {
    pub(super) read: ReadInPlace,
    /// The items that `read` gave.
    pub(super) items: fn(AnyItems) -> Option<Vec<T>>,
}

impl<T> Clone for InPlace<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for InPlace<T> {}

impl<T> Reads<T> {
    /// Each item by itself.
    pub(crate) fn each(read: impl Fn(RawItem) -> Result<T, ReadError> + Send + Sync + 'static) -> Self {
        Self { in_place: None, raw: Arc::new(read) }
    }

    pub(crate) fn in_place(&self) -> Option<ReadInPlace> {
        self.in_place.as_ref().map(|in_place| in_place.read)
    }
}

impl<T: Item + Send + 'static> Reads<T> {
    /// As the struct that each is, of items of the model `M`.
    pub(crate) fn whole<M: Item + 'static>() -> Self {
        let items = |items: AnyItems| items.downcast::<Vec<T>>().ok().map(|items| *items);
        Self { in_place: Some(InPlace { read: read_in_place::<T, M>, items }), raw: Arc::new(RawItem::read::<T, M>) }
    }
}

fn read_in_place<T: Item + Send + 'static, M: Item>(
    json: Json<'_>,
    several: bool,
) -> Result<(AnyItems, usize), Malformed> {
    let mut items: Vec<T> = Vec::new();
    if several {
        json.open(b'[')?;
        while json.next(items.is_empty(), b']')? {
            let start = json.at();
            items.push(read_item::<T, M>(json)?);
            if items.len() == 1 {
                // The others are about as long.
                items.reserve(json.left() / (json.at() - start).max(1));
            }
        }
    } else {
        items.push(read_item::<T, M>(json)?);
    }
    let count = items.len();
    Ok((Box::new(items), count))
}

/// Reads an item, if it is one of the model.
fn read_item<T: Item, M: Item>(json: Json<'_>) -> Result<T, Malformed> {
    if json.peek() != Some(b'{') {
        return Err(Malformed);
    }
    let (start, depth) = (json.at(), json.depth());
    let mut reader = ItemReader::wire(json, M::LAYOUT.discriminator);
    let item = T::read(&mut reader).map_err(|_| Malformed)?;
    if json.is_damaged() || !reader.is_own() {
        return Err(Malformed);
    }
    if json.at() == start || json.depth() != depth {
        json.go_to(start, depth);
        json.skip()?;
    }
    Ok(item)
}

impl<T> fmt::Debug for Reads<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reads").field("in_place", &self.in_place.is_some()).finish_non_exhaustive()
    }
}
