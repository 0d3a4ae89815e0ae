//! The context of a model: the clients that its operations take, and the fields that these give.

use super::compare::Comparison;
use super::{Change, ChangeCode, Level};
use crate::model::{Context, Model};
use crate::schema::ModelDecl;
use crate::text::show;

/// Compares the contexts of a model. What they do to keys and fields is compared there.
pub(super) fn compare((was, old): (&Model, &ModelDecl), (is, new): (&Model, &ModelDecl), found: &mut Comparison<'_>) {
    let of = format!("model `{}`", is.name);
    let name = |context: &Context| show(&context.name);
    let given = |context: &Context| context.fields.iter().map(|field| field.name.clone()).collect::<Vec<_>>();
    let (message, note) = match (&was.context, &is.context) {
        (None, None) => return,
        (None, Some(context)) => {
            let note = "its operations take a client of the context, and code calls methods for the fields of it";
            (format!("{of} has the context `{}` now", name(context)), note)
        }
        (Some(context), None) => {
            let note = "its operations take the client itself, and all values of its key";
            (format!("{of} no longer has the context `{}`", name(context)), note)
        }
        (Some(before), Some(after)) if before.name != after.name => {
            let note = "its operations take a client of the other context";
            (format!("{of} has the context `{}`, and had `{}`", name(after), name(before)), note)
        }
        (Some(before), Some(after)) if given(before) != given(after) => {
            let note = "its operations take the values of the fields from the client";
            (format!("the context `{}` of {of} has other fields, or another order", name(after)), note)
        }
        (Some(_), Some(_)) => return,
    };
    let place = |decl: &ModelDecl| decl.context.as_ref().unwrap_or(&decl.name).span;
    let change = Change::new(ChangeCode::Context, message).breaks(Level::Api).note(note);
    found.add(change.new_at(place(new), "now").old_at(place(old), "before"));
}
