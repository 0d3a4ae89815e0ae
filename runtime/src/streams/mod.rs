//! Records of DynamoDB Streams as changes of typed items ("Change data capture for DynamoDB Streams").
//!
//! A [`Record`] comes from the SDK's type or from a Lambda event, and [`Record::change`] makes of it what the table's
//! stream holds: with new and old images a [`Change`], with one of them a [`NewImage`] or an [`OldImage`], and with the
//! keys alone a [`KeyChange`].
//!
//! ```ignore
//! for record in event.records {
//!     let record = Record::try_from(record)?;
//!     match record.change::<User>()? {
//!         Some(Change::Inserted(user)) => welcome(user),
//!         Some(Change::Modified { old, new }) => compare(old, new),
//!         Some(Change::Removed(user)) => forget(user),
//!         None => {} // of another model in the same table
//!     }
//! }
//! ```
//!
//! In a table of several models, the discriminator in an image tells the model. Where a record has no image, the key does:
//! it is the model's if it is made as the model's keys are.

mod record;

pub use crate::ops::DamagedRecord;
pub use record::Record;

use crate::codec::{ItemReader, read_model, unless_foreign};
use crate::ground::{AttributeMap, ReadError, ReadErrorKind};
use crate::ops::Model;
use crate::ops::model::{ReadKey, StreamedKeysOnly, StreamedNew, StreamedNewAndOld, StreamedOld};

/// What happened to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Operation {
    /// It was written where there was none.
    Inserted,
    /// It was changed, or replaced.
    Modified,
    /// It was deleted.
    Removed,
}

/// A change of an item, where the stream holds it as it was before and as it is after.
///
/// That an item of the model was written in place of another model's is [`Change::Inserted`], and the reverse is
/// [`Change::Removed`].
#[derive(Debug, Clone, PartialEq)]
pub enum Change<M> {
    /// It was written where there was none.
    Inserted(M),
    /// It was changed.
    Modified {
        /// The item as it was.
        old: M,
        /// The item as it is.
        new: M,
    },
    /// It was deleted.
    Removed(M),
}

/// A change of an item, where the stream holds it as it is after.
#[derive(Debug, Clone, PartialEq)]
pub enum NewImage<M, K> {
    /// It was written where there was none.
    Inserted(M),
    /// It was changed.
    Modified(M),
    /// It was deleted.
    Removed(K),
}

/// A change of an item, where the stream holds it as it was before.
#[derive(Debug, Clone, PartialEq)]
pub enum OldImage<M, K> {
    /// It was written where there was none.
    Inserted(K),
    /// It was changed.
    Modified(M),
    /// It was deleted.
    Removed(M),
}

/// A change of an item, where the stream holds its key alone.
#[derive(Debug, Clone, PartialEq)]
pub enum KeyChange<K> {
    /// It was written where there was none.
    Inserted(K),
    /// It was changed.
    Modified(K),
    /// It was deleted.
    Removed(K),
}

/// What a stream holds of a change of `M`: emitted models say it by the view of their table.
pub trait View<M> {
    /// What a record is read as.
    type Change;
    #[doc(hidden)]
    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError>;
}

impl<M: Model> View<M> for StreamedNewAndOld {
    type Change = Change<M>;

    fn read(record: &mut Record) -> Result<Option<Change<M>>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => image(record.new.take(), &record.keys)?.map(Change::Inserted),
            Operation::Removed => image(record.old.take(), &record.keys)?.map(Change::Removed),
            Operation::Modified => {
                match (image(record.old.take(), &record.keys)?, image(record.new.take(), &record.keys)?) {
                    (Some(old), Some(new)) => Some(Change::Modified { old, new }),
                    (None, Some(new)) => Some(Change::Inserted(new)),
                    (Some(old), None) => Some(Change::Removed(old)),
                    (None, None) => None,
                }
            }
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedNew {
    type Change = NewImage<M, M::Key>;

    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => image(record.new.take(), &record.keys)?.map(NewImage::Inserted),
            Operation::Modified => image(record.new.take(), &record.keys)?.map(NewImage::Modified),
            Operation::Removed => key::<M>(&record.keys)?.map(NewImage::Removed),
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedOld {
    type Change = OldImage<M, M::Key>;

    fn read(record: &mut Record) -> Result<Option<Self::Change>, ReadError> {
        Ok(match record.operation {
            Operation::Inserted => key::<M>(&record.keys)?.map(OldImage::Inserted),
            Operation::Modified => image(record.old.take(), &record.keys)?.map(OldImage::Modified),
            Operation::Removed => image(record.old.take(), &record.keys)?.map(OldImage::Removed),
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedKeysOnly {
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

/// An image that the stream should hold, of the item with a key; `None` where it is of another model.
fn image<M: Model>(image: Option<AttributeMap>, keys: &AttributeMap) -> Result<Option<M>, ReadError> {
    match image {
        Some(image) => unless_foreign(read_model(image)),
        None if M::LAYOUT.fields(keys)?.is_none() => Ok(None),
        None => Err(ReadError::new(ReadErrorKind::NoImage)),
    }
}

/// A key; `None` where it is not made as those of the model are.
fn key<M: Model<Key: ReadKey>>(keys: &AttributeMap) -> Result<Option<M::Key>, ReadError> {
    let fields = M::LAYOUT.fields(keys)?;
    fields.map(|fields| M::Key::read(&mut ItemReader::new(fields))).transpose()
}
