//! Texts that match a regular expression.

use regex::Regex;
use regex_syntax::hir::{Class, Hir, HirKind};
use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::rc::Rc;

/// The maximum length of a text in bytes.
const MOST_BYTES: usize = 4_096;

/// The characters that texts have where the expression allows several.
const LIKED: &str = "abcdefghijklmnopqrstuvwxyz123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0";

/// A regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    parts: Hir,
}

/// Regular expressions, each compiled once.
#[derive(Debug, Default)]
pub(super) struct Patterns(RefCell<HashMap<String, Rc<Pattern>>>);

impl Patterns {
    /// The pattern of an expression, which has no mistake.
    pub(super) fn get(&self, expression: &str) -> Option<Rc<Pattern>> {
        let mut patterns = self.0.borrow_mut();
        if let Some(pattern) = patterns.get(expression) {
            return Some(Rc::clone(pattern));
        }
        let pattern = Rc::new(Pattern::new(expression)?);
        patterns.insert(expression.to_owned(), Rc::clone(&pattern));
        Some(pattern)
    }
}

impl Pattern {
    fn new(expression: &str) -> Option<Self> {
        Some(Self { regex: Regex::new(expression).ok()?, parts: regex_syntax::parse(expression).ok()? })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// A text that the expression probably matches: it does not know word boundaries and the like. Other seeds choose
    /// other characters, and `more` is how often a part is repeated beyond its minimum.
    pub(super) fn text(&self, seed: usize, more: usize) -> Option<String> {
        let mut writer = Writer { seed, more, text: String::new() };
        writer.write(&self.parts)?;
        Some(writer.text)
    }
}

struct Writer {
    seed: usize,
    more: usize,
    text: String,
}

impl Writer {
    fn write(&mut self, of: &Hir) -> Option<()> {
        if self.text.len() > MOST_BYTES {
            return None;
        }
        match of.kind() {
            HirKind::Empty | HirKind::Look(_) => {}
            HirKind::Literal(literal) => self.text.push_str(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => self.text.push(self.choose(class)?),
            HirKind::Repetition(repetition) => {
                let least = usize::try_from(repetition.min).ok()?;
                let most = repetition.max.map_or(usize::MAX, |most| usize::try_from(most).unwrap_or(usize::MAX));
                for _ in 0..least.saturating_add(self.more).min(most) {
                    self.write(&repetition.sub)?;
                }
            }
            HirKind::Capture(capture) => self.write(&capture.sub)?,
            HirKind::Concat(parts) => parts.iter().try_for_each(|part| self.write(part))?,
            HirKind::Alternation(parts) => self.write(parts.get(self.seed % parts.len().max(1))?)?,
        }
        Some(())
    }

    fn choose(&self, class: &Class) -> Option<char> {
        let ranges: Vec<RangeInclusive<char>> = match class {
            Class::Unicode(class) => class.iter().map(|range| range.start()..=range.end()).collect(),
            Class::Bytes(class) => {
                class.iter().map(|range| char::from(range.start())..=char::from(range.end())).collect()
            }
        };
        let is_in = |c: char| ranges.iter().any(|range| range.contains(&c));
        let liked: Vec<char> = LIKED.chars().filter(|c| is_in(*c)).collect();
        let place = self.seed + self.text.len();
        match liked.is_empty() {
            false => liked.get(place % liked.len()).copied(),
            true => ranges.iter().map(|range| *range.start()).find(|c| !c.is_control()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

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
            let pattern = Pattern::new(expression).unwrap();
            for (seed, more) in [(0, 0), (1, 1), (2, 5)] {
                let text = pattern.text(seed, more).unwrap();
                assert!(pattern.is_match(&text), "{expression}: {text}");
            }
        }
        let digits = Pattern::new(r"^\d{4}$").unwrap();
        assert_eq!(digits.text(0, 0).unwrap(), "1234");
        assert_ne!(digits.text(0, 0), digits.text(1, 0));
        assert_eq!(Pattern::new("[a-z]{5000}").unwrap().text(0, 0), None);
    }
}
