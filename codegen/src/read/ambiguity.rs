//! Texts without quotes that YAML 1.1 and YAML 1.2 read differently. Many parsers still read YAML 1.1.

use crate::diagnostic::{Code, Diagnostic};
use crate::node::{PlainKind, plain_number};
use crate::text::show;

/// The difference between the two versions.
#[derive(Clone, Copy)]
pub(super) enum Ambiguity {
    /// A word for a truth value, such as `yes`.
    Word,
    /// A number that begins with 0, such as `010`.
    Octal,
    /// A number of one version alone: `0o17`, `0b11`, `1_000`, `-.5`, and in base 60 `12:30`.
    Number,
    /// A number with an exponent that YAML 1.1 reads as text: `1e3`.
    Exponent,
    /// A date or time, which YAML 1.2 reads as text.
    Moment,
    /// A sign with a meaning in YAML 1.1: `=` and `<<`.
    Sign,
    /// A key that is a number in another form than parsers would print it: `0x10`, `1.50`.
    NumberKey,
}

impl Ambiguity {
    pub(super) fn of(text: &str) -> Option<Self> {
        if ["yes", "no", "on", "off"].iter().any(|word| text.eq_ignore_ascii_case(word)) {
            return Some(Self::Word);
        }
        if matches!(text, "=" | "<<") {
            return Some(Self::Sign);
        }
        let number = text.strip_prefix(['-', '+']).unwrap_or(text);
        if number.len() > 1 && number.starts_with('0') && is_made_of(number, "0123456789") {
            return Some(Self::Octal);
        }
        if is_moment(text) {
            return Some(Self::Moment);
        }
        let is_number = matches!(PlainKind::of(text), PlainKind::Whole(_) | PlainKind::Fraction(_));
        match (is_number, is_number_of_yaml_1_1(text)) {
            (true, false) if number.contains(['e', 'E']) => Some(Self::Exponent),
            (true, true) | (false, false) => None,
            _ => Some(Self::Number),
        }
    }

    /// The ambiguity of a key. A key is text, but parsers may turn it into a number or a word, and back.
    pub(super) fn of_key(text: &str) -> Option<Self> {
        let kept = match PlainKind::of(text) {
            PlainKind::Null | PlainKind::Boolean(_) if !text.is_empty() => return Some(Self::Word),
            PlainKind::Whole(number) => number.to_string(),
            PlainKind::Fraction(number) => number.to_string(),
            _ => return Self::of(text),
        };
        Self::of(text).or((kept != text).then_some(Self::NumberKey))
    }

    pub(super) fn diagnostic(self, text: &str) -> (Diagnostic, &'static str) {
        let label = match self {
            Self::Word => "one parser reads text, another `true`, `false` or null",
            Self::Octal => "one parser reads a decimal number, another an octal one",
            Self::Number | Self::Exponent => "one parser reads text, another a number",
            Self::Moment => "one parser reads text, another a date",
            Self::Sign => "one parser reads text, another refuses it",
            Self::NumberKey => "one parser reads text, another a number, which it writes in another form",
        };
        let message = format!("YAML parsers do not agree on `{}`", show(text));
        let diagnostic = Diagnostic::new(Code::BadValue, message);
        let quoted = format!("`\"{}\"`", show(text));
        let diagnostic = match (self, plain_number(text)) {
            (Self::Exponent, Some(number)) => diagnostic
                .help(format!("write the number as `{}`", show(&number)))
                .help(format!("or put it in quotes, if it is a text: {quoted}")),
            (Self::Octal, _) => diagnostic.help(format!("put it in quotes: {quoted}")).help("or drop the leading 0"),
            _ => diagnostic.help(format!("put it in quotes: {quoted}")),
        };
        (diagnostic, label)
    }
}

fn is_made_of(text: &str, characters: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| characters.contains(c))
}

/// Whether parsers of YAML 1.1 read a number. `010` and its like are not asked for.
fn is_number_of_yaml_1_1(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    if matches!(number, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return true;
    }
    let has_prefix = |prefix, digits| number.strip_prefix(prefix).is_some_and(|rest| is_made_of(rest, digits));
    if has_prefix("0b", "01_") || has_prefix("0x", "0123456789abcdefABCDEF_") {
        return true;
    }
    let (digits, exponent) = number.split_once(['e', 'E']).map_or((number, None), |(d, e)| (d, Some(e)));
    let has_exponent = exponent.is_none_or(|exponent| {
        exponent.strip_prefix(['-', '+']).is_some_and(|digits| is_made_of(digits, "0123456789"))
    });
    let is_fraction = |fraction: &str| fraction.chars().all(|c| c.is_ascii_digit() || c == '_');
    let begins_with_digit = |text: &str| text.starts_with(|first: char| first.is_ascii_digit());
    let is_whole = |whole: &str| whole.split(':').all(|part| is_made_of(part, "0123456789_"));
    match digits.split_once('.') {
        None => exponent.is_none() && begins_with_digit(digits) && is_whole(digits),
        Some(("", fraction)) => number == text && has_exponent && begins_with_digit(fraction) && is_fraction(fraction),
        Some((whole, fraction)) => has_exponent && begins_with_digit(whole) && is_whole(whole) && is_fraction(fraction),
    }
}

/// Whether parsers of YAML 1.1 read a date, or a date and a time.
fn is_moment(text: &str) -> bool {
    let (date, time) = match text.find(['T', 't', ' ', '\t']) {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let parts: Vec<&str> = date.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return false };
    let are_digits =
        |part: &str, lengths: &[usize]| lengths.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    if time.is_empty() {
        return are_digits(year, &[4]) && are_digits(month, &[2]) && are_digits(day, &[2]);
    }
    let time = time.trim_start_matches(['T', 't', ' ', '\t']);
    let mut parts = time.splitn(3, ':');
    let (hour, minute, rest) = (parts.next(), parts.next(), parts.next().unwrap_or_default());
    are_digits(year, &[4])
        && [month, day].iter().all(|part| are_digits(part, &[1, 2]))
        && hour.is_some_and(|hour| are_digits(hour, &[1, 2]))
        && minute.is_some_and(|minute| are_digits(minute, &[2]))
        && rest.get(..2).is_some_and(|seconds| are_digits(seconds, &[2]))
        && rest.chars().skip(2).all(|c| c.is_ascii_digit() || ".:+-Z \t".contains(c))
}

#[cfg(test)]
mod tests {
    use super::{Ambiguity, plain_number};

    #[test]
    fn all_parsers_read_a_plain_number() {
        let numbers = [
            ("1e30", "1.0e+30"),
            ("-1.5E3", "-1.5e+3"),
            ("1e-3", "1.0e-3"),
            ("+.5e3", "0.5e+3"),
            ("-.5", "-0.5"),
            ("007", "7"),
            ("0o17", "15"),
            ("0x1F", "31"),
            ("1.50", "1.50"),
            ("12", "12"),
        ];
        for (written, plain) in numbers {
            assert_eq!(plain_number(written).as_deref(), Some(plain), "{written}");
            assert!(Ambiguity::of(plain).is_none(), "{plain}");
        }
        assert_eq!(plain_number("1_000"), None);
    }
}
