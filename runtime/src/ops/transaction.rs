//! Several writes, all or none.

use super::Running;
use super::commit::{MOST_ACTIONS, Settings, commit};
use super::guard::{Guard, Presence};
use super::index_keys::Known;
use super::into_put::IntoPut;
use super::transaction_action::{Action, Request};
use super::unique::UniqueFields;
use super::update_actions::{self, known_by_key, known_of_item};
use crate::carrier::{LIKELY_SIZE, RawItem, write_key};
use crate::expr::{self, Condition, IntoUpdate};
use crate::{Client, Error, Model, Result, Violations};
use std::fmt;

/// Writes, updates, deletes and checks of up to 100 items, of any models and tables in one region: all are done, or
/// none (TransactWriteItems).
///
/// Actions are added one after the other, and the transaction is awaited; dropped with actions, it does nothing and warns
/// of that. It costs twice the
/// capacity of single writes ("Amazon DynamoDB Transactions: How it works"). That others are in the way is tried again
/// a few times; a condition that does not hold is [`Error::TransactionCanceled`], and nothing was changed.
#[must_use = "a transaction does nothing until it is awaited"]
pub struct Transaction<'a> {
    client: Client,
    actions: Vec<Action>,
    /// What brings structs up to date, beside the positions of their actions.
    written: Vec<(usize, Written<'a>)>,
    token: Option<String>,
    return_existing: bool,
    mistake: Option<Error>,
    unsent: Unsent,
}

/// How many actions were added and not sent: it warns of them when it is dropped, for methods that return `&mut Self`
/// cannot have the compiler do that.
struct Unsent(usize);

impl Unsent {
    /// The actions are sent, or not meant to be.
    fn forget(mut self) {
        self.0 = 0;
    }
}

impl Drop for Unsent {
    fn drop(&mut self) {
        if self.0 > 0 && !std::thread::panicking() {
            tracing::warn!(actions = self.0, "a transaction was dropped and not awaited: its actions were not sent");
        }
    }
}

/// Makes a struct what was written.
type Written<'a> = Box<dyn FnOnce() + Send + 'a>;

impl Client {
    /// Starts a transaction.
    pub fn transaction<'a>(&self) -> Transaction<'a> {
        Transaction {
            client: self.clone(),
            actions: Vec::new(),
            written: Vec::new(),
            token: None,
            return_existing: false,
            mistake: None,
            unsent: Unsent(0),
        }
    }

    /// Commits what a function adds to a transaction, if it returns `Ok`; an error, or a panic, leaves everything as
    /// it is.
    ///
    /// # Errors
    ///
    /// The function's own, and those of the transaction.
    pub async fn transact<'a, T, E: From<Error>>(
        &self,
        body: impl AsyncFnOnce(&mut Transaction<'a>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut transaction = self.transaction();
        match body(&mut transaction).await {
            Ok(result) => {
                transaction.await?;
                Ok(result)
            }
            Err(error) => {
                transaction.unsent.forget();
                Err(error)
            }
        }
    }
}

impl<'a> Transaction<'a> {
    /// Writes an item, in place of the one with the same key. One of a model with a version or times is borrowed mutably
    /// until the transaction is done, and is brought up to date if it succeeds.
    pub fn put<M: Model>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        let guard = Guard::new(Presence::Any).version(item.item().version());
        self.put_guarded("put", item, guard)
    }

    /// Writes an item, if the one with the same key fulfils a condition.
    pub fn put_if<M: Model>(&mut self, item: impl IntoPut<'a, M>, condition: impl Into<Condition<M>>) -> &mut Self {
        let guard = Guard::new(Presence::Any).version(item.item().version());
        self.put_guarded("put", item, guard.and(condition.into()))
    }

    /// Writes an item, if there is none with the same key.
    pub fn insert<M: Model>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        self.put_guarded("insert", item, Guard::new(Presence::Absent))
    }

    /// Writes an item, if there is one with the same key.
    pub fn replace<M: Model>(&mut self, item: impl IntoPut<'a, M>) -> &mut Self {
        let guard = Guard::new(Presence::Present).version(item.item().version());
        self.put_guarded("replace", item, guard)
    }

    /// Changes parts of the item with a key, if there is one.
    pub fn update<M: Model>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("update", &key.into(), update, Guard::new(Presence::Present))
    }

    /// Changes parts of the item with a key, if there is one that fulfils a condition.
    pub fn update_if<M: Model>(
        &mut self,
        key: impl Into<M::Key>,
        update: impl IntoUpdate<M>,
        condition: impl Into<Condition<M>>,
    ) -> &mut Self {
        self.update_guarded("update", &key.into(), update, Guard::new(Presence::Present).and(condition.into()))
    }

    /// Changes parts of an item that was read, if no other writer has changed its version, or what index keys are made of.
    /// The struct is left as it is.
    pub fn update_item<M: Model>(&mut self, item: &M, update: impl IntoUpdate<M>) -> &mut Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        let key = M::Key::from(item);
        let guard = Guard::new(Presence::Present).version(item.version());
        self.update_known("update", &key, known_of_item(item, &key), update, guard)
    }

    /// Changes parts of the item with a key, or makes it of its key, what the update sets and the defaults of the other
    /// fields. An update that leaves a required field without a value is [`Error::IncompleteUpsert`].
    pub fn upsert<M: Model>(&mut self, key: impl Into<M::Key>, update: impl IntoUpdate<M>) -> &mut Self {
        self.update_guarded("upsert", &key.into(), update, Guard::new(Presence::Own))
    }

    /// Deletes the item with a key; that there is none is no error.
    pub fn delete<M: Model>(&mut self, key: impl Into<M::Key>) -> &mut Self {
        self.delete_guarded(&key.into(), Guard::<M>::new(Presence::Own))
    }

    /// Deletes an item that was read, if no other writer has changed its version; that there is none is no error.
    pub fn delete_item<M: Model>(&mut self, item: &M) -> &mut Self
    where
        M::Key: for<'m> From<&'m M>,
    {
        self.delete_guarded(&M::Key::from(item), Guard::of_deleted(item))
    }

    /// Deletes the item with a key, if it fulfils a condition.
    pub fn delete_if<M: Model>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        self.delete_guarded(&key.into(), Guard::<M>::new(Presence::Own).and(condition.into()))
    }

    /// Checks that the item with a key fulfils a condition, and leaves it as it is.
    pub fn check<M: Model>(&mut self, key: impl Into<M::Key>, condition: impl Into<Condition<M>>) -> &mut Self {
        let action = write_key(&key.into()).map_err(Error::from).and_then(|key| {
            let target = self.client.target::<M>()?;
            let guard = Guard::<M>::new(Presence::Any).and(condition.into());
            Ok(Action::new(target, "check", Request::Check(key), &guard, None))
        });
        self.add(action)
    }

    /// Names the transaction, with 1 to 36 characters: DynamoDB takes one of the same name within ten minutes for the
    /// same, and does not do it again ("TransactWriteItems", ClientRequestToken). If nothing is said, a name is made for
    /// this one call, which all its attempts share.
    ///
    /// A name stands for the same actions with the same values. A transaction whose values depend on the call is refused
    /// when it is awaited, with [`Error::InvalidTransaction`]: writes of unique fields, of times that writes keep, of defaults
    /// that a factory makes for an upsert, and updates whose bounds depend on what is stored.
    pub fn token(&mut self, token: impl Into<String>) -> &mut Self {
        self.token = Some(token.into());
        self
    }

    /// Has [`Error::TransactionCanceled`] hold the items whose conditions failed.
    pub fn return_existing(&mut self) -> &mut Self {
        self.return_existing = true;
        self
    }

    /// How many actions there are.
    pub fn len(&self) -> usize {
        self.actions.len()
    }

    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.actions.is_empty()
    }

    /// Commits the actions in several transactions of up to this many actions, one after the other: as a whole that is not
    /// atomic. Guards of unique fields count as actions, and are in one transaction with the action that they are for. An
    /// error leaves done what was committed before it: it is [`Error::ChunksDone`] then. The indexes of its reasons count
    /// all actions.
    pub fn in_chunks_of(&mut self, actions: usize) -> Running<'a, ()> {
        let Self { client, actions: all, mut written, token, return_existing, mistake, unsent } = self.take();
        unsent.forget();
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            if !(1..=MOST_ACTIONS).contains(&actions) {
                return Err(Error::InvalidTransaction(format!("a transaction has 1 to {MOST_ACTIONS} actions")));
            }
            if token.is_some() {
                return Err(Error::InvalidTransaction("a token names one transaction, and not chunks".to_owned()));
            }
            let mut rest = all;
            let mut done = 0;
            while !rest.is_empty() {
                let later = rest.split_off(chunk(&rest, actions));
                let settings = Settings { before: done, token: None, return_existing };
                commit(&client, &rest, settings).await.map_err(|error| match done {
                    0 => error,
                    done => Error::ChunksDone { done, error: Box::new(error) },
                })?;
                done += rest.len();
                rest = later;
                let of_later = written.split_off(written.partition_point(|(position, _)| *position < done));
                bring_up_to_date(std::mem::replace(&mut written, of_later));
            }
            Ok(())
        })
    }

    fn put_guarded<M: Model>(&mut self, kind: &'static str, item: impl IntoPut<'a, M>, guard: Guard<M>) -> &mut Self {
        let action = guard.stamped(item.item()).and_then(|stamped| {
            let action = put(&self.client, kind, stamped.as_ref().unwrap_or(item.item()), &guard)?;
            Ok((action, stamped))
        });
        let action = action.map(|(action, stamped)| {
            if let (Some(item), Some(stamped)) = (item.kept(), stamped) {
                self.written.push((self.actions.len(), Box::new(move || *item = stamped)));
            }
            action
        });
        self.add(action)
    }

    fn update_guarded<M: Model>(
        &mut self,
        kind: &'static str,
        key: &M::Key,
        update: impl IntoUpdate<M>,
        guard: Guard<M>,
    ) -> &mut Self {
        self.update_known(kind, key, known_by_key::<M>(key), update, guard)
    }

    fn update_known<M: Model>(
        &mut self,
        kind: &'static str,
        key: &M::Key,
        known: Result<Option<Known>>,
        update: impl IntoUpdate<M>,
        guard: Guard<M>,
    ) -> &mut Self {
        let update = update.into_update();
        let mut guard = guard;
        let actions = known.and_then(|known| update_actions::all(update, known.as_ref(), &mut guard));
        let action = actions.and_then(|actions| self::update(&self.client, kind, key, actions, &guard));
        self.add(action)
    }

    fn delete_guarded<M: Model>(&mut self, key: &M::Key, guard: Guard<M>) -> &mut Self {
        let action = delete(&self.client, key, &guard);
        self.add(action)
    }

    fn add(&mut self, action: Result<Action>) -> &mut Self {
        self.unsent.0 += 1;
        match action {
            Ok(action) => self.actions.push(action),
            Err(error) => drop(self.mistake.get_or_insert(error)),
        }
        self
    }

    /// What was added, with nothing left behind.
    fn take(&mut self) -> Self {
        let empty = self.client.transaction();
        std::mem::replace(self, empty)
    }
}

/// The action that puts an item.
pub(super) fn put<M: Model>(client: &Client, kind: &'static str, item: &M, guard: &Guard<M>) -> Result<Action> {
    Violations::of(M::NAME, item)?;
    let target = client.target::<M>()?;
    let item = RawItem::write(item, target.carrier, LIKELY_SIZE)?;
    let unique = UniqueFields::put::<M>(&item, guard.is_new());
    Ok(Action::new(target, kind, Request::Put(item), guard, unique))
}

/// The action that does all that an update does.
pub(super) fn update<M: Model>(
    client: &Client,
    kind: &'static str,
    key: &M::Key,
    actions: Vec<expr::Action>,
    guard: &Guard<M>,
) -> Result<Action> {
    let unique = UniqueFields::update::<M>(&actions)?;
    let request = Request::Update(write_key(key)?, actions);
    Ok(Action::new(client.target::<M>()?, kind, request, guard, unique))
}

/// The action that deletes an item.
pub(super) fn delete<M: Model>(client: &Client, key: &M::Key, guard: &Guard<M>) -> Result<Action> {
    let request = Request::Delete(write_key(key)?);
    Ok(Action::new(client.target::<M>()?, "delete", request, guard, UniqueFields::delete::<M>()))
}

/// How many of the first actions are sent together, with the guards that they may need.
fn chunk(actions: &[Action], most: usize) -> usize {
    let mut all = 0;
    let fitting = actions.iter().take_while(|action| {
        all += 1 + action.unique.as_ref().map_or(0, UniqueFields::most_guards);
        all <= most
    });
    fitting.count().max(1)
}

fn bring_up_to_date(written: Vec<(usize, Written<'_>)>) {
    for (_, write) in written {
        write();
    }
}

impl<'a> IntoFuture for Transaction<'a> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        let Self { client, actions, written, token, return_existing, mistake, unsent } = self;
        unsent.forget();
        Box::pin(async move {
            if let Some(mistake) = mistake {
                return Err(mistake);
            }
            commit(&client, &actions, Settings { before: 0, token, return_existing }).await?;
            bring_up_to_date(written);
            Ok(())
        })
    }
}

/// Commits what was added; the transaction is empty afterwards.
impl<'a> IntoFuture for &mut Transaction<'a> {
    type Output = Result<()>;
    type IntoFuture = Running<'a, ()>;

    fn into_future(self) -> Self::IntoFuture {
        self.take().into_future()
    }
}

impl fmt::Debug for Transaction<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transaction").field("actions", &self.actions.len()).finish_non_exhaustive()
    }
}
