//! Constraints as calls on `Checked`.

use super::rust;
use crate::model::{
    Constraint, Field, KeyAttribute, MadeOf, Model, ModelSet, Named, NamedKind, Scalar, TextFormat, TimeComparison,
    Transform, Type,
};

/// The calls that check a value of a field; empty where nothing is asked of it.
pub(super) fn calls(set: &ModelSet, field: &Field) -> String {
    let transforms = field.transform.iter().map(|of| {
        let name = transform(*of);
        format!(".transformed({}, ::dyntastic::validate::transform::{name})", rust::literal(name))
    });
    transforms.collect::<String>() + &chain(&field.constraints) + &nested(set, field.ty.present())
}

fn chain(constraints: &[Constraint]) -> String {
    constraints.iter().map(call).collect()
}

fn call(constraint: &Constraint) -> String {
    let each = |name: &str, inner: &[Constraint]| closure(name, &chain(inner));
    match constraint {
        Constraint::MinLength(least) => format!(".min_length({least})"),
        Constraint::MaxLength(most) => format!(".max_length({most})"),
        Constraint::Pattern(text) => format!(".pattern(::dyntastic::pattern!({}))", rust::literal(text)),
        Constraint::Format(format) => format!(".format(::dyntastic::validate::Format::{})", format_name(*format)),
        Constraint::OneOf(values) => {
            let values: Vec<String> = values.iter().map(|value| rust::literal(value)).collect();
            format!(".one_of(&[{}])", values.join(", "))
        }
        Constraint::Minimum(bound) => format!(".minimum({})", rust::value(bound)),
        Constraint::Maximum(bound) => format!(".maximum({})", rust::value(bound)),
        Constraint::ExclusiveMinimum(bound) => format!(".exclusive_minimum({})", rust::value(bound)),
        Constraint::ExclusiveMaximum(bound) => format!(".exclusive_maximum({})", rust::value(bound)),
        Constraint::MultipleOf(of) => format!(".multiple_of({})", rust::value(of)),
        Constraint::MinItems(least) => format!(".min_items({least})"),
        Constraint::MaxItems(most) => format!(".max_items({most})"),
        Constraint::UniqueItems => ".unique_items()".to_owned(),
        Constraint::Past => ".past()".to_owned(),
        Constraint::Future => ".future()".to_owned(),
        Constraint::Custom(path) => format!(".custom({path})"),
        Constraint::Items(inner) => each("items", inner),
        Constraint::Keys(inner) => each("keys", inner),
        Constraint::Values(inner) => each("values", inner),
        Constraint::Present(inner) => each("present", inner),
    }
}

fn closure(name: &str, calls: &str) -> String {
    if calls.is_empty() { String::new() } else { format!(".{name}(|of| of{calls}.done())") }
}

/// The calls that check the structs that a type holds.
fn nested(set: &ModelSet, ty: &Type) -> String {
    match ty {
        Type::Named(Named { name, kind: NamedKind::Struct | NamedKind::Union, .. }) => {
            if set.constrained.contains(name) { ".nested()".to_owned() } else { String::new() }
        }
        Type::List(inner) => closure("items", &nested(set, inner)),
        Type::Map(inner) => closure("values", &nested(set, inner)),
        Type::Optional(inner) => closure("present", &nested(set, inner)),
        _ => String::new(),
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

fn transform(of: Transform) -> &'static str {
    match of {
        Transform::Trim => "trim",
        Transform::Lowercase => "lowercase",
        Transform::Uppercase => "uppercase",
    }
}

/// The expression that transforms `text`; empty where nothing is done to it.
pub(super) fn transformed(field: &Field) -> String {
    if field.transform.is_empty() {
        return String::new();
    }
    let call =
        |inner: String, of: &Transform| format!("::dyntastic::validate::transform::{}(&{inner})", transform(*of));
    format!("{}.into_owned()", field.transform.iter().fold("text".to_owned(), call))
}

/// What keys ask of a field's value: DynamoDB limits the length of text and bytes, and the parts of a key have no
/// separators.
pub(super) fn key_call(model: &Model, field: &Field) -> &'static str {
    let of_indexes =
        |hash: bool| model.indexes.iter().flat_map(move |index| if hash { &index.hash_key } else { &index.range_key });
    let hash_keys = || std::iter::once(&model.hash_key).chain(of_indexes(true));
    let range_keys = || model.range_key.iter().chain(of_indexes(false));
    let is_text = matches!(field.ty.present(), Type::Scalar(Scalar::String));
    if !is_text && *field.ty.present() != Type::Scalar(Scalar::Bytes) {
        return "";
    }
    // What is in two keys has the limit of the shorter.
    if range_keys().any(|key| is_whole(key, field)) {
        return ".range_key()";
    }
    if hash_keys().any(|key| is_whole(key, field)) {
        return ".hash_key()";
    }
    if range_keys().any(|key| leads(key, field)) {
        ".leading_key_part()"
    } else if hash_keys().chain(range_keys()).any(|key| key.has(&field.name)) {
        ".key_part()"
    } else {
        ""
    }
}

/// Whether a field's own value is the key.
fn is_whole(key: &KeyAttribute, field: &Field) -> bool {
    match &key.made_of {
        MadeOf::Field(of) | MadeOf::Copy(of) => of.name == field.name,
        MadeOf::Template { .. } => false,
    }
}

/// Whether something follows a field in a key.
fn leads(key: &KeyAttribute, field: &Field) -> bool {
    let MadeOf::Template { parts, end } = &key.made_of else { return false };
    let last = parts.len().saturating_sub(usize::from(end.is_empty()));
    parts.iter().take(last).any(|part| part.field.name == field.name)
}

/// The calls that check that the keys which are made of texts are not too long. A key of an index is not made where a field is
/// absent, and is checked when it is made.
pub(super) fn key_lengths(model: &Model) -> Vec<String> {
    let hash = std::iter::once(&model.hash_key).chain(model.indexes.iter().flat_map(|index| &index.hash_key));
    let range = model.range_key.iter().chain(model.indexes.iter().flat_map(|index| &index.range_key));
    let mut taken: Vec<&str> = Vec::new();
    let mut calls = Vec::new();
    for (key, method) in range.map(|key| (key, "range_key")).chain(hash.map(|key| (key, "hash_key"))) {
        if let Some(length) = key_length(key).filter(|_| !taken.contains(&key.attribute.as_str())) {
            calls.push(format!("violations.{method}({}, {length});", rust::literal(&key.attribute)));
        }
        taken.push(&key.attribute);
    }
    calls
}

/// The expression of the least bytes that a key has; `None` where it has no limit to reach.
fn key_length(key: &KeyAttribute) -> Option<String> {
    let MadeOf::Template { parts, end } = &key.made_of else { return None };
    let mut fixed = end.len();
    let mut texts = Vec::new();
    for part in parts {
        fixed += part.before.len();
        match &part.field.ty {
            Type::Optional(_) => return None,
            Type::Scalar(Scalar::String) => texts.push(format!("self.{}.len()", rust::identifier(&part.field.name))),
            _ => fixed += crate::resolve::least_length(&part.field),
        }
    }
    if texts.is_empty() {
        return None;
    }
    if fixed > 0 {
        texts.insert(0, fixed.to_string());
    }
    Some(texts.join(" + "))
}

/// The calls that compare the times of fields with each other, and those of the app's own functions.
pub(super) fn of_struct(fields: &[Field], validate: Option<&String>) -> Vec<String> {
    let some = |name: &str, optional: bool| {
        let ident = rust::identifier(name);
        if optional { format!("self.{ident}.as_ref()") } else { format!("Some(&self.{ident})") }
    };
    let mut calls = Vec::new();
    for field in fields {
        for order in &field.order {
            let method = match order.comparison {
                TimeComparison::After => "after",
                TimeComparison::Before => "before",
            };
            calls.push(format!(
                "violations.{method}({}, {}, ({}, {}));",
                rust::literal(&field.attribute),
                some(&field.name, matches!(field.ty, Type::Optional(_))),
                rust::literal(&order.attribute),
                some(&order.field, order.optional),
            ));
        }
    }
    calls.extend(validate.map(|path| format!("{path}(self, violations);")));
    calls
}

/// What a field's constraints are, for its doc: `min_length 1, format email`.
pub(super) fn text(field: &Field) -> String {
    let transforms = field.transform.iter().map(|of| transform(*of).to_owned());
    let orders = field.order.iter().map(|order| {
        let comparison = match order.comparison {
            TimeComparison::After => "after",
            TimeComparison::Before => "before",
        };
        format!("{comparison} `{}`", order.attribute.replace('`', "'"))
    });
    let all: Vec<String> = transforms.chain(field.constraints.iter().map(constraint_text)).chain(orders).collect();
    all.join(", ")
}

fn plural(number: u64) -> &'static str {
    if number == 1 { "" } else { "s" }
}

fn constraint_text(constraint: &Constraint) -> String {
    let inner = |constraints: &[Constraint]| {
        let all: Vec<String> = constraints.iter().map(constraint_text).collect();
        all.join(", ")
    };
    let code = |text: &str| format!("`{}`", crate::read::show(text).replace('`', "'"));
    match constraint {
        Constraint::MinLength(least) => format!("at least {least} character{}", plural(*least)),
        Constraint::MaxLength(most) => format!("at most {most} character{}", plural(*most)),
        Constraint::Pattern(text) => format!("matches {}", code(text)),
        Constraint::Format(format) => format!("format {}", format_name(*format).to_lowercase()),
        Constraint::OneOf(values) => {
            format!("one of {}", values.iter().map(|value| code(value)).collect::<Vec<_>>().join(", "))
        }
        Constraint::Minimum(bound) => format!("at least {}", rust::literal_text(bound)),
        Constraint::Maximum(bound) => format!("at most {}", rust::literal_text(bound)),
        Constraint::ExclusiveMinimum(bound) => format!("more than {}", rust::literal_text(bound)),
        Constraint::ExclusiveMaximum(bound) => format!("less than {}", rust::literal_text(bound)),
        Constraint::MultipleOf(of) => format!("a multiple of {}", rust::literal_text(of)),
        Constraint::MinItems(least) => format!("at least {least} element{}", plural(*least)),
        Constraint::MaxItems(most) => format!("at most {most} element{}", plural(*most)),
        Constraint::UniqueItems => "no element twice".to_owned(),
        Constraint::Past => "in the past".to_owned(),
        Constraint::Future => "in the future".to_owned(),
        Constraint::Custom(path) => format!("checked by {}", code(path)),
        Constraint::Items(of) => format!("each element {}", inner(of)),
        Constraint::Keys(of) => format!("each key {}", inner(of)),
        Constraint::Values(of) => format!("each value {}", inner(of)),
        Constraint::Present(of) => inner(of),
    }
}
