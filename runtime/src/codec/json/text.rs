//! Strings in JSON.

use super::document::Malformed;
use std::borrow::Cow;

type Result<T> = std::result::Result<T, Malformed>;

/// The position of a string's closing quote. `from` is the position after its opening quote.
#[inline]
pub(in crate::codec) fn string_end(bytes: &[u8], from: usize) -> Result<usize> {
    let mut at = from;
    loop {
        let found = special(bytes, at).ok_or(Malformed)?;
        match bytes.get(found) {
            Some(b'"') => return Ok(found),
            Some(b'\\') => at = found + 2,
            _ => return Err(Malformed),
        }
    }
}

/// Whether the JSON of a text is the text itself.
pub(in crate::codec) fn is_plain(text: &str) -> bool {
    special(text.as_bytes(), 0).is_none()
}

/// The position of the next quote, backslash or control character. Examines 8 bytes at a time, in long texts 64.
#[inline]
pub(in crate::codec) fn special(bytes: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([1; 8]);
    const HIGH: u64 = u64::from_le_bytes([0x80; 8]);
    // The high bit of each byte that is smaller. Bytes above the lowest of these may have it too, because the
    // subtraction borrows from them.
    let smaller = |word: u64, byte: u8| word.wrapping_sub(ONES * u64::from(byte)) & !word & HIGH;
    let mut at = from;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        // With this bit flipped, the quote is next to the control characters.
        let found = smaller(word ^ (ONES * 0x02), 0x21) | smaller(word ^ (ONES * u64::from(b'\\')), 1);
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
        if at == from + 128 {
            return special(bytes, block_of_special(bytes, at));
        }
    }
    let rest = bytes.get(at..)?;
    rest.iter().position(is_special).map(|position| at + position)
}

fn is_special(byte: &u8) -> bool {
    matches!(byte, b'"' | b'\\' | 0..0x20)
}

/// The position of the next block of 64 bytes with such a character, or of the shorter block at the end.
#[inline(never)]
fn block_of_special(bytes: &[u8], from: usize) -> usize {
    let blocks = bytes.get(from..).unwrap_or_default().as_chunks::<64>().0;
    // It examines all bytes of a block, so that the compiler can vectorise the loop.
    let has_special = |block: &[u8; 64]| block.iter().fold(false, |found, byte| found | is_special(byte));
    from + 64 * blocks.iter().position(has_special).unwrap_or(blocks.len())
}

/// Reads a string. `from` is the position after its opening quote. Returns the text and the position after its closing quote.
#[inline]
pub(super) fn text(json: &str, from: usize) -> Result<(Cow<'_, str>, usize)> {
    let found = special(json.as_bytes(), from).ok_or(Malformed)?;
    match json.as_bytes().get(found) {
        Some(b'"') => Ok((json.get(from..found).ok_or(Malformed)?.into(), found + 1)),
        _ => text_with_escapes(json, from, found).map(|(text, end)| (text.into(), end)),
    }
}

/// The same for a string whose first escape is at `first`.
fn text_with_escapes(json: &str, from: usize, first: usize) -> Result<(String, usize)> {
    let bytes = json.as_bytes();
    let mut out = String::with_capacity(string_end(bytes, first)? - from);
    let (mut start, mut found) = (from, first);
    loop {
        out.push_str(json.get(start..found).ok_or(Malformed)?);
        start = found;
        while bytes.get(start) == Some(&b'\\') {
            let (character, length) = escape(bytes.get(start..).unwrap_or_default())?;
            out.push(character);
            start += length;
        }
        if bytes.get(start) == Some(&b'"') {
            return Ok((out, start + 1));
        }
        found = special(bytes, start).filter(|found| *found > start).ok_or(Malformed)?;
    }
}

/// The character of the escape that the bytes begin with, and its number of bytes.
fn escape(bytes: &[u8]) -> Result<(char, usize)> {
    let character = match bytes {
        [b'\\', plain @ (b'"' | b'\\' | b'/'), ..] => char::from(*plain),
        [b'\\', b'b', ..] => '\u{8}',
        [b'\\', b'f', ..] => '\u{c}',
        [b'\\', b'n', ..] => '\n',
        [b'\\', b'r', ..] => '\r',
        [b'\\', b't', ..] => '\t',
        [b'\\', b'u', rest @ ..] => return unicode_escape(rest),
        _ => return Err(Malformed),
    };
    Ok((character, 2))
}

/// The same of an escape whose digits these are: a UTF-16 code unit, or the first of two.
fn unicode_escape(digits: &[u8]) -> Result<(char, usize)> {
    let first = unit(digits)?;
    let (code, length) = match (first, digits.get(4..)) {
        (0xD800..=0xDBFF, Some([b'\\', b'u', rest @ ..])) => match unit(rest)? {
            second @ 0xDC00..=0xDFFF => (0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00), 12),
            _ => return Err(Malformed),
        },
        _ => (first, 6),
    };
    Ok((char::from_u32(code).ok_or(Malformed)?, length))
}

/// The number of four hexadecimal digits.
fn unit(digits: &[u8]) -> Result<u32> {
    let digits = digits.first_chunk::<4>().ok_or(Malformed)?;
    digits.iter().try_fold(0, |number, digit| Ok(number << 4 | char::from(*digit).to_digit(16).ok_or(Malformed)?))
}
