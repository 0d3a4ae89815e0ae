//! Transforms and constraints: the runtime's own, called from their description.

use super::description::{
    Constraint, Definition, Described, Field, KeyCheck, Literal, Precision, Structure, Transform, Type, Union,
};
use super::scalar::{Scalar, numbers, of_types, precise};
use super::value::{StructValue, Typed, Value};
use crate::ground::{JsonNames, Segment, Violations};
use crate::validate::{Checked, Collection, Format, Pattern, transform};
use std::cell::RefCell;
use std::collections::HashMap;
use std::str::FromStr;

impl Field {
    /// Changes the value as a write does.
    pub(super) fn transform(&'static self, schema: &'static Described, value: &mut Value) {
        if matches!(value, Value::None | Value::Unread) {
            return;
        }
        self.transform.iter().for_each(|of| apply(*of, value));
        self.constraints.iter().for_each(|of| transform_inside(of, value));
        transform_nested(Structure::present(schema, self), self.cut, value);
    }

    fn check(&'static self, schema: &'static Described, value: &Value, violations: &mut Violations) {
        self.check_seal(value, violations);
        self.key_checks.iter().for_each(|of| check_key(of, value, violations));
        let present = Structure::present(schema, self);
        self.constraints.iter().for_each(|of| check(of, present, value, violations));
        check_nested(present, self.checked_precision, value, violations);
    }
}

fn apply(of: Transform, value: &mut Value) {
    let Value::Scalar(Scalar::String(text)) = value else { return };
    match of {
        Transform::Trim => transform::trim(text),
        Transform::Lowercase => transform::lowercase(text),
        Transform::Uppercase => transform::uppercase(text),
    }
}

/// Calls a function for each element of a list, a set or a map.
fn each(value: &mut Value, mut change: impl FnMut(&mut Value)) {
    match value {
        Value::List(values) => values.iter_mut().for_each(change),
        Value::Map(entries) => entries.values_mut().for_each(change),
        Value::Set(values) => {
            values.iter_mut().for_each(&mut change);
            *value = Value::set(std::mem::take(values));
        }
        _ => {}
    }
}

fn transform_inside(of: &Constraint, value: &mut Value) {
    match of {
        Constraint::Transform(of) => apply(*of, value),
        Constraint::Items(inner) | Constraint::Values(inner) => {
            inner.iter().for_each(|of| each(value, |value| transform_inside(of, value)));
        }
        Constraint::Present(inner) => inner.iter().for_each(|of| transform_inside(of, value)),
        _ => {}
    }
}

fn transform_nested(of: Typed, cut: Option<Precision>, value: &mut Value) {
    match (of.ty, value) {
        (_, Value::None | Value::Unread) => {}
        (_, Value::Scalar(scalar)) => {
            if let Some(precision) = cut {
                scalar.cut(precision);
            }
        }
        (Type::Optional(inner), value) => transform_nested(Typed { ty: inner, ..of }, cut, value),
        (Type::List(inner) | Type::Set(inner) | Type::Map(inner), value) => {
            each(value, |value| transform_nested(of.element(inner), cut, value));
        }
        (Type::Named(name), value) => match (of.schema.types.get(name), value) {
            (Some(Definition::Struct(structure)), Value::Struct(value)) => structure.transform(of.schema, value),
            (Some(Definition::Union(union)), Value::Union(position, Some(value))) => {
                if let Some(structure) = union.structure(of.schema, *position) {
                    structure.transform(of.schema, value);
                }
            }
            _ => {}
        },
        _ => {}
    }
}

impl Structure {
    /// Changes the values as a write does.
    pub(super) fn transform(&'static self, schema: &'static Described, value: &mut StructValue) {
        self.fields.iter().zip(&mut value.fields).for_each(|(field, value)| field.transform(schema, value));
    }

    /// Adds all violations, except those that functions of the app find.
    pub(super) fn check(&'static self, schema: &'static Described, value: &StructValue, violations: &mut Violations) {
        self.check_fields(schema, value, violations);
        self.check_hashes(value, violations);
        for key in &self.key_lengths {
            let text = |position: &usize| match value.fields.get(*position) {
                Some(Value::Scalar(Scalar::String(text))) => text.len(),
                _ => 0,
            };
            let length = key.fixed + key.texts.iter().map(text).sum::<usize>();
            match key.is_range {
                true => violations.range_key(&key.attribute, length),
                false => violations.hash_key(&key.attribute, length),
            }
        }
        let time = |attribute: &str| {
            let (_, value) = self.fields.iter().zip(&value.fields).find(|(field, _)| field.attribute == attribute)?;
            if let Value::Scalar(value) = value { Some(value) } else { None }
        };
        for (field, order) in self.fields.iter().flat_map(|field| field.order.iter().map(move |order| (field, order))) {
            let other = (order.attribute.as_str(), time(&order.attribute));
            match order.is_after {
                true => violations.after(&field.attribute, time(&field.attribute), other),
                false => violations.before(&field.attribute, time(&field.attribute), other),
            }
        }
    }

    /// Adds the violations of each field by itself.
    pub(super) fn check_fields(
        &'static self,
        schema: &'static Described,
        value: &StructValue,
        violations: &mut Violations,
    ) {
        let fields = self.fields.iter().zip(&value.fields);
        for (field, value) in fields.filter(|(_, value)| !matches!(value, Value::None | Value::Unread)) {
            violations.within_attribute(&field.attribute, |violations| field.check(schema, value, violations));
        }
    }

    /// The names of its fields in JSON.
    pub(super) fn names_in_json(&'static self) -> JsonNames {
        thread_local! {
            static KNOWN: RefCell<HashMap<usize, JsonNames>> = RefCell::default();
        }
        let known = std::ptr::from_ref(self).addr();
        KNOWN.with_borrow_mut(|all| {
            *all.entry(known).or_insert_with(|| {
                let names = self.json_names.iter().map(|(attribute, name)| (attribute.as_str(), name.as_str()));
                JsonNames::same(super::leaked::all(names))
            })
        })
    }
}

impl Union {
    fn check(&'static self, schema: &'static Described, value: &Value, violations: &mut Violations) {
        if let Value::Union(position, Some(value)) = value
            && let Some(structure) = self.structure(schema, *position)
        {
            violations.in_json(structure.names_in_json(), |violations| structure.check(schema, value, violations));
        }
    }
}

fn check_nested(of: Typed, precision: Option<Precision>, value: &Value, violations: &mut Violations) {
    match (of.ty, value) {
        (_, Value::None | Value::Unread) => {}
        (_, Value::Scalar(scalar)) => match precision {
            Some(Precision::Seconds) => {
                precise!(scalar, value => Checked::new(value, violations).seconds().done(), _ => ());
            }
            Some(Precision::Millis) => {
                precise!(scalar, value => Checked::new(value, violations).millis().done(), _ => ());
            }
            Some(Precision::Micros | Precision::Nanos) if of.schema.keeps_digits => {}
            Some(Precision::Micros | Precision::Nanos) => {
                precise!(scalar, value => Checked::new(value, violations).micros().done(), _ => ());
            }
            None => {}
        },
        (_, Value::Vector(values)) => Checked::new(values, violations).finite().done(),
        (Type::Optional(inner), value) => check_nested(Typed { ty: inner, ..of }, precision, value, violations),
        (Type::List(inner) | Type::Set(inner) | Type::Map(inner), value) => {
            inside(value, violations, |value, violations| {
                check_nested(of.element(inner), precision, value, violations)
            });
        }
        (Type::Named(name), value) => match (of.schema.types.get(name), value) {
            (Some(Definition::Struct(structure)), Value::Struct(value)) => {
                violations.in_json(structure.names_in_json(), |of_json| structure.check(of.schema, value, of_json));
            }
            (Some(Definition::Union(union)), value) => {
                violations.in_json(JsonNames::SAME, |violations| union.check(of.schema, value, violations));
            }
            _ => {}
        },
        _ => {}
    }
}

/// Checks each element, with its place.
fn inside(value: &Value, violations: &mut Violations, check: impl Fn(&Value, &mut Violations)) {
    match value {
        Value::List(values) | Value::Set(values) => {
            for (index, value) in values.iter().enumerate() {
                violations.within(|| Segment::Index(index), |violations| check(value, violations));
            }
        }
        Value::Map(entries) => {
            for (name, value) in entries {
                violations.within(|| name.as_str().into(), |violations| check(value, violations));
            }
        }
        _ => {}
    }
}

fn check_key(of: &KeyCheck, value: &Value, violations: &mut Violations) {
    match (of, value) {
        (KeyCheck::HashKey, Value::Scalar(of)) => {
            of_types!(of, [String Bytes] value => Checked::new(value, violations).hash_key().done(), _ => ());
        }
        (KeyCheck::RangeKey, Value::Scalar(of)) => {
            of_types!(of, [String Bytes] value => Checked::new(value, violations).range_key().done(), _ => ());
        }
        (KeyCheck::Part(separator, leads), Value::Scalar(Scalar::String(text))) => {
            let checked = Checked::new(text, violations);
            match (separator, leads) {
                (None, false) => checked.key_part(),
                (None, true) => checked.leading_key_part(),
                (Some(separator), false) => checked.key_part_without(*separator),
                (Some(separator), true) => checked.leading_key_part_without(*separator),
            }
            .done();
        }
        _ => {}
    }
}

/// The number of elements of a collection.
struct Count(usize);

impl Collection for Count {
    fn count(&self) -> usize {
        self.0
    }
}

fn check(of: &'static Constraint, typed: Typed, value: &Value, violations: &mut Violations) {
    let count = |of: u64| usize::try_from(of).unwrap_or(usize::MAX);
    match (of, value) {
        (_, Value::None | Value::Unread) | (Constraint::Transform(_) | Constraint::Custom(_), _) => {}
        (Constraint::Present(inner), value) => {
            let typed = match typed.ty {
                Type::Optional(of) => Typed { ty: of, ..typed },
                _ => typed,
            };
            inner.iter().for_each(|of| check(of, typed, value, violations));
        }
        (Constraint::NotEmpty, Value::Scalar(of)) => {
            of_types!(of, [String Bytes] value => Checked::new(value, violations).not_empty().done(), _ => ());
        }
        (_, Value::Scalar(Scalar::String(text))) => check_text(of, text, violations),
        (_, Value::Scalar(scalar)) => check_scalar(of, scalar, violations),
        (Constraint::MinItems(least), value) => {
            Checked::new(&Count(elements(value)), violations).min_items(count(*least)).done();
        }
        (Constraint::MaxItems(most), value) => {
            Checked::new(&Count(elements(value)), violations).max_items(count(*most)).done();
        }
        (Constraint::UniqueItems, Value::List(values)) => {
            // Elements that could not be read are mistakes already.
            let values: Vec<&Value> = values.iter().filter(|value| value.is_whole()).collect();
            Checked::new(&values, violations).unique_items().done();
        }
        (Constraint::Items(inner) | Constraint::Values(inner), value) => {
            let element = match typed.ty {
                Type::List(of) | Type::Set(of) | Type::Map(of) => typed.element(of),
                _ => typed,
            };
            // Each element meets all constraints before the next one.
            inside(value, violations, |value, violations| {
                inner.iter().for_each(|of| check(of, element, value, violations));
            });
        }
        (Constraint::Keys(inner), Value::Map(entries)) => {
            for name in entries.keys() {
                violations.within(
                    || name.as_str().into(),
                    |violations| inner.iter().for_each(|of| check_text(of, name, violations)),
                );
            }
        }
        (_, _) => cannot_check(violations),
    }
}

fn elements(value: &Value) -> usize {
    match value {
        Value::List(values) | Value::Set(values) => values.len(),
        Value::Map(entries) => entries.len(),
        _ => 0,
    }
}

/// A constraint that a description has for a type which it does not fit: it never holds.
fn cannot_check(violations: &mut Violations) {
    violations.add("custom", "the command cannot check it", Vec::new());
}

fn check_text(of: &'static Constraint, text: &String, violations: &mut Violations) {
    let count = |of: u64| usize::try_from(of).unwrap_or(usize::MAX);
    let checked = Checked::new(text, violations);
    match of {
        Constraint::MinLength(least) => checked.min_length(count(*least)).done(),
        Constraint::MaxLength(most) => checked.max_length(count(*most)).done(),
        Constraint::Pattern(text) => checked.pattern(pattern(text)).done(),
        Constraint::Format(name) => match format(name) {
            Some(format) => checked.format(format).done(),
            None => cannot_check(violations),
        },
        Constraint::OneOf(values) => {
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            checked.one_of(&values).done();
        }
        Constraint::NotEmpty => checked.not_empty().done(),
        Constraint::Transform(_) | Constraint::Custom(_) => {}
        _ => cannot_check(violations),
    }
}

fn format(name: &str) -> Option<Format> {
    Some(match name {
        "Email" => Format::Email,
        "Url" => Format::Url,
        "Hostname" => Format::Hostname,
        "Uuid" => Format::Uuid,
        "Ipv4" => Format::Ipv4,
        "Ipv6" => Format::Ipv6,
        "Slug" => Format::Slug,
        "E164" => Format::E164,
        _ => return None,
    })
}

fn pattern(text: &'static str) -> &'static Pattern {
    thread_local! {
        static KNOWN: RefCell<HashMap<&'static str, &'static Pattern>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| *known.entry(text).or_insert_with(|| Box::leak(Box::new(Pattern::new(text)))))
}

/// A literal number as a value of the same type as `_like`.
fn number<T: FromStr>(_like: &T, of: &Literal) -> Option<T> {
    match of {
        Literal::Number(text) => text.parse().ok(),
        _ => None,
    }
}

fn check_scalar(of: &'static Constraint, scalar: &Scalar, violations: &mut Violations) {
    macro_rules! bound {
        ($bound:expr, $method:ident) => {
            numbers!(
                scalar,
                value => match number(value, $bound) {
                    Some(bound) => Checked::new(value, violations).$method(bound).done(),
                    None => cannot_check(violations),
                },
                _ => cannot_check(violations)
            )
        };
    }
    macro_rules! clock {
        ($method:ident) => {
            of_types!(
                scalar,
                [
                    ChronoDatetime ChronoDate ChronoNaive TimeDatetime TimeDate TimeNaive JiffDatetime JiffDate JiffNaive
                ] value => Checked::new(value, violations).$method().done(),
                _ => cannot_check(violations)
            )
        };
    }
    match of {
        Constraint::Minimum(bound) => bound!(bound, minimum),
        Constraint::Maximum(bound) => bound!(bound, maximum),
        Constraint::ExclusiveMinimum(bound) => bound!(bound, exclusive_minimum),
        Constraint::ExclusiveMaximum(bound) => bound!(bound, exclusive_maximum),
        Constraint::MultipleOf(of) => bound!(of, multiple_of),
        Constraint::Past => clock!(past),
        Constraint::Future => clock!(future),
        _ => cannot_check(violations),
    }
}
