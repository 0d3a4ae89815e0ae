//! Texts within their constraints.

use super::Reason;
use super::matching::Pattern;
use super::structs::Place;
use crate::model::{Constraint, Factory, Literal, Scalar, TextFormat, Transform};
use crate::resolve::{holds, transformed};
use heck::ToSnakeCase;
use std::hash::Hasher;
use std::rc::Rc;

/// The maximum number of bytes of a text, so that an item stays small.
const MOST_BYTES: usize = 4_096;

/// A text that the constraints allow.
pub(super) fn text(place: &Place<'_>, constraints: &[Constraint]) -> Result<String, Reason> {
    let pattern = |of: &Constraint| match of {
        Constraint::Pattern(pattern) => place.patterns.get(pattern),
        _ => None,
    };
    let patterns: Vec<Rc<Pattern>> = constraints.iter().filter_map(pattern).collect();
    let of_elements = constraints.iter().filter_map(|of| match of {
        Constraint::Transform(transform) => Some(*transform),
        _ => None,
    });
    let transforms: Vec<Transform> = place.transforms.iter().copied().chain(of_elements).collect();
    let fits = |text: &String| {
        let literal = Literal::Text(text.clone());
        let holds = |of: &Constraint| matches!(of, Constraint::Pattern(_)) || holds(of, &literal);
        text.len() <= MOST_BYTES
            && place.rules.allow(text)
            && constraints.iter().all(holds)
            && patterns.iter().all(|pattern| pattern.is_match(text))
            && transformed(text, &transforms) == *text
    };
    let (least, most) = lengths(constraints);
    let candidates = candidates(place, constraints, &patterns, least).map(|text| transformed(&text, &transforms));
    let sized = candidates.flat_map(|text| {
        let sized = resized(&text, least, most);
        std::iter::once(text).chain(sized)
    });
    sized.into_iter().find(fits).ok_or_else(|| format!("no text was found for `{}`", place.name))
}

/// Texts that may fit, the best ones first.
fn candidates<'c>(
    place: &Place<'_>,
    constraints: &[Constraint],
    patterns: &'c [Rc<Pattern>],
    least: usize,
) -> impl Iterator<Item = String> + use<'c> {
    let wanted = match place.wanted {
        Some(Literal::Text(text)) => Some(text.clone()),
        _ => None,
    };
    let listed = constraints.iter().find_map(|of| match of {
        Constraint::OneOf(values) => values.get(place.number % values.len().max(1)).cloned(),
        _ => None,
    });
    let format = constraints.iter().find_map(|of| if let Constraint::Format(of) = of { Some(*of) } else { None });
    let word = word(place);
    let number = place.number + 1;
    let mut texts: Vec<String> = wanted.into_iter().chain(listed).chain(made(place)).collect();
    match format {
        Some(format) => texts.extend(of_format(place, format, &word)),
        None => {
            texts.extend(known(place));
            texts.extend([
                format!("{word}-{number}"),
                format!("{word}{number}"),
                format!("{}{number}", word.chars().next().unwrap_or('x')),
                number.to_string(),
                word.clone(),
            ]);
        }
    }
    // Letters that sort after each separator, for the beginning of keys.
    let letters = ["a", "b", "c", "é", "ê", "ë"].into_iter().cycle().skip(place.number % 3).take(6).map(str::to_owned);
    let (seed, is_free) = (place.number, format.is_none());
    let matching = patterns.iter().flat_map(move |pattern| {
        let repeated = (0..12).chain(least.saturating_sub(8)..=least);
        let ways = repeated.flat_map(move |more| (0..4).map(move |other| (seed + other, more)));
        ways.filter_map(|(seed, more)| pattern.text(seed, more))
    });
    texts.into_iter().chain(matching.filter(move |_| is_free)).chain(letters.filter(move |_| is_free))
}

/// The word for a field in made-up texts: `customer` for `customer_id`, and the owner's name for `id`.
fn word(place: &Place<'_>) -> String {
    dyntastic_samples::singular_word(&place.owner.to_snake_case(), place.name)
}

fn known(place: &Place<'_>) -> Option<String> {
    let known = dyntastic_samples::known(&place.owner.to_snake_case(), place.name);
    let text = known.and_then(|texts| texts.get(place.number).map(|text| (*text).to_owned()));
    let is_name = place.name.rsplit('_').next() == Some("name");
    text.or_else(|| is_name.then(|| format!("{} {}", place.owner, place.number + 1)))
}

/// The text that the field's factory could make.
fn made(place: &Place<'_>) -> Option<String> {
    match place.factory? {
        Factory::UuidV4 | Factory::UuidV4Text | Factory::UuidV7 | Factory::UuidV7Text => Some(uuid_text(place)),
        Factory::Ulid | Factory::UlidText => Some(ulid_text(place)),
        Factory::Now(_) | Factory::Today(_) | Factory::Expiry(..) => None,
    }
}

fn of_format(place: &Place<'_>, format: TextFormat, word: &str) -> Vec<String> {
    let number = place.number + 1;
    match format {
        TextFormat::Email => {
            let first = ["ada", "grace", "alan"].get(place.number).map(|name| format!("{name}@example.com"));
            first.into_iter().chain([format!("user{number}@example.com"), format!("u{number}@b.de")]).collect()
        }
        TextFormat::Url => vec![format!("https://example.com/{number}"), format!("https://a.de/{number}")],
        TextFormat::Hostname => {
            vec![format!("host{number}.example.com"), format!("h{number}.de"), format!("h{number}")]
        }
        TextFormat::Uuid => vec![uuid_text(place)],
        TextFormat::Ipv4 => vec![format!("192.0.2.{}", number % 250)],
        TextFormat::Ipv6 => vec![format!("2001:db8::{number:x}")],
        TextFormat::Slug => vec![
            format!("{word}-{number}").to_lowercase(),
            format!("{word}{number}").to_lowercase(),
            format!("s{number}"),
        ],
        TextFormat::E164 => vec![format!("+47550{number:05}"), format!("+47{number}")],
    }
}

/// The stored text of a scalar that is neither a string nor a time.
pub(super) fn of_type(place: &Place<'_>, scalar: Scalar) -> String {
    let number = place.number + 1;
    match scalar {
        Scalar::Uuid => uuid_text(place),
        Scalar::Ulid => ulid_text(place),
        Scalar::Url => format!("https://example.com/{}/{number}", word(place)),
        Scalar::Ipv4 | Scalar::Ip => format!("192.0.2.{}", number % 250),
        Scalar::Ipv6 => format!("2001:db8::{number:x}"),
        Scalar::Ipv4Net | Scalar::IpNet => format!("198.51.{}.0/24", number % 250),
        _ => format!("2001:db8:{number:x}::/48"),
    }
}

fn hash(place: &Place<'_>, salt: u8) -> u64 {
    let mut hasher = fnv::FnvHasher::default();
    hasher.write(word(place).as_bytes());
    hasher.write_usize(place.number);
    hasher.write_u8(salt);
    hasher.finish()
}

fn uuid_text(place: &Place<'_>) -> String {
    let bytes = (u128::from(hash(place, 1)) << 64 | u128::from(hash(place, 2))).to_be_bytes();
    uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
}

/// A ULID of February 2024.
fn ulid_text(place: &Place<'_>) -> String {
    const DIGITS: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let random = u128::from(hash(place, 3)) << 64 | u128::from(hash(place, 4));
    let digit = |at: u32| DIGITS.chars().nth(usize::try_from(random >> (5 * at) & 31).unwrap_or(0)).unwrap_or('0');
    format!("01HNJ{:05}{}", place.number, (0..16).map(digit).collect::<String>())
}

/// The minimum and the maximum number of characters.
fn lengths(constraints: &[Constraint]) -> (usize, usize) {
    let (mut least, mut most) = (0, usize::MAX);
    let size = |of: u64| usize::try_from(of).unwrap_or(usize::MAX);
    for constraint in constraints {
        match constraint {
            Constraint::NotEmpty => least = least.max(1),
            Constraint::MinLength(of) => least = least.max(size(*of)),
            Constraint::MaxLength(of) => most = most.min(size(*of)),
            _ => {}
        }
    }
    (least, most)
}

/// The text cut or repeated to a length within the bounds; `None` if it has one.
fn resized(text: &str, least: usize, most: usize) -> Option<String> {
    let length = text.chars().count();
    if length > most {
        return Some(text.chars().take(most).collect());
    }
    let is_short = length < least && !text.is_empty() && least <= MOST_BYTES;
    is_short.then(|| text.chars().cycle().take(least).collect())
}
