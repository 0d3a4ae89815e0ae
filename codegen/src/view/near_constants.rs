//! Floats that look like well-known constants: their digits are the beginning of a constant, so clippy's
//! `approx_constant` would ask for its name.

use super::defaults;
use crate::model::{Constraint, Default, Literal};
use std::f64::consts;

const CONSTANTS: [f64; 19] = [
    consts::E,
    consts::FRAC_1_PI,
    consts::FRAC_1_SQRT_2,
    consts::FRAC_2_PI,
    consts::FRAC_2_SQRT_PI,
    consts::FRAC_PI_2,
    consts::FRAC_PI_3,
    consts::FRAC_PI_4,
    consts::FRAC_PI_6,
    consts::FRAC_PI_8,
    consts::LN_2,
    consts::LN_10,
    consts::LOG10_2,
    consts::LOG10_E,
    consts::LOG2_10,
    consts::LOG2_E,
    consts::PI,
    consts::SQRT_2,
    consts::TAU,
];

/// Whether a default holds such a float.
pub(super) fn in_default(default: &Default) -> bool {
    matches!(default, Default::Literal(of) if in_literal(of))
}

/// Whether such a float is the bound of a constraint.
pub(super) fn in_constraints(constraints: &[Constraint]) -> bool {
    constraints.iter().any(|constraint| match constraint {
        Constraint::Minimum(bound)
        | Constraint::Maximum(bound)
        | Constraint::ExclusiveMinimum(bound)
        | Constraint::ExclusiveMaximum(bound)
        | Constraint::MultipleOf(bound) => in_literal(bound),
        Constraint::Items(of) | Constraint::Values(of) | Constraint::Present(of) => in_constraints(of),
        _ => false,
    })
}

fn in_literal(of: &Literal) -> bool {
    match of {
        Literal::F32(_) | Literal::F64(_) => is_near(&defaults::value(of).to_string()),
        Literal::List(items) | Literal::Set(items) => items.iter().any(in_literal),
        Literal::Map(entries) => entries.iter().any(|(_, item)| in_literal(item)),
        Literal::Some(inner) => in_literal(inner),
        _ => false,
    }
}

fn is_near(written: &str) -> bool {
    let digits = written.split_once('.').map_or(0, |(_, digits)| digits.len());
    let value: f64 = written.parse().unwrap_or_default();
    let last = 10_f64.powi(-i32::try_from(digits).unwrap_or(i32::MAX));
    digits > 1 && CONSTANTS.iter().any(|of| (of - value.abs()).abs() < last)
}

/// A number as an expression in an attribute. No `#[allow]` reaches the code that a derive makes of it, so it is a
/// fraction of whole numbers, which rounds to the same number.
pub(super) fn in_attribute(of: &Literal) -> String {
    let written = defaults::value(of).to_string();
    let fraction = || {
        let (whole, digits) = written.split_once('.')?;
        let over = format!("{whole}{digits}").parse::<i64>().ok().filter(|over| over.unsigned_abs() < 1 << 53)?;
        Some(format!("{over}.0 / 1{}.0", "0".repeat(digits.len())))
    };
    Some(of).filter(|of| in_literal(of)).and_then(|_| fraction()).unwrap_or(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[expect(clippy::approx_constant)]
    fn a_fraction_is_the_same_number() {
        for value in [3.14, 0.693, -2.718, 6.283185307179586, 2.5] {
            let written = in_attribute(&Literal::F64(value));
            let (over, under) = written.split_once(" / ").unwrap_or((&written, "1"));
            let number = |text: &str| text.parse::<f64>().unwrap();
            assert_eq!(number(over) / number(under), value, "{written}");
        }
        assert_eq!(in_attribute(&Literal::F64(3.14)), "314.0 / 100.0");
        assert_eq!(in_attribute(&Literal::F64(2.5)), "2.5");
    }
}
