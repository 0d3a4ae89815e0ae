//! The work on a segment, and its form in an item.

use super::progress::{Counts, UnmigratedItem, WhyUnmigrated};
use crate::ground::AttributeMap;
use crate::ops::lease::Work;
use aws_sdk_dynamodb::types::AttributeValue;

/// The maximum of unmigrated items that the state of a segment names.
const MAX_UNMIGRATED: usize = 20;

/// What is known of the work on a segment.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentState {
    /// The end of the last finished page; `None` before the first one.
    pub(super) cursor: Option<AttributeMap>,
    pub(super) counts: Counts,
    /// The first unmigrated items.
    pub(super) unmigrated: Vec<UnmigratedItem>,
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}

fn read_number(value: Option<&AttributeValue>) -> u64 {
    value.and_then(|value| value.as_n().ok()?.parse().ok()).unwrap_or_default()
}

fn read_map(value: Option<&AttributeValue>) -> Option<AttributeMap> {
    value.and_then(|value| value.as_m().ok()).cloned()
}

fn read_text(value: Option<&AttributeValue>) -> Option<&str> {
    value.and_then(|value| value.as_s().ok()).map(String::as_str)
}

impl SegmentState {
    /// Adds the numbers and the unmigrated items of a page.
    pub(super) fn add(&mut self, counts: Counts, unmigrated: Vec<UnmigratedItem>) {
        self.counts.add(counts);
        self.unmigrated.extend(unmigrated);
        self.unmigrated.truncate(MAX_UNMIGRATED);
    }
}

impl Work for SegmentState {
    fn write(&self) -> AttributeMap {
        let mut counts = self.counts;
        let mut numbers: AttributeMap =
            counts.entries().into_iter().map(|(name, value)| (name.to_owned(), number(*value))).collect();
        numbers.insert("consumed".to_owned(), AttributeValue::N(format!("{:.1}", counts.consumed)));
        let unmigrated = self.unmigrated.iter().map(|item| AttributeValue::M(write_item(item))).collect();
        let mut item = AttributeMap::from([
            ("counts".to_owned(), AttributeValue::M(numbers)),
            ("unmigrated".to_owned(), AttributeValue::L(unmigrated)),
        ]);
        item.extend(self.cursor.clone().map(|cursor| ("cursor".to_owned(), AttributeValue::M(cursor))));
        item
    }

    fn read(item: &AttributeMap) -> Self {
        let mut counts = Counts::default();
        if let Some(numbers) = read_map(item.get("counts")) {
            counts.entries().into_iter().for_each(|(name, number)| *number = read_number(numbers.get(name)));
            let consumed = numbers.get("consumed").and_then(|units| units.as_n().ok()?.parse().ok());
            counts.consumed = consumed.unwrap_or_default();
        }
        let unmigrated = item.get("unmigrated").and_then(|items| items.as_l().ok());
        Self {
            cursor: read_map(item.get("cursor")),
            counts,
            unmigrated: unmigrated.into_iter().flatten().filter_map(read_item).collect(),
        }
    }
}

fn write_item(item: &UnmigratedItem) -> AttributeMap {
    let UnmigratedItem { key, why, reason, other } = item;
    let mut written = AttributeMap::from([
        ("key".to_owned(), AttributeValue::M(key.clone())),
        ("why".to_owned(), AttributeValue::S(why.name())),
        ("reason".to_owned(), AttributeValue::S(reason.clone())),
    ]);
    written.extend(other.clone().map(|other| ("other".to_owned(), AttributeValue::M(other))));
    written
}

fn read_item(value: &AttributeValue) -> Option<UnmigratedItem> {
    let item = value.as_m().ok()?;
    Some(UnmigratedItem {
        key: read_map(item.get("key"))?,
        why: WhyUnmigrated::of_name(read_text(item.get("why"))?)?,
        reason: read_text(item.get("reason"))?.to_owned(),
        other: read_map(item.get("other")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_read_as_it_was_written() {
        let key = || AttributeMap::from([("pk".to_owned(), AttributeValue::S("a".to_owned()))]);
        let mut taken = UnmigratedItem::new(key(), WhyUnmigrated::NotUnique, "a reason");
        taken.other = Some(key());
        let state = SegmentState {
            cursor: Some(key()),
            counts: Counts { read: 7, contended: 2, consumed: 1.5, ..Counts::default() },
            unmigrated: vec![taken, UnmigratedItem::new(key(), WhyUnmigrated::Refused, "another")],
        };
        assert_eq!(format!("{state:?}"), format!("{:?}", SegmentState::read(&state.write())));
        assert_eq!(SegmentState::read(&state.write()).unmigrated, state.unmigrated);
    }
}
