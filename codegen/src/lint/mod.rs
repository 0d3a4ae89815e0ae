//! Lints: schemas that are valid, and will be slow or expensive.

mod allowed;
mod counters;
mod hash_keys;
mod indexes;
mod items;
mod places;
mod queries;
mod spread;

use crate::diagnostic::Diagnostic;
use crate::model::ModelSet;
use crate::schema::{AllowDecl, Schema};
use places::Place;

/// What a rule found, and the `allow:` of the definitions that it is in.
struct Finding<'s> {
    diagnostic: Diagnostic,
    allow: Vec<&'s [AllowDecl]>,
}

/// The lints of a schema that it does not allow.
pub(crate) fn lint(set: &ModelSet, schema: &Schema) -> Vec<Diagnostic> {
    let models: Vec<Place<'_>> = places::models(set, schema);
    let mut found = hash_keys::check(&models, &set.types);
    found.extend(counters::check(&models));
    found.extend(indexes::check(&models, set, schema));
    found.extend(queries::check(&models));
    found.extend(items::check(&models, set, schema));
    allowed::without_allowed(found, schema)
}
