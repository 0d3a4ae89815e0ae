//! A response of DynamoDB in two: its items as they stand, and the rest for the SDK.

use super::in_place::ReadInPlace;
use super::json::{Document, Json, Malformed};
use super::raw_item::RawItem;
use super::raw_items::RawItems;
use crate::ground::AttributeMap;
use bytes::Bytes;

/// Where a response has its items.
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
    fn name(self) -> &'static str {
        match self {
            Part::Item => "Item",
            Part::Items => "Items",
            Part::Attributes => "Attributes",
            Part::Responses | Part::Transacted => "Responses",
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

/// The items of a response.
#[derive(Debug, Default)]
pub(crate) struct ResponseItems {
    pub(crate) items: RawItems,
    /// Where the response tells tables: each, and how many of the items are before its end.
    pub(crate) tables: Vec<(String, usize)>,
}

/// The items of a response, and the rest of it; `None` where it has no items. They are read in place, if there is a way to
/// and each of them is sound.
pub(crate) fn split(
    body: &Bytes,
    part: Part,
    in_place: Option<ReadInPlace>,
) -> Result<Option<(ResponseItems, Vec<u8>)>, Malformed> {
    let document = if part == Part::Items { Document::learning(body)? } else { Document::new(body)? };
    let json = document.json();
    let mut found = None;
    json.open(b'{')?;
    let mut is_first = true;
    while json.next(is_first, b'}')? {
        is_first = false;
        let (name, escaped) = json.name()?;
        if escaped {
            return Err(Malformed);
        }
        if name != part.name() {
            json.skip()?;
            continue;
        }
        json.peek();
        let start = json.at();
        let items = items(json, body, part, in_place)?;
        if found.replace((items, start, json.at())).is_some() {
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

fn items(json: Json<'_>, body: &Bytes, part: Part, in_place: Option<ReadInPlace>) -> Result<ResponseItems, Malformed> {
    let several = part == Part::Items;
    let start = json.at();
    if let Some(Ok((items, count))) = in_place.map(|read| json.attempt(|json| read(json, several))) {
        let json = body.slice(start..json.at());
        return Ok(ResponseItems { items: RawItems::Read { items, count, json, several }, tables: Vec::new() });
    }
    let mut items = Vec::new();
    let mut tables = Vec::new();
    match part {
        Part::Item | Part::Attributes => items.push(item(json, body)?),
        Part::Items => all(json, body, &mut items)?,
        Part::Transacted => transacted(json, body, &mut items)?,
        Part::Responses => {
            json.open(b'{')?;
            let mut is_first = true;
            while json.next(is_first, b'}')? {
                is_first = false;
                let table = json.text_name()?.into_owned();
                all(json, body, &mut items)?;
                tables.push((table, items.len()));
            }
        }
    }
    Ok(ResponseItems { items: RawItems::Raw(items), tables })
}

/// The first items of what was read in place.
pub(crate) fn raw_items(body: &Bytes, is_array: bool, count: usize) -> Vec<RawItem> {
    let mut items = Vec::new();
    // It was read before, and so is sound.
    let _ = Document::new(body).and_then(|document| match is_array {
        true => first(document.json(), body, &mut items, count),
        false => item(document.json(), body).map(|item| items.push(item)),
    });
    items
}

fn all(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>) -> Result<(), Malformed> {
    first(json, body, items, usize::MAX)
}

/// So many elements of an array; reading stops at the last of them.
fn first(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>, count: usize) -> Result<(), Malformed> {
    json.open(b'[')?;
    let mut taken = 0;
    while taken < count && json.next(taken == 0, b']')? {
        items.push(item(json, body)?);
        taken += 1;
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
            if name != "Item" || found.replace(item(json, body)?).is_some() {
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
