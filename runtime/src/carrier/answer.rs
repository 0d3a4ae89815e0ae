//! An answer of DynamoDB in two: its items as they stand, and the rest for the SDK.

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
}

impl Part {
    fn name(self) -> &'static [u8] {
        match self {
            Part::Item => b"Item",
            Part::Items => b"Items",
            Part::Attributes => b"Attributes",
            Part::Responses => b"Responses",
        }
    }

    /// What stands in its place in the rest.
    fn nothing(self) -> &'static [u8] {
        match self {
            Part::Items => b"[]",
            Part::Item | Part::Attributes | Part::Responses => b"{}",
        }
    }
}

/// Items as they came, each with its table where the answer tells it.
pub(crate) type RawItems = Vec<(Option<String>, RawItem)>;

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
        let mut items = Vec::new();
        match part {
            Part::Item | Part::Attributes => items.push((None, item(json, body)?)),
            Part::Items => several(json, body, None, &mut items)?,
            Part::Responses => {
                json.open(b'{')?;
                let mut is_first = true;
                while json.next(is_first, b'}')? {
                    is_first = false;
                    let (raw, escaped) = json.name()?;
                    let table = super::json::text(raw, escaped)?.into_owned();
                    several(json, body, Some(&table), &mut items)?;
                }
            }
        }
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

fn several(json: Json<'_>, body: &Bytes, table: Option<&String>, items: &mut RawItems) -> Result<(), Malformed> {
    json.open(b'[')?;
    let mut is_first = true;
    while json.next(is_first, b']')? {
        is_first = false;
        items.push((table.cloned(), item(json, body)?));
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
