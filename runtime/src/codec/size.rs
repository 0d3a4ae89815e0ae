//! The size of an item, as DynamoDB counts it ("DynamoDB item sizes and formats").

use crate::ground::{AttributeMap, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;

/// The maximum size of an item in bytes, names and values together ("Constraints in Amazon DynamoDB", Item size).
const MAX_ITEM_SIZE: usize = 400 * 1024;

/// The number of attributes that an error names, the largest first.
const NAMED: usize = 3;

/// Checks that the item is not too large for DynamoDB. The error names its largest attributes.
pub(super) fn check(item: &AttributeMap) -> Result<(), WriteError> {
    let total = size_of_item(item);
    if total <= MAX_ITEM_SIZE {
        return Ok(());
    }
    let sizes = item.iter().map(|(name, value)| (name.clone(), name.len() + size(value)));
    let mut largest: Vec<(String, usize)> = sizes.collect();
    largest.sort_by(|(_, one), (_, other)| other.cmp(one));
    largest.truncate(NAMED);
    Err(WriteError::new(WriteErrorKind::TooLarge { size: total, largest }))
}

/// The size of an item in bytes, names and values together.
pub(crate) fn size_of_item(item: &AttributeMap) -> usize {
    item.iter().map(|(name, value)| name.len() + size(value)).sum()
}

fn size(value: &AttributeValue) -> usize {
    match value {
        AttributeValue::S(text) => text.len(),
        AttributeValue::N(text) => number(text),
        AttributeValue::B(blob) => blob.as_ref().len(),
        AttributeValue::Ss(texts) => texts.iter().map(String::len).sum(),
        AttributeValue::Ns(texts) => texts.iter().map(|text| number(text)).sum(),
        AttributeValue::Bs(blobs) => blobs.iter().map(|blob| blob.as_ref().len()).sum(),
        // Three bytes for the collection, and one for each element.
        AttributeValue::L(values) => 3 + values.iter().map(|value| 1 + size(value)).sum::<usize>(),
        AttributeValue::M(entries) => {
            3 + entries.iter().map(|(name, value)| 1 + name.len() + size(value)).sum::<usize>()
        }
        _ => 1,
    }
}

/// The approximate size of a number: a byte for two digits, one more, and one for a minus sign.
fn number(text: &str) -> usize {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    digits.div_ceil(2) + 1 + usize::from(text.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(length: usize) -> AttributeMap {
        AttributeMap::from([
            ("id".to_owned(), AttributeValue::N("12".to_owned())),
            ("text".to_owned(), AttributeValue::S("x".repeat(length))),
            ("list".to_owned(), AttributeValue::L(vec![AttributeValue::Bool(true), AttributeValue::S("é".to_owned())])),
        ])
    }

    #[test]
    fn an_item_has_at_most_400_kilobytes() {
        // id: 2 + 2, list: 4 + 3 + 2 × 1 + 1 + 2, text: 4 and its length.
        let rest = 4 + 12 + 4;
        assert_eq!(check(&of(MAX_ITEM_SIZE - rest)), Ok(()));
        let error = check(&of(MAX_ITEM_SIZE - rest + 1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            ": the item has 409601 bytes, and DynamoDB takes 409600; the largest attributes are text (409585), list (12), id (4)"
        );
    }
}
