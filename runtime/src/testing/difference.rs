//! The difference between two lists of lines.

/// The lines of both lists: those of `expected` alone after `-`, those of `found` alone after `+`, and common ones after a
/// space.
pub(super) fn difference(expected: &[&str], found: &[&str]) -> String {
    let common = common(expected, found);
    let (mut lines, mut expected, mut found) = (Vec::new(), expected.iter(), found.iter());
    for line in common {
        lines.extend(expected.by_ref().take_while(|of| **of != line).map(|of| format!("- {of}")));
        lines.extend(found.by_ref().take_while(|of| **of != line).map(|of| format!("+ {of}")));
        lines.push(format!("  {line}"));
    }
    lines.extend(expected.map(|of| format!("- {of}")));
    lines.extend(found.map(|of| format!("+ {of}")));
    lines.join("\n")
}

/// A longest common subsequence.
fn common<'l>(one: &[&'l str], other: &[&str]) -> Vec<&'l str> {
    // For each line of `one` so far, the longest for each beginning of `other`.
    let mut longest: Vec<Vec<&str>> = vec![Vec::new(); other.len() + 1];
    for line in one {
        let mut next: Vec<Vec<&str>> = vec![Vec::new()];
        for ((of, before), above) in other.iter().zip(&longest).zip(longest.iter().skip(1)) {
            let left = next.last().cloned().unwrap_or_default();
            next.push(match of == line {
                true => before.iter().copied().chain([*line]).collect(),
                false if left.len() >= above.len() => left,
                false => above.clone(),
            });
        }
        longest = next;
    }
    longest.pop().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::difference;

    #[test]
    fn lines_of_one_side_are_marked() {
        assert_eq!(difference(&["a", "b", "c", "d"], &["a", "x", "c"]), "  a\n- b\n+ x\n  c\n- d");
        assert_eq!(difference(&[], &["a"]), "+ a");
        assert_eq!(difference(&["b", "a", "b"], &["a", "b", "b"]), "- b\n  a\n  b\n+ b");
    }
}
