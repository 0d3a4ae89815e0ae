//! Seals the values that a write stores compressed or encrypted, just before it is sent.

use crate::codec::RawItem;
use crate::description::{Seal, Seals};
use crate::expr::{DocumentPath, Node, Term, Unsealed, UpdateAction};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, WriteError, WriteErrorKind, defects};
use crate::keys::WriteKeys;
use crate::ops::Result;
use crate::transport::Target;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Marks the values that an update sets in sealed attributes.
///
/// The hashes of searchable values are set and removed with them.
pub(super) fn leave_unsealed(actions: &mut Vec<UpdateAction>, seals: &Seals) {
    if defects::has(Defect::UpdatesInPlain) {
        return;
    }
    let hashes: Vec<UpdateAction> = seals
        .searched()
        .flat_map(|(seal, hash)| actions.iter().filter_map(move |of| hash_action(of, seal, hash, seals)))
        .collect();
    for action in &mut *actions {
        if let UpdateAction::Set(path, term) = action
            && let Some(seal) = seals.of(path.attribute())
        {
            each_value(term, &mut |term| {
                if let Term::Value(Ok(Some(value))) = term {
                    let unsealed = Unsealed { value: value.clone(), seal, of: *seals, is_hashed: false };
                    *term = Term::Unsealed(Box::new(unsealed));
                }
            });
        }
    }
    if !defects::has(Defect::UpdatesWithoutHashes) {
        actions.extend(hashes);
    }
}

/// The action on the hash of a searchable attribute that belongs to an action on its value.
fn hash_action(action: &UpdateAction, seal: &'static Seal, hash: &'static str, seals: &Seals) -> Option<UpdateAction> {
    if action.path().attribute() != seal.attribute {
        return None;
    }
    let path = DocumentPath::root(hash);
    match action {
        UpdateAction::Set(_, Term::Value(Ok(Some(value)))) => {
            let unsealed = Unsealed { value: value.clone(), seal, of: *seals, is_hashed: true };
            Some(UpdateAction::Set(path, Term::Unsealed(Box::new(unsealed))))
        }
        UpdateAction::Remove(_) => Some(UpdateAction::Remove(path)),
        // The update has an unwritable value, or is none that a searchable field has.
        _ => None,
    }
}

/// Calls `change` with the values of a term.
fn each_value(term: &mut Term, change: &mut dyn FnMut(&mut Term)) {
    match term {
        Term::Call { arguments, .. } => arguments.iter_mut().for_each(|argument| each_value(argument, change)),
        term => change(term),
    }
}

/// Whether an update sets attributes that are not sealed yet.
pub(in crate::ops) fn is_unsealed(actions: &[UpdateAction]) -> bool {
    fn is_term(term: &Term) -> bool {
        match term {
            Term::Unsealed(_) => true,
            Term::Call { arguments, .. } => arguments.iter().any(is_term),
            _ => false,
        }
    }
    actions.iter().any(|action| matches!(action, UpdateAction::Set(_, term) if is_term(term)))
}

/// Whether an update sets encrypted attributes.
pub(in crate::ops) fn are_encrypted(actions: &[UpdateAction]) -> bool {
    !key_names(actions).is_empty()
}

/// The schema's names of the keys that a write or a condition needs: one for each value that is encrypted, and one for
/// each hash.
#[derive(Default)]
struct KeyNames {
    data: Vec<&'static str>,
    search: Vec<&'static str>,
}

impl KeyNames {
    fn is_empty(&self) -> bool {
        self.data.is_empty() && self.search.is_empty()
    }

    fn add(&mut self, unsealed: &Unsealed) {
        let names = if unsealed.is_hashed { &mut self.search } else { &mut self.data };
        names.extend(unsealed.seal.key);
    }

    fn of_item(seals: &Seals) -> Self {
        Self { data: seals.key_names().collect(), search: seals.searched().filter_map(|(seal, _)| seal.key).collect() }
    }
}

/// The names of the keys that an update needs.
fn key_names(actions: &[UpdateAction]) -> KeyNames {
    fn add(term: &Term, names: &mut KeyNames) {
        match term {
            Term::Unsealed(unsealed) => names.add(unsealed),
            Term::Call { arguments, .. } => arguments.iter().for_each(|argument| add(argument, names)),
            _ => {}
        }
    }
    let mut names = KeyNames::default();
    for action in actions {
        if let UpdateAction::Set(_, term) = action {
            add(term, &mut names);
        }
    }
    names
}

/// Seals the attributes of an item to write.
///
/// # Errors
///
/// The client has no key, or its provider fails. The item is too large.
pub(in crate::ops) async fn seal_item(target: &Target, item: &mut RawItem) -> Result<()> {
    let RawItem::Unsealed(_, seals) = item else { return Ok(()) };
    let keys = prepare(target, KeyNames::of_item(seals)).await?;
    Ok(item.seal(keys.as_ref()).map_err(|error| error.of(target.model))?)
}

/// Seals the values that an update of the item with a key sets.
///
/// # Errors
///
/// The client has no key, or its provider fails.
pub(in crate::ops) async fn seal_update(
    target: &Target,
    key: &AttributeMap,
    actions: &mut [UpdateAction],
) -> Result<()> {
    let keys = prepare(target, key_names(actions)).await?;
    let mut sealed = Ok(());
    for action in actions {
        if let UpdateAction::Set(_, term) = action {
            each_value(term, &mut |term| {
                if let Term::Unsealed(unsealed) = term {
                    let Unsealed { value, seal, of, is_hashed } = &**unsealed;
                    let value = match is_hashed {
                        true => of.hash_value(seal, value, keys.as_ref()),
                        false => of.seal_value(seal, value, key, keys.as_ref()),
                    };
                    match value {
                        Ok(value) => *term = Term::attribute_value(value),
                        Err(error) => sealed = Err(error.of(target.model)),
                    }
                }
            });
        }
    }
    Ok(sealed?)
}

/// Whether a condition compares hashes that are not made yet.
pub(in crate::ops) fn is_unhashed(condition: &Node) -> bool {
    let mut unsealed = Vec::new();
    condition.unsealed(&mut unsealed);
    !unsealed.is_empty()
}

/// Makes the hashes that conditions compare.
///
/// # Errors
///
/// The client has no key, or its provider fails.
pub(in crate::ops) async fn hash_conditions<'n>(
    target: &Target,
    conditions: impl IntoIterator<Item = &'n mut Node>,
) -> Result<()> {
    let conditions: Vec<&mut Node> = conditions.into_iter().filter(|node| is_unhashed(node)).collect();
    if conditions.is_empty() {
        return Ok(());
    }
    let mut names = KeyNames::default();
    for condition in &conditions {
        let mut unsealed = Vec::new();
        condition.unsealed(&mut unsealed);
        unsealed.into_iter().for_each(|unsealed| names.add(unsealed));
    }
    let keys = prepare(target, names).await?;
    let mut hashed = Ok(());
    for condition in conditions {
        condition.each_compared(&mut |term| {
            if let Term::Unsealed(unsealed) = term {
                let Unsealed { value, seal, of, .. } = &**unsealed;
                match of.hash_value(seal, value, keys.as_ref()) {
                    Ok(hash) => *term = Term::attribute_value(hash),
                    Err(error) => hashed = Err(error.of(target.model)),
                }
            }
        });
    }
    Ok(hashed?)
}

/// Whether the hashes of a stored item are those that a write would make of its opened values.
///
/// # Errors
///
/// The client has no key, or its provider fails.
pub(in crate::ops) async fn has_hashes(
    target: &Target,
    seals: &Seals,
    stored: &AttributeMap,
    opened: &AttributeMap,
) -> Result<bool> {
    let search: Vec<_> = seals.searched().filter_map(|(seal, _)| seal.key).collect();
    if search.is_empty() {
        return Ok(true);
    }
    let keys = prepare(target, KeyNames { search, ..KeyNames::default() }).await?;
    Ok(seals.has_hashes(stored, opened, keys.as_ref()).map_err(|error| error.of(target.model))?)
}

/// The same actions, sealed for the item with a key.
pub(in crate::ops) async fn sealed_update(
    target: &Target,
    key: impl FnOnce() -> Result<AttributeMap, WriteError>,
    mut actions: Vec<UpdateAction>,
) -> Result<Vec<UpdateAction>> {
    if is_unsealed(&actions) {
        seal_update(target, &key()?, &mut actions).await?;
    }
    Ok(actions)
}

/// What a future of a function that does not wait has made.
///
/// # Errors
///
/// It has to wait for the provider of a key.
pub(in crate::ops) fn at_once<T>(sealing: impl Future<Output = Result<T>>) -> Result<T> {
    match pin!(sealing).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(sealed) => sealed,
        Poll::Pending => {
            let reason = "its data key has to be fetched first: write an item by an operation of the client before";
            Err(WriteError::new(WriteErrorKind::not_encrypted(reason)).into())
        }
    }
}

/// The data keys that a write needs; `None` if the client has no keys, or the write needs none.
async fn prepare(target: &Target, names: KeyNames) -> Result<Option<WriteKeys>> {
    let Some(keys) = target.keys.as_ref().filter(|_| !names.is_empty()) else { return Ok(None) };
    let prepared = Box::pin(async {
        match keys.prepare_writes(names.data.into_iter()).await {
            Ok(mut prepared) => keys.prepare_hashes(names.search.into_iter(), &mut prepared).await.map(|()| prepared),
            Err(error) => Err(error),
        }
    });
    let prepared = prepared.await.map_err(|error| {
        let (reason, retryable) = (error.to_string(), error.is_retryable());
        WriteError::new(WriteErrorKind::NotEncrypted { reason, retryable }).of(target.model)
    });
    Ok(Some(prepared?))
}
