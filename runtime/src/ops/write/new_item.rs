//! What an upsert sets beside its own actions, so that an item that it makes is what a save would store.

use crate::expr::{Defaults, DocumentPath, Term, UpdateAction};
use crate::ground::defects;
use crate::ground::defects::Defect;
use crate::ops::{Error, Model, Result};

/// The defaults of the fields that an upsert leaves alone, set where there are none.
///
/// # Errors
///
/// The upsert leaves a required field without a value: the item could not be read.
pub(in crate::ops) fn defaults<M: Model>(own: &[UpdateAction], defaults: &Defaults) -> Result<Vec<UpdateAction>> {
    let missing: Vec<&str> = defaults.of_required().filter(|field| !is_made(field, own)).collect();
    if !missing.is_empty() {
        return Err(Error::IncompleteUpsert { model: M::NAME, missing: missing.join(", ") });
    }
    if defects::has(Defect::UpsertWithoutDefaults) {
        return Ok(Vec::new());
    }
    let is_left = |field: &str| !own.iter().any(|action| action.path().attribute() == field);
    let left = defaults.stored().filter(|(field, _)| is_left(field));
    Ok(left.map(|(field, value)| if_absent(field, value.clone())).collect())
}

/// Sets an attribute where there is none.
pub(in crate::ops) fn if_absent(attribute: &'static str, value: Term) -> UpdateAction {
    let path = DocumentPath::root(attribute);
    let value = Term::call("if_not_exists", vec![Term::Path(path.clone()), value]);
    UpdateAction::Set(path, value)
}

/// Whether actions make a field of an item that is not there.
fn is_made(field: &str, own: &[UpdateAction]) -> bool {
    own.iter().any(|action| {
        let path = action.path();
        path.attribute() == field
            && path.rest().is_empty()
            && match action {
                UpdateAction::Set(_, term) => has_value(term),
                UpdateAction::Add(..) => true,
                UpdateAction::Remove(_) | UpdateAction::Delete(..) => false,
            }
    })
}

/// Whether a term has a value where there is no attribute.
fn has_value(term: &Term) -> bool {
    match term {
        // What cannot be written is told when the update is.
        Term::Value(value) => *value != Ok(None),
        Term::Path(_) => false,
        Term::Call { function: "if_not_exists", arguments } => arguments.iter().any(has_value),
        Term::Call { arguments, .. } => arguments.iter().all(has_value),
        Term::Arithmetic { left, right, .. } => has_value(left) && has_value(right),
    }
}
