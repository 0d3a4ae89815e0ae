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

use super::key_limit::Limit;
use super::when::When;
use crate::ground::{WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;
use std::fmt;

/// The character that ends each part of a key, if the schema's templates have no other one.
const SEPARATOR: char = '#';

/// A character that sorts after every character that a key may hold.
pub(crate) const HIGHEST: char = '\u{10FFFF}';

/// The words for a part of a key in errors.
const PART: &str = "part of a key";

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
}

/// A field in a key template, with the text before it.
#[derive(Debug, Clone, Copy)]
pub struct KeyPart {
    pub(crate) before: &'static str,
    /// The attribute of the field.
    pub(crate) field: &'static str,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The field's value is the whole key, of any key type.
    Own,
    Text,
    /// Text in a range key, with other parts after it.
    LeadingText,
    /// An integer, with the maximum digits of its type.
    Integer(usize),
}

impl KeyTemplate {
    /// A hash key of at most 2,048 bytes ("Constraints in Amazon DynamoDB", Partition key length).
    ///
    /// `parts` are its fields, each with the text before it; `end` is the text after the last field.
    pub const fn hash(attribute: &'static str, parts: &'static [KeyPart], end: &'static str) -> Self {
        Self { attribute, parts, end, limit: Limit::HASH, separator: SEPARATOR, when: &[] }
    }

    /// A range key of at most 1,024 bytes ("Constraints in Amazon DynamoDB", Sort key length).
    ///
    /// `parts` are its fields, each with the text before it; `end` is the text after the last field.
    pub const fn range(attribute: &'static str, parts: &'static [KeyPart], end: &'static str) -> Self {
        Self { attribute, parts, end, limit: Limit::RANGE, separator: SEPARATOR, when: &[] }
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

    /// The fields that decide about the key: those in it, and those of its conditions.
    pub(crate) fn fields(&self) -> impl Iterator<Item = &'static str> {
        self.parts.iter().map(|part| part.field).chain(self.when.iter().map(|when| when.field))
    }

    pub(crate) fn is_own(&self) -> bool {
        matches!(self.parts, [KeyPart { form: Form::Own, .. }])
    }

    /// The text before the first field; the whole key if it has no fields.
    pub(crate) fn beginning(&self) -> &'static str {
        self.parts.first().map_or(self.end, |part| part.before)
    }

    /// Whether a key has the text before the first field.
    pub(crate) fn begins(&self, key: Option<&str>) -> bool {
        self.is_own()
            || key.is_some_and(|key| match self.parts {
                [] => key == self.end,
                [..] => key.starts_with(self.beginning()),
            })
    }

    /// Whether the key attribute is itself a field.
    pub(crate) fn is_field(&self) -> bool {
        matches!(self.parts, [KeyPart { form: Form::Own, field, .. }] if *field == self.attribute)
    }

    /// Makes the key; `None` if a field has no value, or if a condition does not hold.
    pub(crate) fn render<'v>(
        &self,
        value_of: impl Fn(&'static str) -> Option<&'v AttributeValue>,
    ) -> Result<Option<AttributeValue>, WriteError> {
        if !self.when.iter().all(|when| when.holds(value_of(when.field))) {
            return Ok(None);
        }
        let mut key = String::new();
        for part in self.parts {
            let Some(value) = value_of(part.field) else { return Ok(None) };
            if part.form == Form::Own {
                self.limit.check(part.field, value)?;
                return Ok(Some(value.clone()));
            }
            key.push_str(part.before);
            key.push_str(&part.write(value, self.separator)?);
        }
        key.push_str(self.end);
        let key = AttributeValue::S(key);
        self.limit.check(self.attribute, &key)?;
        Ok(Some(key))
    }
}

impl KeyTemplate {
    /// Reads the fields from a key; `None` if the key does not match the template.
    pub(crate) fn parse(&self, value: &AttributeValue) -> Option<Vec<(String, AttributeValue)>> {
        if let [KeyPart { form: Form::Own, field, .. }] = self.parts {
            return Some(vec![((*field).to_owned(), value.clone())]);
        }
        let AttributeValue::S(text) = value else { return None };
        let mut rest = text.as_str();
        let mut fields = Vec::with_capacity(self.parts.len());
        for part in self.parts {
            rest = rest.strip_prefix(part.before)?;
            let (value, after) = rest.split_at(rest.find(self.separator).unwrap_or(rest.len()));
            let value = match part.form {
                Form::Integer(digits) => AttributeValue::N(integer(value, digits)?),
                _ if value.is_empty() => return None,
                _ => AttributeValue::S(value.to_owned()),
            };
            fields.push((part.field.to_owned(), value));
            rest = after;
        }
        (rest == self.end).then_some(fields)
    }
}

/// The template as a schema has it, such as `ORDER#{number}`.
impl fmt::Display for KeyTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.parts.iter().try_for_each(|part| write!(f, "{}{{{}}}", part.before, part.field))?;
        f.write_str(self.end)
    }
}

/// Reads an integer from its sortable text of `digits` digits.
fn integer(text: &str, digits: usize) -> Option<String> {
    let magnitude = |text: &str| {
        let is_padded = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
        is_padded.then(|| match text.trim_start_matches('0') {
            "" => "0".to_owned(),
            text => text.to_owned(),
        })
    };
    match text.strip_prefix('-') {
        None => magnitude(text),
        Some(text) => {
            let magnitude = magnitude(&text.chars().map(complement).collect::<String>())?;
            // Zero has no sign.
            (magnitude != "0").then(|| format!("-{magnitude}"))
        }
    }
}

fn complement(digit: char) -> char {
    let value = digit.to_digit(10).unwrap_or_default();
    char::from_digit(9 - value, 10).unwrap_or(digit)
}

impl KeyPart {
    /// A field whose value is the whole key, of any key type.
    pub const fn own(field: &'static str) -> Self {
        Self { before: "", field, form: Form::Own }
    }

    /// A field that is stored as text.
    pub const fn text(before: &'static str, field: &'static str) -> Self {
        Self { before, field, form: Form::Text }
    }

    /// A field that is stored as text, in a range key with other parts after it.
    pub const fn leading_text(before: &'static str, field: &'static str) -> Self {
        Self { before, field, form: Form::LeadingText }
    }

    /// A field that is stored as an integer of at most `digits` digits.
    pub const fn integer(before: &'static str, field: &'static str, digits: usize) -> Self {
        Self { before, field, form: Form::Integer(digits) }
    }

    /// Replaces the text of a value, which begins at `start`, by its form in the key.
    pub(crate) fn make_sortable(&self, key: &mut String, start: usize) {
        if let Form::Integer(digits) = self.form {
            pad(key, start, digits);
        }
    }

    /// The field's value in its form in the key.
    pub(crate) fn write<'v>(&self, value: &'v AttributeValue, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let text = self.bound(value, separator)?;
        match text.is_empty() {
            true => Err(WriteError::new(WriteErrorKind::KeyEmpty(PART)).within_name(self.field)),
            false => Ok(text),
        }
    }

    /// The form in a key of a bound or a prefix of the field's value; unlike the value, it may be empty.
    pub(crate) fn bound<'v>(&self, value: &'v AttributeValue, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let text = match (self.form, value) {
            (Form::Integer(digits), AttributeValue::N(text)) => Cow::Owned(sortable(text, digits)),
            (_, AttributeValue::S(text)) => Cow::Borrowed(text.as_str()),
            _ => return Err(WriteError::new(WriteErrorKind::KeyPart("a part of a key is text, or an integer".into()))),
        };
        let leading = self.form == Form::LeadingText;
        match separation(&text, separator, leading) {
            Some(why) => Err(WriteError::new(WriteErrorKind::KeyPart(why)).within_name(self.field)),
            None => Ok(text),
        }
    }
}

/// Why a text cannot be a part of a key.
pub(crate) fn refusal(text: &str, separator: Option<char>, leading: bool) -> Option<WriteErrorKind> {
    match text {
        "" => Some(WriteErrorKind::KeyEmpty(PART)),
        text => separation(text, separator.unwrap_or(SEPARATOR), leading).map(WriteErrorKind::KeyPart),
    }
}

/// Why a key with this text could equal, or sort among, keys of other fields.
fn separation(text: &str, separator: char, leading: bool) -> Option<Cow<'static, str>> {
    if text.contains(separator) {
        return Some(format!("it holds `{separator}`, which separates the parts of a key").into());
    }
    if text.contains(char::is_control) {
        return Some("it holds a control character, which a part of a key cannot hold".into());
    }
    if text.contains(HIGHEST) {
        return Some("it holds the character U+10FFFF, which ends the ranges of keys".into());
    }
    if leading && text.contains(|c| c < separator) {
        let why =
            format!("it holds a character that sorts before `{separator}`, and other parts follow it in a range key");
        return Some(why.into());
    }
    None
}

/// Pads an integer's text to `digits` digits, so that texts sort as integers do.
fn sortable(text: &str, digits: usize) -> String {
    let mut sortable = text.to_owned();
    pad(&mut sortable, 0, digits);
    sortable
}

/// The same for the end of `text` from `start` on.
fn pad(text: &mut String, start: usize, digits: usize) {
    // An integer has at most 39 digits.
    const ZEROS: &str = "0000000000000000000000000000000000000000";
    let integer = text.get(start..).unwrap_or_default();
    let is_negative = integer.starts_with('-');
    let first = text.len() - integer.len() + usize::from(is_negative);
    let missing = digits.saturating_sub(text.len() - first);
    text.insert_str(first, ZEROS.get(..missing).unwrap_or(ZEROS));
    if is_negative {
        let magnitude: String = text.split_off(first).chars().map(complement).collect();
        text.push_str(&magnitude);
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
