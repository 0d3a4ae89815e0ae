//! Fast paths for plain attribute values: no white space and no escapes. Each compares the JSON with its likely form,
//! and does not move the position if the JSON differs.

use super::document::{Json, MAX_DEPTH};
use super::text::special;
use crate::ground::Kind;

impl<'b> Json<'b> {
    /// Reads a text or a number, `{"S":"…"}`. Returns the text between the quotes.
    #[inline]
    pub(in crate::codec) fn plain(&self, tag: u8) -> Option<&'b str> {
        let start = self.at() + 6;
        let head = u64::from_le_bytes(*self.rest().first_chunk::<8>()?);
        // The shift drops the last two of eight bytes: the six before the text are compared.
        if head << 16 != u64::from_le_bytes([0, 0, b'{', b'"', tag, b'"', b':', b'"']) {
            return None;
        }
        let end = special(self.bytes(), start)?;
        let [b'"', b'}'] = self.bytes().get(end..)?.first_chunk::<2>()? else { return None };
        self.go_to(end + 2, self.depth());
        self.between(start, end)
    }

    /// Skips a text or a number.
    #[inline]
    pub(in crate::codec) fn pass_plain(&self) -> bool {
        self.plain(b'S').is_some() || self.plain(b'N').is_some()
    }

    /// Reads a boolean, `{"BOOL":true}`.
    #[inline]
    pub(in crate::codec) fn plain_bool(&self) -> Option<bool> {
        let rest = self.rest();
        let (value, length) = if rest.starts_with(b"{\"BOOL\":true}") {
            (true, 13)
        } else if rest.starts_with(b"{\"BOOL\":false}") {
            (false, 14)
        } else {
            return None;
        };
        self.advance(length);
        Some(value)
    }

    /// Enters a list, `{"L":[`.
    #[inline]
    pub(in crate::codec) fn plain_list(&self) -> bool {
        let found = self.rest().starts_with(b"{\"L\":[") && self.depth() + 2 <= MAX_DEPTH;
        if found {
            self.go_to(self.at() + 6, self.depth() + 2);
        }
        found
    }

    /// Moves to the inner brace of a map, `{"M":{`.
    #[inline]
    pub(in crate::codec) fn plain_map(&self) -> bool {
        let found = self.rest().starts_with(b"{\"M\":{") && self.depth() + 2 <= MAX_DEPTH;
        if found {
            self.go_to(self.at() + 5, self.depth() + 1);
        }
        found
    }

    /// Moves from an element that has been read to the next element, an object or a string.
    #[inline]
    pub(in crate::codec) fn plain_next(&self) -> bool {
        let found = matches!(self.rest(), [b',', b'{' | b'"', ..]);
        if found {
            self.advance(1);
        }
        found
    }

    /// Whether the next value is NULL.
    #[inline]
    pub(in crate::codec) fn is_null(&self) -> bool {
        match self.rest() {
            [b'{', b'"', b'N', b'"' | b'S', ..] => false,
            [b'{', b'"', first, ..] if first.is_ascii_alphabetic() && *first != b'N' => false,
            rest => rest.starts_with(b"{\"NULL\"") || self.is_irregular_null(),
        }
    }

    #[cold]
    fn is_irregular_null(&self) -> bool {
        let (start, depth) = (self.at(), self.depth());
        let is_null = matches!(self.tag(), Ok(Kind::Null));
        self.go_to(start, depth);
        is_null
    }
}
