//! Texts of a length that match a regular expression.

use super::{Choose, Pattern, likely};
use regex_syntax::hir::{Hir, HirKind, Look};
use std::ops::RangeInclusive;

/// The work for the lengths of a pattern, in words of 64 lengths.
const MOST_WORK: usize = 1 << 20;

/// A pattern with the lengths of the texts that its parts match, up to a maximum.
#[derive(Debug)]
pub struct SizedPattern {
    whole: Node,
    is_open: (bool, bool),
}

impl Pattern {
    /// The pattern with all lengths of its texts up to a maximum, in characters; `None` if they are too many.
    pub fn sized(&self, most: usize) -> Option<SizedPattern> {
        let mut work = MOST_WORK;
        let properties = self.0.properties();
        let is_open =
            (!properties.look_set_prefix().contains(Look::Start), !properties.look_set_suffix().contains(Look::End));
        Some(SizedPattern { whole: Node::of(&self.0, most, &mut work)?, is_open })
    }

    /// A number of characters that its texts have at least. There may be no text as short.
    pub fn least_length(&self) -> usize {
        // It is in bytes.
        self.0.properties().minimum_len().unwrap_or_default()
    }
}

impl SizedPattern {
    /// A text with so many characters, which the expression probably matches: it does not know word boundaries and the like.
    /// `None` if there is none.
    pub fn text(&self, lengths: RangeInclusive<usize>, choose: Choose<'_>) -> Option<String> {
        let mut writer = Writer { choose, text: String::new() };
        let length = writer.one_of(lengths.filter(|length| self.whole.lengths.has(*length)).collect())?;
        writer.write(&self.whole, length)?;
        Some(writer.text)
    }

    /// Whether a matching text may have anything before and after the part that the pattern matches.
    pub fn is_open(&self) -> (bool, bool) {
        self.is_open
    }
}

/// Some lengths up to a maximum.
#[derive(Debug, Clone, PartialEq)]
struct Lengths {
    words: Vec<u64>,
    most: usize,
}

impl Lengths {
    fn none(most: usize) -> Self {
        Self { words: vec![0; most / 64 + 1], most }
    }

    fn one(length: usize, most: usize) -> Self {
        let mut lengths = Self::none(most);
        if length <= most
            && let Some(word) = lengths.words.get_mut(length / 64)
        {
            *word = 1 << (length % 64);
        }
        lengths
    }

    fn has(&self, length: usize) -> bool {
        length <= self.most && self.words.get(length / 64).is_some_and(|word| word >> (length % 64) & 1 == 1)
    }

    fn all(&self) -> impl Iterator<Item = usize> + '_ {
        (0..=self.most).filter(|length| self.has(*length))
    }

    fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    fn add(&mut self, other: &Self) {
        self.words.iter_mut().zip(&other.words).for_each(|(word, other)| *word |= other);
    }

    /// The sums with other lengths, up to the maximum.
    fn sums(&self, other: &[usize], work: &mut usize) -> Option<Self> {
        let mut sums = Self::none(self.most);
        for by in other.iter().copied() {
            *work = work.checked_sub(sums.words.len())?;
            let (words, bits) = (by / 64, by % 64);
            let mut carried = 0;
            for (into, word) in sums.words.iter_mut().skip(words).zip(&self.words) {
                *into |= word << bits | carried;
                carried = if bits == 0 { 0 } else { word >> (64 - bits) };
            }
        }
        Some(sums)
    }
}

/// A part of a pattern, and the lengths of the texts that it matches.
#[derive(Debug)]
struct Node {
    lengths: Lengths,
    /// The same one by one.
    each: Vec<usize>,
    part: Part,
}

#[derive(Debug)]
enum Part {
    Text(String),
    OneOf(Vec<char>),
    Either(Vec<Node>),
    /// Each part with the lengths of those after it together.
    All(Vec<(Node, Lengths)>),
    /// The lengths of each number of copies, from none, and the minimum of copies.
    Copies {
        of: Box<Node>,
        lengths: Vec<Lengths>,
        least: usize,
    },
}

impl Node {
    fn of(hir: &Hir, most: usize, work: &mut usize) -> Option<Self> {
        *work = work.checked_sub(most / 64 + 1)?;
        let text = |text: &str| (Lengths::one(text.chars().count(), most), Part::Text(text.into()));
        let (lengths, part) = match hir.kind() {
            HirKind::Empty | HirKind::Look(_) => text(""),
            HirKind::Literal(literal) => text(std::str::from_utf8(&literal.0).ok()?),
            HirKind::Class(class) => {
                let characters = likely(class);
                let lengths = if characters.is_empty() { Lengths::none(most) } else { Lengths::one(1, most) };
                (lengths, Part::OneOf(characters))
            }
            HirKind::Capture(capture) => return Self::of(&capture.sub, most, work),
            HirKind::Alternation(parts) => {
                let parts: Vec<Self> = parts.iter().map(|part| Self::of(part, most, work)).collect::<Option<_>>()?;
                let mut lengths = Lengths::none(most);
                parts.iter().for_each(|part| lengths.add(&part.lengths));
                (lengths, Part::Either(parts))
            }
            HirKind::Concat(parts) => {
                let mut after = Lengths::one(0, most);
                let mut all = Vec::new();
                for part in parts.iter().rev() {
                    let part = Self::of(part, most, work)?;
                    let with = after.sums(&part.each, work)?;
                    all.push((part, std::mem::replace(&mut after, with)));
                }
                all.reverse();
                (after, Part::All(all))
            }
            HirKind::Repetition(repetition) => {
                let of = Box::new(Self::of(&repetition.sub, most, work)?);
                let least = usize::try_from(repetition.min).ok()?;
                let maximum = repetition.max.map_or(usize::MAX, |max| usize::try_from(max).unwrap_or(usize::MAX));
                let mut copies = vec![Lengths::one(0, most)];
                let mut lengths = Lengths::none(most);
                for count in 0..=maximum {
                    let last = copies.last()?;
                    if count >= least {
                        lengths.add(last);
                    }
                    let next = last.sums(&of.each, work)?;
                    // Further copies are too long, or add nothing.
                    if next.is_empty() || count >= least && next == *last {
                        break;
                    }
                    copies.push(next);
                }
                (lengths, Part::Copies { of, lengths: copies, least })
            }
        };
        Some(Self { each: lengths.all().collect(), lengths, part })
    }
}

struct Writer<'c> {
    choose: Choose<'c>,
    text: String,
}

impl Writer<'_> {
    fn one_of<T>(&mut self, mut of: Vec<T>) -> Option<T> {
        if of.is_empty() {
            return None;
        }
        let at = (self.choose)(of.len(), self.text.len()).min(of.len() - 1);
        Some(of.swap_remove(at))
    }

    /// Writes a text of a length that the part has.
    fn write(&mut self, node: &Node, length: usize) -> Option<()> {
        match &node.part {
            Part::Text(text) => self.text.push_str(text),
            Part::OneOf(characters) => {
                let chosen = self.one_of(characters.clone())?;
                self.text.push(chosen);
            }
            Part::Either(parts) => {
                let part = self.one_of(parts.iter().filter(|part| part.lengths.has(length)).collect())?;
                self.write(part, length)?;
            }
            Part::All(parts) => {
                let mut left = length;
                for (part, after) in parts {
                    let fits = |length: &usize| *length <= left && after.has(left - length);
                    let length = self.one_of(part.each.iter().copied().filter(fits).collect())?;
                    self.write(part, length)?;
                    left -= length;
                }
            }
            Part::Copies { of, lengths, least } => {
                let counts = lengths.iter().enumerate().skip(*least);
                let counts = counts.filter(|(_, lengths)| lengths.has(length)).map(|(count, _)| count).collect();
                let (count, mut left) = (self.one_of(counts)?, length);
                for after in lengths.iter().take(count).rev() {
                    let fits = |length: &usize| *length <= left && after.has(left - length);
                    let length = self.one_of(of.each.iter().copied().filter(fits).collect())?;
                    self.write(of, length)?;
                    left -= length;
                }
            }
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::Pattern;
    use regex::Regex;

    #[test]
    fn texts_have_the_length() {
        for (expression, least, most) in [
            ("^[a-z]+$", 20, 20),
            ("^(a|bc)*$", 7, 7),
            ("^(?:ab|cde)+$", 5, 9),
            ("^[a-z0-9]*$", 100, 103),
            (r"^\S+@\S+\.no$", 12, 12),
            ("^(a{2,3}b?)+c{5}$", 30, 31),
            ("^(x|y(z|w)*){3,}$", 12, 12),
            ("^[^a-zA-Z0-9]{8}$", 8, 8),
            ("^é{300}$", 300, 300),
            ("^(a?b?)*$", 9, 9),
            (r"^\d{4}-\d{2}(-\d{2})?$", 10, 10),
        ] {
            let (pattern, regex) = (Pattern::new(expression).unwrap(), Regex::new(expression).unwrap());
            let sized = pattern.sized(most).unwrap();
            for seed in 0..20 {
                let mut calls: usize = seed;
                let text = sized.text(least..=most, &mut |count, _| {
                    calls = calls.wrapping_mul(31).wrapping_add(7);
                    calls / 3 % count
                });
                let text = text.unwrap_or_else(|| panic!("{expression}"));
                assert!(regex.is_match(&text), "{expression}: {text}");
                assert!((least..=most).contains(&text.chars().count()), "{expression}: {text}");
            }
        }
    }

    #[test]
    fn a_pattern_without_a_text_of_the_length_has_none() {
        for (expression, least, most) in [("^(aa)*$", 7, 7), ("^a{3}$", 4, 9), ("[a-z]{50}", 0, 40), ("^a|b$", 2, 5)] {
            let sized = Pattern::new(expression).unwrap().sized(most).unwrap();
            assert_eq!(sized.text(least..=most, &mut |_, _| 0), None, "{expression}");
        }
        assert!(Pattern::new("((a+b+)+c+)+").unwrap().sized(100_000).is_none(), "the work has a bound");
    }

    #[test]
    fn patterns_are_open_where_they_have_no_anchor() {
        let open = |expression| Pattern::new(expression).unwrap().sized(9).unwrap().is_open();
        assert_eq!(open("[0-9]"), (true, true));
        assert_eq!(open("^a+"), (false, true));
        assert_eq!(open(r"@corp\.example$"), (true, false));
        assert_eq!(open("^(a|bc)*$"), (false, false));
    }
}
