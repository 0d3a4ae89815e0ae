//! The constraints of a value, as its check states them.

use crate::validate::{Check, Noted, Part, noted};

/// The constraints that a made-up value is made by.
#[derive(Debug, Default)]
pub(super) struct Rules {
    /// The bounds as texts, and whether they are exclusive.
    pub(super) minimum: Option<(String, bool)>,
    pub(super) maximum: Option<(String, bool)>,
    pub(super) multiple_of: Option<String>,
    pub(super) min_length: usize,
    pub(super) max_length: Option<usize>,
    pub(super) patterns: Vec<String>,
    pub(super) format: Option<String>,
    pub(super) one_of: Vec<String>,
    pub(super) min_items: usize,
    pub(super) max_items: Option<usize>,
    pub(super) unique_items: bool,
    pub(super) is_future: bool,
    /// Whether other items should have other values.
    pub(super) differs: bool,
    parts: Noted,
}

impl Rules {
    /// The constraints of a check, which any value tells.
    pub(super) fn of<T>(check: Check<T>, any: &T) -> Self {
        let (violations, mut parts) = noted(check, any);
        let mut rules = Self { differs: parts.is_key(), one_of: parts.take_texts(), ..Self::default() };
        for violation in violations.iter() {
            let parameter = violation.parameters().next().map(|(_, value)| value.to_owned());
            let number = parameter.as_deref().and_then(|text| text.parse().ok());
            match violation.code() {
                code @ ("minimum" | "exclusive_minimum") => {
                    rules.minimum = parameter.map(|text| (text, code == "exclusive_minimum"));
                }
                code @ ("maximum" | "exclusive_maximum") => {
                    rules.maximum = parameter.map(|text| (text, code == "exclusive_maximum"));
                }
                "multiple_of" => rules.multiple_of = parameter,
                "min_length" => rules.min_length = rules.min_length.max(number.unwrap_or_default()),
                "max_length" => rules.max_length = number,
                "pattern" => rules.patterns.extend(parameter),
                "format" => rules.format = parameter,
                "min_items" => rules.min_items = number.unwrap_or_default(),
                "max_items" => rules.max_items = number,
                "unique_items" => rules.unique_items = true,
                "future" => rules.is_future = true,
                _ => {}
            }
        }
        rules.parts = parts;
        rules
    }

    /// The check of the elements of a collection.
    pub(super) fn check<T: 'static>(&self, part: Part) -> Option<Check<T>> {
        self.parts.check(part)
    }
}
