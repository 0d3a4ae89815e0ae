//! The word that somebody meant.

/// A help for a word that is none of those that are known: the nearest one, or all if none is near.
pub(super) fn near<'w>(word: &str, known: impl IntoIterator<Item = &'w str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let plain = |word: &str| word.to_lowercase().replace(['_', '-'], "");
    let distance = |known: &str| strsim::damerau_levenshtein(&plain(word), &plain(known));
    let nearest = known.iter().map(|known| (distance(known), *known)).min();
    match nearest {
        Some((distance, nearest)) if distance <= word.chars().count() / 3 => format!("did you mean `{nearest}`?"),
        Some(_) => format!("it is one of {}", known.join(", ")),
        None => "there are none".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn the_nearest_word_or_all_words() {
        let known = ["opt", "user_id", "name"];
        for (word, nearest) in [("opts", "opt"), ("Opt", "opt"), ("userId", "user_id"), ("nmae", "name")] {
            assert_eq!(near(word, known), format!("did you mean `{nearest}`?"));
        }
        assert_eq!(near("address", known), "it is one of opt, user_id, name");
        assert_eq!(near("address", []), "there are none");
    }
}
