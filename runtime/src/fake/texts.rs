//! Made-up texts.

use super::{FakeValue, Faker};
use dyntastic_samples::{Pattern, known, singular_word};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// The tries after which a text has letters and digits only, letters only, and letters that sort after all punctuation
/// marks: a part of a key may hold no separator, and nothing that sorts before one.
const PLAIN: [usize; 3] = [10, 30, 60];

const CONSONANTS: &[char] = &['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v'];
const VOWELS: &[char] = &['a', 'e', 'i', 'o', 'u'];
const LATE: &[char] = &['é', 'ê', 'ë', 'í', 'ó', 'ú'];

impl FakeValue for String {
    fn fake_value(of: &mut Faker) -> Option<Self> {
        let text = candidate(of);
        let (least, most) = (of.rules().min_length, of.rules().max_length.unwrap_or(usize::MAX));
        let is_free = of.rules().one_of.is_empty() && of.rules().patterns.is_empty() && of.rules().format.is_none();
        Some(if is_free { resized(of, text, least, most) } else { text })
    }
}

fn candidate(of: &mut Faker) -> String {
    let listed = of.rules().one_of.clone();
    if let Some(text) = of.one_of(&listed) {
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

/// A text that a pattern matches.
fn matching(of: &mut Faker, pattern: &str) -> Option<String> {
    let least = of.rules().min_length;
    let most = if of.is_plain() { of.attempt() } else { 3 + of.attempt() };
    // Later tries are longer, until the text has its minimum length.
    let more = of.random().below(most as u64 + 1);
    let more = usize::try_from(more).unwrap_or_default() + if of.attempt() > 5 { least } else { 0 };
    let choose = &mut |count: usize, _| usize::try_from(of.random().below(count as u64)).unwrap_or_default();
    let text = parsed(pattern)?.text(more, choose)?;
    // A pattern without an end allows anything after it.
    Some(if of.attempt().is_multiple_of(2) && !of.is_plain() { text + &word(of, 2) } else { text })
}

/// A pattern, which is parsed once.
fn parsed(pattern: &str) -> Option<Rc<Pattern>> {
    thread_local! {
        static PARSED: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
    }
    PARSED.with_borrow_mut(|parsed| {
        if let Some(pattern) = parsed.get(pattern) {
            return Some(Rc::clone(pattern));
        }
        let new = Rc::new(Pattern::new(pattern)?);
        parsed.insert(pattern.to_owned(), Rc::clone(&new));
        Some(new)
    })
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
    of.random().below(100_000_000)
}

/// A text of some syllables.
fn word(of: &mut Faker, syllables: usize) -> String {
    (0..syllables).flat_map(|_| [CONSONANTS, VOWELS]).filter_map(|letters| of.random().choose(letters)).collect()
}

fn drawn(of: &mut Faker, letters: &[char], count: usize) -> String {
    (0..count).filter_map(|_| of.random().choose(letters)).collect()
}

fn of_format(of: &mut Faker, format: &str) -> String {
    let number = number(of);
    let byte = |of: &mut Faker| 1 + of.random().below(250);
    match format {
        "email" => format!("{}{}@example.com", word(of, 2), number % 1000),
        "url" => format!("https://example.com/{}/{number}", word(of, 2)),
        "hostname" => format!("{}{}.example.com", word(of, 2), number % 1000),
        "uuid" => uuid_text(of),
        "ipv4" => format!("198.51.{}.{}", byte(of), byte(of)),
        "ipv6" => format!("2001:db8::{:x}", number),
        "slug" => format!("{}-{}-{}", word(of, 2), word(of, 1), number % 100),
        // Numbers of Norway have eight digits.
        _ => format!("+47{number:08}"),
    }
}

fn uuid_text(of: &mut Faker) -> String {
    let hex = format!("{:016x}{:016x}", of.random().next(), of.random().next());
    let parts = [0..8, 8..12, 13..16, 17..20, 20..32].map(|range| hex.get(range).unwrap_or_default());
    let [a, b, c, d, e] = parts;
    format!("{a}-{b}-4{c}-8{d}-{e}")
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
    let missing: String = std::iter::from_fn(|| Some(word(of, 1)))
        .flat_map(|word| word.chars().collect::<Vec<_>>())
        .take(least - length)
        .collect();
    text + &missing
}
