//! The shards of a hash key.

use crate::ground::{WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use crc32fast::Hasher;

/// The shards of a hash key, and the fields that choose the one of an item.
///
/// The stored form must stay as it is: it is CRC-32 (as in zlib) of the stored texts of the fields, joined by `#`, modulo
/// the number of shards.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shards {
    pub(crate) count: u16,
    /// The attributes of the fields.
    pub(crate) by: &'static [&'static str],
}

impl Shards {
    /// The shard of an item; `None` if one of the fields has no value.
    ///
    /// # Errors
    ///
    /// A value is neither a text nor a number.
    pub(crate) fn of<'v>(
        self,
        value_of: impl Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<u16>, WriteError> {
        let mut texts = Texts::default();
        for field in self.by {
            match value_of(field) {
                Some(AttributeValue::S(text) | AttributeValue::N(text)) => texts.add(text),
                Some(_) => {
                    let why = "a shard is chosen by a text, or an integer".into();
                    return Err(WriteError::new(WriteErrorKind::KeyPart(why)).within_name(field));
                }
                None => return Ok(None),
            }
        }
        Ok(Some(texts.shard(self)))
    }
}

/// The stored texts of the fields that choose a shard.
#[derive(Debug, Default)]
pub(crate) struct Texts {
    hasher: Hasher,
    follows: bool,
}

impl Texts {
    pub(crate) fn add(&mut self, text: &str) {
        if std::mem::replace(&mut self.follows, true) {
            self.hasher.update(b"#");
        }
        self.hasher.update(text.as_bytes());
    }

    pub(crate) fn shard(self, of: Shards) -> u16 {
        let shard = self.hasher.finalize().checked_rem(of.count.into()).unwrap_or_default();
        u16::try_from(shard).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(texts: &[&str], count: u16) -> u16 {
        let mut all = Texts::default();
        texts.iter().for_each(|text| all.add(text));
        all.shard(Shards { count, by: &[] })
    }

    #[test]
    fn the_shard_of_a_value_is_that_of_other_programs() {
        // Python: zlib.crc32(b"event1") % 16, zlib.crc32(b"a#7") % 100
        assert_eq!((shard(&["event1"], 16), shard(&["a", "7"], 100)), (6, 47));
    }

    #[test]
    fn values_spread_evenly() {
        let of_kind: [fn(u32) -> String; 3] = [
            |number| number.to_string(),
            |number| format!("2026-11-30T12:{:02}:{:02}.000000Z", number / 60 % 60, number % 60),
            |number| format!("{:08x}-93c4-4d2e-8a1b-5f0e7d6c3b2a", number.wrapping_mul(0x9E37_79B9)),
        ];
        for text in of_kind {
            for count in [2, 3, 10, 16, 100] {
                let mut items = vec![0; usize::from(count)];
                (0..3_600).for_each(|number| items[usize::from(shard(&[&text(number)], count))] += 1);
                let expected = 3_600 / usize::from(count);
                let most = *items.iter().max().unwrap();
                assert!(most < expected * 2, "{} of {expected} in {count} shards of {}", most, text(0));
            }
        }
    }
}
