//! Unique fields, and the texts in which their values are reserved.

use super::compare::Comparison;
use super::side::{Entry, Struct};
use super::{Change, ChangeCode, Level};
use crate::model::{Field, Model};
use crate::schema::ModelDecl;
use crate::sources::Span;
use crate::text::show;

/// A unique field or combination: its fields, and its place.
type Unique<'m> = (Vec<&'m Field>, Span);

/// Compares the fields and combinations of fields that are unique.
pub(super) fn compare(
    (old, old_decl): (&Model, &ModelDecl),
    (new, new_decl): (&Model, &ModelDecl),
    (before, after): (&Struct<'_>, &Struct<'_>),
    found: &mut Comparison<'_>,
) {
    let (was, is) = (of_model(old, old_decl, before), of_model(new, new_decl, after));
    let same = |(one, _): &&Unique<'_>, (other, _): &Unique<'_>| {
        one.len() == other.len() && one.iter().all(|one| other.iter().any(|other| is_same(one, other, old)))
    };
    let verb = |of: &[&Field]| if of.len() == 1 { "is" } else { "are" };
    for (fields, span) in &is {
        let Some((earlier, old_span)) = was.iter().find(|earlier| same(earlier, &(fields.clone(), *span))) else {
            let change = Change::new(
                ChangeCode::UniqueAdded,
                format!("{} of {} {} unique now", text(fields), after.of, verb(fields)),
            )
            .breaks(Level::Index)
            .new_at(*span, "unique")
            .old_at(before.span, "not unique before")
            .note("values of items written before are not reserved, so another item can take them")
            .help("save every item of the model again once the previous release has stopped");
            found.add(change);
            continue;
        };
        if owner(old) == owner(new) && texts(earlier) == texts(fields) {
            continue;
        }
        let message = format!("the values of {} of {} are reserved in another text", text(fields), after.of);
        let change = Change::new(ChangeCode::UniqueTexts, message)
            .breaks(Level::Index)
            .new_at(*span, "unique")
            .old_at(*old_span, "unique before")
            .note("another item can take a value that an item written before has in the old text")
            .help("save every item of the model again once the previous release has stopped");
        found.add(change);
    }
    for (fields, span) in was.iter().filter(|earlier| !is.iter().any(|later| same(earlier, later))) {
        let message = format!("{} of {} {} no longer unique", text(fields), after.of, verb(fields));
        let change = Change::new(ChangeCode::UniqueRemoved, message)
            .new_at(after.span, "not unique now")
            .old_at(*span, "unique before")
            .note("the items that reserve the values stay in the table")
            .help("delete them before you make it unique again");
        found.add(change);
    }
}

fn of_model<'m>(model: &'m Model, decl: &ModelDecl, of: &Struct<'m>) -> Vec<Unique<'m>> {
    let own = |entry: &Entry<'m>| entry.decl.unique.map(|span| (vec![entry.field], span));
    let together = model.unique_together.iter().zip(&decl.unique);
    let together = together.map(|(fields, decl)| (fields.iter().collect(), decl.span));
    of.fields.iter().filter_map(own).chain(together).collect()
}

/// Whether a field has the values of the one before. A name alone says that its attribute changes.
fn is_same(was: &Field, is: &Field, old: &Model) -> bool {
    let is_free = !old.fields.iter().any(|before| before.attribute == is.attribute);
    was.attribute == is.attribute || is_free && was.name == is.name
}

/// The text that names the model in what reserves a value.
fn owner(model: &Model) -> String {
    let discriminator = model.sharing.iter().flat_map(|sharing| &sharing.discriminator);
    let values: Vec<&str> = discriminator.map(|(_, value)| value.as_str()).collect();
    values.join("#")
}

/// What makes the texts of values.
fn texts<'f>(fields: &[&'f Field]) -> Vec<impl PartialEq + 'f> {
    let mut texts: Vec<_> =
        fields.iter().map(|field| (field.attribute.as_str(), &field.form, field.precision, &field.transform)).collect();
    texts.sort_by_key(|(attribute, ..)| *attribute);
    texts
}

fn text(fields: &[&Field]) -> String {
    fields.iter().map(|field| format!("`{}`", show(&field.name))).collect::<Vec<_>>().join(" and ")
}
