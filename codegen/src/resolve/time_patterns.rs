//! The patterns of times, as a schema writes them.

use crate::model::{Specifier, TimeKind, TimePattern};
use crate::text::show;

/// Parses a pattern; the error says what is wrong with it.
pub(super) fn parse(text: &str, kind: TimeKind) -> Result<TimePattern, String> {
    let (mut specifiers, mut sample) = (Vec::new(), String::new());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '%' {
            sample.push(character);
            continue;
        }
        let (specifier, of_sample) = match characters.next() {
            Some('Y') => (Specifier::Year, "2026"),
            Some('m') => (Specifier::Month, "01"),
            Some('d') => (Specifier::Day, "31"),
            Some('H') => (Specifier::Hour, "12"),
            Some('M') => (Specifier::Minute, "30"),
            Some('S') => (Specifier::Second, "00"),
            Some('3') if characters.next() == Some('f') => (Specifier::Fraction(3), "250"),
            Some('6') if characters.next() == Some('f') => (Specifier::Fraction(6), "250000"),
            Some('9') if characters.next() == Some('f') => (Specifier::Fraction(9), "250000000"),
            Some(other) => return Err(format!("`%{}` is no specifier", show(&other.to_string()))),
            None => return Err("nothing follows the last `%`".to_owned()),
        };
        if kind == TimeKind::Date && specifier > Specifier::Day {
            return Err("a date has no time of day".to_owned());
        }
        if specifiers.iter().any(|earlier| is_same(*earlier, specifier)) {
            return Err("a component is there twice".to_owned());
        }
        specifiers.push(specifier);
        sample.push_str(of_sample);
    }
    match specifiers.is_empty() {
        true => Err("no component of the time is in it".to_owned()),
        false => Ok(TimePattern { text: text.to_owned(), specifiers, sample }),
    }
}

fn is_same(one: Specifier, other: Specifier) -> bool {
    matches!((one, other), (Specifier::Fraction(_), Specifier::Fraction(_))) || one == other
}
