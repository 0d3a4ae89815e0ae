//! The values that an upsert sets beside its own actions, so that it creates the same item as a save.

use crate::expr::{Defaults, DocumentPath, StructChanges, Term, UpdateAction};
use crate::ground::defects;
use crate::ground::defects::Defect;
use crate::ops::{Error, Result};

/// The defaults of the fields that an upsert does not change, set where the fields are absent. Patches make the structs
/// that they change inside.
///
/// # Errors
///
/// The upsert leaves a required field without a value, so that the item could not be read.
pub(in crate::ops) fn defaults(
    model: &'static str,
    own: &[UpdateAction],
    structs: &StructChanges,
    defaults: &Defaults,
) -> Result<Vec<UpdateAction>> {
    let is_absent = |field: &&str| !is_made(field, own) && !structs.are_in(field);
    let missing: Vec<&str> = defaults.of_required().filter(is_absent).collect();
    if !missing.is_empty() {
        return Err(Error::IncompleteUpsert { model, missing: missing.join(", ") });
    }
    if defects::has(Defect::UpsertWithoutDefaults) {
        return Ok(Vec::new());
    }
    let is_changed = |field: &str| own.iter().any(|action| action.path().attribute() == field);
    let is_left = |field: &str| !is_changed(field) && !structs.are_inside(field);
    let left = defaults.stored().filter(|(field, _)| is_left(field));
    Ok(left.map(|(field, value)| if_absent(field, value.clone())).collect())
}

/// Sets an attribute if it is absent.
pub(in crate::ops) fn if_absent(attribute: &'static str, value: Term) -> UpdateAction {
    let path = DocumentPath::root(attribute);
    let value = Term::call("if_not_exists", vec![Term::Path(path.clone()), value]);
    UpdateAction::Set(path, value)
}

/// Whether the actions give a field of a new item a value.
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

/// Whether a term has a value if the attributes in it are absent.
fn has_value(term: &Term) -> bool {
    match term {
        // An unwritable value is reported when the update is written.
        Term::Value(value) => *value != Ok(None),
        Term::Unsealed(_) => true,
        Term::Path(_) | Term::Attribute(_) | Term::Searched(_) => false,
        Term::Call { function: "if_not_exists", arguments } => arguments.iter().any(has_value),
        Term::Call { arguments, .. } => arguments.iter().all(has_value),
        Term::Arithmetic { left, right, .. } => has_value(left) && has_value(right),
    }
}
