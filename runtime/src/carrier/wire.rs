//! Items and collections where they stand in an answer's JSON.

use super::AttributeMap;
use super::attribute_order::Following;
use super::json::{Json, Malformed};
use super::json_text::text;
use aws_sdk_dynamodb::types::AttributeValue;

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
    /// Which name is likely after which.
    following: Option<Following>,
    /// One more than the place of the name that reading is at.
    position: usize,
    /// The attribute that is read.
    current: Option<&'static str>,
    /// The start of a value that may have been read, or not, or in part.
    open: Option<usize>,
    /// An attribute that has been taken.
    taken: Option<&'static str>,
    /// Whether there are attributes of other names.
    has_others: bool,
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
            following: None,
            position: 0,
            current: None,
            open: None,
            taken: None,
            has_others: false,
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
                self.following = json.place.orders.of(names);
            }
            State::Within => {}
            State::After => return Ok(None),
        }
        loop {
            let is_first = self.state == State::Before;
            self.state = State::Within;
            let found = match self.expected(is_first) {
                Some(found) => Some(found),
                None if json.next(is_first, b'}')? => self.named()?,
                None => {
                    self.state = State::After;
                    if self.wrapped {
                        json.close(b'}')?;
                    }
                    return Ok(None);
                }
            };
            json.peek();
            let Some((index, name)) = found else {
                self.has_others = true;
                json.pass()?;
                continue;
            };
            self.position = index + 1;
            self.current = Some(name);
            self.open = Some(json.at());
            return Ok(Some(index));
        }
    }

    /// The name that followed the last time, if it follows again.
    #[inline]
    fn expected(&self, is_first: bool) -> Option<(usize, &'static str)> {
        let index = usize::from(self.following.as_ref()?.get(self.position)?.get()?);
        let name = *self.names.get(index)?;
        self.json.take_name(name, is_first).then_some((index, name))
    }

    /// The next name, if it is one of those that are looked for.
    fn named(&self) -> Result<Option<(usize, &'static str)>> {
        let (raw, escaped) = self.json.name()?;
        let name = text(raw, escaped)?;
        let found = self.names.iter().enumerate().find(|(_, other)| **other == name);
        if let (Some((index, _)), false, Some(following)) = (found, escaped, &self.following)
            && let Some(place) = following.get(self.position)
        {
            place.set(u16::try_from(index).ok());
        }
        Ok(found.map(|(index, name)| (index, *name)))
    }

    /// The attribute that reading is at, if it has not been read.
    #[inline]
    pub(super) fn current(&mut self) -> Option<(&'static str, Json<'r>)> {
        Some((self.current.take()?, self.json))
    }

    /// Does something from the item's beginning on, and comes back.
    fn at_start<T>(&self, read: impl FnOnce(Json<'r>) -> Result<T>) -> Result<T> {
        let (at, depth) = (self.json.at(), self.json.depth());
        self.json.go_to(self.start, self.depth);
        let found = read(self.json);
        self.json.go_to(at, depth);
        if found.is_err() {
            self.json.place.note_damage();
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
