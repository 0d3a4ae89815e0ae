//! DynamoDB's JSON, read byte by byte where it stands: no value is built that nobody asks for.
//!
//! It takes JSON as DynamoDB writes it. What it does not understand is an error, upon which the SDK's own reader has
//! the last word.

use super::attribute_order::{Order, Orders};
use super::text::{string_end, text};
use crate::ground::Kind;
use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;
use std::borrow::Cow;
use std::cell::Cell;

/// Values may stand in each other so deep, as in the SDK.
pub(in crate::codec) const MAX_DEPTH: u32 = 128;

/// JSON that is not as DynamoDB writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

type Result<T, E = Malformed> = std::result::Result<T, E>;

/// A text of JSON, and where reading is in it.
pub(crate) struct Document<'b> {
    text: &'b str,
    at: Cell<usize>,
    /// In how many objects and arrays reading is.
    depth: Cell<u32>,
    /// Whether something was passed over that could not be read.
    is_damaged: Cell<bool>,
    pub(in crate::codec) orders: Orders,
}

impl<'b> Document<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| Malformed)?;
        Ok(Self {
            text,
            at: Cell::default(),
            depth: Cell::default(),
            is_damaged: Cell::default(),
            orders: Orders::default(),
        })
    }

    /// With several items, which are worth learning the order of attributes for.
    pub(in crate::codec) fn learning(bytes: &'b [u8]) -> Result<Self> {
        Ok(Self { orders: Orders::learning(), ..Self::new(bytes)? })
    }

    pub(crate) fn json(&self) -> Json<'_> {
        Json(self)
    }

    pub(in crate::codec) fn is_damaged(&self) -> bool {
        self.is_damaged.get()
    }
}

/// JSON that is read from one place on, which all copies share.
#[derive(Clone, Copy)]
pub(crate) struct Json<'b>(&'b Document<'b>);

impl<'b> Json<'b> {
    #[inline]
    pub(in crate::codec) fn bytes(&self) -> &'b [u8] {
        self.0.text.as_bytes()
    }

    /// What has not been read.
    #[inline]
    pub(in crate::codec) fn rest(&self) -> &'b [u8] {
        self.bytes().get(self.at()..).unwrap_or_default()
    }

    #[inline]
    pub(crate) fn at(&self) -> usize {
        self.0.at.get()
    }

    #[inline]
    pub(in crate::codec) fn depth(&self) -> u32 {
        self.0.depth.get()
    }

    #[inline]
    pub(in crate::codec) fn go_to(&self, at: usize, depth: u32) {
        self.0.at.set(at);
        self.0.depth.set(depth);
    }

    /// Reads something; where that fails, reading is where it was.
    pub(in crate::codec) fn attempt<T, E>(&self, read: impl FnOnce(Self) -> Result<T, E>) -> Result<T, E> {
        let (start, depth) = (self.at(), self.depth());
        read(*self).inspect_err(|_| self.go_to(start, depth))
    }

    /// What stands between two places.
    #[inline]
    pub(in crate::codec) fn between(&self, start: usize, end: usize) -> Option<&'b str> {
        self.0.text.get(start..end)
    }

    /// Goes on by so many bytes.
    #[inline]
    pub(in crate::codec) fn advance(&self, bytes: usize) {
        self.0.at.set(self.at() + bytes);
    }

    /// What is known of the order of these names.
    pub(in crate::codec) fn order(&self, names: &'static [&'static str]) -> Option<&'b Order> {
        self.0.orders.of(names)
    }

    /// That something cannot be read, where no error can be told.
    pub(in crate::codec) fn note_damage(&self) {
        self.0.is_damaged.set(true);
    }

    pub(in crate::codec) fn is_damaged(&self) -> bool {
        self.0.is_damaged()
    }

    /// How many bytes are left.
    pub(in crate::codec) fn left(&self) -> usize {
        self.rest().len()
    }

    /// The next byte that is no white space.
    #[inline]
    pub(crate) fn peek(&self) -> Option<u8> {
        match self.bytes().get(self.at()) {
            Some(byte) if *byte > b' ' => Some(*byte),
            _ => self.peek_further(),
        }
    }

    fn peek_further(&self) -> Option<u8> {
        let mut at = self.at();
        loop {
            match self.bytes().get(at)? {
                b' ' | b'\t' | b'\n' | b'\r' => at += 1,
                byte => {
                    self.0.at.set(at);
                    return Some(*byte);
                }
            }
        }
    }

    /// Takes a byte, if it is the next.
    #[inline]
    pub(crate) fn take(&self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.advance(1);
        }
        found
    }

    #[inline]
    fn expect(&self, byte: u8) -> Result<()> {
        if self.take(byte) { Ok(()) } else { Err(Malformed) }
    }

    /// Goes into an object or an array.
    pub(crate) fn open(&self, byte: u8) -> Result<()> {
        self.expect(byte)?;
        self.enter()
    }

    /// One deeper.
    pub(in crate::codec) fn enter(&self) -> Result<()> {
        let depth = self.depth() + 1;
        self.0.depth.set(depth);
        if depth > MAX_DEPTH { Err(Malformed) } else { Ok(()) }
    }

    /// Leaves an object or an array.
    pub(crate) fn close(&self, byte: u8) -> Result<()> {
        self.expect(byte)?;
        self.0.depth.set(self.depth().saturating_sub(1));
        Ok(())
    }

    /// Goes on to the next element, or leaves the object or array, whose last byte is `end`; `false` where there is no
    /// further element.
    #[inline]
    pub(crate) fn next(&self, is_first: bool, end: u8) -> Result<bool> {
        match self.peek() {
            Some(byte) if byte == end => {
                self.close(end)?;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.expect(b',')?;
                if self.peek() == Some(end) { Err(Malformed) } else { Ok(true) }
            }
            _ => Err(Malformed),
        }
    }

    /// The name of an entry, as it stands between its quotes, and the colon after it.
    #[inline]
    pub(crate) fn name(&self) -> Result<(&'b str, bool)> {
        let name = self.raw_string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// The name of an entry, and the colon after it.
    pub(in crate::codec) fn text_name(&self) -> Result<Cow<'b, str>> {
        let (raw, escaped) = self.name()?;
        text(raw, escaped)
    }

    /// A string's bytes between its quotes, and whether they hold escapes.
    #[inline]
    fn raw_string(&self) -> Result<(&'b str, bool)> {
        self.expect(b'"')?;
        let start = self.at();
        let (end, escaped) = string_end(self.bytes(), start)?;
        self.0.at.set(end + 1);
        Ok((self.between(start, end).ok_or(Malformed)?, escaped))
    }

    /// A string, and where an object is around it, its end.
    #[inline]
    pub(in crate::codec) fn text(&self, wrapped: bool) -> Result<Cow<'b, str>> {
        let text = self.string()?;
        if wrapped {
            self.close(b'}')?;
        }
        Ok(text)
    }

    pub(in crate::codec) fn string(&self) -> Result<Cow<'b, str>> {
        let (raw, escaped) = self.raw_string()?;
        text(raw, escaped)
    }

    pub(in crate::codec) fn bool(&self) -> Result<bool> {
        self.peek().ok_or(Malformed)?;
        let rest = self.rest();
        let (value, length) = match rest {
            [b't', b'r', b'u', b'e', ..] => (true, 4),
            [b'f', b'a', b'l', b's', b'e', ..] => (false, 5),
            _ => return Err(Malformed),
        };
        self.advance(length);
        Ok(value)
    }

    pub(in crate::codec) fn base64(&self) -> Result<Vec<u8>> {
        BASE64.decode(self.string()?.as_bytes()).map_err(|_| Malformed)
    }

    /// Goes into an attribute value, `{"S":`, and tells its type.
    pub(in crate::codec) fn tag(&self) -> Result<Kind> {
        self.open(b'{')?;
        let short = match self.rest() {
            [b'"', b'S', b'"', b':', ..] => Some(Kind::String),
            [b'"', b'N', b'"', b':', ..] => Some(Kind::Number),
            [b'"', b'L', b'"', b':', ..] => Some(Kind::List),
            [b'"', b'M', b'"', b':', ..] => Some(Kind::Map),
            _ => None,
        };
        if let Some(kind) = short {
            self.advance(4);
            return Ok(kind);
        }
        let (name, _) = self.name()?;
        Ok(match name {
            "S" => Kind::String,
            "N" => Kind::Number,
            "B" => Kind::Binary,
            "BOOL" => Kind::Bool,
            "NULL" => Kind::Null,
            "L" => Kind::List,
            "M" => Kind::Map,
            "SS" => Kind::StringSet,
            "NS" => Kind::NumberSet,
            "BS" => Kind::BinarySet,
            _ => return Err(Malformed),
        })
    }

    /// Passes over a value, whatever it is.
    pub(crate) fn skip(&self) -> Result<()> {
        match self.peek().ok_or(Malformed)? {
            b'"' => self.raw_string().map(drop),
            b'{' | b'[' => {
                let depth = self.depth();
                self.0.depth.set(depth + 1);
                self.advance(1);
                self.skip_out_to(depth)
            }
            _ => {
                let rest = self.rest();
                let is_end = |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\n' | b'\r');
                let length = rest.iter().position(is_end).unwrap_or(rest.len());
                self.advance(length);
                if length == 0 { Err(Malformed) } else { Ok(()) }
            }
        }
    }

    /// Passes over the rest of what is deeper than this.
    fn skip_out_to(&self, depth: u32) -> Result<()> {
        let (mut at, mut now) = (self.at(), self.depth());
        while now > depth {
            match self.bytes().get(at).ok_or(Malformed)? {
                b'"' => at = string_end(self.bytes(), at + 1)?.0,
                b'{' | b'[' if now == MAX_DEPTH => return Err(Malformed),
                b'{' | b'[' => now += 1,
                b'}' | b']' => now -= 1,
                _ => {}
            }
            at += 1;
        }
        self.go_to(at, now);
        Ok(())
    }

    /// Passes over a value that began at `start`, in so many objects and arrays, unless it has been read to its end.
    #[inline]
    pub(in crate::codec) fn finish(&self, start: usize, depth: u32) -> Result<()> {
        if self.at() != start && self.depth() == depth {
            return Ok(());
        }
        self.go_to(start, depth);
        if self.peek() == Some(b'"') { self.string().map(drop) } else { self.pass() }
    }
}

/// Without the text, which stays out of every other.
impl std::fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "byte {} of {}", self.at(), self.0.text.len())
    }
}
