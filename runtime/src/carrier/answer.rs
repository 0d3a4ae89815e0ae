//! An answer of DynamoDB in two: its items as they stand, and the rest for the SDK.

use super::AttributeMap;
use super::json::{Json, Malformed, Place};
use super::raw::RawItem;
use bytes::Bytes;

/// Where an answer has its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// One, of GetItem.
    Item,
    /// Several, of Query and Scan.
    Items,
    /// One, of writes that return it.
    Attributes,
    /// Several of each table, of BatchGetItem.
    Responses,
    /// One for each key, or none, of TransactGetItems.
    Transacted,
}

impl Part {
    fn name(self) -> &'static [u8] {
        match self {
            Part::Item => b"Item",
            Part::Items => b"Items",
            Part::Attributes => b"Attributes",
            Part::Responses | Part::Transacted => b"Responses",
        }
    }

    /// What stands in its place in the rest.
    fn nothing(self) -> &'static [u8] {
        match self {
            Part::Items | Part::Transacted => b"[]",
            Part::Item | Part::Attributes | Part::Responses => b"{}",
        }
    }
}

/// Items as they came.
#[derive(Debug, Default)]
pub(crate) struct RawItems {
    pub(crate) items: Vec<RawItem>,
    /// Where the answer tells tables: each, and how many of the items are before its end.
    pub(crate) tables: Vec<(String, usize)>,
}

/// The items of an answer, and the rest of it; `None` where it has no items.
pub(crate) fn split(body: &Bytes, part: Part) -> Result<Option<(RawItems, Vec<u8>)>, Malformed> {
    let place = Place::new(0);
    let json = Json::new(body, &place);
    let mut found = None;
    json.open(b'{')?;
    let mut is_first = true;
    while json.next(is_first, b'}')? {
        is_first = false;
        let (name, _) = json.name()?;
        if name != part.name() {
            json.skip()?;
            continue;
        }
        json.peek();
        let start = json.at();
        let mut found_here = RawItems::default();
        let items = &mut found_here.items;
        match part {
            Part::Item | Part::Attributes => items.push(item(json, body)?),
            Part::Items => several(json, body, items)?,
            Part::Transacted => transacted(json, body, items)?,
            Part::Responses => {
                json.open(b'{')?;
                let mut is_first = true;
                while json.next(is_first, b'}')? {
                    is_first = false;
                    let (raw, escaped) = json.name()?;
                    let table = super::json_text::text(raw, escaped)?.into_owned();
                    several(json, body, items)?;
                    found_here.tables.push((table, items.len()));
                }
            }
        }
        if found.replace((found_here, start, json.at())).is_some() {
            return Err(Malformed);
        }
    }
    if json.peek().is_some() {
        return Err(Malformed);
    }
    Ok(found.map(|(items, start, end)| {
        let before = body.get(..start).unwrap_or_default();
        let after = body.get(end..).unwrap_or_default();
        (items, [before, part.nothing(), after].concat())
    }))
}

fn several(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>) -> Result<(), Malformed> {
    json.open(b'[')?;
    let mut is_first = true;
    while json.next(is_first, b']')? {
        let start = json.at();
        items.push(item(json, body)?);
        if is_first {
            // The others are about as long.
            let length = (json.at() - start).max(1);
            items.reserve(body.len().saturating_sub(start) / length);
        }
        is_first = false;
    }
    Ok(())
}

/// Each element has an item, or it is empty: an item without attributes stands for that.
fn transacted(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>) -> Result<(), Malformed> {
    json.open(b'[')?;
    while json.next(items.is_empty(), b']')? {
        json.open(b'{')?;
        let mut found = None;
        let mut is_first = true;
        while json.next(is_first, b'}')? {
            is_first = false;
            let (name, _) = json.name()?;
            if name != b"Item" || found.replace(item(json, body)?).is_some() {
                return Err(Malformed);
            }
        }
        items.push(found.unwrap_or_else(|| RawItem::Map(AttributeMap::new())));
    }
    Ok(())
}

fn item(json: Json<'_>, body: &Bytes) -> Result<RawItem, Malformed> {
    if json.peek() != Some(b'{') {
        return Err(Malformed);
    }
    let start = json.at();
    json.skip()?;
    Ok(RawItem::Wire(body.slice(start..json.at())))
}
