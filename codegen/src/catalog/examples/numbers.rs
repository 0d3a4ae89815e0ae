//! Numbers within their constraints.

use super::Reason;
use super::structs::Place;
use crate::model::{Constraint, DecimalType, Int, Literal};
use crate::pull::LiveValue;
use crate::resolve::holds;
use std::cmp::Ordering;

/// Plain numbers by the last word of a field's name, in hundredths.
const KNOWN: &[(&[&str], [i128; 3])] = &[
    (&["price", "cents", "amount", "total", "cost", "balance", "fee"], [199_900, 45_000, 1_290_000]),
    (&["age"], [3_600, 4_500, 4_100]),
    (&["stock", "quantity", "count", "visits", "size"], [1_200, 300, 4_000]),
    (&["year"], [202_400, 202_500, 202_600]),
];

fn fits(constraints: &[Constraint], literal: &Literal) -> bool {
    constraints.iter().all(|constraint| holds(constraint, literal))
}

fn none(place: &Place<'_>) -> Reason {
    format!("no number was found for `{}`", place.name)
}

/// The known numbers of a field, in hundredths.
fn known(place: &Place<'_>) -> Option<i128> {
    let last = place.name.rsplit('_').next().unwrap_or_default();
    let (_, numbers) = KNOWN.iter().find(|(words, _)| words.contains(&last))?;
    numbers.get(place.number % numbers.len()).copied()
}

fn counted(place: &Place<'_>) -> i128 {
    i128::try_from(place.number).unwrap_or(0)
}

/// The text of an integer.
pub(super) fn integer(place: &Place<'_>, int: Int, constraints: &[Constraint]) -> Result<String, Reason> {
    if let Some(Literal::Int(digits)) = place.wanted {
        return Ok(digits.clone());
    }
    let (mut least, mut most) = int.range();
    let (count, mut step) = (counted(place), 1);
    let value = |bound: &Literal| match bound {
        Literal::Int(digits) => digits.parse::<i128>().ok(),
        _ => None,
    };
    for constraint in constraints {
        match constraint {
            Constraint::Minimum(bound) => least = value(bound).unwrap_or(least).max(least),
            Constraint::ExclusiveMinimum(bound) => least = value(bound).map_or(least, |bound| bound + 1).max(least),
            Constraint::Maximum(bound) => most = value(bound).unwrap_or(most).min(most),
            Constraint::ExclusiveMaximum(bound) => most = value(bound).map_or(most, |bound| bound - 1).min(most),
            Constraint::MultipleOf(of) => step = value(of).map_or(step, i128::abs).max(1),
            _ => {}
        }
    }
    let first = least + (step - least.rem_euclid(step)) % step;
    let from_zero = least <= 0 && most >= 0;
    let candidates = [
        known(place).map(|hundredths| hundredths / 100),
        Some(count + 1),
        from_zero.then_some(step * (count + 1)),
        first.checked_add(step * count),
        first.checked_add(step),
        Some(first),
        Some(most),
    ];
    let is_fit =
        |number: &i128| (least..=most).contains(number) && fits(constraints, &Literal::Int(number.to_string()));
    let found = candidates.into_iter().flatten().find(is_fit);
    found.map(|number| number.to_string()).ok_or_else(|| none(place))
}

/// The text of a float.
pub(super) fn float(place: &Place<'_>, is_single: bool, constraints: &[Constraint]) -> Result<String, Reason> {
    let bound = |wanted: fn(&Constraint) -> Option<&Literal>| {
        constraints.iter().find_map(wanted).and_then(|bound| match bound {
            Literal::F32(value) => Some(f64::from(*value)),
            Literal::F64(value) => Some(*value),
            _ => None,
        })
    };
    let least = bound(low).unwrap_or(f64::MIN);
    let most = bound(high).unwrap_or(f64::MAX);
    let step = bound(multiple);
    let count = f64::from(u16::try_from(place.number).unwrap_or(0));
    let middle = least / 2.0 + most / 2.0;
    let candidates = [
        known(place).map(|hundredths| hundredths as f64 / 100.0),
        Some(0.5 + count * 0.25),
        Some(count + 1.0),
        step.map(|step| step * (count + 1.0)),
        step,
        step.map(|step| (least / step).ceil() * step),
        Some(least + 0.5 + count * 0.25),
        Some(most - 0.5 - count * 0.25),
        Some(middle),
        Some(least),
        Some(most),
    ];
    let text = |value: f64| match is_single {
        true => {
            let value = value as f32;
            (value.is_finite() && fits(constraints, &Literal::F32(value)))
                .then(|| plain(value.into(), value.to_string()))
        }
        false => {
            (value.is_finite() && fits(constraints, &Literal::F64(value))).then(|| plain(value, value.to_string()))
        }
    };
    candidates.into_iter().flatten().find_map(|value| text(value).flatten()).ok_or_else(|| none(place))
}

/// The text, if a float of this value is written without an exponent.
fn plain(value: f64, text: String) -> Option<String> {
    (value == 0.0 || (1e-6..1e15).contains(&value.abs())).then_some(text)
}

fn low(of: &Constraint) -> Option<&Literal> {
    if let Constraint::Minimum(bound) | Constraint::ExclusiveMinimum(bound) = of { Some(bound) } else { None }
}

fn high(of: &Constraint) -> Option<&Literal> {
    if let Constraint::Maximum(bound) | Constraint::ExclusiveMaximum(bound) = of { Some(bound) } else { None }
}

fn multiple(of: &Constraint) -> Option<&Literal> {
    if let Constraint::MultipleOf(of) = of { Some(of) } else { None }
}

/// The text of a decimal number.
pub(super) fn decimal(place: &Place<'_>, ty: DecimalType, constraints: &[Constraint]) -> Result<String, Reason> {
    let text = |wanted: fn(&Constraint) -> Option<&Literal>| {
        constraints.iter().find_map(wanted).and_then(|bound| match bound {
            Literal::Decimal(text, _) => Some(text.clone()),
            _ => None,
        })
    };
    let count = counted(place);
    let steps = text(multiple).and_then(|step| scaled(&step)).into_iter();
    let multiples = steps.flat_map(|(digits, scale)| {
        [count + 1, 1].into_iter().filter_map(move |times| Some(shown(digits.checked_mul(times)?, scale)))
    });
    // One more than a bound is beyond it, also beyond an exclusive one.
    let beyond = |bound: Option<String>, more: i128| {
        let (digits, scale) = bound.as_deref().and_then(scaled)?;
        let one = 10_i128.checked_pow(scale)?;
        Some(shown(digits.checked_add(more.checked_mul(one)?)?, scale))
    };
    let candidates = [
        known(place).map(|hundredths| shown(hundredths, 2)),
        Some(shown(450 + 25 * count, 2)),
        Some(shown(50 + 10 * count, 2)),
        Some(shown(count + 1, 0)),
        beyond(text(low), count + 1),
        beyond(text(high), -count - 1),
        text(low),
        text(high),
    ];
    let fits = |text: &String| fits(constraints, &Literal::Decimal(text.clone(), ty));
    candidates.into_iter().flatten().chain(multiples).find(fits).ok_or_else(|| none(place))
}

/// The digits of a decimal text, and how many of them are after the point.
fn scaled(text: &str) -> Option<(i128, u32)> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    Some((format!("{whole}{fraction}").parse().ok()?, u32::try_from(fraction.len()).ok()?))
}

/// The text of digits, of which `scale` are after the point, without zeros at its end.
fn shown(digits: i128, scale: u32) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let scale = usize::try_from(scale).unwrap_or(0);
    let padded = format!("{:0>width$}", digits.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = padded.split_at_checked(padded.len() - scale).unwrap_or((&padded, ""));
    match fraction.trim_end_matches('0') {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    }
}

/// The order of elements: of numbers by their values, of others by their texts.
pub(super) fn order(one: &LiveValue, other: &LiveValue) -> Ordering {
    match (one, other) {
        (LiveValue::Number(a), LiveValue::Number(b)) => {
            let value = |text: &String| text.parse::<f64>().unwrap_or(0.0);
            value(a).total_cmp(&value(b))
        }
        _ => one.cmp(other),
    }
}

#[cfg(test)]
mod tests {
    use super::{scaled, shown};

    #[test]
    fn decimals_are_shown_without_superfluous_zeros() {
        for (digits, scale, text) in [(1250, 2, "12.5"), (5, 2, "0.05"), (-5, 1, "-0.5"), (1200, 2, "12"), (0, 2, "0")]
        {
            assert_eq!(shown(digits, scale), text);
        }
        assert_eq!(scaled("-0.05"), Some((-5, 2)));
    }
}
