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
        Self(names.iter().map(|name| Part::of(item.get(*name).cloned())).collect())
    }

    pub(in crate::ops) fn of_raw(item: &RawItem, names: &[&'static str]) -> Self {
        Self(item.values(names).into_iter().map(Part::of).collect())
    }

    /// The key of an item that was written here.
    pub(in crate::ops) fn of_written(item: &RawItem, names: &[&'static str]) -> Self {
        Self(item.written_values(names).into_iter().map(Part::of).collect())
    }
}

impl Part {
    fn of(value: Option<AttributeValue>) -> Self {
        match value {
            Some(AttributeValue::S(text)) => Part::Text(text),
            // DynamoDB may return a number in another form than the request had.
            Some(AttributeValue::N(text)) => Part::Text(crate::codec::normal_number(&text)),
            Some(AttributeValue::B(blob)) => Part::Bytes(blob.into_inner()),
            _ => Part::None,
        }
    }
}

/// The key attributes of an item.
pub(in crate::ops) fn key_of(item: &AttributeMap, names: &[&'static str]) -> AttributeMap {
    names.iter().filter_map(|name| Some(((*name).to_owned(), item.get(*name)?.clone()))).collect()
}
