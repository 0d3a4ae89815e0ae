//! Attribute values that stand as DynamoDB writes them: nothing around them, and no escapes in them. Each of these is a
//! comparison with what is likely, and leaves reading where it was where something else stands.

use super::document::{Json, MAX_DEPTH};
use super::text::special;

impl<'b> Json<'b> {
    /// A text or a number, `{"S":"…"}`: what stands between its quotes.
    #[inline]
    pub(in crate::codec) fn plain(&self, tag: u8) -> Option<&'b str> {
        let start = self.at() + 6;
        let head = u64::from_le_bytes(*self.rest().first_chunk::<8>()?);
        // Of the six bytes before the text.
        if head << 16 != u64::from_le_bytes([0, 0, b'{', b'"', tag, b'"', b':', b'"']) {
            return None;
        }
        let end = special(self.bytes(), start)?;
        let [b'"', b'}'] = self.bytes().get(end..)?.first_chunk::<2>()? else { return None };
        self.go_to(end + 2, self.depth());
        self.between(start, end)
    }

    /// A boolean, `{"BOOL":true}`.
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

    /// Goes into a list, `{"L":[`.
    #[inline]
    pub(in crate::codec) fn plain_list(&self) -> bool {
        let found = self.rest().starts_with(b"{\"L\":[") && self.depth() + 2 <= MAX_DEPTH;
        if found {
            self.go_to(self.at() + 6, self.depth() + 2);
        }
        found
    }

    /// Goes to the brace of a map, `{"M":{`.
    #[inline]
    pub(in crate::codec) fn plain_map(&self) -> bool {
        let found = self.rest().starts_with(b"{\"M\":{") && self.depth() + 2 <= MAX_DEPTH;
        if found {
            self.go_to(self.at() + 5, self.depth() + 1);
        }
        found
    }

    /// Goes on to the next element, after one that has been read: an object or a string.
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
        self.rest().starts_with(b"{\"NULL\"")
    }
}
