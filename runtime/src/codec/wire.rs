//! Items and collections where they stand in an answer's JSON.

use super::json::{Json, Malformed, Order, text};
use crate::ground::AttributeMap;
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

type Result<T> = std::result::Result<T, Malformed>;

/// The attributes of an item, one after the other as they stand.
#[derive(Debug)]
pub(super) struct WireItem<'r> {
    json: Json<'r>,
    /// The start of a value that may have been read, or not, or in part.
    open: Option<usize>,
    /// How deep the item is read from.
    depth: u32,
    /// One more than the place of the name that reading is at.
    position: usize,
    /// Which name is likely after which.
    order: Option<&'r Order>,
    /// Where the item's brace is.
    start: usize,
    /// Whether an attribute value, `{"M": …}`, is around it.
    wrapped: bool,
    state: State,
    names: &'static [&'static str],
    /// An attribute that has been taken.
    taken: Option<&'static str>,
    /// Whether there are attributes of other names.
    has_others: bool,
    /// The attribute that tells the model of the item, and what it says for this one.
    discriminator: Option<(&'static str, &'static str)>,
    /// Whether it says that.
    is_own: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Before,
    Within,
    After,
}

impl<'r> WireItem<'r> {
    pub(super) fn new(json: Json<'r>, discriminator: Option<(&'static str, &'static str)>, wrapped: bool) -> Self {
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
            discriminator,
            is_own: discriminator.is_none(),
        }
    }

    /// Goes on to the name that followed the last time, if it follows again upon a value that has been read.
    #[inline]
    pub(super) fn next_expected(&mut self) -> Option<usize> {
        let is_read = self.open != Some(self.json.at()) && self.json.depth() == self.depth + 1;
        if is_read { self.go_to_expected() } else { None }
    }

    #[inline]
    fn go_to_expected(&mut self) -> Option<usize> {
        let (index, length) = self.order?.expected(self.position, self.json.rest())?;
        self.json.advance(length);
        self.position = index + 1;
        self.open = Some(self.json.at());
        Some(index)
    }

    /// Goes on to the next of these names, whatever stands there.
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
                if let Some(index) = self.go_to_expected() {
                    json.enter()?;
                    return Ok(Some(index));
                }
                json.open(b'{')?;
                is_first = true;
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
            self.has_others = true;
            match self.discriminator {
                Some((attribute, value)) if name == attribute => self.is_own = json.is_text(value)?,
                _ => json.pass()?,
            }
        }
        self.state = State::After;
        if self.wrapped {
            json.close(b'}')?;
        }
        Ok(None)
    }

    /// The next name, and its place among those that are looked for.
    fn named(&self) -> Result<(Option<usize>, Cow<'r, str>)> {
        let (raw, escaped) = self.json.name()?;
        let name = text(raw, escaped)?;
        let found = self.names.iter().position(|other| *other == name);
        if let (Some(index), false, Some(order)) = (found, escaped, self.order) {
            order.learn(self.position, index);
        }
        Ok((found, name))
    }

    /// Whether the item is of the model that it is read as.
    pub(super) fn is_own(&self) -> bool {
        self.is_own
    }

    /// The value of the attribute that reading is at, if it has not been read.
    #[inline]
    pub(super) fn current(&self) -> Option<Json<'r>> {
        (self.open == Some(self.json.at())).then_some(self.json)
    }

    /// The name of the attribute that reading is at.
    pub(super) fn current_name(&self) -> &'static str {
        self.position.checked_sub(1).and_then(|index| self.names.get(index)).copied().unwrap_or_default()
    }

    /// Does something from the item's beginning on, and comes back.
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
        if self.state == State::After && !self.has_others {
            return AttributeMap::new();
        }
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

    /// The name of the entry that has been gone to.
    pub(super) fn name(&mut self) -> Result<String> {
        let name = self.json.text_name()?;
        self.json.peek();
        self.element = Some(self.json.at());
        Ok(name.into_owned())
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
