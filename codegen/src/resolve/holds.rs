//! Whether the values in a schema satisfy their constraints, and whether any value can.

use super::cased_patterns::is_never_transformed;
use super::constraints::Placed;
use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Constraint, Default, Factory, Literal, Scalar, TextFormat, Transform, Type};
use std::cmp::Ordering;
use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether a literal satisfies a constraint. A constraint that only the running app can check counts as satisfied.
pub(crate) fn holds(constraint: &Constraint, literal: &Literal) -> bool {
    let text = match literal {
        Literal::Text(text) => Some(text.as_str()),
        _ => None,
    };
    let characters = || text.map(|text| text.chars().count() as u64);
    let elements = || match literal {
        Literal::List(items) | Literal::Set(items) => Some(items.len() as u64),
        Literal::Map(entries) => Some(entries.len() as u64),
        _ => None,
    };
    let compare = |bound: &Literal, holds: fn(Ordering) -> bool| order(literal, bound).is_none_or(holds);
    let all = |inner: &[Constraint], literal: &Literal| inner.iter().all(|inner| holds(inner, literal));
    match constraint {
        Constraint::NotEmpty => text.is_none_or(|text| !text.is_empty()),
        Constraint::MinLength(least) => characters().is_none_or(|length| length >= *least),
        Constraint::MaxLength(most) => characters().is_none_or(|length| length <= *most),
        Constraint::Pattern(pattern) => {
            text.is_none_or(|text| regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text)))
        }
        Constraint::Format(format) => text.is_none_or(|text| may_be(*format, text)),
        Constraint::OneOf(values) => text.is_none_or(|text| values.iter().any(|value| value == text)),
        Constraint::Minimum(bound) => compare(bound, Ordering::is_ge),
        Constraint::Maximum(bound) => compare(bound, Ordering::is_le),
        Constraint::ExclusiveMinimum(bound) => compare(bound, Ordering::is_gt),
        Constraint::ExclusiveMaximum(bound) => compare(bound, Ordering::is_lt),
        Constraint::MultipleOf(of) => is_multiple(literal, of).unwrap_or(true),
        Constraint::MinItems(least) => elements().is_none_or(|count| count >= *least),
        Constraint::MaxItems(most) => elements().is_none_or(|count| count <= *most),
        Constraint::UniqueItems => match literal {
            Literal::List(items) => {
                items.iter().enumerate().all(|(at, item)| !items.iter().take(at).any(|of| of == item))
            }
            _ => true,
        },
        Constraint::Items(inner) => match literal {
            Literal::List(items) | Literal::Set(items) => items.iter().all(|item| all(inner, item)),
            _ => true,
        },
        Constraint::Keys(inner) => match literal {
            Literal::Map(entries) => entries.iter().all(|(key, _)| all(inner, &Literal::Text(key.clone()))),
            _ => true,
        },
        Constraint::Values(inner) => match literal {
            Literal::Map(entries) => entries.iter().all(|(_, value)| all(inner, value)),
            _ => true,
        },
        Constraint::Present(inner) => match literal {
            Literal::Some(literal) => all(inner, literal),
            _ => true,
        },
        Constraint::Transform(transform) => text.is_none_or(|text| transformed(text, &[*transform]) == text),
        Constraint::Past | Constraint::Future | Constraint::Custom(_) => true,
    }
}

/// Whether the values of a factory satisfy a constraint. A constraint that only the running app can check counts as
/// satisfied.
pub(super) fn factory_holds(constraint: &Constraint, factory: Factory) -> bool {
    match (constraint, factory) {
        // When the value is checked, it is already in the past.
        (Constraint::Future, Factory::Now(_) | Factory::Today(_))
        | (Constraint::Past, Factory::Today(_) | Factory::Expiry(..)) => false,
        (constraint, factory) => sample(factory).is_none_or(|text| holds(constraint, &Literal::Text(text.to_owned()))),
    }
}

/// An example of a factory's text.
pub(super) fn sample(factory: Factory) -> Option<&'static str> {
    match factory {
        Factory::UuidV4Text => Some("67e55044-10b1-426f-9247-bb680e5fe0c8"),
        Factory::UuidV7Text => Some("0190163d-8694-739b-aea5-966c26f8ad91"),
        Factory::UlidText => Some("01ARZ3NDEKTSV4RRFFQ69G5FAV"),
        _ => None,
    }
}

/// The value of a default that the schema writes out for a field of this type. A collection that is empty by default
/// has none.
pub(super) fn written(default: &Default, ty: &Type, is_declared: bool) -> Option<Literal> {
    match (default, ty) {
        (Default::Literal(literal), _) => Some(literal.clone()),
        (Default::Empty, Type::Scalar(Scalar::String)) if is_declared => Some(Literal::Text(String::new())),
        (Default::Empty, Type::List(_) | Type::Set(_)) if is_declared => Some(Literal::List(Vec::new())),
        (Default::Empty, Type::Map(_)) if is_declared => Some(Literal::Map(Vec::new())),
        _ => None,
    }
}

/// The value that std's `Default` gives a field without a default in the schema; `None` if no constraint depends on it.
pub(super) fn of_std(default: &Default, ty: &Type) -> Option<Literal> {
    match (default, ty) {
        (Default::Required, Type::Scalar(Scalar::String)) => Some(Literal::Text(String::new())),
        (Default::Required, Type::Scalar(Scalar::Int(_))) => Some(Literal::Int("0".to_owned())),
        (Default::Required, Type::Scalar(Scalar::F32)) => Some(Literal::F32(0.0)),
        (Default::Required, Type::Scalar(Scalar::F64)) => Some(Literal::F64(0.0)),
        (Default::Required, Type::Scalar(Scalar::Decimal(ty))) => Some(Literal::Decimal("0".to_owned(), *ty)),
        (Default::Empty | Default::Required, Type::List(_) | Type::Set(_)) => Some(Literal::List(Vec::new())),
        (Default::Empty | Default::Required, Type::Map(_)) => Some(Literal::Map(Vec::new())),
        _ => None,
    }
}

/// The text after its transforms.
pub(crate) fn transformed(text: &str, transforms: &[Transform]) -> String {
    transforms.iter().fold(text.to_owned(), |text, transform| match transform {
        Transform::Trim => text.trim().to_owned(),
        Transform::Lowercase => text.to_lowercase(),
        Transform::Uppercase => text.to_uppercase(),
    })
}

/// Whether a text may have a format. E-mail addresses and URLs are checked roughly, the others as in the runtime.
fn may_be(format: TextFormat, text: &str) -> bool {
    let is_slug = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let is_label = |label: &str| {
        let hyphens = label.starts_with('-') || label.ends_with('-');
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        (1..=63).contains(&label.len()) && !hyphens && label.bytes().all(allowed)
    };
    match format {
        TextFormat::Email => text.rsplit_once('@').is_some_and(|(local, host)| !local.is_empty() && !host.is_empty()),
        TextFormat::Url => text
            .split_once(':')
            .is_some_and(|(scheme, _)| scheme.trim_start().starts_with(|first: char| first.is_ascii_alphabetic())),
        TextFormat::Hostname => text.len() <= 253 && text.split('.').all(is_label),
        TextFormat::Uuid => uuid::Uuid::try_parse(text).is_ok(),
        TextFormat::Ipv4 => text.parse::<Ipv4Addr>().is_ok(),
        TextFormat::Ipv6 => text.parse::<Ipv6Addr>().is_ok(),
        TextFormat::Slug => text.split('-').all(is_slug),
        TextFormat::E164 => text.strip_prefix('+').is_some_and(|digits| {
            let is_number = digits.bytes().all(|digit| digit.is_ascii_digit());
            (2..=15).contains(&digits.len()) && !digits.starts_with('0') && is_number
        }),
    }
}

/// Reports constraints that no value satisfies; `None` if there are such.
pub(super) fn contradictions(
    constraints: &Placed,
    ty: &Type,
    transforms: &[Transform],
    resolver: &mut Resolver<'_>,
) -> Option<()> {
    let start = resolver.found.mark();
    let pairs = constraints.iter().flat_map(|low| constraints.iter().map(move |high| (low, high)));
    let mut contradicting = pairs.filter(|((_, low), (_, high))| meet(low, high));
    if let Some(((low, _), (high, _))) = contradicting.next() {
        let diagnostic = Diagnostic::new(Code::BadConstraint, "no value satisfies both constraints")
            .at(*high, "this one")
            .related(*low, "and this one")
            .help("drop one of them, or change their bounds");
        resolver.report(diagnostic);
        return None;
    }
    if has_no_integer(constraints, ty) {
        let bounds = constraints.iter().filter(|(_, constraint)| is_of_numbers(constraint));
        let spans: Vec<_> = bounds.map(|(span, _)| *span).collect();
        let (last, others) = spans.split_last()?;
        let message = "no integer of the type satisfies these constraints";
        let diagnostic = Diagnostic::new(Code::BadConstraint, message)
            .at(*last, "with this one, no integer is left")
            .help("drop one of them, or change their bounds");
        resolver.report(others.iter().fold(diagnostic, |diagnostic, span| diagnostic.related(*span, "and this one")));
        return None;
    }
    let never = constraints.iter().find(|(_, constraint)| match constraint {
        Constraint::Pattern(pattern) => is_never_transformed(pattern, transforms),
        _ => false,
    });
    if let Some((span, _)) = never {
        let message = "no text that matches the pattern is the result of the field's transforms";
        let diagnostic = Diagnostic::new(Code::BadConstraint, message)
            .at(*span, "each match has a letter that they change")
            .help("write the pattern for the transformed text, or drop the transform");
        resolver.report(diagnostic);
        return None;
    }
    for (span, constraint) in constraints {
        let Constraint::OneOf(values) = constraint else { continue };
        for value in values {
            let literal = Literal::Text(value.clone());
            let broken = constraints.iter().find(|(_, other)| !holds(other, &literal));
            let value = crate::text::show(value);
            if let Some((other, _)) = broken {
                let message = format!("the value `{value}` of `one_of` breaks another constraint");
                let diagnostic = Diagnostic::new(Code::BadConstraint, message)
                    .at(*span, "one of these")
                    .related(*other, "it violates this");
                resolver.report(diagnostic.help("leave it out, or loosen the other constraint"));
            } else if transformed(&value, transforms) != value {
                let message = format!("the value `{value}` of `one_of` is never the result of the field's transforms");
                let diagnostic = Diagnostic::new(Code::BadConstraint, message).at(*span, "one of these");
                resolver.report(diagnostic.help(format!("write it as `{}`", transformed(&value, transforms))));
            }
        }
    }
    resolver.found.is_sound_since(start).then_some(())
}

/// Whether a lower bound is above an upper one.
fn meet(low: &Constraint, high: &Constraint) -> bool {
    use Constraint::{ExclusiveMaximum, ExclusiveMinimum, Future, Maximum, Minimum, Past};
    use Constraint::{MaxItems, MaxLength, MinItems, MinLength, NotEmpty};
    match (low, high) {
        (NotEmpty, MaxLength(most)) => *most == 0,
        (MinLength(least), MaxLength(most)) | (MinItems(least), MaxItems(most)) => least > most,
        (Past, Future) => true,
        (Minimum(least), Maximum(most)) => order(least, most).is_some_and(Ordering::is_gt),
        (Minimum(least) | ExclusiveMinimum(least), Maximum(most) | ExclusiveMaximum(most)) => {
            order(least, most).is_some_and(Ordering::is_ge)
        }
        _ => false,
    }
}

fn is_of_numbers(constraint: &Constraint) -> bool {
    use Constraint::{ExclusiveMaximum, ExclusiveMinimum, Maximum, Minimum, MultipleOf};
    matches!(constraint, Minimum(_) | Maximum(_) | ExclusiveMinimum(_) | ExclusiveMaximum(_) | MultipleOf(_))
}

/// Whether no integer of a type is within the bounds and a multiple of `multiple_of`.
fn has_no_integer(constraints: &Placed, ty: &Type) -> bool {
    let Type::Scalar(Scalar::Int(int)) = ty else { return false };
    let (mut low, mut high) = int.range();
    let mut step = 1;
    for (_, constraint) in constraints {
        match constraint {
            Constraint::Minimum(of) => low = low.max(integer(of).unwrap_or(low)),
            Constraint::ExclusiveMinimum(of) => low = low.max(integer(of).map_or(low, |of| of + 1)),
            Constraint::Maximum(of) => high = high.min(integer(of).unwrap_or(high)),
            Constraint::ExclusiveMaximum(of) => high = high.min(integer(of).map_or(high, |of| of - 1)),
            Constraint::MultipleOf(of) => step = integer(of).map_or(step, i128::abs).max(1),
            _ => {}
        }
    }
    // The smallest multiple that is not below the lower bound.
    let first = low + (step - low.rem_euclid(step)) % step;
    low > high || first > high
}

fn integer(literal: &Literal) -> Option<i128> {
    match literal {
        Literal::Int(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// The exact order of two numbers of one type.
fn order(one: &Literal, other: &Literal) -> Option<Ordering> {
    match (one, other) {
        (Literal::Int(_), Literal::Int(_)) => Some(integer(one)?.cmp(&integer(other)?)),
        (Literal::F32(one), Literal::F32(other)) => one.partial_cmp(other),
        (Literal::F64(one), Literal::F64(other)) => one.partial_cmp(other),
        (Literal::Decimal(one, _), Literal::Decimal(other, _)) => Some(Decimal::of(one).compare(&Decimal::of(other))),
        _ => None,
    }
}

/// Whether a number is more than 0.
pub(super) fn is_positive(literal: &Literal) -> bool {
    match literal {
        Literal::Int(digits) => !digits.starts_with('-') && digits.bytes().any(|byte| matches!(byte, b'1'..=b'9')),
        Literal::F32(value) => *value > 0.0,
        Literal::F64(value) => *value > 0.0,
        Literal::Decimal(text, _) => !text.starts_with('-') && text.bytes().any(|byte| matches!(byte, b'1'..=b'9')),
        _ => false,
    }
}

/// Whether a number is a multiple of another; `None` if this is unknown here.
fn is_multiple(number: &Literal, of: &Literal) -> Option<bool> {
    match (number, of) {
        (Literal::Int(_), Literal::Int(_)) => integer(number)?.checked_rem(integer(of)?).map(|rest| rest == 0),
        (Literal::F32(number), Literal::F32(of)) => {
            let quotient = number / of;
            Some((quotient - quotient.round()).abs() <= f32::EPSILON * quotient.abs().max(1.0) * 4.0)
        }
        (Literal::F64(number), Literal::F64(of)) => {
            let quotient = number / of;
            Some((quotient - quotient.round()).abs() <= f64::EPSILON * quotient.abs().max(1.0) * 4.0)
        }
        (Literal::Decimal(number, _), Literal::Decimal(of, _)) => {
            let (number, of) = (Decimal::of(number), Decimal::of(of));
            let scale = number.fraction.len().max(of.fraction.len());
            number.scaled(scale)?.checked_rem(of.scaled(scale)?).map(|rest| rest == 0)
        }
        _ => None,
    }
}

/// The digits of a decimal number, without leading and trailing zeros.
struct Decimal<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

impl<'t> Decimal<'t> {
    fn of(text: &'t str) -> Self {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let negative = text.starts_with('-') && !(whole.is_empty() && fraction.is_empty());
        Self { negative, whole, fraction }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let size = |one: &Self, other: &Self| {
            let whole = one.whole.len().cmp(&other.whole.len()).then_with(|| one.whole.cmp(other.whole));
            whole.then_with(|| one.fraction.cmp(other.fraction))
        };
        match (self.negative, other.negative) {
            (false, false) => size(self, other),
            (true, true) => size(other, self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }

    /// The number as an integer, multiplied by 10 to the power of `scale`.
    fn scaled(&self, scale: usize) -> Option<i128> {
        let zeros = "0".repeat(scale.saturating_sub(self.fraction.len()));
        format!("0{}{}{zeros}", self.whole, self.fraction).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::DecimalType;

    fn decimal(text: &str) -> Literal {
        Literal::Decimal(text.to_owned(), DecimalType::RustDecimal)
    }

    #[test]
    fn numbers_compare_exactly() {
        let int = |digits: &str| Literal::Int(digits.to_owned());
        assert_eq!(order(&int("9007199254740993"), &int("9007199254740992")), Some(Ordering::Greater));
        let sorted =
            ["-10.5", "-10.05", "-0.5", "0", "0.05", "0.5", "9.99", "10", "10.50", "1234567890123456789012345.01"];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(order(&decimal(one), &decimal(other)), Some(at.cmp(&other_at)), "{one} and {other}");
            }
        }
        assert_eq!(order(&decimal("-0.0"), &decimal("000")), Some(Ordering::Equal));
        assert!(is_positive(&decimal("0.01")) && !is_positive(&decimal("-0.01")) && !is_positive(&decimal("-0.00")));
    }

    #[test]
    fn multiples_are_recognised() {
        assert_eq!(is_multiple(&decimal("1.50"), &decimal("0.05")), Some(true));
        assert_eq!(is_multiple(&decimal("1.51"), &decimal("0.05")), Some(false));
        assert_eq!(is_multiple(&Literal::F64(0.3), &Literal::F64(0.1)), Some(true));
        assert_eq!(is_multiple(&Literal::Int("10".to_owned()), &Literal::Int("3".to_owned())), Some(false));
    }
}
