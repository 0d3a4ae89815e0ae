//! Texts that patterns match.

use super::{Faker, lengths, letters, number, word};
use dyntastic_samples::{Pattern, SizedPattern};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// How much longer a text is than the shortest one, at most, and if it has to differ. Later tries are longer.
const LONGER: usize = 3;
const DIFFERENT: usize = 8;
const MUCH_LONGER: usize = 20;

/// The number of patterns and lengths that are known at a time.
const KNOWN: usize = 100;

/// A text that a pattern matches, with a length within the bounds if it has such a text.
pub(super) fn matching(of: &mut Faker, pattern: &str) -> Option<String> {
    let parsed = parsed(pattern)?;
    let (least, most) = lengths(of);
    let longer = of.attempt().min(MUCH_LONGER)
        + match (of.is_plain(), of.differs()) {
            (true, _) => 0,
            (_, true) => DIFFERENT,
            (_, false) => LONGER,
        };
    let longest = least.max(parsed.least_length()).saturating_add(longer).min(most);
    let Some(sized) = sized(pattern, &parsed, longest) else { return of_parts(of, &parsed, longer) };
    let (before, after) = sized.is_open();
    let differs = of.differs();
    let mut text = |lengths| {
        let choose = &mut |count: usize, _| usize::try_from(of.pick(count as u64)).unwrap_or_default();
        sized.text(lengths, choose)
    };
    // The longest texts have the most possibilities.
    let text = match differs {
        true => (least..=longest).rev().find_map(|length| text(length..=length)),
        false => text(least..=longest),
    }
    .or_else(|| text(0..=longest));
    let Some(text) = text else { return of_parts(of, &parsed, longer) };
    // Anything may stand where the pattern has no anchor, as a format needs it.
    let is_extended = of.attempt().is_multiple_of(2) && !of.is_plain();
    let text = match before && is_extended && of.rules().format.is_some() {
        true => word(of, 2) + &text,
        false => text,
    };
    let length = text.chars().count();
    let extension = match after {
        true if is_extended && of.differs() => format!("{}{}", word(of, 1), number(of)),
        true if is_extended => word(of, 2),
        _ => String::new(),
    };
    // The end differs.
    let cut = extension.len().saturating_sub(most.saturating_sub(length));
    let extension = extension.get(cut..).unwrap_or_default();
    let missing = letters(of, least.saturating_sub(length + extension.len()));
    Some(match (after, before) {
        (true, _) => text + &missing + extension,
        (false, true) => missing + &text,
        (false, false) => text,
    })
}

/// A text of a pattern whose lengths are too many.
fn of_parts(of: &mut Faker, pattern: &Pattern, more: usize) -> Option<String> {
    let more = of.random().below(more as u64 + 1);
    let choose = &mut |count: usize, _| usize::try_from(of.pick(count as u64)).unwrap_or_default();
    pattern.text(usize::try_from(more).unwrap_or_default(), choose)
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

/// The pattern with the lengths of its texts, which are found once for each maximum.
fn sized(pattern: &str, parsed: &Pattern, longest: usize) -> Option<Rc<SizedPattern>> {
    type Sized = HashMap<(String, usize), Option<Rc<SizedPattern>>>;
    thread_local! {
        static SIZED: RefCell<Sized> = RefCell::default();
    }
    SIZED.with_borrow_mut(|known| {
        if known.len() > KNOWN {
            known.clear();
        }
        let sized = known.entry((pattern.to_owned(), longest));
        sized.or_insert_with(|| parsed.sized(longest).map(Rc::new)).clone()
    })
}
