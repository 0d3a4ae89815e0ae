//! Seals the values that a write stores compressed or encrypted, just before it is sent.

use crate::codec::RawItem;
use crate::description::Seals;
use crate::expr::{Term, Unsealed, UpdateAction};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, WriteError, WriteErrorKind, defects};
use crate::keys::WriteKeys;
use crate::ops::Result;
use crate::transport::Target;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Marks the values that an update sets in sealed attributes.
pub(super) fn leave_unsealed(actions: &mut [UpdateAction], seals: &Seals) {
    if defects::has(Defect::UpdatesInPlain) {
        return;
    }
    for action in actions {
        if let UpdateAction::Set(path, term) = action
            && let Some(seal) = seals.of(path.attribute())
        {
            each_value(term, &mut |term| {
                if let Term::Value(Ok(Some(value))) = term {
                    *term = Term::Unsealed(Box::new(Unsealed { value: value.clone(), seal, of: *seals }));
                }
            });
        }
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

/// The schema's names of the keys that an update needs.
fn key_names(actions: &[UpdateAction]) -> Vec<&'static str> {
    fn add(term: &Term, names: &mut Vec<&'static str>) {
        match term {
            Term::Unsealed(unsealed) => names.extend(unsealed.seal.key),
            Term::Call { arguments, .. } => arguments.iter().for_each(|argument| add(argument, names)),
            _ => {}
        }
    }
    let mut names = Vec::new();
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
    let keys = prepare(target, seals.key_names().collect()).await?;
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
                    let Unsealed { value, seal, of } = &**unsealed;
                    match of.seal_value(seal, value, key, keys.as_ref()) {
                        Ok(value) => *term = Term::attribute_value(value),
                        Err(error) => sealed = Err(error.of(target.model)),
                    }
                }
            });
        }
    }
    Ok(sealed?)
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
async fn prepare(target: &Target, names: Vec<&'static str>) -> Result<Option<WriteKeys>> {
    let Some(keys) = target.keys.as_ref().filter(|_| !names.is_empty()) else { return Ok(None) };
    let prepared = Box::pin(keys.prepare_writes(names.into_iter())).await;
    let prepared = prepared.map_err(|error| {
        let (reason, retryable) = (error.to_string(), error.is_retryable());
        WriteError::new(WriteErrorKind::NotEncrypted { reason, retryable }).of(target.model)
    });
    Ok(Some(prepared?))
}
