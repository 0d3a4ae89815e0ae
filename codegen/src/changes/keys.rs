//! Keys: what an item's key attributes are made of. Another text of one value is another key.

use super::compare::Comparison;
use super::side::{Entry, Struct};
use super::{Change, ChangeCode, Level};
use crate::model::{
    Field, Index, KeyAttribute, MadeOf, Model, PartForm, Precision, Scalar, StoredForm, TimeKind, Transform, Type,
};
use crate::schema::{KeyDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;

/// The parts of a key, as far as other ones give another text or number.
#[derive(PartialEq)]
struct Shape<'k> {
    attribute: &'k str,
    /// The text before each field, and the field.
    parts: Vec<(&'k str, Part<'k>)>,
    end: &'k str,
}

/// A field in a key.
struct Part<'k> {
    field: &'k Field,
    /// Its form in a text.
    form: Option<&'k PartForm>,
    time: Option<(TimeKind, StoredForm, Option<Precision>)>,
    transform: &'k [Transform],
}

impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        let is_same = self.field.attribute == other.field.attribute || self.field.name == other.field.name;
        is_same && self.form == other.form && self.time == other.time && self.transform == other.transform
    }
}

impl<'k> Part<'k> {
    fn new(field: &'k Field, form: Option<&'k PartForm>) -> Self {
        let time = match field.ty.present() {
            Type::Scalar(Scalar::Time(kind, _)) => Some((*kind, field.form, field.precision)),
            _ => None,
        };
        Self { field, form, time, transform: &field.transform }
    }
}

fn shape(key: &KeyAttribute) -> Shape<'_> {
    let attribute = key.attribute.as_str();
    match &key.made_of {
        MadeOf::Field(field) | MadeOf::Copy(field) => {
            Shape { attribute, parts: vec![("", Part::new(field, None))], end: "" }
        }
        MadeOf::Template { parts, end } => {
            let parts =
                parts.iter().map(|part| (part.before.as_str(), Part::new(&part.field, Some(&part.form)))).collect();
            Shape { attribute, parts, end }
        }
    }
}

/// Compares the keys of a model in its table, whose key attributes are the same.
pub(super) fn compare(
    (old, old_decl): (&Model, &ModelDecl),
    (new, new_decl): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    for (before, after) in old.keys().zip(new.keys()) {
        if let Some(how) = difference(before, after) {
            let message = format!("keys of model `{}` move: `{}` {how}", new.name, show(&after.attribute));
            let (is, was) = labels(before, after);
            let change = Change::new(ChangeCode::KeysMove, message)
                .breaks(Level::Keys)
                .breaks_if(!is_only_finer(before, after), Level::Rollout)
                .new_at(place(new_decl, new_decl.key.as_ref(), after), is)
                .old_at(place(old_decl, old_decl.key.as_ref(), before), was)
                .help("keep the key, or write every item of the model under its new key and delete the old one");
            found.add(change);
        }
        compare_order((before, old_decl.name.span), (after, new_decl.name.span), new, found);
    }
}

/// Compares whether range conditions on the fields of a key compile.
fn compare_order(
    (before, old): (&KeyAttribute, Span),
    (after, new): (&KeyAttribute, Span),
    model: &Model,
    found: &mut Comparison<'_>,
) {
    if before.is_unordered == after.is_unordered {
        return;
    }
    let (code, how) = match after.is_unordered {
        true => (ChangeCode::ApiChanged, "does not sort as its fields do"),
        false => (ChangeCode::ApiAdded, "sorts as its fields do"),
    };
    let message = format!("`{}` of model `{}` {how} now", show(&after.attribute), model.name);
    let change =
        Change::new(code, message).breaks_if(after.is_unordered, Level::Api).new_at(new, "now").old_at(old, "before");
    found.add(match after.is_unordered {
        true => change.note("range conditions on its fields no longer compile"),
        false => change,
    });
}

/// Compares the keys of a model in one index of a shared table.
pub(super) fn compare_index(
    (old, before, old_decl): (&Model, &Index, &ModelDecl),
    (new, after, new_decl): (&Model, &Index, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    for key in after.keys() {
        let Some(was) = before.keys().find(|key_before| key_before.attribute == key.attribute) else { continue };
        compare_order((was, old_decl.name.span), (key, new_decl.name.span), new, found);
        // A field's own attribute keeps its form under the field's changes.
        let Some(how) = difference(was, key).filter(|_| new.sharing.is_some() && old.sharing.is_some()) else {
            continue;
        };
        let message = format!(
            "keys of model `{}` in the index `{}` move: `{}` {how}",
            new.name,
            show(&after.index_name),
            show(&key.attribute)
        );
        let keys_of = |decl: &'_ ModelDecl, index: &Index| {
            decl.index_keys.iter().position(|keys| keys.name.value == index.name || keys.name.value == index.index_name)
        };
        let old_keys = keys_of(old_decl, before).and_then(|at| old_decl.index_keys.get(at));
        let new_keys = keys_of(new_decl, after).and_then(|at| new_decl.index_keys.get(at));
        let (is, was_text) = labels(was, key);
        let change = Change::new(ChangeCode::IndexKeysMove, message)
            .breaks(Level::Keys)
            .new_at(place(new_decl, new_keys, key), is)
            .old_at(place(old_decl, old_keys, was), was_text)
            .note("queries of the index do not find an item written before until it is written again")
            .help("save every item of the model again once the previous release has stopped");
        found.add(change);
    }
}

/// Whether the keys differ only in transforms and precisions that the old one does not have: it makes the new keys too.
fn is_only_finer(old: &KeyAttribute, new: &KeyAttribute) -> bool {
    let (before, after) = (shape(old), shape(new));
    let is_finer = |((text, one), (other_text, other)): (&(&str, Part<'_>), &(&str, Part<'_>))| {
        let is_cut = match (one.time, other.time) {
            (Some((kind, form, None)), Some((other_kind, other_form, _))) => (kind, form) == (other_kind, other_form),
            (one, other) => one == other,
        };
        let is_transformed = one.transform.is_empty() || one.transform == other.transform;
        text == other_text && one.form == other.form && is_cut && is_transformed
    };
    before.end == after.end
        && before.parts.len() == after.parts.len()
        && before.parts.iter().zip(&after.parts).all(is_finer)
}

/// How a key differs in the texts or numbers that it makes.
fn difference(old: &KeyAttribute, new: &KeyAttribute) -> Option<String> {
    let (before, after) = (shape(old), shape(new));
    if before == after {
        return None;
    }
    let is_other_part = |((_, one), (_, other)): &(&(&str, Part<'_>), &(&str, Part<'_>))| one != other;
    let other = before.parts.iter().zip(&after.parts).find(is_other_part);
    Some(match other {
        _ if old.text() != new.text() => {
            format!("is `{}`, and was `{}`", show(&new.text()), show(&old.text()))
        }
        Some(((_, one), (_, other))) => {
            let what = match (one, other) {
                (
                    Part { form: Some(PartForm::Integer(one)), .. },
                    Part { form: Some(PartForm::Integer(other)), .. },
                ) if one != other => "has another width",
                (one, other) if one.transform != other.transform => "has other transforms",
                _ => "has another form",
            };
            format!("is made of `{}`, which {what}", show(&other.field.name))
        }
        None => "is made in another way".to_owned(),
    })
}

fn labels(old: &KeyAttribute, new: &KeyAttribute) -> (String, String) {
    if old.text() == new.text() {
        ("made in another way".to_owned(), "the key before".to_owned())
    } else {
        ("the new key".to_owned(), "the key before".to_owned())
    }
}

/// The place of a key's template, or of the key of a table of its own.
fn place(decl: &ModelDecl, keys: Option<&KeyDecl>, key: &KeyAttribute) -> Span {
    let template = keys.and_then(|keys| keys.templates.iter().find(|of| of.attribute.value == key.attribute));
    let own = [&decl.hash_key, &decl.range_key].into_iter().flatten();
    let own = own.filter(|own| key.fields().any(|field| field.name == own.value || field.attribute == own.value));
    template.map(|of| of.text.span).or_else(|| own.map(|own| own.span).next()).unwrap_or(decl.name.span)
}

/// Compares the fields and combinations of fields that are unique.
pub(super) fn compare_unique(
    (old, old_decl): (&Model, &ModelDecl),
    (new, new_decl): (&Model, &ModelDecl),
    (before, after): (&Struct<'_>, &Struct<'_>),
    found: &mut Comparison<'_>,
) {
    let own = |of: &Struct<'_>| -> Vec<(Vec<String>, Span)> {
        let unique = |entry: &Entry<'_>| entry.decl.unique.map(|span| (vec![entry.field.attribute.clone()], span));
        of.fields.iter().filter_map(unique).collect()
    };
    let together = |of: &Model, decl: &ModelDecl| -> Vec<(Vec<String>, Span)> {
        let attributes = |fields: &Vec<Field>| fields.iter().map(|field| field.attribute.clone()).collect();
        of.unique_together.iter().zip(&decl.unique).map(|(fields, decl)| (attributes(fields), decl.span)).collect()
    };
    let (mut was, mut is) = (own(before), own(after));
    was.extend(together(old, old_decl));
    is.extend(together(new, new_decl));
    let text = |of: &[String]| of.iter().map(|name| format!("`{}`", show(name))).collect::<Vec<_>>().join(" and ");
    let verb = |of: &[String]| if of.len() == 1 { "is" } else { "are" };
    for (fields, span) in is.iter().filter(|(fields, _)| !was.iter().any(|(earlier, _)| earlier == fields)) {
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
    }
    for (fields, span) in was.iter().filter(|(fields, _)| !is.iter().any(|(later, _)| later == fields)) {
        let message = format!("{} of {} {} no longer unique", text(fields), after.of, verb(fields));
        let change = Change::new(ChangeCode::UniqueRemoved, message)
            .new_at(after.span, "not unique now")
            .old_at(*span, "unique before")
            .note("the items that reserve the values stay in the table")
            .help("delete them before you make it unique again");
        found.add(change);
    }
}
