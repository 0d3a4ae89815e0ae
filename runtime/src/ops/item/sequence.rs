//! Numbers that are given out once.

use super::increment::Incremented;
use super::update::Update;
use crate::expr::{Attribute, Count, LastNumber};
use crate::ground::SharedFuture;
use crate::ground::defects::{self, Defect};
use crate::ops::model::UpdateParts;
use crate::ops::{Error, Result, TableItem};
use crate::transport::{Client, backoff};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

/// Numbers that are given out once each, in rising order. An item stores the last one that is reserved.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client) -> dyntastic::Result<()> {
/// let numbers = OrderNumbers::last_sequence(&db, "c1");
/// let number: u32 = numbers.next().await?;
/// # Ok(())
/// # }
/// ```
///
/// A request reserves a block of numbers (`block:` in the schema, 1 by default), which are then given out from memory. The
/// clones of a handle share their block, so keep one handle for all tasks; each handle of its own has its own blocks.
///
/// No number is given out twice, in any process. Some may be missing: the rest of a block whose handle is dropped, a
/// block whose response was lost, and a number whose `next` is dropped while it waits. The numbers of one block rise; those
/// of several handles are mixed.
///
/// The numbers begin anew if the item is deleted, or overwritten by other code or from a backup.
pub struct Sequence<M: TableItem, T> {
    shared: Arc<Shared<M, T>>,
}

/// What the clones of a handle share.
struct Shared<M: TableItem, T> {
    client: Client,
    key: M::Key,
    last: Attribute<M, T, LastNumber>,
    block: u32,
    /// Whether the first request may create the item.
    is_upsert: bool,
    reserved: Mutex<Reserved>,
}

/// The numbers that are reserved and not given out.
#[derive(Default)]
struct Reserved {
    /// From the first to before the second.
    numbers: (i128, i128),
    /// The request that runs, as long as a task waits for it.
    request: Weak<Request>,
}

type Request = SharedFuture<Result<(), Arc<Error>>>;

/// A type of the numbers of a sequence: an integer of up to 64 bits.
pub trait SequenceNumber: Count<Step = i128> + Copy + Into<i128> + TryFrom<i128> + Send + Sync {}

impl<T: Count<Step = i128> + Copy + Into<i128> + TryFrom<i128> + Send + Sync> SequenceNumber for T {}

impl<M: UpdateParts, T: SequenceNumber> Sequence<M, T> {
    #[doc(hidden)]
    pub fn new(client: &Client, last: Attribute<M, T, LastNumber>, key: M::Key, block: u32) -> Self {
        let (client, reserved) = (client.clone(), Mutex::default());
        Self { shared: Arc::new(Shared { client, key, last, block, is_upsert: false, reserved }) }
    }

    /// Lets the first request create the item, whose other fields are keys or have defaults.
    #[doc(hidden)]
    #[must_use]
    pub fn or_new(mut self) -> Self {
        if let Some(shared) = Arc::get_mut(&mut self.shared) {
            shared.is_upsert = true;
        }
        self
    }

    /// The next number.
    ///
    /// If the future is dropped, its number may be missing. Requests whose response is lost are sent again, with other numbers.
    ///
    /// # Errors
    ///
    /// - [`Error::NotFound`]: no item has the key, and the model has required fields, so that it cannot be created.
    /// - [`Error::OutOfBounds`]: the next block would not fit the type or the schema's `maximum:`. The sequence is at its
    ///   end.
    /// - [`Error::Shared`]: the request for a block, which several tasks waited for, failed.
    /// - The errors of an update.
    pub async fn next(&self) -> Result<T> {
        let shared = &self.shared;
        // A block of one number serves one task.
        if shared.block <= 1 {
            let (first, _) = shared.reserve().await?;
            return shared.number(first);
        }
        loop {
            let request = {
                let mut reserved = shared.lock();
                if let Some(number) = reserved.take() {
                    drop(reserved);
                    return shared.number(number);
                }
                match reserved.request.upgrade() {
                    Some(request) if !request.is_broken() => request,
                    _ => {
                        let request = Arc::new(SharedFuture::new(Box::pin(Arc::clone(shared).fetch())));
                        reserved.request = Arc::downgrade(&request);
                        request
                    }
                }
            };
            match request.wait().await {
                Some(Ok(())) => {}
                Some(Err(error)) => return Err(Error::of_shared(error)),
                None => return Err(Error::invalid("UpdateItem", "a task that reserved numbers panicked")),
            }
        }
    }
}

impl Reserved {
    fn take(&mut self) -> Option<i128> {
        let (next, end) = self.numbers;
        (next < end).then(|| {
            self.numbers.0 += 1;
            next
        })
    }
}

impl<M: UpdateParts, T: SequenceNumber> Shared<M, T> {
    /// Reserves a block for all clones.
    async fn fetch(self: Arc<Self>) -> Result<(), Arc<Error>> {
        let block = self.reserve().await;
        let mut reserved = self.lock();
        reserved.request = Weak::new();
        reserved.numbers = block.map_err(Arc::new)?;
        Ok(())
    }

    /// Reserves a block: from the first to before the second number.
    async fn reserve(&self) -> Result<(i128, i128)> {
        let attribute = self.last.path().attribute();
        let start = M::model_roles().start(attribute);
        let size = i128::from(self.block);
        let mut attempt = 0;
        loop {
            let last = Update::new(&self.client, self.key.clone(), self.last.increment_from(start, &size));
            let last = last.returning(Incremented::<T>::new(self.last.path()));
            let sent = if self.is_upsert { last.upsert().await } else { last.await };
            attempt += 1;
            match sent {
                Ok(last) => {
                    let last: i128 = last.into();
                    let end = last + 1;
                    return Ok((end - size, end + i128::from(defects::has(Defect::BlocksOverlap))));
                }
                // If it was applied, its numbers are missing.
                Err(Error::MaybeApplied(error)) if error.is_retryable() && attempt < backoff::ATTEMPTS => {
                    tokio::time::sleep(backoff::delay(attempt)).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    fn number(&self, number: i128) -> Result<T> {
        // The last number of the block is one of the type, and none is below the first.
        T::try_from(number).map_err(|_| Error::invalid("UpdateItem", "a number of the sequence is none of its type"))
    }

    fn lock(&self) -> MutexGuard<'_, Reserved> {
        self.reserved.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<M: TableItem, T> Clone for Sequence<M, T> {
    fn clone(&self) -> Self {
        Self { shared: self.shared.clone() }
    }
}

debug_without_values!([M: TableItem, T] Sequence<M, T>, "Sequence", M);
