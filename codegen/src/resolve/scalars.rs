//! Replaces scalars in the types of fields by the types that they stand for, and adds their constraints.

use super::built_in;
use super::mixins::twice;
use super::resolver::Resolver;
use super::{fields, names};
use crate::diagnostic::{Code, Diagnostic, Found};
use crate::node::{Kind, Node};
use crate::schema::{ConstraintDecl, ConstraintValue, FieldDecl, Schema, Spanned, StructKind, VariantKind};
use crate::sources::Span;
use crate::text::show;
use std::collections::{HashMap, HashSet};
use std::{mem, slice};

type Scalars<'s> = HashMap<&'s str, &'s FieldDecl>;

/// Expands the types of all fields.
pub(super) fn expand(schema: &mut Schema, found: &mut Found) {
    let declared = mem::take(&mut schema.scalars);
    let known = Known::new(schema, &declared);
    let (usable, refused): (Vec<_>, Vec<_>) = declared.into_iter().partition(|scalar| is_usable(scalar, &known, found));
    schema.broken.types.extend(refused.into_iter().map(|scalar| scalar.name.value));
    let mut scalars = Scalars::new();
    for scalar in &usable {
        // `check` reports an unknown type; uses are not further mistakes.
        if !known.has_type_of(scalar) {
            schema.broken.types.insert(scalar.name.value.clone());
        } else if let Some(first) = scalars.insert(&scalar.name.value, scalar) {
            found.push(twice(&scalar.name, &first.name, "scalar"));
        }
    }
    for fields in all_fields(schema) {
        fields.iter_mut().for_each(|field| expand_field(field, &scalars, found));
    }
    drop(scalars);
    schema.scalars = usable;
}

fn all_fields(schema: &mut Schema) -> impl Iterator<Item = &mut Vec<FieldDecl>> {
    let types = schema.types.iter_mut().filter_map(|ty| match &mut ty.kind {
        StructKind::Fields { fields, .. } => Some(fields),
        StructKind::Rust { .. } => None,
    });
    let variants = schema.unions.iter_mut().flat_map(|union| &mut union.variants);
    let variants = variants.filter_map(|variant| match &mut variant.kind {
        VariantKind::Fields(fields) => Some(fields),
        VariantKind::Type(_) => None,
    });
    let mixins = schema.mixins.iter_mut().map(|mixin| &mut mixin.fields);
    let contexts = schema.contexts.iter_mut().map(|context| &mut context.fields);
    mixins.chain(contexts).chain(types).chain(variants).chain(schema.models.iter_mut().map(|model| &mut model.fields))
}

fn is_built_in(name: &str) -> bool {
    built_in::names().any(|built_in| built_in == name)
}

/// Whether a scalar's name is free, and its type is a present one without scalars.
fn is_usable(scalar: &FieldDecl, known: &Known, found: &mut Found) -> bool {
    let name = scalar.name.value.as_str();
    let taken = known.defined.get(name);
    if taken.is_some() || is_built_in(name) {
        let diagnostic = Diagnostic::new(Code::NameCollision, format!("`{}` is already a type", show(name)))
            .at(scalar.name.span, "a scalar is a type too");
        let diagnostic = match taken {
            Some(taken) => diagnostic.related(*taken, "the type"),
            None => diagnostic,
        };
        found.push(diagnostic.help("rename the scalar"));
        return false;
    }
    if let Err(diagnostic) = names::type_name(&scalar.name, "scalar") {
        found.push(diagnostic);
        return false;
    }
    let Some(ty) = &scalar.ty else { return false };
    let is_scalar = |word: &str| known.scalars.contains(word) && !is_built_in(word);
    let (mistake, help) = if words(&ty.value).any(|(_, word)| is_scalar(word)) {
        ("a scalar is made of other types, not of scalars", "write the type that the other scalar stands for")
    } else if ty.value.trim_end().ends_with('?') {
        ("a scalar is present", "drop the `?`, and write it where the scalar is used, such as `Slug?`")
    } else {
        return true;
    };
    found.push(Diagnostic::new(Code::BadReuse, mistake).at(ty.span, "not this type").help(help));
    false
}

/// The names that a schema gives to types.
struct Known {
    scalars: HashSet<String>,
    /// The other types, with the places of their names.
    defined: HashMap<String, Span>,
}

impl Known {
    fn new(schema: &Schema, scalars: &[FieldDecl]) -> Self {
        let enums = schema.enums.iter().map(|of| &of.name);
        let types = schema.types.iter().map(|of| &of.name);
        let defined = enums.chain(types).chain(schema.unions.iter().map(|of| &of.name));
        Self {
            scalars: scalars.iter().map(|scalar| scalar.name.value.clone()).collect(),
            defined: defined.map(|name| (name.value.clone(), name.span)).collect(),
        }
    }

    /// Whether a scalar is made of known types.
    fn has_type_of(&self, scalar: &FieldDecl) -> bool {
        let Some(ty) = &scalar.ty else { return false };
        let is_vector = words(&ty.value).any(|(_, word)| word == "vector");
        let is_size = |word: &str| is_vector && word.chars().all(|c| c.is_ascii_digit());
        let is_known = |word: &str| is_built_in(word) || self.defined.contains_key(word) || is_size(word);
        words(&ty.value).all(|(_, word)| is_known(word))
    }
}

/// Checks each scalar as if a field had its type, also if none has.
pub(super) fn check(resolver: &mut Resolver<'_>) {
    for scalar in &resolver.schema.scalars {
        fields::resolve(slice::from_ref(scalar), resolver);
    }
}

/// The words of a type's text, and their places in it.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let start = at + rest.find(is_word)?;
        let rest = text.get(start..)?;
        at = start + rest.find(|c| !is_word(c)).unwrap_or(rest.len());
        Some((start, text.get(start..at)?))
    })
}

/// A scalar in a type's text, and the keys that lead to the constraints of its values, such as `items`.
struct Use<'s> {
    scalar: &'s FieldDecl,
    path: Vec<&'static str>,
}

fn expand_field(field: &mut FieldDecl, scalars: &Scalars<'_>, found: &mut Found) {
    let Some(ty) = &mut field.ty else { return };
    let mut uses = Vec::new();
    let (text, is_closed) = replaced(&ty.value, scalars, &mut uses);
    if uses.is_empty() {
        return;
    }
    ty.value = text;
    let span = ty.span;
    // A text that is not a type is one mistake.
    if !is_closed || uses.iter().filter(|of| of.path.is_empty()).count() > 1 {
        return;
    }
    for Use { scalar, path } in uses {
        field.sensitive |= scalar.sensitive;
        match (&field.precision, &scalar.precision) {
            (Some(own), Some(precision)) => found.push(both(scalar, "precision", own.span, precision.span)),
            (None, Some(precision)) => field.precision = Some(precision.clone()),
            (_, None) => {}
        }
        match path.is_empty() {
            true => take(field, scalar, found),
            false => take_in_collection(field, scalar, &path, span, found),
        }
    }
}

/// The text of a type with the types of scalars in the place of their names, and whether its brackets are closed.
fn replaced<'s>(text: &str, scalars: &Scalars<'s>, uses: &mut Vec<Use<'s>>) -> (String, bool) {
    let mut expanded = String::with_capacity(text.len());
    let mut path: Vec<&'static str> = Vec::new();
    let mut done = 0;
    for (start, word) in words(text) {
        let signs = text.get(done..start).unwrap_or_default();
        follow(signs, &mut path);
        expanded.push_str(signs);
        done = start + word.len();
        match scalars.get(word) {
            Some(scalar) => {
                expanded.push_str(scalar.ty.as_ref().map_or(word, |ty| ty.value.trim()));
                uses.push(Use { scalar, path: path.clone() });
            }
            None => expanded.push_str(word),
        }
        let opens = text.get(done..).is_some_and(|rest| rest.trim_start().starts_with('<'));
        if opens {
            path.push(if word == "map" { "keys" } else { "items" });
        }
    }
    let signs = text.get(done..).unwrap_or_default();
    follow(signs, &mut path);
    expanded.push_str(signs);
    (expanded, path.is_empty())
}

/// Follows the signs between two words: a `,` leads from the keys of a map to its values, a `>` out of a collection.
fn follow(signs: &str, path: &mut Vec<&'static str>) {
    for sign in signs.chars() {
        match sign {
            ',' => path.last_mut().into_iter().for_each(|last| *last = "values"),
            '>' => _ = path.pop(),
            _ => {}
        }
    }
}

/// A field of a scalar's type takes what the scalar says.
fn take(field: &mut FieldDecl, scalar: &FieldDecl, found: &mut Found) {
    if field.doc.is_none() {
        field.doc.clone_from(&scalar.doc);
    }
    match (&field.format, &scalar.format) {
        (Some(own), Some(format)) => found.push(both(scalar, "format", own.span, format.span)),
        (None, Some(format)) => field.format = Some(format.clone()),
        (_, None) => {}
    }
    match (field.transform.first(), scalar.transform.first()) {
        (Some(own), Some(transform)) => found.push(both(scalar, "transform", own.span, transform.span)),
        (None, Some(_)) => field.transform.clone_from(&scalar.transform),
        (_, None) => {}
    }
    merge(&mut field.constraints, &scalar.constraints, scalar, found);
}

/// The elements of a field's collection take the constraints of their scalar.
fn take_in_collection(field: &mut FieldDecl, scalar: &FieldDecl, path: &[&'static str], span: Span, found: &mut Found) {
    let is_text = scalar.ty.as_ref().is_some_and(|ty| ty.value.trim() == "string");
    if let Some(format) = scalar.format.as_ref().filter(|_| !is_text) {
        found.push(only_whole(scalar, "is stored in a form of its own", span, format.span, "format"));
        return;
    }
    let mut constraints = scalar.constraints.clone();
    if let Some(format) = &scalar.format {
        let node = Node { span: format.span, kind: Kind::Scalar { text: format.value.clone(), plain: true } };
        let key = Spanned { value: "format", span: format.span };
        constraints.push(ConstraintDecl { key, value: ConstraintValue::Node(node) });
    }
    if let Some(first) = scalar.transform.first() {
        let key = Spanned { value: "transform", span: first.span };
        constraints.push(ConstraintDecl { key, value: ConstraintValue::Transforms(scalar.transform.clone()) });
    }
    if constraints.is_empty() {
        return;
    }
    let nested = path.iter().rev().fold(constraints, |inner, key| {
        let key = Spanned { value: *key, span };
        vec![ConstraintDecl { key, value: ConstraintValue::Nested(inner) }]
    });
    merge(&mut field.constraints, &nested, scalar, found);
}

/// A scalar with a key that only fields have, in a collection.
fn only_whole(scalar: &FieldDecl, what: &str, used: Span, said: Span, key: &str) -> Diagnostic {
    let name = show(&scalar.name.value);
    Diagnostic::new(Code::BadReuse, format!("`{name}` {what}, and elements of a collection cannot be"))
        .at(used, "a collection of it")
        .related(said, "the scalar says so")
        .help(format!("use `{name}` as a field's own type, or a scalar without `{key}`"))
}

/// Adds constraints to others. Both hold; a second one of a kind is a mistake.
fn merge(own: &mut Vec<ConstraintDecl>, added: &[ConstraintDecl], scalar: &FieldDecl, found: &mut Found) {
    for constraint in added {
        match own.iter_mut().find(|own| own.key.value == constraint.key.value) {
            None => own.push(constraint.clone()),
            Some(first) => match (&mut first.value, &constraint.value) {
                (ConstraintValue::Nested(first), ConstraintValue::Nested(nested)) => {
                    merge(first, nested, scalar, found)
                }
                _ => found.push(both(scalar, constraint.key.value, first.key.span, constraint.key.span)),
            },
        }
    }
    own.sort_by_key(ConstraintDecl::order);
}

fn both(scalar: &FieldDecl, key: &str, own: Span, of_scalar: Span) -> Diagnostic {
    Diagnostic::new(
        Code::BadReuse,
        format!("the field and its scalar `{}` both have `{key}`", show(&scalar.name.value)),
    )
    .at(own, "the field's own")
    .related(of_scalar, "the scalar's")
    .help("drop one of them, or use the scalar's type itself")
}
