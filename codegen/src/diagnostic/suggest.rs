//! "Did you mean …?" for near misses.

use super::synonyms::plain;

/// What is longer is no slip of a word that somebody would write.
const LONGEST: usize = 200;

/// The candidate nearest to `written`, as a help line, if one is near enough to be a slip.
pub(crate) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(written, candidates).map(|candidate| format!("did you mean `{candidate}`?"))
}

/// The candidate nearest to `written`, if one is near enough to be a slip; of several, the first by the alphabet.
pub(crate) fn nearest<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if written.len() > LONGEST {
        return None;
    }
    let written = Word::new(written);
    let near = candidates.into_iter().filter_map(|candidate| Some((written.distance(candidate)?, candidate)));
    near.min().map(|(_, candidate)| candidate)
}

/// A word, and what tells at a glance that another is not near.
struct Word {
    lower: String,
    length: usize,
    letters: u64,
}

impl Word {
    fn new(written: &str) -> Self {
        let lower = written.to_lowercase();
        Self { length: lower.chars().count(), letters: letters(&lower), lower }
    }

    /// How many slips make this word of the candidate, if it could be slips.
    fn distance(&self, candidate: &str) -> Option<usize> {
        let length = candidate.chars().count();
        let most = length.max(3) / 3;
        // A slip changes the length by one at most, and the letters by two.
        if length.abs_diff(self.length) > most + 2 {
            return None;
        }
        let other = candidate.to_lowercase();
        let is_near =
            (self.letters ^ letters(&other)).count_ones() as usize <= 2 * most && length.abs_diff(self.length) <= most;
        match is_near.then(|| strsim::damerau_levenshtein(&self.lower, &other)) {
            Some(distance) if distance <= most => Some(distance),
            _ => (plain(&self.lower) == plain(&other)).then_some(most),
        }
    }
}

/// The letters of a word, each as a bit that it may share with others.
fn letters(word: &str) -> u64 {
    word.chars().fold(0, |letters, c| letters | 1 << (u32::from(c) % 64))
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_is_found_and_another_word_is_not() {
        let keys = ["hash_key", "range_key", "fields"];
        assert_eq!(did_you_mean("hahs_key", keys).unwrap(), "did you mean `hash_key`?");
        assert_eq!(did_you_mean("Fields", keys).unwrap(), "did you mean `fields`?");
        assert_eq!(did_you_mean("indexes", keys), None);
    }

    #[test]
    fn another_spelling_is_the_same_word() {
        assert_eq!(did_you_mean("PAYPERREQUEST", ["pay_per_request"]).unwrap(), "did you mean `pay_per_request`?");
    }

    #[test]
    fn the_same_names_give_the_same_word_in_any_order() {
        assert_eq!(did_you_mean("size", ["sine", "side"]), did_you_mean("size", ["side", "sine"]));
    }
}
