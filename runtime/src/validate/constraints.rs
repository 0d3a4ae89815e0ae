//! The constraints of a check.

use super::Check;
use super::checked::Checked;
use crate::ground::Violations;
use std::any::Any;

/// The code for the constraints of elements, where every constraint adds a violation.
pub(super) const OF_ELEMENTS: &str = "of_elements";

/// A part of a value that has constraints of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    /// The elements of a list or a set.
    Items,
    /// The names of the entries of a map.
    Keys,
    /// The values of the entries of a map.
    Values,
    /// The value of an optional value.
    Present,
}

/// What a check says besides violations, when its constraints are noted.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    parts: Vec<(Part, Box<dyn Any + Send + Sync>)>,
    texts: Vec<String>,
    /// Whether the value is a key or a part of one.
    is_key: bool,
}

impl Noted {
    pub(super) fn key(&mut self) {
        self.is_key = true;
    }

    #[cfg(feature = "fake")]
    pub(crate) fn is_key(&self) -> bool {
        self.is_key
    }

    pub(super) fn part<T: 'static>(&mut self, part: Part, check: Check<T>) {
        self.parts.push((part, Box::new(check)));
    }

    pub(super) fn texts(&mut self, texts: &[&str]) {
        self.texts = texts.iter().map(|text| (*text).to_owned()).collect();
    }

    /// The check of a part.
    #[cfg(feature = "fake")]
    pub(crate) fn check<T: 'static>(&self, part: Part) -> Option<Check<T>> {
        let (_, check) = self.parts.iter().find(|(of, _)| *of == part)?;
        check.downcast_ref().copied()
    }

    /// The texts of which the value is one.
    #[cfg(feature = "fake")]
    pub(crate) fn take_texts(&mut self) -> Vec<String> {
        std::mem::take(&mut self.texts)
    }
}

/// All constraints of a check, as violations of `any` value, and what else it says.
pub(crate) fn noted<T>(check: Check<T>, any: &T) -> (Violations, Noted) {
    let (mut violations, mut noted) = (Violations::new(""), Noted::default());
    check(Checked::noting(any, &mut violations, &mut noted));
    (violations, noted)
}

/// The constraints of a value that DynamoDB calculates, as far as its conditions can express them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Constraints {
    /// The minimum, and whether it is exclusive.
    pub(crate) minimum: Option<(String, bool)>,
    /// The maximum, and whether it is exclusive.
    pub(crate) maximum: Option<(String, bool)>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    /// Whether the elements have constraints.
    pub(crate) of_elements: bool,
    /// Whether there are other constraints, for which DynamoDB has no condition.
    pub(crate) others: bool,
}

impl Constraints {
    /// Collects the constraints of a check. Calls the check with `any` value, because every constraint adds a violation
    /// then.
    pub(crate) fn of<T>(check: Check<T>, any: &T) -> Self {
        let (noted, _) = noted(check, any);
        let mut constraints = Self::default();
        for violation in noted.iter() {
            let parameter = violation.parameters().next().map(|(_, value)| value.to_owned());
            let count = || parameter.as_deref().and_then(|count| count.parse().ok());
            let Self { minimum, maximum, .. } = &mut constraints;
            match violation.code() {
                code @ ("minimum" | "exclusive_minimum") if minimum.is_none() => {
                    *minimum = parameter.map(|text| (text, code == "exclusive_minimum"));
                }
                code @ ("maximum" | "exclusive_maximum") if maximum.is_none() => {
                    *maximum = parameter.map(|text| (text, code == "exclusive_maximum"));
                }
                "min_items" => constraints.min_items = count(),
                "max_items" => constraints.max_items = count(),
                "unique_items" => constraints.unique_items = true,
                OF_ELEMENTS => constraints.of_elements = true,
                _ => constraints.others = true,
            }
        }
        constraints
    }
}
