//! Strings in JSON.

use super::document::Malformed;
use std::borrow::Cow;

type Result<T> = std::result::Result<T, Malformed>;

/// The position of a string's closing quote, and whether the string holds escapes. `from` is the position after its
/// opening quote.
#[inline]
pub(in crate::codec) fn string_end(bytes: &[u8], from: usize) -> Result<(usize, bool)> {
    let mut at = from;
    let mut escaped = false;
    loop {
        let found = special(bytes, at).ok_or(Malformed)?;
        match bytes.get(found) {
            Some(b'"') => return Ok((found, escaped)),
            Some(b'\\') => {
                escaped = true;
                at = found + 2;
            }
            _ => return Err(Malformed),
        }
    }
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

/// The text of a string. `raw` is its JSON between the quotes.
#[inline]
pub(crate) fn text(raw: &str, escaped: bool) -> Result<Cow<'_, str>> {
    if escaped { unescaped(raw).map(Cow::Owned) } else { Ok(Cow::Borrowed(raw)) }
}

fn unescaped(text: &str) -> Result<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let mut chars = after.chars();
        let plain = match chars.next().ok_or(Malformed)? {
            plain @ ('"' | '\\' | '/') => plain,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => {
                let (unit, after) = unit(chars.as_str())?;
                let (found, after) = match unit {
                    0xD800..=0xDBFF => {
                        let (low, after) = self::unit(after.strip_prefix("\\u").ok_or(Malformed)?)?;
                        if !(0xDC00..=0xDFFF).contains(&low) {
                            return Err(Malformed);
                        }
                        (0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00), after)
                    }
                    unit => (unit, after),
                };
                chars = after.chars();
                char::from_u32(found).ok_or(Malformed)?
            }
            _ => return Err(Malformed),
        };
        out.push(plain);
        rest = chars.as_str();
    }
    out.push_str(rest);
    Ok(out)
}

/// Reads four hexadecimal digits. Returns their number and the rest of the text.
fn unit(text: &str) -> Result<(u32, &str)> {
    let (digits, after) = text.split_at_checked(4).ok_or(Malformed)?;
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(Malformed);
    }
    Ok((u32::from_str_radix(digits, 16).map_err(|_| Malformed)?, after))
}
