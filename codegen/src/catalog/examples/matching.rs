//! Texts that match a regular expression.

use dyntastic_samples::Pattern as Sample;
use regex::Regex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

/// A regular expression.
#[derive(Debug)]
pub(super) struct Pattern {
    regex: Regex,
    sample: Sample,
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
        Some(Self { regex: Regex::new(expression).ok()?, sample: Sample::new(expression)? })
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.regex.is_match(text)
    }

    /// A text that the expression probably matches. Other seeds choose other characters, and `more` is how often a part is
    /// repeated beyond its minimum.
    pub(super) fn text(&self, seed: usize, more: usize) -> Option<String> {
        self.sample.text(more, &mut |count, before| (seed + before) % count.max(1))
    }
}
