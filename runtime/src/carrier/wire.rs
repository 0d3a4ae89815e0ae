//! Items and collections where they stand in an answer's JSON.

use super::AttributeMap;
use super::json::{Json, Malformed};
use super::json_text::text;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

type Result<T> = std::result::Result<T, Malformed>;

/// The attributes of an item, one after the other as they stand.
#[derive(Debug)]
pub(super) struct WireItem<'r> {
    json: Json<'r>,
    /// Where the item's brace is.
    start: usize,
    /// How deep the item is read from.
    depth: u32,
    /// Whether an attribute value, `{"M": …}`, is around it.
    wrapped: bool,
    state: State,
    names: &'static [&'static str],
    /// Where in the names the next attribute is looked for first: items have theirs in one order.
    likely: usize,
    /// Which of the first 128 names have been met.
    seen: u128,
    /// The attribute that is read, and where its value begins.
    current: Option<(&'static str, usize)>,
    /// The start of a value that may have been read, or not, or in part.
    open: Option<usize>,
    /// An attribute that has been taken.
    taken: Option<&'static str>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Within,
    After,
}

impl<'r> WireItem<'r> {
    pub(super) fn new(json: Json<'r>, wrapped: bool) -> Self {
        Self {
            json,
            start: json.at(),
            depth: json.depth(),
            wrapped,
            state: State::Before,
            names: &[],
            likely: 0,
            seen: 0,
            current: None,
            open: None,
            taken: None,
        }
    }

    #[inline]
    pub(super) fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>> {
        let json = self.json;
        if let Some(start) = self.open.take() {
            json.finish(start, self.depth + 1)?;
        }
        match self.state {
            State::Before => {
                json.open(b'{')?;
                self.names = names;
            }
            State::Within => {}
            State::After => return Ok(None),
        }
        loop {
            let is_first = self.state == State::Before;
            self.state = State::Within;
            if !json.next(is_first, b'}')? {
                self.state = State::After;
                if self.wrapped {
                    json.close(b'}')?;
                }
                return Ok(None);
            }
            let (raw, escaped) = json.name()?;
            json.peek();
            let found = if escaped { self.find_name(text(raw, true)?.as_bytes()) } else { self.find_name(raw) };
            let Some((index, name)) = found else {
                text(raw, escaped)?;
                json.pass()?;
                continue;
            };
            if index < 128 {
                let bit = 1 << index;
                // The SDK takes the last of several: it has the last word.
                if self.seen & bit != 0 {
                    return Err(Malformed);
                }
                self.seen |= bit;
            }
            self.likely = index + 1;
            self.current = Some((name, json.at()));
            self.open = Some(json.at());
            return Ok(Some(index));
        }
    }

    #[inline]
    fn find_name(&self, raw: &[u8]) -> Option<(usize, &'static str)> {
        let first = raw.first();
        let is = |name: &&'static str| {
            let name = name.as_bytes();
            name.len() == raw.len() && name.first() == first && name == raw
        };
        if let Some(name) = self.names.get(self.likely)
            && is(name)
        {
            return Some((self.likely, name));
        }
        self.names.iter().position(is).and_then(|index| Some((index, *self.names.get(index)?)))
    }

    /// The attribute that reading is at, if it has not been read.
    #[inline]
    pub(super) fn current(&mut self) -> Option<(&'static str, Json<'r>)> {
        let (name, _) = self.current.take()?;
        Some((name, self.json))
    }

    /// Does something from the item's beginning on, and comes back.
    fn at_start<T>(&self, read: impl FnOnce(Json<'r>) -> Result<T>) -> Result<T> {
        let (at, depth) = (self.json.at(), self.json.depth());
        self.json.go_to(self.start, self.depth);
        let found = read(self.json);
        self.json.go_to(at, depth);
        found
    }

    /// An attribute's value, wherever it stands.
    pub(super) fn find(&self, name: &str) -> Result<Option<AttributeValue>> {
        Ok(self.at_start(|json| json.entries(|other| other == name))?.remove(name))
    }

    pub(super) fn take(&mut self, name: &'static str) -> Result<Option<AttributeValue>> {
        self.taken = Some(name);
        self.find(name)
    }

    /// The attributes that are none of the names, and none of these.
    pub(super) fn unknown(&self, keys: &[&str]) -> AttributeMap {
        let is_unknown = |name: &str| !self.names.contains(&name) && !keys.contains(&name) && self.taken != Some(name);
        self.at_start(|json| json.entries(is_unknown)).unwrap_or_default()
    }
}

/// The elements of an array, or the entries of an object, that has been gone into, as the value of an attribute.
#[derive(Debug)]
pub(super) struct Elements<'r> {
    json: Json<'r>,
    depth: u32,
    is_first: bool,
    is_done: bool,
    /// Where the element that has been gone to begins.
    element: Option<usize>,
}

impl<'r> Elements<'r> {
    pub(super) fn new(json: Json<'r>) -> Self {
        Self { json, depth: json.depth(), is_first: true, is_done: false, element: None }
    }

    /// Goes to the next element; at the end, out of the value.
    pub(super) fn next(&mut self, end: u8) -> Result<bool> {
        if self.is_done {
            return Ok(false);
        }
        if let Some(start) = self.element.take() {
            self.json.finish(start, self.depth)?;
        }
        let more = self.json.next(self.is_first, end)?;
        self.is_first = false;
        if more {
            self.json.peek();
            self.element = Some(self.json.at());
        } else {
            self.is_done = true;
            self.json.close(b'}')?;
        }
        Ok(more)
    }

    /// The name of the entry that has been gone to.
    pub(super) fn name(&mut self) -> Result<String> {
        let (raw, escaped) = self.json.name()?;
        self.json.peek();
        self.element = Some(self.json.at());
        text(raw, escaped).map(Cow::into_owned)
    }

    /// Whether the element that has been gone to is not read yet.
    pub(super) fn is_unread(&self) -> bool {
        self.element == Some(self.json.at())
    }

    /// The element that has been gone to.
    pub(super) fn begin(&mut self) -> Json<'r> {
        self.json
    }
}
