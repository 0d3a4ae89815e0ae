//! Made-up texts.

mod formats;
mod patterns;

use self::formats::of_format;
use self::patterns::matching;
use super::{FakeValue, Faker};
use dyntastic_samples::{known, singular_word};

/// The tries after which a text has letters and digits only, letters only, and letters that sort after all punctuation
/// marks: a part of a key may hold no separator, and nothing that sorts before one.
const PLAIN: [usize; 3] = [10, 30, 60];

const CONSONANTS: &[char] = &['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'];
const VOWELS: &[char] = &['a', 'e', 'i', 'o', 'u'];
const LATE: &[char] = &['é', 'ê', 'ë', 'í', 'ó', 'ú'];

impl FakeValue for String {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let text = candidate(of);
        let (least, most) = lengths(of);
        let is_free = of.rules().one_of.is_empty() && of.rules().patterns.is_empty() && of.rules().format.is_none();
        Some(if is_free { resized(of, text, least, most) } else { text })
    }
}

fn candidate(of: &mut Faker) -> String {
    let listed = of.rules().one_of.clone();
    if !listed.is_empty()
        && let Some(text) = of.one_of(&listed)
    {
        return text;
    }
    if let Some(pattern) = of.rules().patterns.first().cloned()
        && let Some(text) = matching(of, &pattern)
    {
        return text;
    }
    match of.rules().format.clone() {
        Some(format) => of_format(of, &format),
        None => free(of),
    }
}

/// The least and the most characters.
fn lengths(of: &Faker) -> (usize, usize) {
    (of.rules().min_length, of.rules().max_length.unwrap_or(usize::MAX))
}

fn free(of: &mut Faker) -> String {
    let attempt = of.attempt();
    let [plain, letters, late] = PLAIN;
    if attempt >= late {
        return drawn(of, LATE, 4);
    }
    if attempt >= letters {
        return word(of, 3);
    }
    let number = number(of);
    if attempt >= plain {
        return format!("{}{number}", word(of, 2));
    }
    let name = of.name();
    if attempt == 0
        && !of.differs()
        && let Some(texts) = known(of.owner(), name)
        && let Some(text) = of.one_of(&texts)
    {
        return text.to_owned();
    }
    let word_of_name = singular_word(of.owner(), name);
    match word_of_name.is_empty() {
        true => word(of, 3),
        false => format!("{word_of_name}-{number}"),
    }
}

/// A number that other items hardly have.
fn number(of: &mut Faker) -> u64 {
    of.pick(100_000_000)
}

/// A text of some syllables.
fn word(of: &mut Faker, syllables: usize) -> String {
    (0..syllables).flat_map(|_| [CONSONANTS, VOWELS]).filter_map(|letters| of.random().choose(letters)).collect()
}

/// A word of so many letters.
fn letters(of: &mut Faker, count: usize) -> String {
    word(of, count.div_ceil(2)).chars().take(count).collect()
}

fn drawn(of: &mut Faker, letters: &[char], count: usize) -> String {
    (0..count).filter_map(|_| of.random().choose(letters)).collect()
}

/// The text cut or repeated to a length within the bounds.
fn resized(of: &mut Faker, text: String, least: usize, most: usize) -> String {
    let length = text.chars().count();
    if length > most {
        // The end differs, as in `user-123`.
        return text.chars().skip(length - most).collect();
    }
    if length >= least {
        return text;
    }
    text + &letters(of, least - length)
}
