//! Integers as texts of so many digits: `'06'`.

use crate::model::Field;

/// The maximum number of digits of a number in DynamoDB.
const MOST_DIGITS: usize = 38;

/// The number of digits that `06` states.
pub(super) fn digits(stated: &str) -> Option<usize> {
    let digits = stated.strip_prefix('0').filter(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()))?;
    digits.parse().ok().filter(|digits| (1..=MOST_DIGITS).contains(digits))
}

/// A value of an integer that is no text of so many digits, and the constraint that excludes such values.
pub(super) fn unfit(field: &Field, digits: usize) -> Option<(i128, String)> {
    let (least, most) = field.integers()?;
    let largest = 10_i128.pow(u32::try_from(digits).unwrap_or_default()) - 1;
    let too_large = (most > largest).then(|| (largest.saturating_add(1), format!("maximum: {largest}")));
    too_large.or_else(|| (least < 0).then(|| (-1, "minimum: 0".to_owned())))
}
