//! The hooks of a model: functions that are new, gone, or others.

use super::compare::Comparison;
use super::{Change, ChangeCode, Level};
use crate::model::Model;
use crate::schema::{ModelDecl, Spanned};
use crate::sources::Span;
use crate::text::show;

/// Compares the hooks of a model. A new `before_write` may compute index keys; which ones, only its code knows.
pub(super) fn compare((was, old): (&Model, &ModelDecl), (is, new): (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    let of = format!("model `{}`", is.name);
    let name = (old.name.span, new.name.span);
    let before_write = spans(old.hooks.before_write.as_ref(), new.hooks.before_write.as_ref(), name);
    let changed = change("before_write", (&was.hooks.before_write, &is.hooks.before_write), before_write, &of);
    if let Some(change) = changed {
        found.add(match &is.hooks.before_write {
            Some(_) => change
                .breaks_if(!is.indexes.is_empty(), Level::Index)
                .breaks_if(was.hooks.before_write.is_none(), Level::Api)
                .note("items written before are as they were, until they are written again")
                .note("the previous release still writes items without this function")
                .help(
                    "write every item of the model again, with `dyntastic::migrate`, when the previous release has ended",
                ),
            None => change.note("items keep what the function wrote, until other values are written"),
        });
    }
    let after_read = spans(old.hooks.after_read.as_ref(), new.hooks.after_read.as_ref(), name);
    if let Some(change) = change("after_read", (&was.hooks.after_read, &is.hooks.after_read), after_read, &of) {
        found.add(change.note("code reads other values, and a save of an item that was read stores them"));
    }
}

fn change(
    hook: &str,
    (was, is): (&Option<String>, &Option<String>),
    (old, new): (Span, Span),
    of: &str,
) -> Option<Change> {
    let message = match (was, is) {
        (None, None) => return None,
        (Some(was), Some(is)) if was == is => return None,
        (None, Some(is)) => format!("{of} has the `{hook}` `{}` now", show(is)),
        (Some(was), None) => format!("{of} no longer has the `{hook}` `{}`", show(was)),
        (Some(was), Some(is)) => format!("the `{hook}` of {of} is `{}`, and was `{}`", show(is), show(was)),
    };
    Some(Change::new(ChangeCode::Hook, message).new_at(new, "now").old_at(old, "before"))
}

/// The places of a hook, or of the model's name without one.
fn spans(old: Option<&Spanned<String>>, new: Option<&Spanned<String>>, name: (Span, Span)) -> (Span, Span) {
    (old.map_or(name.0, |of| of.span), new.map_or(name.1, |of| of.span))
}
