//! The types of attributes, by the evidence of their values.

use super::live::{LiveItem, LiveValue};
use super::texts::{self, TextType};
use crate::text;
use std::collections::{BTreeMap, BTreeSet};

/// The type of an attribute that all of its values have.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Guess {
    Text(TextType),
    /// The values of an enum.
    Variants(BTreeSet<String>),
    Integer {
        wide: bool,
        negative: bool,
        /// Whether each may be a time in seconds, of the years that dates have.
        is_time: bool,
    },
    Decimal {
        /// Whether a value has more than 28 digits.
        wide: bool,
    },
    /// Numbers with large or small exponents, which floats hold without a loss.
    Float,
    EpochSeconds,
    EpochMillis,
    Bool,
    Bytes,
    Set(Box<Guess>),
    List(Box<Guess>),
    Map(Box<Guess>),
    Struct(BTreeMap<String, Member>),
    /// A vector, with its number of dimensions.
    Vector(u16),
    Json,
    /// Nothing that a schema can name: the attribute is left to the unknown ones.
    Unknown,
}

impl Guess {
    /// The number of levels of the type.
    fn depth(&self) -> usize {
        match self {
            Guess::Set(of) | Guess::List(of) | Guess::Map(of) => of.depth() + 1,
            _ => 1,
        }
    }
}

/// An attribute of a struct.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Member {
    pub(super) guess: Guess,
    /// The number of values that are present and not NULL.
    pub(super) present: usize,
    /// The number of items or maps.
    pub(super) of: usize,
}

/// The minimum number of values of an enum, and of values for each variant.
const LEAST_VALUES: usize = 20;
const LEAST_REPEATED: usize = 4;

/// The maximum depth of lists and maps in each other. Types nest at most 16 levels, optional ones too.
const DEEPEST: usize = 14;

/// The maximum number of attributes of a nested struct.
const MOST_MEMBERS: usize = 60;

/// The attributes of items or maps.
pub(super) fn members<'i>(items: impl IntoIterator<Item = &'i LiveItem>) -> BTreeMap<String, Member> {
    let items: Vec<&LiveItem> = items.into_iter().collect();
    let names: BTreeSet<&String> = items.iter().flat_map(|item| item.keys()).collect();
    let member = |name: &String| {
        let values: Vec<&LiveValue> = items.iter().filter_map(|item| item.get(name)).collect();
        let present = values.iter().filter(|value| ***value != LiveValue::Null).count();
        (name.clone(), Member { guess: of_values(name, &values), present, of: items.len() })
    };
    names.into_iter().map(member).collect()
}

/// The type of all these values of an attribute.
fn of_values(name: &str, values: &[&LiveValue]) -> Guess {
    let values: Vec<&LiveValue> = values.iter().copied().filter(|value| **value != LiveValue::Null).collect();
    let Some(first) = values.first() else { return Guess::Json };
    let of_kind = std::mem::discriminant(*first);
    if values.iter().any(|value| std::mem::discriminant(*value) != of_kind) {
        return json(&values);
    }
    match first {
        LiveValue::Text(_) => text(&texts_of(&values)),
        LiveValue::Number(_) => number(name, &numbers_of(&values)),
        LiveValue::Binary(_) => Guess::Bytes,
        LiveValue::Bool(_) => Guess::Bool,
        LiveValue::Null => Guess::Json,
        LiveValue::Texts(_) => Guess::Set(Box::new(Guess::Text(TextType::String))),
        LiveValue::Binaries(_) => Guess::Set(Box::new(Guess::Bytes)),
        LiveValue::Numbers(_) => {
            let of = |value: &&LiveValue| match value {
                LiveValue::Numbers(numbers) => numbers.iter().cloned().collect(),
                _ => Vec::new(),
            };
            let numbers: Vec<String> = values.iter().flat_map(of).collect();
            match number("", &numbers.iter().map(String::as_str).collect::<Vec<_>>()) {
                Guess::Float => Guess::Unknown,
                guess => Guess::Set(Box::new(guess)),
            }
        }
        LiveValue::List(_) => list(name, &values),
        LiveValue::Map(_) => map(&values),
    }
}

fn texts_of<'v>(values: &[&'v LiveValue]) -> Vec<&'v str> {
    let text = |value: &&'v LiveValue| match *value {
        LiveValue::Text(text) => Some(text.as_str()),
        _ => None,
    };
    values.iter().filter_map(text).collect()
}

fn numbers_of<'v>(values: &[&'v LiveValue]) -> Vec<&'v str> {
    let number = |value: &&'v LiveValue| match *value {
        LiveValue::Number(text) => Some(text.as_str()),
        _ => None,
    };
    values.iter().filter_map(number).collect()
}

fn text(values: &[&str]) -> Guess {
    let ty = texts::of(values);
    let variants: BTreeSet<&str> = values.iter().copied().collect();
    let is_enum = ty == TextType::String
        && values.len() >= LEAST_VALUES
        && variants.len() * LEAST_REPEATED <= values.len()
        && variants.len() > 1
        && variants.iter().all(|value| text::is_word(value));
    match is_enum {
        true => Guess::Variants(variants.into_iter().map(str::to_owned).collect()),
        false => Guess::Text(ty),
    }
}

/// The type of numbers. A name that speaks of a time makes whole numbers of the present time one.
fn number(name: &str, values: &[&str]) -> Guess {
    let integers: Option<Vec<i128>> = values.iter().map(|value| value.parse().ok()).collect();
    let Some(integers) = integers else {
        let is_decimal = |value: &&str| {
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            digits <= 38 && value.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'))
        };
        let wide = values.iter().any(|value| value.bytes().filter(u8::is_ascii_digit).count() > 28);
        return match values.iter().all(is_decimal) {
            true => Guess::Decimal { wide },
            false if values.iter().all(|value| is_float(value)) => Guess::Float,
            false => Guess::Decimal { wide: true },
        };
    };
    let within = |low: i128, high: i128| integers.iter().all(|value| (low..high).contains(value));
    // From 2001 to 2100.
    if texts::is_time_name(name) && within(1_000_000_000, 4_102_444_800) {
        return Guess::EpochSeconds;
    }
    if texts::is_time_name(name) && within(1_000_000_000_000, 4_102_444_800_000) {
        return Guess::EpochMillis;
    }
    let least = integers.iter().min().copied().unwrap_or_default();
    let most = integers.iter().max().copied().unwrap_or_default();
    let wide = i64::try_from(least).is_err() || i64::try_from(most).is_err();
    Guess::Integer { wide, negative: least < 0, is_time: within(0, 253_402_300_800) }
}

/// Whether a float writes the number that it reads.
fn is_float(number: &str) -> bool {
    number.parse::<f64>().is_ok_and(|float| scientific(&format!("{float:e}")) == scientific(number))
}

/// Whether a number is negative, its significant digits, and the power of ten of the last one.
fn scientific(number: &str) -> Option<(bool, String, i32)> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let power = exponent.parse::<i32>().ok()?.checked_sub(i32::try_from(fraction.len()).ok()?)?;
    let digits = format!("{whole}{fraction}");
    let is_negative = digits.starts_with('-');
    let digits = digits.trim_start_matches(['-', '+', '0']);
    let significant = digits.trim_end_matches('0');
    let zeros = i32::try_from(digits.len() - significant.len()).ok()?;
    let power = if significant.is_empty() { 0 } else { power.checked_add(zeros)? };
    Some((is_negative, significant.to_owned(), power))
}

fn list(name: &str, values: &[&LiveValue]) -> Guess {
    let elements: Vec<&LiveValue> = values
        .iter()
        .flat_map(|value| match value {
            LiveValue::List(elements) => elements.as_slice(),
            _ => &[],
        })
        .collect();
    if elements.is_empty() || elements.contains(&&LiveValue::Null) {
        return json(values);
    }
    match of_values(name, &elements) {
        // An element has no format of its own.
        Guess::EpochSeconds | Guess::EpochMillis => {
            Guess::List(Box::new(Guess::Integer { wide: false, negative: false, is_time: false }))
        }
        Guess::Text(ty) if ty.format().is_some() => Guess::List(Box::new(Guess::Text(TextType::String))),
        Guess::Variants(_) => Guess::List(Box::new(Guess::Text(TextType::String))),
        Guess::Json | Guess::Unknown => json(values),
        guess if guess.depth() >= DEEPEST => json(values),
        guess => Guess::List(Box::new(guess)),
    }
}

fn map(values: &[&LiveValue]) -> Guess {
    let maps: Vec<&LiveItem> = values
        .iter()
        .filter_map(|value| match value {
            LiveValue::Map(map) => Some(map),
            _ => None,
        })
        .collect();
    let members = members(maps.iter().copied());
    let is_named = |(name, member): (&String, &Member)| {
        text::is_word(name) && (member.present * 2 >= maps.len() || maps.len() < LEAST_REPEATED)
    };
    if !members.is_empty() && members.len() <= MOST_MEMBERS && members.iter().all(is_named) {
        return Guess::Struct(members);
    }
    let all: Vec<&LiveValue> = maps.iter().flat_map(|map| map.values()).collect();
    if all.is_empty() || all.contains(&&LiveValue::Null) {
        return json(values);
    }
    match list("", &[&LiveValue::List(all.into_iter().cloned().collect())]) {
        Guess::List(guess) => Guess::Map(guess),
        _ => json(values),
    }
}

/// JSON, if it can hold these values; otherwise no type can.
fn json(values: &[&LiveValue]) -> Guess {
    match values.iter().all(|value| is_json(value)) {
        true => Guess::Json,
        false => Guess::Unknown,
    }
}

fn is_json(value: &LiveValue) -> bool {
    match value {
        LiveValue::Text(_) | LiveValue::Bool(_) | LiveValue::Null => true,
        LiveValue::Number(number) => {
            number.len() <= 15 && number.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'-' | b'.'))
        }
        LiveValue::List(elements) => elements.iter().all(is_json),
        LiveValue::Map(entries) => entries.values().all(is_json),
        LiveValue::Binary(_) | LiveValue::Texts(_) | LiveValue::Numbers(_) | LiveValue::Binaries(_) => false,
    }
}
