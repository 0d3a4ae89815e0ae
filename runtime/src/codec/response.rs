//! Splitting a response of DynamoDB into its items and the rest, which the SDK reads.

use super::in_place::ReadInPlace;
use super::json::{Document, Json, Malformed};
use super::raw_item::RawItem;
use super::raw_items::RawItems;
use crate::ground::AttributeMap;
use bytes::Bytes;

/// The part of a response that holds its items.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// GetItem: one item.
    Item,
    /// Query and Scan: several items.
    Items,
    /// Writes that return an item: one item.
    Attributes,
    /// BatchGetItem: several items for each table.
    Responses,
    /// TransactGetItems: one item or none for each key.
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

    /// The JSON that replaces the part in the rest.
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
    /// The tables of a response that names them, each with the number of items up to the end of its own.
    pub(crate) tables: Vec<(String, usize)>,
}

/// Splits a response into its items and the rest; `None` if it has no items.
///
/// Reads the items by `in_place`, if that is given and can read all of them.
pub(crate) fn split(
    body: &Bytes,
    part: Part,
    in_place: Option<ReadInPlace>,
) -> Result<Option<(ResponseItems, Vec<u8>)>, Malformed> {
    let document = if part == Part::Items { Document::learning(body)? } else { Document::new(body)? };
    let json = document.json();
    let mut found = None;
    json.each_entry(|name| {
        if name != part.name() {
            return json.skip();
        }
        json.peek();
        let start = json.at();
        let items = items(json, body, part, in_place)?;
        once(&mut found, (items, start, json.at()))
    })?;
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
    if let Some(Ok((items, count))) = in_place.map(|in_place| json.attempt(|json| in_place.read(json, several))) {
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
            json.each_entry(|table| {
                all(json, body, &mut items)?;
                tables.push((table.into_owned(), items.len()));
                Ok(())
            })?;
        }
    }
    Ok(ResponseItems { items: RawItems::Raw(items), tables })
}

/// The first `count` of the items that were read in place, as raw items.
pub(crate) fn raw_items(body: &Bytes, is_array: bool, count: usize) -> Vec<RawItem> {
    let mut items = Vec::new();
    // This JSON has been read before, so it is valid.
    let _ = Document::new(body).and_then(|document| match is_array {
        true => first(document.json(), body, &mut items, count),
        false => item(document.json(), body).map(|item| items.push(item)),
    });
    items
}

fn all(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>) -> Result<(), Malformed> {
    first(json, body, items, usize::MAX)
}

/// Reads the first `count` elements of an array, and stops after the last of them.
fn first(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>, count: usize) -> Result<(), Malformed> {
    json.open(b'[')?;
    let mut taken = 0;
    while taken < count && json.next(taken == 0, b']')? {
        items.push(item(json, body)?);
        taken += 1;
    }
    Ok(())
}

/// Reads elements that each have an item or are empty. An empty element becomes an item without attributes.
fn transacted(json: Json<'_>, body: &Bytes, items: &mut Vec<RawItem>) -> Result<(), Malformed> {
    json.open(b'[')?;
    while json.next(items.is_empty(), b']')? {
        let mut found = None;
        json.each_entry(|name| match &*name {
            "Item" => once(&mut found, item(json, body)?),
            _ => Err(Malformed),
        })?;
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

/// Keeps the value of an entry that may only be there once.
fn once<T>(found: &mut Option<T>, value: T) -> Result<(), Malformed> {
    match found.replace(value) {
        None => Ok(()),
        Some(_) => Err(Malformed),
    }
}
