//! Patterns that no transformed text matches.

use super::holds::transformed;
use crate::terms::Transform;
use regex_syntax::hir::{Class, Hir, HirKind};

/// The number of characters of a class that are looked at.
const MOST: usize = 2_000;

/// Whether each text that matches has a character that the transforms change: `^[A-Z]+$` with `lowercase`.
pub(super) fn is_never_transformed(pattern: &str, transforms: &[Transform]) -> bool {
    // Spaces that are trimmed may be inside of a text.
    let of_case: Vec<Transform> = transforms.iter().copied().filter(|of| *of != Transform::Trim).collect();
    let is_changed = |c: char| {
        let text = c.to_string();
        transformed(&text, &of_case) != text
    };
    !of_case.is_empty() && regex_syntax::parse(pattern).is_ok_and(|hir| has(&hir, &is_changed))
}

/// Whether each match has a character of some.
fn has(hir: &Hir, is_of: &impl Fn(char) -> bool) -> bool {
    match hir.kind() {
        HirKind::Literal(literal) => std::str::from_utf8(&literal.0).is_ok_and(|text| text.chars().any(is_of)),
        HirKind::Class(Class::Unicode(class)) => {
            let mut characters = class.iter().flat_map(|range| range.start()..=range.end());
            let all = characters.by_ref().take(MOST).all(is_of);
            all && characters.next().is_none() && !class.ranges().is_empty()
        }
        HirKind::Repetition(repetition) => repetition.min > 0 && has(&repetition.sub, is_of),
        HirKind::Capture(capture) => has(&capture.sub, is_of),
        HirKind::Concat(parts) => parts.iter().any(|part| has(part, is_of)),
        HirKind::Alternation(parts) => parts.iter().all(|part| has(part, is_of)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::is_never_transformed;
    use crate::terms::Transform::{Lowercase, Trim, Uppercase};

    #[test]
    fn a_pattern_that_needs_a_changed_character_matches_nothing() {
        for pattern in ["^[A-Z]+$", "^a*[A-Z]", "^(A|BC)$", "x{2}Y", "^[À-Ö]{3}$", "Ä"] {
            assert!(is_never_transformed(pattern, &[Trim, Lowercase]), "{pattern}");
        }
        for pattern in
            ["^[A-Za-z]+$", "^[A-Z]*$", "^(A|b)$", "(?i)^abc$", "^[A-Z0-9]+$", "^.$", "", "^[a-z]$", r"^\p{Lu}$", "["]
        {
            assert!(!is_never_transformed(pattern, &[Trim, Lowercase]), "{pattern}");
        }
        assert!(is_never_transformed("^[a-z]+-", &[Uppercase]));
        assert!(!is_never_transformed("^ +$", &[Trim]));
        assert!(!is_never_transformed("^[A-Z]+$", &[]));
    }
}
