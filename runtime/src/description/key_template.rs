//! Keys that are made of fields.
//!
//! A key template is text with fields in it, `ORDER#{placed_at}#{order_id}`. A separator ends each part: `#`, or the
//! character that follows the fields in the schema.
//!
//! No value may be empty or hold the separator. So two items with different fields never have the same key, and no
//! value reaches another item's key. The writer refuses such a value instead of escaping it: a key then holds the
//! values unchanged, and a prefix of a key matches exactly the values that it shows.
//!
//! Keys sort as their fields do. Integers are padded with zeros to the maximum digits of their type; a negative integer
//! is a `-` and the complement of each digit. Times have one width. Times in Pydantic's form do not sort, and queries
//! have no range over them.
//!
//! A hash key in shards ends with a separator and the number of the shard, `DAY#2026-11-30#7`.

use super::key_limit::Limit;
use super::key_part::KeyPart;
use super::shards::Shards;
use super::when::When;
use crate::ground::WriteError;
use aws_sdk_dynamodb::types::AttributeValue;
use std::fmt;

/// The character that ends each part of a key, if the schema's templates have no other one.
pub(super) const SEPARATOR: char = '#';

/// The rule by which a key attribute is made of fields. Emitted code holds it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct KeyTemplate {
    pub(crate) attribute: &'static str,
    pub(crate) parts: &'static [KeyPart],
    /// The text after the last field.
    pub(crate) end: &'static str,
    pub(crate) limit: Limit,
    /// The character that ends each field.
    pub(crate) separator: char,
    /// The conditions under which an item has the key; none for a key that every item has.
    pub(crate) when: &'static [When],
    /// The shards of a hash key, if it has any.
    pub(crate) shards: Option<Shards>,
}

impl KeyTemplate {
    /// A hash key of at most 2,048 bytes ("Constraints in Amazon DynamoDB", Partition key length).
    ///
    /// `parts` are its fields, each with the text before it; `end` is the text after the last field.
    pub const fn hash(attribute: &'static str, parts: &'static [KeyPart], end: &'static str) -> Self {
        Self { attribute, parts, end, limit: Limit::HASH, separator: SEPARATOR, when: &[], shards: None }
    }

    /// A range key of at most 1,024 bytes ("Constraints in Amazon DynamoDB", Sort key length).
    ///
    /// `parts` are its fields, each with the text before it; `end` is the text after the last field.
    pub const fn range(attribute: &'static str, parts: &'static [KeyPart], end: &'static str) -> Self {
        Self { attribute, parts, end, limit: Limit::RANGE, separator: SEPARATOR, when: &[], shards: None }
    }

    /// Replaces `#`, the character that ends each field. No value in the key may hold it.
    #[must_use]
    pub const fn separator(mut self, separator: char) -> Self {
        self.separator = separator;
        self
    }

    /// Adds the conditions under which an item has the key of an index: all of them must hold.
    #[must_use]
    pub const fn when(mut self, conditions: &'static [When]) -> Self {
        self.when = conditions;
        self
    }

    /// Spreads the items of a hash key over so many shards. The key ends with the separator and the number of the shard,
    /// which is chosen by these fields: CRC-32 (as in zlib) of their stored texts, joined by `#`, modulo `count`.
    #[must_use]
    pub const fn shards(mut self, count: u16, by: &'static [&'static str]) -> Self {
        self.shards = Some(Shards { count, by });
        self
    }

    /// The fields that the key is made of: those in it, and those that choose its shard.
    pub(crate) fn made_of(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().map(|part| part.field).chain(self.shards.iter().flat_map(|shards| shards.by.iter().copied()))
    }

    pub(crate) fn is_own(&self) -> bool {
        matches!(self.parts, [part] if part.is_own())
    }

    /// Whether a key determines the value of a field.
    pub(crate) fn determines(&self, field: &str) -> bool {
        self.parts.iter().any(|part| part.field == field && !part.partial)
    }

    /// The text before the first field; the whole key if it has no fields.
    pub(crate) fn beginning(&self) -> &'static str {
        self.parts.first().map_or(self.end, |part| part.before)
    }

    /// Whether a key has the text before the first field.
    pub(crate) fn begins(&self, key: Option<&str>) -> bool {
        self.is_own()
            || key.is_some_and(|key| match self.parts {
                [] if self.shards.is_none() => key == self.end,
                [..] => key.starts_with(self.beginning()),
            })
    }

    /// Whether the key attribute is itself a field.
    pub(crate) fn is_field(&self) -> bool {
        matches!(self.parts, [part] if part.is_own() && part.field == self.attribute)
    }

    /// Makes the key; `None` if a field has no value, or if a condition does not hold.
    pub(crate) fn render<'v>(
        &self,
        value_of: impl Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<AttributeValue>, WriteError> {
        let shard = match self.shards {
            Some(shards) => match shards.of(&value_of)? {
                None => return Ok(None),
                shard => shard,
            },
            None => None,
        };
        self.render_in(shard, value_of)
    }

    /// Makes the key in a shard; `None` if a field has no value, or if a condition does not hold.
    pub(crate) fn render_in<'v>(
        &self,
        shard: Option<u16>,
        value_of: impl Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<AttributeValue>, WriteError> {
        if !self.when.iter().all(|when| when.holds(value_of(when.field))) {
            return Ok(None);
        }
        let mut key = String::new();
        for part in self.parts {
            let Some(value) = value_of(part.field) else { return Ok(None) };
            if part.is_own() {
                self.limit.check(part.field, value)?;
                return Ok(Some(value.clone()));
            }
            key.push_str(part.before);
            key.push_str(&part.write(value, self.separator)?);
        }
        key.push_str(self.end);
        if let Some(shard) = shard {
            self.push_shard(&mut key, shard);
        }
        let key = AttributeValue::S(key);
        self.limit.check(self.attribute, &key)?;
        Ok(Some(key))
    }

    /// Adds the number of the shard to the text of a key.
    pub(crate) fn push_shard(&self, key: &mut String, shard: u16) {
        key.push(self.separator);
        key.push_str(&shard.to_string());
    }
}

impl KeyTemplate {
    /// Reads the fields that a key determines; `None` if the key does not match the template.
    pub(crate) fn parse(&self, value: &AttributeValue) -> Option<Vec<(String, AttributeValue)>> {
        if let [part] = self.parts
            && part.is_own()
        {
            return Some(vec![(part.field.to_owned(), value.clone())]);
        }
        let AttributeValue::S(text) = value else { return None };
        let mut rest = text.as_str();
        let mut fields = Vec::with_capacity(self.parts.len());
        let mut parts = self.parts;
        while let [part, after @ ..] = parts {
            rest = rest.strip_prefix(part.before)?;
            let text = part.take(&mut rest, after, self.separator)?;
            let value = part.read(text)?;
            if !part.partial {
                fields.push((part.field.to_owned(), value));
            }
            parts = after;
        }
        let rest = rest.strip_prefix(self.end)?;
        let is_end = match self.shards {
            // Items that were written with more shards are still read.
            Some(_) => {
                let number = rest.strip_prefix(self.separator)?;
                !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
            }
            None => rest.is_empty(),
        };
        is_end.then_some(fields)
    }
}

/// The template as a schema has it, such as `ORDER#{number}`.
impl fmt::Display for KeyTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| write!(f, "{}{{{}}}", part.before, part.field))?;
        f.write_str(self.end)?;
        if self.shards.is_some() { write!(f, "{}{{shard}}", self.separator) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ground::AttributeMap;

    const PLACED: KeyTemplate = KeyTemplate::range(
        "sk",
        &[KeyPart::leading_text("ORDER#", "city"), KeyPart::integer("#", "number", 10), KeyPart::text("#", "id")],
        "",
    );

    /// The key; `None` if the template refuses a value.
    fn key(city: &str, number: i32, id: &str) -> Option<String> {
        let fields = AttributeMap::from([
            ("city".to_owned(), AttributeValue::S(city.to_owned())),
            ("number".to_owned(), AttributeValue::N(number.to_string())),
            ("id".to_owned(), AttributeValue::S(id.to_owned())),
        ]);
        match PLACED.render(|name| fields.get(name)) {
            Ok(Some(AttributeValue::S(key))) => Some(key),
            Ok(other) => unreachable!("{other:?}"),
            Err(_) => None,
        }
    }

    #[test]
    fn a_key_reads_as_its_template() {
        assert_eq!(key("oslo", 7, "a").unwrap(), "ORDER#oslo#0000000007#a");
        assert_eq!(key("oslo", -1, "a").unwrap(), "ORDER#oslo#-9999999998#a");
    }

    #[test]
    fn a_key_in_shards_ends_with_the_shard_of_its_fields() {
        const DAY: KeyTemplate = KeyTemplate::hash("pk", &[KeyPart::text("DAY#", "day")], "").shards(16, &["id"]);
        let fields = AttributeMap::from([
            ("day".to_owned(), AttributeValue::S("monday".to_owned())),
            ("id".to_owned(), AttributeValue::S("event1".to_owned())),
        ]);
        let key = DAY.render(|name| fields.get(name)).unwrap().unwrap();
        assert_eq!(key, AttributeValue::S("DAY#monday#6".to_owned()));
        assert_eq!(DAY.render_in(Some(3), |name| fields.get(name)).unwrap(), Some(text("DAY#monday#3")));
        assert_eq!(DAY.render(|name| fields.get(name).filter(|_| name == "day")).unwrap(), None);
        let read = Some(vec![("day".to_owned(), text("monday"))]);
        // An item in a shard that the schema no longer has is read.
        assert_eq!((DAY.parse(&key), DAY.parse(&text("DAY#monday#99"))), (read.clone(), read));
        for other in ["DAY#monday", "DAY#monday#", "DAY#monday#x", "DAY#monday#6#", "DAY#monday#6#7", "DAY#monday#-1"] {
            assert_eq!(DAY.parse(&text(other)), None, "{other}");
        }
    }

    fn text(of: &str) -> AttributeValue {
        AttributeValue::S(of.to_owned())
    }

    #[test]
    fn a_value_cannot_hold_the_separator() {
        assert_eq!(key("o#1", 1, "a"), None);
        assert_eq!(key("o", 1, "a#b"), None);
        assert_eq!(key("new york", 1, "a"), None);
        assert_eq!(key("o", 1, "new york").unwrap(), "ORDER#o#0000000001#new york");
    }

    #[test]
    fn a_key_without_a_field_is_none() {
        assert_eq!(PLACED.render(|_| None).unwrap(), None);
    }

    #[test]
    fn keys_sort_as_their_fields_and_differ_if_their_fields_do() {
        let mut random = fastrand::Rng::with_seed(1);
        let text = |random: &mut fastrand::Rng| -> String {
            let letters = ['a', 'b', '"', '$', '\u{e9}', '\u{1F600}', 'Z', '0', '#'];
            (0..random.usize(0..4)).map(|_| letters[random.usize(0..letters.len())]).collect()
        };
        let mut compared = 0;
        for _ in 0..20_000 {
            let mut fields = || {
                let number = if random.bool() { random.i32(-3..3) } else { random.i32(..) };
                (text(&mut random), number, text(&mut random))
            };
            let (one, other) = (fields(), fields());
            if let (Some(first), Some(second)) = (key(&one.0, one.1, &one.2), key(&other.0, other.1, &other.2)) {
                assert_eq!(first.cmp(&second), one.cmp(&other), "{first} {second}");
                compared += 1;
            }
        }
        assert!(compared > 1_000, "{compared}");
    }
}
