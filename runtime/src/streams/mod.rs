//! Records of DynamoDB Streams as changes of typed items ("Change data capture for DynamoDB Streams").
//!
//! A [`Record`] comes from the SDK's type or from a Lambda event, and [`Record::change`] makes of it what the table's
//! stream holds: with new and old images a [`Change`], with one of them a [`NewImage`] or an [`OldImage`], and with the
//! keys alone a [`KeyChange`].
//!
//! ```ignore
//! for record in event.records {
//!     match Record::try_from(record)?.change::<User>()? {
//!         Change::Inserted(user) => welcome(user),
//!         Change::Modified { old, new } => compare(old, new),
//!         Change::Removed(user) => forget(user),
//!     }
//! }
//! ```

mod record;

pub use record::Record;

use crate::carrier::{AttributeMap, ItemReader, read_model};
use crate::item::{ReadKey, StreamedKeysOnly, StreamedNew, StreamedNewAndOld, StreamedOld};
use crate::{Model, ReadError, Result};

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
    fn read(record: Record) -> Result<Self::Change>;
}

impl<M: Model> View<M> for StreamedNewAndOld {
    type Change = Change<M>;

    fn read(record: Record) -> Result<Change<M>> {
        Ok(match record.operation {
            Operation::Inserted => Change::Inserted(image(record.new)?),
            Operation::Modified => Change::Modified { old: image(record.old)?, new: image(record.new)? },
            Operation::Removed => Change::Removed(image(record.old)?),
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedNew {
    type Change = NewImage<M, M::Key>;

    fn read(record: Record) -> Result<Self::Change> {
        Ok(match record.operation {
            Operation::Inserted => NewImage::Inserted(image(record.new)?),
            Operation::Modified => NewImage::Modified(image(record.new)?),
            Operation::Removed => NewImage::Removed(key::<M>(&record.keys)?),
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedOld {
    type Change = OldImage<M, M::Key>;

    fn read(record: Record) -> Result<Self::Change> {
        Ok(match record.operation {
            Operation::Inserted => OldImage::Inserted(key::<M>(&record.keys)?),
            Operation::Modified => OldImage::Modified(image(record.old)?),
            Operation::Removed => OldImage::Removed(image(record.old)?),
        })
    }
}

impl<M: Model<Key: ReadKey>> View<M> for StreamedKeysOnly {
    type Change = KeyChange<M::Key>;

    fn read(record: Record) -> Result<Self::Change> {
        let key = key::<M>(&record.keys)?;
        Ok(match record.operation {
            Operation::Inserted => KeyChange::Inserted(key),
            Operation::Modified => KeyChange::Modified(key),
            Operation::Removed => KeyChange::Removed(key),
        })
    }
}

/// An image that the stream should hold; one that it does not is an item without its attributes.
fn image<M: Model>(image: Option<AttributeMap>) -> Result<M> {
    Ok(read_model(image.unwrap_or_default())?)
}

fn key<M: Model<Key: ReadKey>>(keys: &AttributeMap) -> Result<M::Key> {
    let fields = M::LAYOUT.fields(keys);
    let read = fields.and_then(|fields| M::Key::read(&mut ItemReader::new(fields)));
    read.map_err(|error: ReadError| error.of(M::NAME).into())
}
