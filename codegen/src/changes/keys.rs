//! Keys: what an item's key attributes are made of. Another text of one value is another key.

use super::compare::Comparison;
use super::side::{Defined, Side};
use super::{Change, ChangeCode, Level, shards};
use crate::model::{
    Computation, Computed, EnumVariant, Field, Index, KeyAttribute, KeyPart, MadeOf, Model, PartForm, Precision,
    Scalar, Shards, StoredForm, TimeKind, Transform, Type, lifetime,
};
use crate::schema::{KeyDecl, ModelDecl};
use crate::sources::Span;
use crate::text::show;
use std::borrow::Cow;

/// The parts of a key, as far as other ones give another text or number.
#[derive(PartialEq)]
struct Shape<'k> {
    attribute: &'k str,
    /// The text before each field, and the field.
    parts: Vec<(&'k str, Part<'k>)>,
    end: Cow<'k, str>,
    /// The number of its shards, and the fields that choose one.
    shards: Option<(usize, Vec<(&'k str, Part<'k>)>)>,
}

impl Shape<'_> {
    /// The same key with any number of shards.
    fn in_any_shards(self) -> Self {
        Self { shards: self.shards.map(|_| (0, Vec::new())), ..self }
    }
}

/// A field in a key.
struct Part<'k> {
    field: &'k Field,
    /// The attribute that had its value before; the name of a field that only the key has.
    value: &'k str,
    /// Its form in a text.
    form: Option<&'k PartForm>,
    /// The form in which items store it.
    stored: &'k StoredForm,
    time: Option<(TimeKind, Option<Precision>)>,
    transform: &'k [Transform],
    /// The variants of its enum.
    variants: &'k [EnumVariant],
}

impl PartialEq for Part<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
            && self.has_form_of(other)
            && self.transform == other.transform
            && self.time == other.time
    }
}

impl Part<'_> {
    /// Whether it has the same text for the same value, apart from times and transforms.
    fn has_form_of(&self, other: &Self) -> bool {
        let is_same = |one: &EnumVariant| {
            let named = other.variants.iter().find(|of| of.name == one.name);
            named.is_none_or(|of| of.value == one.value)
        };
        self.form == other.form && self.stored == other.stored && self.variants.iter().all(is_same)
    }
}

/// The fields of a model of one side, and what they were called before.
#[derive(Clone, Copy)]
struct Known<'k> {
    side: &'k Side<'k>,
    /// The fields of the model before.
    before: &'k [Field],
    /// The fields of the model of this side.
    own: &'k [Field],
}

impl<'k> Known<'k> {
    fn part(self, field: &'k Field, form: Option<&'k PartForm>) -> Part<'k> {
        let time = match field.ty.present() {
            Type::Scalar(Scalar::Time(kind, _)) => Some((*kind, field.precision)),
            _ => None,
        };
        let variants = match field.ty.present() {
            Type::Named(named) => match self.side.types.get(named.name.as_str()) {
                Some(Defined::Enum(of, _)) => of.variants.as_slice(),
                _ => &[],
            },
            _ => &[],
        };
        Part { field, value: self.value(field), form, stored: &field.form, time, transform: &field.transform, variants }
    }

    /// The attribute that had the field's value before. A field that had no attribute is known by its name, or by its
    /// place if neither side has the other's name.
    fn value(self, field: &'k Field) -> &'k str {
        if field.key_only {
            let is_known = self.before.iter().any(|before| before.key_only && before.name == field.name);
            let is_in_both = is_known && self.own.iter().any(|own| own.name == field.name);
            let was_stored = self.before.iter().find(|before| !before.key_only && before.attribute == field.attribute);
            return match was_stored {
                Some(before) => &before.attribute,
                None if is_in_both => &field.name,
                None => "",
            };
        }
        let by_attribute = self.before.iter().find(|before| before.attribute == field.attribute);
        let by_name = || self.before.iter().find(|before| before.name == field.name);
        by_attribute.or_else(by_name).map_or(field.attribute.as_str(), |before| match before.key_only {
            true => before.name.as_str(),
            false => before.attribute.as_str(),
        })
    }

    fn shape(self, key: &'k KeyAttribute) -> Shape<'k> {
        let attribute = key.attribute.as_str();
        let by = |shards: &'k Shards| shards.by.iter().map(|field| ("", self.part(field, None))).collect();
        let shards = key.shards.as_ref().map(|shards| (shards.count, by(shards)));
        match &key.made_of {
            MadeOf::Field(field) | MadeOf::Copy(field) | MadeOf::Hash(field) => {
                Shape { attribute, parts: vec![("", self.part(field, None))], end: "".into(), shards }
            }
            MadeOf::Template { parts, end } => Shape { attribute, parts: self.parts(parts), end: end.into(), shards },
        }
    }

    fn parts(self, parts: &'k [KeyPart]) -> Vec<(&'k str, Part<'k>)> {
        parts.iter().map(|part| (part.before.as_str(), self.part(&part.field, Some(&part.form)))).collect()
    }

    /// The shape of a computed field; the end of a call is the path of its function.
    fn computed(self, by: &'k Computation) -> Shape<'k> {
        let (parts, end) = match by {
            Computation::Text { parts, end } => (self.parts(parts), end.into()),
            Computation::Function { path, of } => {
                (of.iter().map(|field| ("", self.part(field, None))).collect(), path.into())
            }
            Computation::Expiry { seconds, from } => (vec![("", self.part(from, None))], lifetime(*seconds).into()),
        };
        Shape { attribute: "", parts, end, shards: None }
    }
}

/// Whether two computed fields are made of the same values in the same way.
pub(super) fn are_computed_alike(
    (old, was): (&Model, &Computed),
    (new, is): (&Model, &Computed),
    found: &Comparison<'_>,
) -> bool {
    let (of_old, of_new) = known(old, new, found);
    of_old.computed(&was.by) == of_new.computed(&is.by)
}

/// What both sides know about the fields of a model.
fn known<'k>(old: &'k Model, new: &'k Model, found: &Comparison<'k>) -> (Known<'k>, Known<'k>) {
    let before = old.fields.as_slice();
    (Known { side: found.old, before, own: &new.fields }, Known { side: found.new, before, own: &new.fields })
}

/// Compares the keys of a model in its table, whose key attributes are the same.
pub(super) fn compare(
    (old, old_decl): (&Model, &ModelDecl),
    (new, new_decl): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    let (of_old, of_new) = known(old, new, found);
    for (before, after) in old.keys().zip(new.keys()) {
        let shapes = (&of_old.shape(before), &of_new.shape(after));
        if let Some(how) = difference((before, after), shapes) {
            let message = format!("keys of model `{}` move: `{}` {how}", new.name, show(&after.attribute));
            let (is, was) = labels(before, after);
            let change = Change::new(ChangeCode::KeysMove, message)
                .breaks(Level::Keys)
                .breaks_if(!is_only_finer(shapes), Level::Rollout)
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
    let (of_old, of_new) = known(old, new, found);
    for key in after.keys() {
        let Some(was) = before.keys().find(|key_before| key_before.attribute == key.attribute) else { continue };
        compare_order((was, old_decl.name.span), (key, new_decl.name.span), new, found);
        let (one, other) = (of_old.shape(was), of_new.shape(key));
        // A local index has the hash key of its table.
        let is_of_table = new.keys().any(|of_table| of_table.attribute == key.attribute);
        if let (Some((_, by_before)), Some((_, by)), false) = (&one.shards, &other.shards, is_of_table) {
            let sides = ((before, old_decl), (after, new_decl));
            if let Some(change) = shards::compare_index(sides, by_before == by, &new.name) {
                found.add(change);
            }
        }
        let Some(how) = difference((was, key), (&one.in_any_shards(), &other.in_any_shards())) else { continue };
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

/// Compares the keys of indexes from which fields without an attribute are read.
pub(super) fn compare_held(
    (old, old_decl): (&Model, &ModelDecl),
    (new, new_decl): (&Model, &ModelDecl),
    found: &mut Comparison<'_>,
) {
    let (of_old, of_new) = known(old, new, found);
    let is_made_so = |holder: (&KeyAttribute, Known<'_>), other: (&Model, Known<'_>)| {
        let indexes = other.0.indexes.iter().filter(|index| index.when.is_empty());
        let mut keys = indexes.flat_map(Index::keys).chain(other.0.keys());
        let is_in_all = |key: &KeyAttribute| !key.checked().any(|field| matches!(field.ty, Type::Optional(_)));
        keys.find(|key| key.attribute == holder.0.attribute).is_some_and(|key| {
            let (one, other) = (other.1.shape(key), holder.1.shape(holder.0));
            is_in_all(key) && difference((key, holder.0), (&one.in_any_shards(), &other.in_any_shards())).is_none()
        })
    };
    let held = |model: &Model, name: &str| {
        let field = model.fields.iter().find(|field| field.name == name)?;
        model.holder(field).cloned()
    };
    let names = new.fields.iter().chain(old.fields.iter().filter(|of| !new.fields.iter().any(|is| is.name == of.name)));
    for name in names.map(|field| field.name.as_str()) {
        let (was, is) = (held(old, name), held(new, name));
        let reads = is.as_ref().is_none_or(|is| is_made_so((is, of_new), (old, of_old)));
        let is_read = was.as_ref().is_none_or(|was| is_made_so((was, of_old), (new, of_new)));
        let Some(key) = is.as_ref().or(was.as_ref()).filter(|_| !reads || !is_read) else { continue };
        let span = |decl: &ModelDecl| {
            let field = decl.fields.iter().find(|field| field.name.value.trim_start_matches("r#") == name);
            field.map_or(decl.name.span, |field| field.key_only.unwrap_or(field.name.span))
        };
        let message = format!(
            "field `{}` of model `{}` is read from `{}`, which the other release makes otherwise or not at all",
            show(name),
            new.name,
            show(&key.attribute)
        );
        let change = Change::new(ChangeCode::Stored, message)
            .breaks_if(!reads, Level::Unreadable)
            .breaks_if(!is_read, Level::Rollout)
            .new_at(span(new_decl), "now")
            .old_at(span(old_decl), "before");
        found.add(match reads {
            false => change
                .note("items written before do not have this key, or have it in another form")
                .help("write every item of the model with the key first, while the field is still stored"),
            true => change.note("the previous release reads the field from this key"),
        });
    }
}

/// Whether the keys differ only in transforms and precisions that the old one does not have: it makes the new keys too.
fn is_only_finer((before, after): (&Shape<'_>, &Shape<'_>)) -> bool {
    fn is_finer(((text, one), (other_text, other)): (&(&str, Part<'_>), &(&str, Part<'_>))) -> bool {
        let is_cut = match (one.time, other.time) {
            (Some((kind, None)), Some((other_kind, _))) => kind == other_kind,
            (one, other) => one == other,
        };
        let is_transformed = one.transform.is_empty() || one.transform == other.transform;
        text == other_text && one.value == other.value && one.has_form_of(other) && is_cut && is_transformed
    }
    let are_finer = |before: &[_], after: &[_]| before.len() == after.len() && before.iter().zip(after).all(is_finer);
    before.end == after.end
        && are_finer(&before.parts, &after.parts)
        && match (&before.shards, &after.shards) {
            (Some((before, by_before)), Some((after, by))) => before == after && are_finer(by_before, by),
            (before, after) => before.is_none() && after.is_none(),
        }
}

/// How a key differs in the texts or numbers that it makes.
fn difference((old, new): (&KeyAttribute, &KeyAttribute), (before, after): (&Shape<'_>, &Shape<'_>)) -> Option<String> {
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
                (one, other) if one.value != other.value => "has the values of another attribute",
                (
                    Part { form: Some(PartForm::Integer(one)), .. },
                    Part { form: Some(PartForm::Integer(other)), .. },
                ) if one != other => "has another width",
                (one, other) if one.transform != other.transform => "has other transforms",
                (one, other) if (one.form, one.stored) == (other.form, other.stored) && !one.has_form_of(other) => {
                    "has a variant with another value"
                }
                _ => "has another form",
            };
            format!("is made of `{}`, which {what}", show(&other.field.name))
        }
        None if before.shards != after.shards => shards::difference(old, new),
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
