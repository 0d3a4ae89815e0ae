//! Updates of a part of a value that the item does not have.

use crate::expr::UpdateAction;
use crate::ops::Error;
use crate::ops::write::Cause;
use crate::transport::Target;

/// Whether DynamoDB refused an update because the item has nothing at the place around a document path.
pub(in crate::ops) fn is_absent_parent(message: Option<&str>) -> bool {
    message.is_some_and(|text| text.contains("The document path provided in the update expression is invalid"))
}

/// The paths that an update changes inside of values, separated by commas.
pub(in crate::ops) fn inside(actions: &[UpdateAction]) -> String {
    let paths = actions.iter().map(UpdateAction::path).filter(|path| !path.rest().is_empty());
    paths.map(|path| path.to_item_path().to_string()).collect::<Vec<_>>().join(", ")
}

/// The error of an update, with the paths that it changes inside of values if one of these values is absent.
pub(in crate::ops) fn as_absent_parent(error: Error, target: &Target, paths: &dyn Fn() -> String) -> Error {
    let is_it = match &error {
        Error::MaybeApplied(_) => false,
        Error::Service(error) => is_absent_parent(error.message()),
        Error::TransactionCanceled(canceled) => {
            canceled.reasons().iter().any(|reason| reason.cause() == Cause::AbsentParent)
        }
        _ => false,
    };
    match error {
        Error::MaybeApplied(error) => Error::MaybeApplied(Box::new(as_absent_parent(*error, target, paths))),
        _ if is_it => Error::AbsentParent { model: target.model, table: target.table.clone(), paths: paths() },
        error => error,
    }
}
