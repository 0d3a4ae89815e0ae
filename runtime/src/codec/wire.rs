//! Readers of items and collections in the JSON of a response.

use super::json::{Json, Malformed, Order, is_plain};
use crate::description::Discriminator;
use crate::ground::{AttributeMap, ReadError};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

type Result<T> = std::result::Result<T, Malformed>;

/// Reads the attributes of an item in the order of the JSON.
#[derive(Debug)]
pub(super) struct WireItem<'r> {
    json: Json<'r>,
    /// The start of the current value, which may be unread, read in part or read.
    open: Option<usize>,
    /// The depth at the item's brace.
    depth: u32,
    /// One more than the index of the current name; 0 before the first.
    position: usize,
    /// The learnt order of the names.
    order: Option<&'r Order>,
    /// The position of the item's brace.
    start: usize,
    /// Whether an attribute value, `{"M": …}`, is around the item.
    wrapped: bool,
    state: State,
    names: &'static [&'static str],
    /// The name of an attribute that was read and removed, such as a tag.
    taken: Option<&'static str>,
    /// Whether the item has attributes with other names.
    has_others: bool,
    /// The attribute that says what the item is, a discriminator or a tag, and its expected text; `None` for an item that has
    /// no such text. If several have the name, the last one counts, as for the SDK.
    discriminator: Option<(&'static str, Option<Cow<'r, str>>)>,
    /// Whether the last discriminator has the expected text.
    is_expected: bool,
    /// The other attributes of the discriminator, and their expected texts.
    others: &'static [(&'static str, &'static str)],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Within,
    After,
}

impl<'r> WireItem<'r> {
    pub(super) fn new(json: Json<'r>, discriminator: Option<Discriminator>, wrapped: bool) -> Self {
        Self {
            json,
            open: None,
            depth: json.depth(),
            position: 0,
            order: None,
            start: json.at(),
            wrapped,
            state: State::Before,
            names: &[],
            taken: None,
            has_others: false,
            is_expected: discriminator.is_none(),
            discriminator: discriminator.map(|of| (of.first.0, Some(of.first.1.into()))),
            others: discriminator.map_or(&[], |of| of.others),
        }
    }

    /// Moves to the next attribute by the fast path, if the current value has been read.
    #[inline]
    pub(super) fn next_plain(&mut self) -> Option<usize> {
        let is_read = self.open != Some(self.json.at()) && self.json.depth() == self.depth + 1;
        if is_read { self.go_to_plain(1) } else { None }
    }

    /// Moves to the next attribute, if its name is known and JSON is without white space. `commas` is the number of commas
    /// before it, 0 or 1.
    #[inline]
    fn go_to_plain(&mut self, mut commas: usize) -> Option<usize> {
        let order = self.order?;
        loop {
            let rest = self.json.rest();
            let rest = if commas == 0 { rest } else { rest.strip_prefix(b",")? };
            if let Some((index, length)) = order.next(self.position, rest) {
                self.json.advance(commas + length);
                self.position = index + 1;
                self.open = Some(self.json.at());
                return Some(index);
            }
            self.json.advance(commas + self.discriminator_length(rest)?);
            self.is_expected = true;
            commas = 1;
        }
    }

    /// The number of bytes of the discriminator, if `rest` begins with it and it has the value of the expected model.
    fn discriminator_length(&self, rest: &[u8]) -> Option<usize> {
        let (attribute, Some(value)) = self.discriminator.as_ref()? else { return None };
        let after = rest.strip_prefix(b"\"")?.strip_prefix(attribute.as_bytes())?.strip_prefix(b"\":{\"S\":\"")?;
        let after = after.strip_prefix(value.as_bytes())?.strip_prefix(b"\"}")?;
        (is_plain(attribute) && is_plain(value)).then(|| rest.len() - after.len())
    }

    /// Moves to the next attribute with one of these names, and skips others. Returns the index of its name.
    pub(super) fn next(&mut self, names: &'static [&'static str]) -> Result<Option<usize>> {
        let json = self.json;
        if let Some(start) = self.open.take() {
            json.finish(start, self.depth + 1)?;
        }
        let mut is_first = false;
        match self.state {
            State::Before => {
                self.names = names;
                self.order = json.order(names);
                self.state = State::Within;
                json.open(b'{')?;
                let first = json.at();
                if let Some(index) = self.go_to_plain(0) {
                    return Ok(Some(index));
                }
                is_first = json.at() == first;
            }
            State::Within => {}
            State::After => return Ok(None),
        }
        while json.next(is_first, b'}')? {
            is_first = false;
            let (found, name) = self.named()?;
            json.peek();
            if let Some(index) = found {
                self.position = index + 1;
                self.open = Some(json.at());
                return Ok(Some(index));
            }
            match &self.discriminator {
                Some((attribute, Some(value))) if name == *attribute => self.is_expected = json.is_text(value)?,
                _ => json.pass()?,
            }
            self.has_others = true;
            if let Some(index) = self.go_to_plain(1) {
                return Ok(Some(index));
            }
        }
        self.state = State::After;
        if self.wrapped {
            json.close(b'}')?;
        }
        if self.is_expected && self.has_others_expected() { Ok(None) } else { Err(Malformed) }
    }

    /// Whether the other attributes of the discriminator have the expected texts.
    fn has_others_expected(&self) -> bool {
        let is_expected = |(name, text): &(&str, &str)| self.at_start(|json| json.has_text(name, text)) == Ok(true);
        self.others.iter().all(is_expected)
    }

    /// Reads the next name. Returns it and its index among the names.
    fn named(&self) -> Result<(Option<usize>, Cow<'r, str>)> {
        let name = self.json.name()?;
        let Some(order) = self.order else {
            return Ok((self.names.iter().position(|other| *other == name), name));
        };
        let found = order.find(&name);
        if let (Some(index), Cow::Borrowed(_)) = (found, &name) {
            order.learn(self.position, index);
        }
        Ok((found, name))
    }

    /// The value of the current attribute, if it has not been read.
    #[inline]
    pub(super) fn current(&self) -> Option<Json<'r>> {
        (self.open == Some(self.json.at())).then_some(self.json)
    }

    /// The name of the current attribute.
    pub(super) fn current_name(&self) -> &'static str {
        self.position.checked_sub(1).and_then(|index| self.names.get(index)).copied().unwrap_or_default()
    }

    /// Calls `read` at the item's beginning, and restores the position.
    fn at_start<T>(&self, read: impl FnOnce(Json<'r>) -> Result<T>) -> Result<T> {
        let (at, depth) = (self.json.at(), self.json.depth());
        self.json.go_to(self.start, self.depth);
        let found = read(self.json);
        self.json.go_to(at, depth);
        if found.is_err() {
            self.json.note_damage();
        }
        found
    }

    /// Reads the value of an attribute at any position in the item.
    fn find(&self, name: &str) -> Result<Option<AttributeValue>> {
        Ok(self.at_start(|json| json.entries(|other| other == name))?.remove(name))
    }

    /// Reads the values of the attributes with these names, each from its place. Of several with one name, the last one counts.
    pub(super) fn values<const N: usize>(
        &self,
        names: [&str; N],
        mut read: impl FnMut(usize, Json<'r>) -> std::result::Result<(), ReadError>,
    ) -> std::result::Result<(), ReadError> {
        let json = self.json;
        let mut places = [None; N];
        json.each_entry(|name| {
            json.peek();
            for (_, place) in names.iter().zip(&mut places).filter(|(other, _)| **other == name) {
                *place = Some(json.at());
            }
            json.pass()
        })?;
        let end = json.at();
        for (index, place) in places.into_iter().enumerate() {
            if let Some(place) = place {
                json.go_to(place, self.depth + 1);
                read(index, json)?;
            }
        }
        json.go_to(end, self.depth);
        Ok(())
    }

    /// Reads the first discriminator, at any position in the item. Its text becomes the expected one.
    pub(super) fn model(&mut self, discriminator: &'static str) -> Option<Cow<'r, str>> {
        let text = self.at_start(|json| json.text_of(discriminator)).ok()?;
        self.discriminator = Some((discriminator, text.clone()));
        text
    }

    /// Reads a text, at any position in the item.
    pub(super) fn text(&self, name: &str) -> Option<Cow<'r, str>> {
        self.at_start(|json| json.text_of(name)).ok().flatten()
    }

    /// Reads the tag of a union like a discriminator. The struct has no such attribute.
    pub(super) fn tag(&mut self, name: &'static str) -> Option<Cow<'r, str>> {
        self.taken = Some(name);
        self.model(name)
    }

    /// Whether the attribute of the schema version has this version, or is absent for version 1. The struct has no such
    /// attribute.
    pub(super) fn has_version(&mut self, name: &'static str, version: u32) -> bool {
        self.taken = Some(name);
        let found = self.at_start(|json| json.number_of(name));
        found.is_ok_and(|found| found.map_or(version == 1, |number| number.parse() == Ok(version)))
    }

    pub(super) fn take(&mut self, name: &'static str) -> Result<Option<AttributeValue>> {
        self.taken = Some(name);
        self.find(name)
    }

    /// The attributes that are neither among the names nor among `keys`.
    pub(super) fn unknown(&self, keys: &[&str]) -> AttributeMap {
        if self.state == State::After && !self.has_others {
            return AttributeMap::new();
        }
        let is_unknown = |name: &str| !self.names.contains(&name) && !keys.contains(&name) && self.taken != Some(name);
        let unknown = self.at_start(|json| json.entries(is_unknown)).unwrap_or_default();
        if let (State::Before, Some((attribute, expected))) = (self.state, &self.discriminator) {
            let last = unknown.get(*attribute).and_then(|value| value.as_s().ok());
            if last.map(String::as_str) != expected.as_deref() {
                self.json.note_damage();
            }
        }
        unknown
    }
}

/// Reads the elements of an array or the entries of an object that is the value of an attribute.
#[derive(Debug)]
pub(super) struct Elements<'r> {
    json: Json<'r>,
    depth: u32,
    is_first: bool,
    is_done: bool,
    /// The start of the current element.
    element: Option<usize>,
}

impl<'r> Elements<'r> {
    pub(super) fn new(json: Json<'r>) -> Self {
        Self { json, depth: json.depth(), is_first: true, is_done: false, element: None }
    }

    /// Moves to the next element. Without one, leaves the value and returns `false`.
    #[inline]
    pub(super) fn next(&mut self, end: u8) -> Result<bool> {
        let is_read = self.element.is_some_and(|start| start != self.json.at()) && self.json.depth() == self.depth;
        if is_read && self.json.plain_next() {
            self.element = Some(self.json.at());
            return Ok(true);
        }
        self.next_of_any(end)
    }

    fn next_of_any(&mut self, end: u8) -> Result<bool> {
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

    /// Reads the name of the current entry.
    pub(super) fn name(&mut self) -> Result<String> {
        let name = self.json.name()?;
        self.json.peek();
        self.element = Some(self.json.at());
        Ok(name.into_owned())
    }

    /// Whether the current element is unread.
    pub(super) fn is_unread(&self) -> bool {
        self.element == Some(self.json.at())
    }

    /// The current element.
    pub(super) fn begin(&mut self) -> Json<'r> {
        self.json
    }
}
