//! Derives and attributes that a schema adds to emitted code.

use super::compare::Comparison;
use super::{Change, ChangeCode, Level};
use crate::model::{Extras, Field};
use crate::sources::Span;

pub(super) fn compare(old: (&Extras, Span), new: (&Extras, Span), of: &str, found: &mut Comparison<'_>) {
    let ((was, old_span), (is, new_span)) = (old, new);
    let is_gone = was.derive.iter().any(|derive| !is.derive.contains(derive));
    let is_new = is.derive.iter().any(|derive| !was.derive.contains(derive));
    let is_other = was.attributes != is.attributes;
    if is_gone || is_new || is_other {
        let what = if is_other { "attributes" } else { "derives" };
        let change = Change::new(ChangeCode::Extras, format!("the {what} of {of} change"))
            .breaks_if(is_gone || is_other, Level::Api)
            .new_at(new_span, "now")
            .old_at(old_span, "before");
        found.add(change);
    }
}

/// Compares whether a struct implements `Eq` and `Hash`, which fields with floats do not.
pub(super) fn compare_eq(
    (was, old): (&[Field], Span),
    (is, new): (&[Field], Span),
    of: &str,
    found: &mut Comparison<'_>,
) {
    if found.old.set.is_eq(was) && !found.new.set.is_eq(is) {
        let change = Change::new(ChangeCode::Extras, format!("{of} no longer implements `Eq` and `Hash`"))
            .breaks(Level::Api)
            .new_at(new, "a field of it has a float, or a type without `Eq`")
            .old_at(old, "before");
        found.add(change);
    }
}
