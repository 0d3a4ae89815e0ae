//! Made-up numbers.

use super::rules::Rules;
use super::{FakeValue, Faker};
use std::str::FromStr;

/// The further digits after the point, if there are too few numbers between the bounds.
const FINER: u32 = 6;

/// How many different numbers a field has that differs from item to item, if its bounds allow it.
const DIFFERENT: i128 = 1 << 20;

/// The range of a small type, of which a field that has to differ uses all.
const SMALL: i128 = 1 << 16;

/// The numbers that DynamoDB stores have 38 digits.
const MOST: i128 = 10_i128.pow(38) - 1;

/// A decimal number: its digits, and how many of them are after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scaled {
    digits: i128,
    scale: u32,
}

impl Scaled {
    fn parse(text: &str) -> Option<Self> {
        let (number, exponent) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let scale = i64::try_from(fraction.len()).ok()?.checked_sub(exponent.parse().ok()?)?;
        match u32::try_from(scale) {
            Ok(scale) => Some(Self { digits, scale }),
            Err(_) => Self { digits, scale: 0 }.at(u32::try_from(-scale).ok()?).map(|digits| Self { digits, scale: 0 }),
        }
    }

    /// Its digits with so many after the point.
    fn at(self, scale: u32) -> Option<i128> {
        self.digits.checked_mul(10_i128.checked_pow(scale.checked_sub(self.scale)?)?)
    }
}

/// The text of digits, of which `scale` are after the point.
fn shown(digits: i128, scale: u32) -> String {
    let sign = if digits < 0 { "-" } else { "" };
    let scale = usize::try_from(scale).unwrap_or(0);
    let padded = format!("{:0>width$}", digits.unsigned_abs(), width = scale + 1);
    match padded.split_at_checked(padded.len() - scale) {
        Some((whole, fraction)) if scale > 0 => format!("{sign}{whole}.{fraction}"),
        _ => format!("{sign}{padded}"),
    }
}

/// What numbers a type has.
struct Type {
    /// The range of integers; the usual one of numbers with a fraction.
    range: (i128, i128),
    /// The digits after the point that numbers have without constraints; `None` for integers.
    scale: Option<u32>,
    /// The maximum of digits that are told from each other, as a number.
    exact: i128,
}

/// The multiples of `step` from `first` to `last`, with `scale` digits after the point.
struct Choice {
    first: i128,
    last: i128,
    step: i128,
    scale: u32,
}

impl Choice {
    fn count(&self) -> i128 {
        self.last.saturating_sub(self.first).saturating_add(1)
    }
}

/// The numbers under the constraints with `finer` further digits after the point; `None` if they have too many digits.
fn choice(of: &Faker, number: &Type, finer: u32) -> Option<Choice> {
    let Rules { minimum, maximum, multiple_of, .. } = of.rules();
    let bound = |bound: &Option<(String, bool)>| bound.as_ref().and_then(|(text, _)| Scaled::parse(text));
    let is_exclusive = |bound: &Option<(String, bool)>| bound.as_ref().is_some_and(|(_, is_exclusive)| *is_exclusive);
    let (low, high) = (bound(minimum), bound(maximum));
    let step = multiple_of.as_deref().and_then(Scaled::parse);
    let stated = [low, high, step].into_iter().flatten().map(|of| of.scale);
    let scale = stated.fold(number.scale.unwrap_or(0), u32::max) + finer;
    let own = |digits: i128| Scaled { digits, scale: 0 }.at(scale);
    let low = low.map(|low| Some(low.at(scale)?.saturating_add(i128::from(is_exclusive(minimum)))));
    let high = high.map(|high| Some(high.at(scale)?.saturating_sub(i128::from(is_exclusive(maximum)))));
    // `None` for a bound with too many digits.
    let (low, high) = (low.map_or(Some(None), |low| low.map(Some))?, high.map_or(Some(None), |high| high.map(Some))?);

    // Numbers of an item are small, where the constraints leave the choice.
    let near = if of.differs() { 1_000_000_000 } else { 10_000 << of.attempt().min(20) };
    let near = own(near)?.min(number.exact);
    let (mut least, mut most) = (own(number.range.0)?, own(number.range.1)?);
    let is_small = of.differs() && number.scale.is_none() && most.saturating_sub(least) < SMALL;
    match number.scale {
        None => (least, most) = (low.map_or(least, |low| low.max(least)), high.map_or(most, |high| high.min(most))),
        Some(_) => {
            least = low.unwrap_or(least.min(high.map_or(0, |high| high.saturating_sub(near))));
            most = high.unwrap_or(most.max(low.map_or(0, |low| low.saturating_add(near))));
        }
    }
    let base = 0.clamp(least, most.max(least));
    if !is_small {
        let below = if low.is_some() || base < 0 { near } else { 0 };
        (least, most) = (least.max(base.saturating_sub(below)), most.min(base.saturating_add(near)));
    }
    let step = step.and_then(|of| of.at(scale)).map_or(1, |step| step.saturating_abs()).max(1);
    let first = least.div_euclid(step) + i128::from(least.rem_euclid(step) > 0);
    Some(Choice { first, last: most.div_euclid(step), step, scale })
}

/// The text of a number under the constraints.
fn text(of: &mut Faker, number: &Type) -> Option<String> {
    let wanted = if of.differs() { DIFFERENT } else { 1 };
    let may_be_finer = number.scale.is_some() && of.rules().multiple_of.is_none();
    let mut choices: Vec<Choice> = Vec::new();
    for finer in 0..=(if may_be_finer { FINER } else { 0 }) {
        choices.extend(choice(of, number, finer));
        if choices.last().is_some_and(|choice| choice.count() >= wanted) {
            break;
        }
    }
    let Choice { first, last, step, scale } = choices.pop()?;
    let chosen = match of.is_plain() && of.attempt() == 0 {
        true => 0.clamp(first, last.max(first)),
        false => {
            let count = u64::try_from(last.saturating_sub(first).saturating_add(1).max(1)).unwrap_or(u64::MAX);
            first.saturating_add(i128::from(of.pick(count)))
        }
    };
    Some(shown(chosen.saturating_mul(step), scale))
}

macro_rules! integers {
    ($($number:ty)*) => {$(
        impl FakeValue for $number {
            fn fake_value(of: &mut Faker) -> Option<Self> {
                // The wide types have numbers beyond those that DynamoDB stores.
                let least = i128::try_from(Self::MIN).unwrap_or(0).max(-MOST);
                let most = i128::try_from(Self::MAX).unwrap_or(MOST).min(MOST);
                text(of, &Type { range: (least, most), scale: None, exact: i128::MAX })?.parse().ok()
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64 i128 u128);

/// The usual range of numbers with a fraction.
const WIDE: (i128, i128) = (-1_000_000, 1_000_000);

/// The tries of a float with decimal digits. Later ones are any number between the bounds.
const DECIMAL: usize = 5;

/// A float between the bounds, of whatever size they are.
fn between(of: &mut Faker) -> Option<f64> {
    let bound = |bound: &Option<(String, bool)>| bound.as_ref().and_then(|(text, _)| f64::from_str(text).ok());
    let (low, high) = (bound(&of.rules().minimum), bound(&of.rules().maximum));
    let part = (1 + of.random().below(1 << 20)) as f64 / ((1 << 20) + 1) as f64;
    let far = |from: f64| part * from.abs().max(1.0);
    match (low, high) {
        (Some(low), Some(high)) => Some(low + (high - low) * part),
        (Some(low), None) => Some(low + far(low)),
        (None, Some(high)) => Some(high - far(high)),
        (None, None) => None,
    }
}

macro_rules! floats {
    ($($number:ty: $scale:literal, $mantissa:literal;)*) => {$(
        impl FakeValue for $number {
            fn fake_value(of: &mut Faker) -> Option<Self> {
                let number = Type { range: WIDE, scale: Some($scale), exact: 1 << $mantissa };
                let decimal = if of.attempt() < DECIMAL { text(of, &number) } else { None };
                match decimal.and_then(|text| text.parse().ok()) {
                    Some(number) => Some(number),
                    None if of.rules().multiple_of.is_some() => text(of, &number)?.parse().ok(),
                    None => match between(of) {
                        Some(between) => Some(between as $number),
                        None => text(of, &number)?.parse().ok(),
                    },
                }
            }
        }
    )*};
}

floats! {
    f32: 1, 23;
    f64: 2, 52;
}

/// Decimal numbers are exact.
#[cfg(any(feature = "decimal", feature = "bigdecimal"))]
const DECIMALS: Type = Type { range: WIDE, scale: Some(2), exact: i128::MAX };

#[cfg(feature = "decimal")]
impl FakeValue for rust_decimal::Decimal {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        text(of, &DECIMALS)?.parse().ok()
    }
}

#[cfg(feature = "bigdecimal")]
impl FakeValue for bigdecimal::BigDecimal {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        text(of, &DECIMALS)?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Scaled, shown};

    #[test]
    fn numbers_are_digits_and_a_scale() {
        for (text, digits, scale) in [("12.50", 1250, 2), ("-0.05", -5, 2), ("7", 7, 0)] {
            assert_eq!(Scaled::parse(text), Some(Scaled { digits, scale }));
            assert_eq!(shown(digits, scale), text);
        }
        for (text, digits, scale) in [("1e9", 1_000_000_000, 0), ("1.5E-7", 15, 8), ("2.5e1", 25, 0)] {
            assert_eq!(Scaled::parse(text), Some(Scaled { digits, scale }), "{text}");
        }
        assert_eq!(Scaled::parse("1e300"), None);
        assert_eq!(Scaled { digits: 5, scale: 1 }.at(3), Some(500));
    }
}
