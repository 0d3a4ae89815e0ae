//! Reading of all items in place: directly from the JSON of a response.

use super::item::Item;
use super::json::{Json, Malformed};
use super::raw_item::RawItem;
use super::reader::ItemReader;
use crate::description::Discriminator;
use crate::ground::ReadError;
use std::any::Any;
use std::fmt;
use std::sync::Arc;

/// Read items: a vector of structs, as `Any`.
pub(super) type AnyItems = Box<dyn Any + Send>;

/// Read items, with their number.
type Counted = (AnyItems, usize);

/// A function that reads one item, or the items of an array if there are `several`. It returns them with their number, and
/// refuses items of other models.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ReadInPlace {
    read: fn(Json<'_>, several: bool, Option<Discriminator>) -> Result<Counted, Malformed>,
    /// The discriminator that each item must have.
    discriminator: Option<Discriminator>,
}

impl ReadInPlace {
    pub(super) fn read(&self, json: Json<'_>, several: bool) -> Result<Counted, Malformed> {
        (self.read)(json, several, self.discriminator)
    }

    /// Whether it refuses items of other models.
    pub(crate) fn is_of_model(&self) -> bool {
        self.discriminator.is_some()
    }

    /// The same function for items that must have another discriminator.
    pub(crate) fn of_model(self, discriminator: Option<Discriminator>) -> Self {
        Self { discriminator, ..self }
    }
}

/// The functions that read items as `T`.
pub(crate) struct Reads<T> {
    pub(super) in_place: Option<InPlace<T>>,
    /// Reads an item that cannot be read in place.
    pub(super) raw: Arc<ReadRaw<T>>,
}

impl<T> Clone for Reads<T> {
    fn clone(&self) -> Self {
        Self { in_place: self.in_place, raw: self.raw.clone() }
    }
}

/// Reads a raw item.
type ReadRaw<T> = dyn Fn(RawItem) -> Result<T, ReadError> + Send + Sync;

/// The functions that read items as `T` in place.
pub(super) struct InPlace<T> {
    pub(super) read: ReadInPlace,
    /// Converts the items that `read` has returned.
    pub(super) items: fn(AnyItems) -> Option<Vec<T>>,
}

impl<T> Clone for InPlace<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for InPlace<T> {}

impl<T> Reads<T> {
    /// Reads each raw item by a function, and none in place.
    pub(crate) fn each(read: impl Fn(RawItem) -> Result<T, ReadError> + Send + Sync + 'static) -> Self {
        Self { in_place: None, raw: Arc::new(read) }
    }

    pub(crate) fn in_place(&self) -> Option<ReadInPlace> {
        self.in_place.as_ref().map(|in_place| in_place.read)
    }
}

impl<T: Item + Send + 'static> Reads<T> {
    /// Reads items of the model `T`, in place.
    pub(crate) fn whole() -> Self {
        Self::new(T::model_layout().discriminator, RawItem::read)
    }

    /// Reads a part of each item, in place.
    pub(crate) fn part() -> Self {
        Self::new(None, RawItem::read_part)
    }

    fn new(discriminator: Option<Discriminator>, raw: fn(RawItem) -> Result<T, ReadError>) -> Self {
        let items = |items: AnyItems| items.downcast::<Vec<T>>().ok().map(|items| *items);
        let read = ReadInPlace { read: read_in_place::<T>, discriminator };
        Self { in_place: Some(InPlace { read, items }), raw: Arc::new(raw) }
    }
}

fn read_in_place<T: Item + Send + 'static>(
    json: Json<'_>,
    several: bool,
    discriminator: Option<Discriminator>,
) -> Result<Counted, Malformed> {
    let mut items: Vec<T> = Vec::new();
    if several {
        json.open(b'[')?;
        while json.next(items.is_empty(), b']')? {
            let start = json.at();
            items.push(read_item::<T>(json, discriminator)?);
            if items.len() == 1 {
                // The other items are about as long as the first.
                items.reserve(json.left() / (json.at() - start).max(1));
            }
        }
    } else {
        items.push(read_item::<T>(json, discriminator)?);
    }
    let count = items.len();
    Ok((Box::new(items), count))
}

/// Reads an item, and refuses an item of another model.
fn read_item<T: Item>(json: Json<'_>, discriminator: Option<Discriminator>) -> Result<T, Malformed> {
    if json.peek() != Some(b'{') {
        return Err(Malformed);
    }
    let (start, depth) = (json.at(), json.depth());
    let mut reader = ItemReader::wire(json, discriminator);
    let item = T::read(&mut reader).map_err(|_| Malformed)?;
    if json.is_damaged() {
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
