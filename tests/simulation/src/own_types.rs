//! The rules of the models that are functions of the app's own.

use crate::models::Span;
use dyntastic::Violations;

/// A span begins before it ends.
pub fn in_order(span: &Span, violations: &mut Violations) {
    if span.low > span.high {
        violations.add("order", "it begins before it ends", Vec::new());
    }
}
