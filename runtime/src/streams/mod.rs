//! Records of DynamoDB Streams as changes of typed items ("Change data capture for DynamoDB Streams").
//!
//! Make a [`Record`] from the SDK's type, or take those of a Lambda [`Event`]. [`Record::change`] converts it into a
//! change. The view type of the table's stream decides the change's type: a [`Change`] with new and old images, a
//! [`NewImage`] or an [`OldImage`] with one of them, and a [`KeyChange`] with only keys.
//!
//! ```ignore
//! for record in event.into_records() {
//!     match record?.change::<User>()? {
//!         Some(Change::Inserted(user)) => welcome(user),
//!         Some(Change::Modified { old, new }) => compare(old, new),
//!         Some(Change::Removed(user)) => forget(user),
//!         None => {} // the item is of another model in the same table
//!     }
//! }
//! ```
//!
//! In a shared table, the discriminator in an image says which model the item is of. In a record without an image, the
//! key decides: the item is of the model if its key matches the model's key templates. A key that the model would write in
//! another way is an error ([`ReadErrorKind::OtherKey`]): no read by that key finds the item.

mod event;
mod failure;
mod functions;
mod handler;
mod poller;
mod record;

pub use crate::ops::DamagedRecord;
pub use event::Event;
pub use failure::{DeadLetter, Failure};
pub use functions::{ChangeFunction, RecordInfo};
pub use handler::{Handler, handler};
pub use poller::{Poller, poll};
pub use record::Record;

use crate::codec::{ItemReader, RawItem, has_key_of, normal_number, unless_foreign};
use crate::ground::{AttributeMap, ReadError, ReadErrorKind};
use crate::ops::TableItem;
use crate::ops::model::{ReadKey, StreamedKeysOnly, StreamedNew, StreamedNewAndOld, StreamedOld};
use crate::ops::write_key;
use aws_sdk_dynamodb::types::AttributeValue;

/// The kind of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// A new item was written.
    Inserted,
    /// The item was changed or replaced.
    Modified,
    /// The item was deleted.
    Removed,
}

/// A change of an item in a stream with new and old images.
///
/// A write that replaces another model's item by one of the model is [`Change::Inserted`], and the reverse is
/// [`Change::Removed`].
#[derive(Debug, Clone, PartialEq)]
pub enum Change<M> {
    /// A new item was written.
    Inserted(M),
    /// The item was changed or replaced.
    Modified {
        /// The item before the change.
        old: M,
        /// The item after the change.
        new: M,
    },
    /// The item was deleted.
    Removed(M),
}

/// A change of an item in a stream with new images: the item after the change, or its key if it was deleted.
#[derive(Debug, Clone, PartialEq)]
pub enum NewImage<M, K> {
    /// A new item was written.
    Inserted(M),
    /// The item was changed or replaced.
    Modified(M),
    /// The item was deleted.
    Removed(K),
}

/// A change of an item in a stream with old images: the item before the change, or its key if it is new.
#[derive(Debug, Clone, PartialEq)]
pub enum OldImage<M, K> {
    /// A new item was written.
    Inserted(K),
    /// The item was changed or replaced.
    Modified(M),
    /// The item was deleted.
    Removed(M),
}

/// A change of an item in a stream with only keys.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyChange<K> {
    /// A new item was written.
    Inserted(K),
    /// The item was changed or replaced.
    Modified(K),
    /// The item was deleted.
    Removed(K),
}

/// The view type of a stream with items of `M`. Emitted models choose it.
pub trait View<M> {
    /// The type of a change.
    type Change;
    #[doc(hidden)]
    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError>;
}

impl<M: TableItem> View<M> for StreamedNewAndOld {
    type Change = Change<M>;

    fn read(record: &mut Record) -> Result<Option<Change<M>>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => image(record.new.take(), record)?.map(Change::Inserted),
            Operation::Removed => image(record.old.take(), record)?.map(Change::Removed),
            Operation::Modified => match (image(record.old.take(), record)?, image(record.new.take(), record)?) {
                (Some(old), Some(new)) => Some(Change::Modified { old, new }),
                (None, Some(new)) => Some(Change::Inserted(new)),
                (Some(old), None) => Some(Change::Removed(old)),
                (None, None) => None,
            },
        })
    }
}

impl<M: TableItem<Key: ReadKey>> View<M> for StreamedNew {
    type Change = NewImage<M, M::Key>;

    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => image(record.new.take(), record)?.map(NewImage::Inserted),
            Operation::Modified => image(record.new.take(), record)?.map(NewImage::Modified),
            Operation::Removed => key::<M>(&record.keys)?.map(NewImage::Removed),
        })
    }
}

impl<M: TableItem<Key: ReadKey>> View<M> for StreamedOld {
    type Change = OldImage<M, M::Key>;

    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => key::<M>(&record.keys)?.map(OldImage::Inserted),
            Operation::Modified => image(record.old.take(), record)?.map(OldImage::Modified),
            Operation::Removed => image(record.old.take(), record)?.map(OldImage::Removed),
        })
    }
}

impl<M: TableItem<Key: ReadKey>> View<M> for StreamedKeysOnly {
    type Change = KeyChange<M::Key>;

    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError> {
        let change = match record.operation {
            Operation::Inserted => KeyChange::Inserted,
            Operation::Modified => KeyChange::Modified,
            Operation::Removed => KeyChange::Removed,
        };
        Ok(key::<M>(&record.keys)?.map(change))
    }
}

/// Reads an image that the stream should hold; `None` if the item is of another model.
fn image<M: TableItem>(image: Option<RawItem>, record: &Record) -> Result<Option<M>, ReadError> {
    match image {
        Some(image) if has_key_of::<M>(&record.keys) => unless_foreign(image.read_model()),
        Some(_) => Ok(None),
        None if M::model_layout().fields(&record.keys)?.is_none() => Ok(None),
        None => Err(ReadError::new(ReadErrorKind::NoImage)),
    }
}

/// Reads a key; `None` if it does not match the model's key templates. A key that another writer has spelled in another
/// way is an error: its fields would make the key of another item.
fn key<M: TableItem<Key: ReadKey>>(keys: &AttributeMap) -> Result<Option<M::Key>, ReadError> {
    let Some(fields) = M::model_layout().fields(keys)? else { return Ok(None) };
    let key = M::Key::read(&mut ItemReader::new(fields))?;
    let written = write_key(&key).map_err(|error| ReadError::value("a key of the model", error.to_string()))?;
    for (name, stored) in keys {
        let of_model = written.get(name);
        if !of_model.is_some_and(|of_model| is_same(stored, of_model)) {
            let text = |value: Option<&AttributeValue>| value.map(text_of).unwrap_or_default();
            let kind = ReadErrorKind::OtherKey { stored: text(Some(stored)), written: text(of_model) };
            return Err(ReadError::new(kind).within_name(name));
        }
    }
    Ok(Some(key))
}

/// DynamoDB treats all texts of a number as equal.
fn is_same(one: &AttributeValue, other: &AttributeValue) -> bool {
    match (one, other) {
        (AttributeValue::N(one), AttributeValue::N(other)) => normal_number(one) == normal_number(other),
        _ => one == other,
    }
}

fn text_of(value: &AttributeValue) -> String {
    match value {
        AttributeValue::S(text) | AttributeValue::N(text) => text.clone(),
        _ => String::new(),
    }
}
