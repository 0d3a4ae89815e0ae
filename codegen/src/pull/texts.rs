//! What the texts of an attribute are: uuids, times, or any strings.

/// The type of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextType {
    String,
    Uuid,
    Ulid,
    Date,
    /// A time in UTC, with so many digits of fraction; `None` if they vary as Pydantic's do.
    Datetime(Option<usize>),
    NaiveDatetime(Option<usize>),
}

impl TextType {
    /// The type in the schema language.
    pub(super) fn name(self) -> &'static str {
        match self {
            TextType::String => "string",
            TextType::Uuid => "uuid",
            TextType::Ulid => "ulid",
            TextType::Date => "date",
            TextType::Datetime(_) => "datetime",
            TextType::NaiveDatetime(_) => "naive_datetime",
        }
    }

    /// The settings of its stored form, if that is not the type's own.
    pub(super) fn format(self) -> Option<&'static str> {
        match self {
            TextType::Datetime(Some(0)) => Some("format: '%Y-%m-%dT%H:%M:%SZ', precision: seconds"),
            TextType::Datetime(Some(3)) => Some("format: '%Y-%m-%dT%H:%M:%S.%3fZ', precision: millis"),
            TextType::NaiveDatetime(Some(0)) => Some("format: '%Y-%m-%dT%H:%M:%S', precision: seconds"),
            TextType::NaiveDatetime(Some(3)) => Some("format: '%Y-%m-%dT%H:%M:%S.%3f', precision: millis"),
            TextType::Datetime(None) | TextType::NaiveDatetime(None) => Some("format: pydantic"),
            _ => None,
        }
    }
}

/// The type that all these texts have.
pub(super) fn of(values: &[&str]) -> TextType {
    let all = |is: fn(&str) -> bool| !values.is_empty() && values.iter().all(|value| is(value));
    if all(is_uuid) {
        return TextType::Uuid;
    }
    if all(is_ulid) {
        return TextType::Ulid;
    }
    if all(is_date) {
        return TextType::Date;
    }
    let zoned = values.iter().map(|value| fraction(value.strip_suffix('Z')?)).collect::<Option<Vec<usize>>>();
    if let Some(digits) = zoned.and_then(|digits| one_form(&digits)) {
        return TextType::Datetime(digits);
    }
    let naive = values.iter().map(|value| fraction(value)).collect::<Option<Vec<usize>>>();
    if let Some(digits) = naive.and_then(|digits| one_form(&digits)) {
        return TextType::NaiveDatetime(digits);
    }
    TextType::String
}

/// The number of digits of all fractions, `Some(None)` for none or six, and `None` for other mixtures.
fn one_form(digits: &[usize]) -> Option<Option<usize>> {
    let first = *digits.first()?;
    match digits.iter().all(|digits| *digits == first) {
        true => matches!(first, 0 | 3 | 6).then_some(Some(first)),
        false => digits.iter().all(|digits| matches!(digits, 0 | 6)).then_some(None),
    }
}

/// The number of digits of the fraction of `2024-01-31T12:00:00.123`.
fn fraction(text: &str) -> Option<usize> {
    let (date, time) = text.split_once('T')?;
    let (clock, fraction) = match time.split_once('.') {
        Some((clock, fraction)) => (clock, Some(fraction)),
        None => (time, None),
    };
    let is_clock = matches(clock, "00:00:00")
        && clock.get(..2).is_some_and(|hour| hour < "24")
        && clock.get(3..5).is_some_and(|minute| minute < "60")
        && clock.get(6..).is_some_and(|second| second < "60");
    let digits = fraction.unwrap_or_default();
    let has_digits =
        fraction.is_none_or(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()));
    (is_date(date) && is_clock && has_digits).then_some(digits.len())
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_digit() || matches!(byte, b'a'..=b'f'),
        })
}

/// "ULID": 26 characters of Crockford's base32 in upper case, at most 128 bits.
fn is_ulid(text: &str) -> bool {
    let is_digit =
        |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() && !matches!(byte, b'I' | b'L' | b'O' | b'U');
    text.len() == 26
        && text.bytes().all(is_digit)
        && text.starts_with(|first| ('0'..='7').contains(&first))
        && text.bytes().any(|byte| byte.is_ascii_uppercase())
}

fn is_date(text: &str) -> bool {
    matches(text, "0000-00-00") && text.parse::<chrono::NaiveDate>().is_ok()
}

/// Whether a text has digits where the form has zeros, and the form's characters elsewhere.
fn matches(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(byte, of)| if of == b'0' { byte.is_ascii_digit() } else { byte == of })
}

/// Whether a text is a word: a letter, and then letters, digits, `_` and `-`.
pub(super) fn is_word(text: &str) -> bool {
    text.len() <= 60
        && text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Whether the name of an attribute speaks of a time.
pub(super) fn is_time_name(name: &str) -> bool {
    use heck::ToSnakeCase;
    let name = name.to_snake_case();
    let mut words = name.split('_');
    words.any(|word| {
        matches!(
            word,
            "at" | "time"
                | "timestamp"
                | "ts"
                | "ttl"
                | "date"
                | "expires"
                | "expiry"
                | "created"
                | "updated"
                | "modified"
        )
    })
}
