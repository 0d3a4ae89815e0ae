//! The sizes of items, by DynamoDB's page "DynamoDB item sizes and formats".

use super::live::{LiveItem, LiveValue};

/// The line of a model's schema with the average size of these items; nothing without one.
pub(super) fn hint(items: &[&LiveItem]) -> String {
    average(items).map(|size| format!("    size: {size}  # bytes, the average of the sample\n")).unwrap_or_default()
}

/// The average size of these items in bytes; `None` without one.
fn average(items: &[&LiveItem]) -> Option<usize> {
    let all: usize = items.iter().map(|item| attributes(item)).sum();
    all.checked_div(items.len()).map(|size| size.max(1))
}

/// The names and the values.
fn attributes(item: &LiveItem) -> usize {
    item.iter().map(|(name, value)| name.len() + of_value(value)).sum()
}

fn of_value(value: &LiveValue) -> usize {
    match value {
        LiveValue::Text(text) => text.len(),
        LiveValue::Number(text) => number(text),
        LiveValue::Binary(bytes) => bytes.len(),
        LiveValue::Bool(_) | LiveValue::Null => 1,
        // Three bytes for a list or a map, and one for each element.
        LiveValue::List(values) => 3 + values.iter().map(|value| 1 + of_value(value)).sum::<usize>(),
        LiveValue::Map(of) => 3 + of.len() + attributes(of),
        LiveValue::Texts(texts) => texts.iter().map(String::len).sum(),
        LiveValue::Numbers(numbers) => numbers.iter().map(|text| number(text)).sum(),
        LiveValue::Binaries(values) => values.iter().map(Vec::len).sum(),
    }
}

/// A byte for each two significant digits, and one more; another one for a sign.
fn number(text: &str) -> usize {
    let (mantissa, _) = text.split_once(['e', 'E']).unwrap_or((text, ""));
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let significant = digits.trim_start_matches('0').trim_end_matches('0').len().max(1);
    significant.div_ceil(2) + 1 + usize::from(text.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_size_is_that_of_names_and_values() {
        let text = |text: &str| LiveValue::Text(text.to_owned());
        let number = |text: &str| LiveValue::Number(text.to_owned());
        let map = LiveItem::from([("a".to_owned(), LiveValue::Bool(true))]);
        let values = [
            (text("äb"), 3),
            (number("0"), 2),
            (number("-12.50"), 4),
            (number("1200"), 2),
            (number("1.5E3"), 2),
            (LiveValue::Null, 1),
            (LiveValue::List(vec![text("abc"), number("7")]), 3 + 4 + 3),
            (LiveValue::Map(map.clone()), 3 + 1 + 2),
        ];
        for (value, size) in values {
            assert_eq!(of_value(&value), size, "{value:?}");
        }
        assert_eq!(average(&[&map, &map]), Some(2));
        assert_eq!(average(&[]), None);
    }
}
