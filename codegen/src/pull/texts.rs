//! What the texts of an attribute are: uuids, times, or any strings.

/// The type of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextType {
    String,
    Uuid,
    Ulid,
    Date,
    /// A time in UTC.
    Datetime(TimeForm),
    NaiveDatetime(TimeForm),
}

/// The form in which times are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TimeForm {
    /// What is between the date and the time: `T` or a space.
    between: char,
    /// The number of digits of the fraction; `None` if they vary as Pydantic's do.
    digits: Option<usize>,
    /// What follows: one of `ZONES`.
    zone: &'static str,
}

/// The ends of times in UTC, and nothing, of those without an offset.
const ZONES: [&str; 4] = ["Z", "+00:00", "+0000", ""];

impl TimeForm {
    /// Whether it is the form of its type.
    pub(super) fn is_own(self) -> bool {
        self.is_plain() && self.digits == Some(6)
    }

    /// Whether its format is a pattern.
    pub(super) fn has_pattern(self) -> bool {
        !self.is_own() && self.digits.is_some()
    }

    fn is_plain(self) -> bool {
        self.between == 'T' && matches!(self.zone, "Z" | "")
    }

    fn format(self) -> Option<String> {
        let Self { between, digits, zone } = self;
        let (fraction, precision) = match digits {
            Some(6) if self.is_plain() => return None,
            Some(6) => (".%6f", ""),
            Some(3) => (".%3f", ", precision: millis"),
            Some(_) => ("", ", precision: seconds"),
            None => return Some("format: pydantic".to_owned()),
        };
        Some(format!("format: '%Y-%m-%d{between}%H:%M:%S{fraction}{zone}'{precision}"))
    }
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
    pub(super) fn format(self) -> Option<String> {
        match self {
            TextType::Datetime(form) | TextType::NaiveDatetime(form) => form.format(),
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
    match time_form(values) {
        Some(form) if form.zone.is_empty() => TextType::NaiveDatetime(form),
        Some(form) => TextType::Datetime(form),
        None => TextType::String,
    }
}

/// The form of times that all texts have.
fn time_form(values: &[&str]) -> Option<TimeForm> {
    let first = values.first()?;
    let zone = ZONES.into_iter().find(|zone| first.ends_with(zone))?;
    let between = if first.contains('T') { 'T' } else { ' ' };
    let fractions: Option<Vec<usize>> =
        values.iter().map(|value| fraction(value.strip_suffix(zone)?, between)).collect();
    let form = TimeForm { between, digits: one_form(&fractions?)?, zone };
    (form.digits.is_some() || form.is_plain()).then_some(form)
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
fn fraction(text: &str, between: char) -> Option<usize> {
    let (date, time) = text.split_once(between)?;
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
