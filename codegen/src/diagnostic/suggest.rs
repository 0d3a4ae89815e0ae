//! "Did you mean …?" for near misses.

use super::Help;
use super::synonyms::plain;

/// The maximum length of a word that can be a slip of another.
const LONGEST: usize = 200;

/// A word with this many slips is another word.
const MOST_SLIPS: usize = 4;

/// The maximum length of the differing part of two words: a comparison takes the square of it.
const LONGEST_DIFFERENCE: usize = 40;

/// The maximum number of candidates that are compared letter by letter.
const MOST_COMPARED: usize = 50;

/// The candidate nearest to `written` as a help, if it is near enough.
pub(crate) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<Help> {
    let candidate = nearest(written, candidates)?;
    Some(Help::replacing(format!("did you mean `{candidate}`?"), Some(written), candidate))
}

/// The candidate nearest to `written`, if it is near enough; of several, the first in alphabetical order.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = Word::new(written);
    let near = candidates.into_iter().filter(|candidate| written.looks_near(candidate)).take(MOST_COMPARED);
    let near = near.filter_map(|candidate| Some((written.distance(candidate)?, candidate)));
    near.min().map(|(_, candidate)| candidate)
}

/// A word, and a summary of its letters that quickly rules out words that are not near.
struct Word {
    lower: String,
    plain: String,
    letters: u64,
}

impl Word {
    fn new(written: &str) -> Self {
        let lower = written.to_lowercase();
        Self { plain: plain(&lower), letters: letters(lower.bytes()), lower }
    }

    /// Whether a candidate may be near. A slip changes the length by at most one and the letters by at most two; other
    /// spellings differ in their separators.
    fn looks_near(&self, candidate: &str) -> bool {
        let most = most_slips(candidate);
        let is_as_long = candidate.len().abs_diff(self.lower.len()) <= most;
        let letters = || letters(candidate.bytes().map(|byte| byte.to_ascii_lowercase()));
        (is_as_long && (self.letters ^ letters()).count_ones() as usize <= 2 * most) || self.is_spelling_of(candidate)
    }

    /// The number of slips between the word and the candidate, if they are few enough.
    fn distance(&self, candidate: &str) -> Option<usize> {
        let most = most_slips(candidate);
        if self.is_spelling_of(candidate) {
            return Some(0);
        }
        let other = candidate.to_lowercase();
        let (one, other) = differing(&self.lower, &other);
        if one.len().max(other.len()) > LONGEST_DIFFERENCE {
            return None;
        }
        let distance = strsim::damerau_levenshtein(one, other);
        (distance <= most).then_some(distance)
    }

    fn is_spelling_of(&self, candidate: &str) -> bool {
        let mut letters = candidate.bytes().filter(u8::is_ascii_alphanumeric).map(|byte| byte.to_ascii_lowercase());
        self.plain.bytes().all(|byte| letters.next() == Some(byte)) && letters.next().is_none()
    }
}

fn most_slips(candidate: &str) -> usize {
    (candidate.len().max(3) / 3).min(MOST_SLIPS)
}

/// Two words without their common beginning and end.
fn differing<'w>(one: &'w str, other: &'w str) -> (&'w str, &'w str) {
    let begin: usize = one.chars().zip(other.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let (one, other) = (one.get(begin..).unwrap_or(one), other.get(begin..).unwrap_or(other));
    let same = one.chars().rev().zip(other.chars().rev()).take_while(|(a, b)| a == b);
    let end: usize = same.map(|(a, _)| a.len_utf8()).sum();
    let cut = |word: &'w str| word.get(..word.len() - end).unwrap_or(word);
    (cut(one), cut(other))
}

/// The letters of a word as a set of bits; letters may share a bit.
fn letters(word: impl Iterator<Item = u8>) -> u64 {
    word.fold(0, |letters, byte| letters | 1 << (byte % 64))
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let keys = ["hash_key", "range_key", "fields"];
        let did_you_mean = |written, keys| super::did_you_mean(written, keys).map(|help| help.text);
        assert_eq!(did_you_mean("hahs_key", keys).unwrap(), "did you mean `hash_key`?");
        assert_eq!(did_you_mean("Fields", keys).unwrap(), "did you mean `fields`?");
        assert_eq!(did_you_mean("indexes", keys), None);
    }

    #[test]
    fn another_spelling_is_the_same_word() {
        assert_eq!(did_you_mean("PAYPERREQUEST", ["pay_per_request"]).unwrap().text, "did you mean `pay_per_request`?");
    }

    #[test]
    fn the_same_names_give_the_same_word_in_any_order() {
        assert_eq!(did_you_mean("size", ["sine", "side"]), did_you_mean("size", ["side", "sine"]));
    }
}
