//! Keys that identify items.

use crate::codec::RawItem;
use crate::ground::AttributeMap;
use aws_sdk_dynamodb::types::AttributeValue;

/// The values of an item's key attributes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::ops) struct ItemKey(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Part {
    Text(String),
    Bytes(Vec<u8>),
    None,
}

impl ItemKey {
    pub(in crate::ops) fn of(item: &AttributeMap, names: &[&'static str]) -> Self {
        let part = |name: &&str| match item.get(*name) {
            Some(AttributeValue::S(text)) => Part::Text(text.clone()),
            // DynamoDB may return a number in another form than the request had.
            Some(AttributeValue::N(text)) => Part::Text(crate::codec::normal_number(text)),
            Some(AttributeValue::B(blob)) => Part::Bytes(blob.as_ref().to_vec()),
            _ => Part::None,
        };
        Self(names.iter().map(part).collect())
    }
}

impl ItemKey {
    pub(in crate::ops) fn of_raw(item: &RawItem, names: &[&'static str]) -> Self {
        match item {
            RawItem::Map(attributes) => Self::of(attributes, names),
            RawItem::Wire(_) => Self::of(&item.attributes(names), names),
        }
    }
}

/// The key attributes of an item.
pub(in crate::ops) fn key_of(item: &AttributeMap, names: &[&'static str]) -> AttributeMap {
    names.iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect()
}
