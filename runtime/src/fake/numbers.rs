//! Made-up numbers.

use super::rules::Rules;
use super::{FakeValue, Faker};
use std::str::FromStr;

/// A decimal number: its digits, and how many of them are after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Scaled {
    digits: i128,
    scale: u32,
}

impl Scaled {
    /// The number of a text without an exponent.
    fn parse(text: &str) -> Option<Self> {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        Some(Self { digits: format!("{whole}{fraction}").parse().ok()?, scale: u32::try_from(fraction.len()).ok()? })
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

/// The text of a number under the constraints. `range` is that of its type, and `scale` the number of digits after the point
/// that it has without constraints.
fn text(of: &mut Faker, range: (i128, i128), scale: u32) -> String {
    let Rules { minimum, maximum, multiple_of, .. } = of.rules();
    let bound = |bound: &Option<(String, bool)>| bound.as_ref().and_then(|(text, _)| Scaled::parse(text));
    let (low, high) = (bound(minimum), bound(maximum));
    let step = multiple_of.as_deref().and_then(Scaled::parse);
    let is_exclusive = |bound: &Option<(String, bool)>| bound.as_ref().is_some_and(|(_, is_exclusive)| *is_exclusive);
    let (above, below) = (is_exclusive(minimum), is_exclusive(maximum));
    let scale = [low, high, step].into_iter().flatten().map(|of| of.scale).fold(scale, u32::max);
    let own = |digits: i128| Scaled { digits, scale: 0 }.at(scale).unwrap_or(digits);
    let mut least = low.and_then(|of| of.at(scale)).map_or_else(|| own(range.0), |of| of + i128::from(above));
    let mut most = high.and_then(|of| of.at(scale)).map_or_else(|| own(range.1), |of| of - i128::from(below));
    // Numbers of an item are small, where the constraints leave the choice.
    let near = own(10_000 << of.attempt().min(20));
    let base = 0.clamp(least, most.max(least));
    least = least.max(base.saturating_sub(if low.is_some() { near } else { 0 }));
    most = most.min(base.saturating_add(near));
    let step = step.and_then(|of| of.at(scale)).map_or(1, i128::abs).max(1);
    let (first, last) = (least.div_euclid(step) + i128::from(least.rem_euclid(step) > 0), most.div_euclid(step));
    let count = u64::try_from(last.saturating_sub(first).saturating_add(1).max(1)).unwrap_or(u64::MAX);
    let chosen = match of.is_plain() && of.attempt() == 0 {
        true => 0.clamp(first, last.max(first)),
        false => first.saturating_add(i128::from(of.random().below(count))),
    };
    shown(chosen.saturating_mul(step), scale)
}

fn number<T: FromStr>(of: &mut Faker, range: (i128, i128), scale: u32) -> Option<T> {
    text(of, range, scale).parse().ok()
}

macro_rules! integers {
    ($($number:ty)*) => {$(
        impl FakeValue for $number {
            fn fake_value(of: &mut Faker) -> Option<Self> {
                // `u128` has numbers beyond these, which are not needed.
                let most = i128::try_from(Self::MAX).unwrap_or(i128::MAX);
                number(of, (i128::try_from(Self::MIN).unwrap_or(0), most), 0)
            }
        }
    )*};
}

integers!(i8 i16 i32 i64 u8 u16 u32 u64 i128 u128);

/// The range of numbers with a fraction.
const WIDE: (i128, i128) = (-1_000_000, 1_000_000);

impl FakeValue for f32 {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        number(of, WIDE, 1)
    }
}

impl FakeValue for f64 {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        number(of, WIDE, 2)
    }
}

#[cfg(feature = "decimal")]
impl FakeValue for rust_decimal::Decimal {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        number(of, WIDE, 2)
    }
}

#[cfg(feature = "bigdecimal")]
impl FakeValue for bigdecimal::BigDecimal {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        number(of, WIDE, 2)
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
        assert_eq!(Scaled::parse("1e9"), None);
        assert_eq!(Scaled { digits: 5, scale: 1 }.at(3), Some(500));
    }
}
