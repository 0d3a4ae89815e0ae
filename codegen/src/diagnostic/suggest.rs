//! "Did you mean …?" for near misses.

/// The candidate nearest to `written`, as a help line, if one is near enough to be a slip.
pub(crate) fn did_you_mean<'a>(written: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let lower = written.to_lowercase();
    candidates
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(&lower, &candidate.to_lowercase()), candidate))
        .filter(|(distance, candidate)| *distance <= (candidate.chars().count().max(3) / 3))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| format!("did you mean `{candidate}`?"))
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
}
