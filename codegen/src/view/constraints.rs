//! The views of constraints.

use super::{defaults, field_types, rust};
use crate::model::{
    Constraint, Field, KeyAttribute, MadeOf, Model, ModelSet, Named, NamedKind, Precision, SEPARATOR, Scalar,
    TextFormat, TimeComparison, TimeOrder, Transform, Type,
};
use dyntastic_templates::{CheckView, ChecksView, KeyLengthView, TimeOrderView, TimeView};

/// The checks of a field's value, as calls.
pub(super) fn calls(set: &ModelSet, field: &Field) -> ChecksView {
    let own = field.checks().filter_map(call);
    let mut calls: Vec<CheckView> = own.chain(nested(set, field, field.ty.present())).collect();
    if field_types::is_held(field) && !calls.is_empty() {
        calls.insert(0, CheckView::Plain("inner"));
    }
    ChecksView(calls)
}

/// The functions of the app's own for a struct that a field holds, or for the structs in its collection, as calls. A
/// patch of a struct has to pass them.
pub(super) fn functions(field: &Field) -> ChecksView {
    ChecksView(functions_of(field.ty.present(), &field.constraints))
}

fn functions_of(ty: &Type, constraints: &[Constraint]) -> Vec<CheckView> {
    let call = |constraint: &Constraint| match (constraint, ty) {
        (Constraint::Custom(path), Type::Named(Named { kind: NamedKind::Struct, .. })) => {
            Some(CheckView::Custom(path.clone()))
        }
        (Constraint::Items(of), Type::List(inner)) => each("items", functions_of(inner, of)),
        (Constraint::Values(of), Type::Map(inner)) => each("values", functions_of(inner, of)),
        (Constraint::Present(of), Type::Optional(inner)) => each("present", functions_of(inner, of)),
        _ => None,
    };
    constraints.iter().filter_map(call).collect()
}

fn call(constraint: &Constraint) -> Option<CheckView> {
    let each = |name, inner: &[Constraint]| each(name, inner.iter().filter_map(call).collect());
    Some(match constraint {
        Constraint::NotEmpty => CheckView::Plain("not_empty"),
        Constraint::MinLength(least) => CheckView::Count("min_length", *least),
        Constraint::MaxLength(most) => CheckView::Count("max_length", *most),
        Constraint::Pattern(text) => CheckView::Pattern(rust::literal(text)),
        Constraint::Format(format) => CheckView::Format(format_name(*format)),
        Constraint::OneOf(values) => CheckView::OneOf(values.iter().map(|value| rust::literal(value)).collect()),
        Constraint::Minimum(bound) => CheckView::Bound("minimum", defaults::value(bound)),
        Constraint::Maximum(bound) => CheckView::Bound("maximum", defaults::value(bound)),
        Constraint::ExclusiveMinimum(bound) => CheckView::Bound("exclusive_minimum", defaults::value(bound)),
        Constraint::ExclusiveMaximum(bound) => CheckView::Bound("exclusive_maximum", defaults::value(bound)),
        Constraint::MultipleOf(of) => CheckView::Bound("multiple_of", defaults::value(of)),
        Constraint::MinItems(least) => CheckView::Count("min_items", *least),
        Constraint::MaxItems(most) => CheckView::Count("max_items", *most),
        Constraint::UniqueItems => CheckView::Plain("unique_items"),
        Constraint::Past => CheckView::Plain("past"),
        Constraint::Future => CheckView::Plain("future"),
        Constraint::Custom(path) => CheckView::Custom(path.clone()),
        Constraint::Items(inner) => return each("items", inner),
        Constraint::Keys(inner) => return each("keys", inner),
        Constraint::Values(inner) => return each("values", inner),
        Constraint::Present(inner) => return each("present", inner),
        Constraint::Transform(_) => return None,
    })
}

fn each(name: &'static str, calls: Vec<CheckView>) -> Option<CheckView> {
    (!calls.is_empty()).then_some(CheckView::Each(name, ChecksView(calls)))
}

/// The call that checks the structs and the times that a type holds.
fn nested(set: &ModelSet, field: &Field, ty: &Type) -> Option<CheckView> {
    let inside = |name, inner| each(name, nested(set, field, inner).into_iter().collect());
    match ty {
        time if time.has_fraction() => Some(CheckView::Plain(match field.checked_precision()? {
            Precision::Seconds => "seconds",
            Precision::Millis => "millis",
            Precision::Micros | Precision::Nanos => "micros",
        })),
        Type::Named(Named { name, kind: NamedKind::Struct | NamedKind::Union, .. }) => {
            set.constrained.contains(name).then_some(CheckView::Plain("nested"))
        }
        Type::Vector(_) => Some(CheckView::Plain("finite")),
        Type::List(inner) | Type::Set(inner) => inside("items", inner),
        Type::Map(inner) => inside("values", inner),
        Type::Optional(inner) => inside("present", inner),
        _ => None,
    }
}

fn format_name(format: TextFormat) -> &'static str {
    match format {
        TextFormat::Email => "Email",
        TextFormat::Url => "Url",
        TextFormat::Hostname => "Hostname",
        TextFormat::Uuid => "Uuid",
        TextFormat::Ipv4 => "Ipv4",
        TextFormat::Ipv6 => "Ipv6",
        TextFormat::Slug => "Slug",
        TextFormat::E164 => "E164",
    }
}

/// The check of a field's value for its keys: DynamoDB limits the length of text and bytes, and the parts of a key
/// cannot hold separators.
pub(super) fn key_calls(model: &Model, field: &Field) -> Vec<CheckView> {
    let of_indexes =
        |hash: bool| model.indexes.iter().flat_map(move |index| if hash { &index.hash_key } else { &index.range_key });
    let of_vectors = || model.vector_indexes.iter().filter_map(|index| index.hash_key.as_ref());
    let hash_keys = || std::iter::once(&model.hash_key).chain(of_indexes(true)).chain(of_vectors());
    let range_keys = || model.range_key.iter().chain(of_indexes(false));
    let is_text = matches!(field.ty.present(), Type::Scalar(Scalar::String));
    if !is_text && *field.ty.present() != Type::Scalar(Scalar::Bytes) {
        return Vec::new();
    }
    // A field in two keys has the smaller limit.
    if range_keys().any(|key| is_whole(key, field)) {
        return vec![CheckView::Plain("range_key")];
    }
    if hash_keys().any(|key| is_whole(key, field)) {
        return vec![CheckView::Plain("hash_key")];
    }
    let mut separators: Vec<char> = Vec::new();
    for key in hash_keys().chain(range_keys()).filter(|key| key.has(&field.name) && !key.is_hash()) {
        if !separators.contains(&key.separator) {
            separators.push(key.separator);
        }
    }
    let call = |separator: char| {
        let leads = range_keys().any(|key| key.separator == separator && leads(key, field));
        match (separator, leads) {
            (SEPARATOR, true) => CheckView::Plain("leading_key_part"),
            (SEPARATOR, false) => CheckView::Plain("key_part"),
            (_, true) => CheckView::Character("leading_key_part_without", rust::character(separator)),
            (_, false) => CheckView::Character("key_part_without", rust::character(separator)),
        }
    };
    separators.into_iter().map(call).collect()
}

/// Whether a field's own value is the key.
fn is_whole(key: &KeyAttribute, field: &Field) -> bool {
    match &key.made_of {
        MadeOf::Field(of) | MadeOf::Copy(of) => of.name == field.name,
        MadeOf::Hash(_) | MadeOf::Template { .. } => false,
    }
}

/// Whether the field is not the last part of a key that sorts as its fields do.
fn leads(key: &KeyAttribute, field: &Field) -> bool {
    let MadeOf::Template { parts, end } = &key.made_of else { return false };
    if key.is_unordered {
        return false;
    }
    let last = parts.len().saturating_sub(usize::from(end.is_empty()));
    parts.iter().take(last).any(|part| part.field.name == field.name && part.is_leading())
}

/// The keys that are made of texts and may be too long. A key of an index with an optional field is left out: it is
/// checked when it is made.
pub(super) fn key_lengths(model: &Model) -> Vec<KeyLengthView> {
    let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
    let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
    let mut taken: Vec<&str> = Vec::new();
    let mut lengths = Vec::new();
    for (key, method) in range.map(|key| (key, "range_key")).chain(hash.map(|key| (key, "hash_key"))) {
        if !taken.contains(&key.attribute.as_str()) {
            lengths.extend(key_length(key, method));
        }
        taken.push(&key.attribute);
    }
    lengths
}

/// The length check of a key, with the minimum number of bytes without its texts. `None` for a key without texts or
/// with an optional field.
fn key_length(key: &KeyAttribute, method: &'static str) -> Option<KeyLengthView> {
    let MadeOf::Template { parts, end } = &key.made_of else { return None };
    let mut fixed = end.len() + key.shards_length();
    let mut texts = Vec::new();
    for part in parts {
        fixed += part.before.len();
        match &part.field.ty {
            Type::Optional(_) => return None,
            Type::Scalar(Scalar::String) => texts.push(rust::identifier(&part.field.name)),
            _ => fixed += part.least_length(),
        }
    }
    let attribute = rust::literal(&key.attribute);
    (!texts.is_empty()).then_some(KeyLengthView { method, attribute, fixed, texts })
}

/// The comparisons of fields' times with those of other fields.
pub(super) fn time_orders(fields: &[Field]) -> Vec<TimeOrderView> {
    let time = |name: &str, attribute: &str, optional: bool| TimeView {
        attribute: rust::literal(attribute),
        ident: rust::identifier(name),
        optional,
    };
    let orders = fields.iter().flat_map(|field| field.order.iter().map(move |order| (field, order)));
    let view = |(field, order): (&Field, &TimeOrder)| TimeOrderView {
        method: comparison(order),
        fields: [
            time(&field.name, &field.attribute, matches!(field.ty, Type::Optional(_))),
            time(&order.field, &order.attribute, order.optional),
        ],
    };
    orders.map(view).collect()
}

fn comparison(order: &TimeOrder) -> &'static str {
    match order.comparison {
        TimeComparison::After => "after",
        TimeComparison::Before => "before",
    }
}

/// A field's constraints for its doc, such as `at least 1 character, format email`.
pub(super) fn text(field: &Field) -> String {
    texts(field).join(", ")
}

/// A field's transforms and constraints in words.
pub(crate) fn texts(field: &Field) -> Vec<String> {
    let transforms = field.transform.iter().map(|of| transform_text(*of).to_owned());
    let precision = field.precision.map(|of| precision_text(of).to_owned());
    let orders = field.order.iter().map(|of| format!("{} `{}`", comparison(of), of.attribute.replace('`', "'")));
    transforms.chain(precision).chain(field.constraints.iter().map(constraint_text)).chain(orders).collect()
}

fn transform_text(of: Transform) -> &'static str {
    match of {
        Transform::Trim => "trimmed",
        Transform::Lowercase => "in lower case",
        Transform::Uppercase => "in upper case",
    }
}

fn precision_text(of: Precision) -> &'static str {
    match of {
        Precision::Seconds => "cut to seconds",
        Precision::Millis => "cut to milliseconds",
        Precision::Micros => "cut to microseconds",
        Precision::Nanos => "in nanoseconds",
    }
}

fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

fn constraint_text(constraint: &Constraint) -> String {
    let inner = |constraints: &[Constraint]| {
        let all: Vec<String> = constraints.iter().map(constraint_text).collect();
        all.join(", ")
    };
    let code = |text: &str| format!("`{}`", crate::text::show(text).replace('`', "'"));
    match constraint {
        Constraint::NotEmpty => "an empty value is absent".to_owned(),
        Constraint::MinLength(least) => format!("at least {least} character{}", plural(*least)),
        Constraint::MaxLength(most) => format!("at most {most} character{}", plural(*most)),
        Constraint::Pattern(text) => format!("matches {}", code(text)),
        Constraint::Format(format) => format!("format {}", format_name(*format).to_lowercase()),
        Constraint::OneOf(values) => {
            format!("one of {}", values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "))
        }
        Constraint::Minimum(bound) => format!("at least {}", defaults::literal_text(bound)),
        Constraint::Maximum(bound) => format!("at most {}", defaults::literal_text(bound)),
        Constraint::ExclusiveMinimum(bound) => format!("more than {}", defaults::literal_text(bound)),
        Constraint::ExclusiveMaximum(bound) => format!("less than {}", defaults::literal_text(bound)),
        Constraint::MultipleOf(of) => format!("a multiple of {}", defaults::literal_text(of)),
        Constraint::MinItems(least) => format!("at least {least} element{}", plural(*least)),
        Constraint::MaxItems(most) => format!("at most {most} element{}", plural(*most)),
        Constraint::UniqueItems => "no element twice".to_owned(),
        Constraint::Past => "in the past".to_owned(),
        Constraint::Future => "in the future".to_owned(),
        Constraint::Custom(path) => format!("checked by {}", code(path)),
        Constraint::Items(of) => format!("each element: {}", inner(of)),
        Constraint::Keys(of) => format!("each key: {}", inner(of)),
        Constraint::Values(of) => format!("each value: {}", inner(of)),
        Constraint::Present(of) => inner(of),
        Constraint::Transform(of) => transform_text(*of).to_owned(),
    }
}
