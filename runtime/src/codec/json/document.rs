//! A reader of DynamoDB's JSON in place. It builds only the values that are asked for.
//!
//! It understands JSON as DynamoDB writes it. Other JSON is an error; then the SDK's own reader decides.

use super::attribute_order::{Order, Orders};
use super::text::{string_end, text};
use crate::ground::Kind;
use base64_simd::STANDARD as BASE64;
use std::borrow::Cow;
use std::cell::Cell;

/// The maximum depth of nested objects and arrays, the same as the SDK's.
pub(in crate::codec) const MAX_DEPTH: u32 = 128;

/// The error of JSON that differs from what DynamoDB writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Malformed;

type Result<T, E = Malformed> = std::result::Result<T, E>;

/// JSON and the reader's position in it.
pub(crate) struct Document<'b> {
    text: &'b str,
    at: Cell<usize>,
    /// The number of objects and arrays around the position.
    depth: Cell<u32>,
    /// Whether the reader has skipped JSON that it could not read.
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

    /// A document with several items, for which the reader learns the order of attributes.
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

/// The reader of a document. All copies share one position.
#[derive(Clone, Copy)]
pub(crate) struct Json<'b>(&'b Document<'b>);

impl<'b> Json<'b> {
    #[inline]
    pub(in crate::codec) fn bytes(&self) -> &'b [u8] {
        self.0.text.as_bytes()
    }

    /// The bytes after the position.
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

    /// Calls `read`, and restores the position if it fails.
    pub(in crate::codec) fn attempt<T, E>(&self, read: impl FnOnce(Self) -> Result<T, E>) -> Result<T, E> {
        let (start, depth) = (self.at(), self.depth());
        read(*self).inspect_err(|_| self.go_to(start, depth))
    }

    /// The text between two positions.
    #[inline]
    pub(in crate::codec) fn between(&self, start: usize, end: usize) -> Option<&'b str> {
        self.0.text.get(start..end)
    }

    /// Moves the position by this number of bytes.
    #[inline]
    pub(in crate::codec) fn advance(&self, bytes: usize) {
        self.0.at.set(self.at() + bytes);
    }

    /// The learnt order of these names.
    pub(in crate::codec) fn order(&self, names: &'static [&'static str]) -> Option<&'b Order> {
        self.0.orders.of(names)
    }

    /// Notes that JSON cannot be read, for callers that cannot return an error.
    pub(in crate::codec) fn note_damage(&self) {
        self.0.is_damaged.set(true);
    }

    pub(in crate::codec) fn is_damaged(&self) -> bool {
        self.0.is_damaged()
    }

    /// The number of bytes after the position.
    pub(in crate::codec) fn left(&self) -> usize {
        self.rest().len()
    }

    /// The next byte that is not white space. Moves the position to it.
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

    /// Skips the byte if it is the next one, and says whether it was.
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

    /// Enters an object or an array by its first byte.
    pub(crate) fn open(&self, byte: u8) -> Result<()> {
        self.expect(byte)?;
        self.enter()
    }

    /// Raises the depth by one.
    pub(in crate::codec) fn enter(&self) -> Result<()> {
        let depth = self.depth() + 1;
        self.0.depth.set(depth);
        if depth > MAX_DEPTH { Err(Malformed) } else { Ok(()) }
    }

    /// Leaves an object or an array by its last byte.
    pub(crate) fn close(&self, byte: u8) -> Result<()> {
        self.expect(byte)?;
        self.0.depth.set(self.depth().saturating_sub(1));
        Ok(())
    }

    /// Moves to the next element of an object or array whose last byte is `end`. Without one, leaves it and returns
    /// `false`.
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

    /// Reads the name of an entry and the colon after it. A name without escapes is borrowed.
    #[inline]
    pub(crate) fn name(&self) -> Result<Cow<'b, str>> {
        let name = self.string()?;
        self.expect(b':')?;
        Ok(name)
    }

    /// Reads a string, and the end of the object around it if it is `wrapped`.
    #[inline]
    pub(in crate::codec) fn text(&self, wrapped: bool) -> Result<Cow<'b, str>> {
        let text = self.string()?;
        if wrapped {
            self.close(b'}')?;
        }
        Ok(text)
    }

    /// Reads a string. One without escapes is borrowed.
    #[inline]
    pub(in crate::codec) fn string(&self) -> Result<Cow<'b, str>> {
        self.expect(b'"')?;
        let (text, end) = text(self.0.text, self.at())?;
        self.0.at.set(end);
        Ok(text)
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
        BASE64.decode_to_vec(self.string()?.as_bytes()).map_err(|_| Malformed)
    }

    /// Enters an attribute value, `{"S":`, and returns its type.
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
        Ok(match &*self.name()? {
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

    /// Skips a value of any type.
    pub(crate) fn skip(&self) -> Result<()> {
        match self.peek().ok_or(Malformed)? {
            b'"' => {
                let end = string_end(self.bytes(), self.at() + 1)?;
                self.0.at.set(end + 1);
                Ok(())
            }
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

    /// Leaves all objects and arrays deeper than `depth`.
    fn skip_out_to(&self, depth: u32) -> Result<()> {
        let (mut at, mut now) = (self.at(), self.depth());
        while now > depth {
            match self.bytes().get(at).ok_or(Malformed)? {
                b'"' => at = string_end(self.bytes(), at + 1)?,
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

    /// Skips the value that begins at `start` with this depth, unless it has been read to its end.
    #[inline]
    pub(in crate::codec) fn finish(&self, start: usize, depth: u32) -> Result<()> {
        if self.at() != start && self.depth() == depth {
            return Ok(());
        }
        self.go_to(start, depth);
        if self.peek() == Some(b'"') { self.string().map(drop) } else { self.pass() }
    }
}

/// Omits the JSON, because debug texts hold no values.
impl std::fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "byte {} of {}", self.at(), self.0.text.len())
    }
}
