//! The constraints of a check that DynamoDB's conditions can express.

use super::Check;
use super::checked::Checked;
use crate::ground::Violations;

/// The code for the constraints of elements, where every constraint adds a violation.
pub(super) const OF_ELEMENTS: &str = "of_elements";

/// The constraints of a value that DynamoDB calculates.
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
