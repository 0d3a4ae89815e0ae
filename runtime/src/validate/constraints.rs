//! What a check asks for, as far as DynamoDB can be asked for it.

use super::Check;
use super::checked::Checked;
use crate::ground::Violations;

/// What stands for the constraints of elements where constraints are noted.
pub(super) const OF_ELEMENTS: &str = "of_elements";

/// The constraints of a value that DynamoDB calculates.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Constraints {
    /// The least number, and whether the number itself is too little.
    pub(crate) minimum: Option<(String, bool)>,
    /// The largest number, and whether the number itself is too much.
    pub(crate) maximum: Option<(String, bool)>,
    pub(crate) min_items: Option<usize>,
    pub(crate) max_items: Option<usize>,
    pub(crate) unique_items: bool,
    /// Whether elements have constraints of their own.
    pub(crate) of_elements: bool,
    /// Whether there are others, for which DynamoDB has no condition.
    pub(crate) others: bool,
}

impl Constraints {
    /// Those of a check. It is called with any value, and each of its constraints is noted, whether it holds or not.
    pub(crate) fn of<T>(check: Check<T>, any: &T) -> Self {
        let mut noted = Violations::new("");
        check(Checked::noting(any, &mut noted));
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
