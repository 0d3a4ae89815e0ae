//! Access patterns that read more than they return.

use super::Finding;
use super::places::Place;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Query, RangeOperator};
use crate::schema::{AllowDecl, QueryDecl};

pub(super) fn check<'s>(models: &[Place<'s>]) -> Vec<Finding<'s>> {
    models.iter().flat_map(of_model).collect()
}

fn of_model<'s>(place: &Place<'s>) -> Vec<Finding<'s>> {
    let mut found = Vec::new();
    for (query, decl) in place.queries() {
        let index = place.indexes().into_iter().find(|of| of.index.type_name == query.source);
        let of_source = index.as_ref().map_or_else(|| place.allow_of_key(), |of| of.allow.clone());
        let allow =
            || -> Vec<&'s [AllowDecl]> { [decl.allow.as_slice()].into_iter().chain(of_source.clone()).collect() };
        let (mixed, hash_key) = match &index {
            Some(of) => (of.index.mixed, of.hash_key),
            None => (place.model.sharing.as_ref().is_some_and(|of| of.mixed), place.hash_key()),
        };
        if mixed && !is_closed(query) {
            found.push(Finding { diagnostic: filtered(query, decl, place), allow: allow() });
        }
        if query.hash_key.is_empty() && query.range.is_empty() && query.limit.is_none() {
            let message = format!("the access pattern `{}` reads every item of {}", query.name, query.source_text);
            let diagnostic = Diagnostic::new(Code::WholeQuery, message)
                .at(decl.name.span, "without a range or a limit")
                .related(hash_key, "all items have this hash key")
                .help("give it a `range:` or a `limit:`, or a hash key with a field");
            found.push(Finding { diagnostic, allow: allow() });
        }
    }
    found
}

/// Whether its range keys have a bound on both sides. Those of other models are seldom between such bounds.
fn is_closed(query: &Query) -> bool {
    let has_both =
        |operator| matches!(operator, RangeOperator::Eq | RangeOperator::Between | RangeOperator::BeginsWith);
    !query.range.is_empty() && query.range.iter().all(|of| has_both(of.operator))
}

fn filtered(query: &Query, decl: &QueryDecl, place: &Place<'_>) -> Diagnostic {
    let message = format!("the access pattern `{}` reads items of other models, and filters them out", query.name);
    Diagnostic::new(Code::FilteredQuery, message)
        .at(decl.name.span, "each read item costs, whether it is returned or not")
        .help(format!(
            "begin the range key with a text that only items of `{}` have, such as `{}#{{…}}`",
            place.model.name,
            place.model.name.to_uppercase()
        ))
}
