//! A field in a key template: the text of its value in the key.

use super::key_template::SEPARATOR;
use super::part_times::{StoredTime, TimeForm};
use crate::ground::{TimePattern, WriteError, WriteErrorKind};
use aws_sdk_dynamodb::types::AttributeValue;
use std::borrow::Cow;

/// A character that sorts after every character that a key may hold.
pub(crate) const HIGHEST: char = '\u{10FFFF}';

/// The words for a part of a key in errors.
const PART: &str = "part of a key";

/// A field in a key template, with the text before it.
#[derive(Debug, Clone, Copy)]
pub struct KeyPart {
    pub(crate) before: &'static str,
    /// The attribute of the field.
    pub(crate) field: &'static str,
    form: Form,
    /// Whether it is in a range key, with other parts after it.
    leading: bool,
    /// Whether it is the last part and may hold the separator.
    open: bool,
    /// Whether several values have one text.
    pub(crate) partial: bool,
    /// The number of characters that each text has; 0 if it varies.
    pub(crate) width: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// The field's value is the whole key, of any key type.
    Own,
    Text,
    Lowercase,
    Uppercase,
    /// An integer, with the maximum digits of its type.
    Integer(usize),
    /// An integer of so many digits, without a sign.
    Digits(usize),
    /// An integer as DynamoDB shows it.
    Plain,
    Time(StoredTime, TimeForm),
}

impl KeyPart {
    const fn new(before: &'static str, field: &'static str, form: Form) -> Self {
        Self { before, field, form, leading: false, open: false, partial: false, width: 0 }
    }

    /// A field whose value is the whole key, of any key type.
    pub const fn own(field: &'static str) -> Self {
        Self::new("", field, Form::Own)
    }

    /// A field that is stored as text.
    pub const fn text(before: &'static str, field: &'static str) -> Self {
        Self::new(before, field, Form::Text)
    }

    /// A field that is stored as text, in a range key with other parts after it.
    pub const fn leading_text(before: &'static str, field: &'static str) -> Self {
        Self { leading: true, ..Self::new(before, field, Form::Text) }
    }

    /// A field that is stored as an integer of at most `digits` digits.
    pub const fn integer(before: &'static str, field: &'static str, digits: usize) -> Self {
        Self::new(before, field, Form::Integer(digits))
    }

    /// A field that is stored as an integer, with exactly `digits` digits in the key. A larger or negative value is
    /// refused.
    pub const fn digits(before: &'static str, field: &'static str, digits: usize) -> Self {
        Self { width: digits, ..Self::new(before, field, Form::Digits(digits)) }
    }

    /// A field that is stored as an integer, without padding in the key.
    pub const fn plain_integer(before: &'static str, field: &'static str) -> Self {
        Self::new(before, field, Form::Plain)
    }

    /// A time, with the text of a pattern in the key. Its specifiers are `%Y`, `%m`, `%d`, `%H`, `%M`, `%S`, `%3f`, `%6f`
    /// and `%9f`; what it does not have is cut. A date and time is in UTC.
    pub const fn time(before: &'static str, field: &'static str, stored: StoredTime, pattern: &'static str) -> Self {
        Self::new(before, field, Form::Time(stored, TimeForm::Pattern(TimePattern(pattern))))
    }

    /// A time, as whole seconds since 1970-01-01T00:00:00Z in the key.
    pub const fn epoch_seconds(before: &'static str, field: &'static str, stored: StoredTime) -> Self {
        Self::new(before, field, Form::Time(stored, TimeForm::EpochSeconds))
    }

    /// A time, as whole milliseconds since 1970-01-01T00:00:00Z in the key.
    pub const fn epoch_millis(before: &'static str, field: &'static str, stored: StoredTime) -> Self {
        Self::new(before, field, Form::Time(stored, TimeForm::EpochMillis))
    }

    /// A time, in the form of Pydantic 2 in the key: with six digits of fraction, unless all are 0.
    pub const fn pydantic(before: &'static str, field: &'static str, stored: StoredTime) -> Self {
        Self::new(before, field, Form::Time(stored, TimeForm::Pydantic))
    }

    /// Converts a text to lower case in the key.
    #[must_use]
    pub const fn lowercase(mut self) -> Self {
        self.form = Form::Lowercase;
        self
    }

    /// Converts a text to upper case in the key.
    #[must_use]
    pub const fn uppercase(mut self) -> Self {
        self.form = Form::Uppercase;
        self
    }

    /// Says that several values have one text, so that a key does not determine the value.
    #[must_use]
    pub const fn partial(mut self) -> Self {
        self.partial = true;
        self
    }

    /// Says that the part is the last one, and may hold the separator.
    #[must_use]
    pub const fn open(mut self) -> Self {
        self.open = true;
        self
    }

    /// Says that each text has so many characters. A value with another text is refused.
    #[must_use]
    pub const fn width(mut self, characters: usize) -> Self {
        self.width = characters;
        self
    }

    pub(crate) fn is_own(&self) -> bool {
        self.form == Form::Own
    }

    /// Replaces the stored text of a value, which begins at `start`, by its text in the key.
    pub(crate) fn replace(&self, key: &mut String, start: usize) {
        if let Form::Integer(digits) = self.form {
            return pad(key, start, digits);
        }
        let stored = key.get(start..).unwrap_or_default();
        // A text that cannot be converted stays: no key has it.
        if let Ok(Cow::Owned(text)) = self.convert(Cow::Borrowed(stored)) {
            key.truncate(start);
            key.push_str(&text);
        }
    }

    /// Adds the text before the field, and the field's text, to a text that is no key.
    pub(crate) fn append(&self, text: &mut String, stored: &str) {
        text.push_str(self.before);
        let start = text.len();
        text.push_str(stored);
        self.replace(text, start);
    }

    /// The field's value in its form in the key.
    pub(crate) fn write<'v>(&self, value: &'v AttributeValue, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let text = self.bound(value, separator)?;
        match text.is_empty() {
            true => Err(WriteError::new(WriteErrorKind::KeyEmpty(PART)).within_name(self.field)),
            false => Ok(text),
        }
    }

    /// The form in a key of a bound of the field's value; unlike the value, it may be empty.
    pub(crate) fn bound<'v>(&self, value: &'v AttributeValue, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let text = self.convert(self.stored(value)?).map_err(|error| error.within_name(self.field))?;
        if self.width > 0 && !text.is_empty() && text.chars().count() != self.width {
            let why = format!("its text in a key must have {} characters", self.width);
            return Err(self.refuse(why.into()));
        }
        self.check(text, separator)
    }

    /// The form in a key of a prefix of the field's value.
    pub(crate) fn prefix<'v>(&self, value: &'v AttributeValue, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let stored = self.stored(value)?;
        if self.form == Form::Lowercase && stored.ends_with('Σ') {
            return Err(self.refuse("it ends with `Σ`, whose lower case depends on the character after it".into()));
        }
        let text = match self.form {
            Form::Lowercase | Form::Uppercase => self.convert(stored)?,
            _ => stored,
        };
        self.check(text, separator)
    }

    fn check<'v>(&self, text: Cow<'v, str>, separator: char) -> Result<Cow<'v, str>, WriteError> {
        let separator = (!self.open).then_some(separator);
        match separation(&text, separator, self.leading) {
            Some(why) => Err(self.refuse(why)),
            None => Ok(text),
        }
    }

    fn refuse(&self, why: Cow<'static, str>) -> WriteError {
        WriteError::new(WriteErrorKind::KeyPart(why)).within_name(self.field)
    }

    fn stored<'v>(&self, value: &'v AttributeValue) -> Result<Cow<'v, str>, WriteError> {
        let is_number = matches!(self.form, Form::Integer(_) | Form::Digits(_) | Form::Plain);
        match value {
            AttributeValue::N(text) if is_number || matches!(self.form, Form::Time(..)) => Ok(text.into()),
            AttributeValue::S(text) if !is_number => Ok(text.into()),
            _ => Err(WriteError::new(WriteErrorKind::KeyPart("a part of a key is text, or an integer".into()))),
        }
    }

    /// The text in the key of a stored text or number.
    fn convert<'v>(&self, stored: Cow<'v, str>) -> Result<Cow<'v, str>, WriteError> {
        Ok(match self.form {
            Form::Own | Form::Text | Form::Plain => stored,
            Form::Lowercase => Cow::Owned(stored.to_lowercase()),
            Form::Uppercase => Cow::Owned(stored.to_uppercase()),
            Form::Integer(digits) => Cow::Owned(sortable(&stored, digits)),
            Form::Digits(digits) => {
                if stored.len() > digits || !stored.bytes().all(|byte| byte.is_ascii_digit()) {
                    let why = format!("it is not a number of at most {digits} digits without a sign");
                    return Err(WriteError::new(WriteErrorKind::KeyPart(why.into())));
                }
                Cow::Owned(sortable(&stored, digits))
            }
            Form::Time(of, form) => Cow::Owned(form.write(of, &stored)?),
        })
    }

    /// Takes the field's text from the beginning of `rest`. `after` are the parts that follow it.
    pub(crate) fn take<'t>(&self, rest: &mut &'t str, after: &[Self], separator: char) -> Option<&'t str> {
        let end = match self.width {
            0 => {
                let end = if self.open { rest.len() } else { rest.find(separator).unwrap_or(rest.len()) };
                // The fields without text between them have fixed widths.
                let beside = after.iter().take_while(|part| part.before.is_empty()).map(|part| part.width).sum();
                last_characters(rest.get(..end)?, beside)?
            }
            width => rest.char_indices().nth(width).map_or(rest.len(), |(at, _)| at),
        };
        let (text, after) = rest.split_at_checked(end)?;
        let is_whole = self.width == 0 || text.chars().count() == self.width;
        *rest = after;
        is_whole.then_some(text)
    }

    /// The stored value of the field's text in a key.
    pub(crate) fn read(&self, text: &str) -> Option<AttributeValue> {
        match self.form {
            _ if text.is_empty() => None,
            Form::Integer(digits) => integer(text, digits).map(AttributeValue::N),
            Form::Digits(digits) => magnitude(text, digits).map(AttributeValue::N),
            Form::Plain => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                let is_number = digits == "0" && digits == text
                    || !digits.is_empty()
                        && !digits.starts_with('0')
                        && digits.bytes().all(|byte| byte.is_ascii_digit());
                is_number.then(|| AttributeValue::N(text.to_owned()))
            }
            Form::Time(of, form) => form.read(of, text),
            Form::Own | Form::Text | Form::Lowercase | Form::Uppercase => Some(AttributeValue::S(text.to_owned())),
        }
    }
}

/// The place before the last `count` characters.
fn last_characters(text: &str, count: usize) -> Option<usize> {
    match count {
        0 => Some(text.len()),
        count => text.char_indices().nth_back(count - 1).map(|(at, _)| at),
    }
}

/// Why a text cannot be a part of a key.
pub(crate) fn refusal(text: &str, separator: Option<char>, leading: bool) -> Option<WriteErrorKind> {
    match text {
        "" => Some(WriteErrorKind::KeyEmpty(PART)),
        text => separation(text, separator.or(Some(SEPARATOR)), leading).map(WriteErrorKind::KeyPart),
    }
}

/// Why a key with this text could equal, or sort among, keys of other fields.
fn separation(text: &str, separator: Option<char>, leading: bool) -> Option<Cow<'static, str>> {
    if let Some(separator) = separator.filter(|separator| text.contains(*separator)) {
        return Some(format!("it holds `{separator}`, which separates the parts of a key").into());
    }
    if text.contains(char::is_control) {
        return Some("it holds a control character, which a part of a key cannot hold".into());
    }
    if text.contains(HIGHEST) {
        return Some("it holds the character U+10FFFF, which ends the ranges of keys".into());
    }
    if let Some(separator) = separator.filter(|separator| leading && text.contains(|c| c < *separator)) {
        let why =
            format!("it holds a character that sorts before `{separator}`, and other parts follow it in a range key");
        return Some(why.into());
    }
    None
}

/// Reads an integer from its sortable text of `digits` digits.
fn integer(text: &str, digits: usize) -> Option<String> {
    match text.strip_prefix('-') {
        None => magnitude(text, digits),
        Some(text) => {
            let magnitude = magnitude(&text.chars().map(complement).collect::<String>(), digits)?;
            // Zero has no sign.
            (magnitude != "0").then(|| format!("-{magnitude}"))
        }
    }
}

/// Reads a number of exactly `digits` digits.
fn magnitude(text: &str, digits: usize) -> Option<String> {
    let is_padded = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    is_padded.then(|| match text.trim_start_matches('0') {
        "" => "0".to_owned(),
        text => text.to_owned(),
    })
}

fn complement(digit: char) -> char {
    let value = digit.to_digit(10).unwrap_or_default();
    char::from_digit(9 - value, 10).unwrap_or(digit)
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
    use crate::description::{KeyTemplate, StoredTime};
    use crate::ground::AttributeMap;

    /// A template of each form, with fields beside each other and an open end.
    const FORMS: KeyTemplate = KeyTemplate::range(
        "sk",
        &[
            KeyPart::text("A:", "id").uppercase().width(36),
            KeyPart::digits("", "number", 6),
            KeyPart::text("", "name").lowercase(),
            KeyPart::epoch_millis("", "seen", StoredTime::Datetime).width(13),
            KeyPart::plain_integer(":", "total"),
            KeyPart::time(":", "day", StoredTime::Date, "%d.%m.%Y"),
            KeyPart::time(":", "at", StoredTime::EpochMillis, "%Y-%m-%dT%H:%M:%S.%3fZ").open(),
        ],
        "",
    )
    .separator(':');

    #[test]
    fn the_fields_of_a_key_are_those_that_made_it() {
        let mut random = fastrand::Rng::with_seed(3);
        for _ in 0..2_000 {
            let name: String = (0..random.usize(1..5)).map(|_| random.choice(['a', 'é', '1', '-']).unwrap()).collect();
            let (year, month, day) = (random.u32(1000..=9999), random.u32(1..=12), random.u32(1..=28));
            let (minute, millis) = (random.u32(0..60), random.u32(0..1_000));
            let text = AttributeValue::S;
            let number = |number: String| AttributeValue::N(number);
            let fields = AttributeMap::from([
                ("id".to_owned(), text("67E55044-10B1-426F-9247-BB680E5FE0C8".to_owned())),
                ("number".to_owned(), number(random.u32(0..1_000_000).to_string())),
                ("name".to_owned(), text(name)),
                ("seen".to_owned(), text(format!("2026-01-31T12:{minute:02}:00.{millis:03}000Z"))),
                ("total".to_owned(), number(random.i64(..).to_string())),
                ("day".to_owned(), text(format!("{year}-{month:02}-{day:02}"))),
                ("at".to_owned(), number(random.i64(-62_167_219_200_000..253_402_300_800_000).to_string())),
            ]);
            let key = FORMS.render(|name| fields.get(name)).unwrap().unwrap();
            let read: AttributeMap = FORMS.parse(&key).unwrap().into_iter().collect();
            assert_eq!(read, fields, "{key:?}");
        }
    }

    #[test]
    fn a_text_of_another_width_is_refused() {
        let refused = |part: KeyPart, value: AttributeValue| part.write(&value, '#').is_err();
        let number = |text: &str| AttributeValue::N(text.to_owned());
        assert!(refused(KeyPart::digits("", "n", 2), number("100")));
        assert!(refused(KeyPart::digits("", "n", 2), number("-1")));
        assert!(!refused(KeyPart::digits("", "n", 2), number("7")));
        let epoch = KeyPart::epoch_seconds("", "n", StoredTime::EpochSeconds);
        assert!(refused(epoch.width(10), number("999999999")));
        assert!(!refused(epoch, number("999999999")));
        assert!(refused(KeyPart::text("", "n").width(2), AttributeValue::S("é".to_owned())));
        assert!(!refused(KeyPart::text("", "n").width(2), AttributeValue::S("éé".to_owned())));
    }

    #[test]
    fn no_key_of_another_form_is_read() {
        for text in ["1:0001:5:x", "A:", "A:67E55044-10B1-426F-9247-BB680E5FE0C8000001a1767312000000:05:31.01.2026:x"] {
            assert_eq!(FORMS.parse(&AttributeValue::S(text.to_owned())), None, "{text}");
        }
    }
}
