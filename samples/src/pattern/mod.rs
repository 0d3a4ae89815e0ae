//! Texts that match a regular expression.

mod sized;

pub use self::sized::SizedPattern;

use regex_syntax::hir::{Class, Hir, HirKind};
use std::ops::RangeInclusive;

/// The maximum length of a text in bytes.
const MOST_BYTES: usize = 4_096;

/// The characters that texts have where the expression allows several.
const LIKED: &str = "abcdefghijklmnopqrstuvwxyz123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0";

/// The number of other characters that are tried.
const MOST_OTHERS: usize = 32;

/// A regular expression.
#[derive(Debug)]
pub struct Pattern(Hir);

/// Chooses one of some possibilities: it gets their number, and the length in bytes of the text before.
pub type Choose<'c> = &'c mut dyn FnMut(usize, usize) -> usize;

impl Pattern {
    /// The pattern of an expression; `None` if it has a mistake.
    pub fn new(expression: &str) -> Option<Self> {
        regex_syntax::parse(expression).ok().map(Self)
    }

    /// A text that the expression probably matches: it does not know word boundaries and the like. `more` is how often a
    /// part is repeated beyond its minimum.
    pub fn text(&self, more: usize, choose: Choose<'_>) -> Option<String> {
        let mut writer = Writer { choose, more, text: String::new() };
        writer.write(&self.0)?;
        Some(writer.text)
    }
}

struct Writer<'c> {
    choose: Choose<'c>,
    more: usize,
    text: String,
}

impl Writer<'_> {
    fn write(&mut self, of: &Hir) -> Option<()> {
        if self.text.len() > MOST_BYTES {
            return None;
        }
        match of.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => {
                let chosen = self.chosen(class)?;
                self.text.push(chosen);
            }
            HirKind::Repetition(repetition) => {
                let least = usize::try_from(repetition.min).ok()?;
                let most = repetition.max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
                for _ in 0..least.saturating_add(self.more).min(most) {
                    self.write(&repetition.sub)?;
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part))?,
            HirKind::Alternation(parts) => {
                let at = (self.choose)(parts.len(), 0);
                self.write(parts.get(at)?)?;
            }
        }
        Some(())
    }

    fn chosen(&mut self, class: &Class) -> Option<char> {
        let ranges = ranges(class);
        let liked = liked(&ranges);
        match liked.is_empty() {
            false => liked.get((self.choose)(liked.len(), self.text.len())).copied(),
            true => ranges.iter().map(|range| *range.start()).find(|c| !c.is_control()),
        }
    }
}

fn ranges(class: &Class) -> Vec<RangeInclusive<char>> {
    match class {
        Class::Unicode(class) => class.iter().map(|range| range.start()..=range.end()).collect(),
        Class::Bytes(class) => class.iter().map(|range| char::from(range.start())..=char::from(range.end())).collect(),
    }
}

fn liked(ranges: &[RangeInclusive<char>]) -> Vec<char> {
    LIKED.chars().filter(|c| ranges.iter().any(|range| range.contains(c))).collect()
}

/// The characters that texts have where a class allows several.
fn likely(class: &Class) -> Vec<char> {
    let ranges = ranges(class);
    let liked = liked(&ranges);
    match liked.is_empty() {
        false => liked,
        true => ranges.into_iter().flatten().filter(|c| !c.is_control()).take(MOST_OTHERS).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use regex::Regex;

    fn text(expression: &str, seed: usize, more: usize) -> Option<String> {
        Pattern::new(expression).unwrap().text(more, &mut |count, before| (seed + before) % count)
    }

    #[test]
    fn texts_match() {
        for expression in [
            "^a",
            r"^\d{4,5}$",
            "^[a-z0-9-]+$",
            r"^(red|green)-\w{2}$",
            r"^\p{Lu}+$",
            "^[^a-z]{3}$",
            "",
            r"^v\d+(\.\d+)?$",
        ] {
            let regex = Regex::new(expression).unwrap();
            for (seed, more) in [(0, 0), (1, 1), (2, 5)] {
                let text = text(expression, seed, more).unwrap();
                assert!(regex.is_match(&text), "{expression}: {text}");
            }
        }
        assert_eq!(text(r"^\d{4}$", 0, 0).unwrap(), "1234");
        assert_ne!(text(r"^\d{4}$", 0, 0), text(r"^\d{4}$", 1, 0));
        assert_eq!(text("[a-z]{5000}", 0, 0), None);
        assert!(Pattern::new("[a").is_none());
    }
}
