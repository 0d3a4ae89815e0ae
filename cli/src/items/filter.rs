//! Conditions as people type them: `age>=18`, `name^=A`, `nickname?`.

use dyntastic::Condition;
use dyntastic::dynamic::{Comparison, DynamicItem, DynamicModel};

/// The operators, the longer ones first.
const OPERATORS: [(&str, Comparison); 7] = [
    ("!=", Comparison::Ne),
    (">=", Comparison::Ge),
    ("<=", Comparison::Le),
    ("^=", Comparison::BeginsWith),
    ("=", Comparison::Eq),
    (">", Comparison::Gt),
    ("<", Comparison::Lt),
];

/// A comparison with a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) field: String,
    pub(super) comparison: Comparison,
    pub(super) value: String,
}

impl Compared {
    /// Reads `age>=18`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let at = |operator: &&(&str, Comparison)| text.find(operator.0).unwrap_or(usize::MAX);
        // The first operator counts, and of those at one place the longest.
        let first = OPERATORS.iter().min_by_key(at).filter(|operator| at(operator) < usize::MAX);
        let split = first.and_then(|(operator, comparison)| Some((text.split_once(operator)?, *comparison)));
        match split {
            Some(((field, value), comparison)) if !field.trim().is_empty() => {
                Ok(Self { field: field.trim().to_owned(), comparison, value: value.to_owned() })
            }
            _ => Err(format!(
                "`{text}` is no comparison: give a field, one of = != < <= > >= ^= (begins with), and a value"
            )),
        }
    }
}

/// The conditions of an option. A mistake names the option and its value.
pub(super) fn conditions(
    model: DynamicModel,
    option: &str,
    texts: &[String],
) -> Result<Vec<Condition<DynamicItem>>, String> {
    let of = |text: &String| condition(model, text).map_err(|mistake| format!("{option} '{text}': {mistake}"));
    texts.iter().map(of).collect()
}

/// Reads a filter: a comparison, `nickname?` for a value, or `!nickname` for none.
fn condition(model: DynamicModel, text: &str) -> Result<Condition<DynamicItem>, String> {
    let is_name = |name: &str| !name.is_empty() && !name.contains(['=', '<', '>', '!', '^']);
    if let Some(name) = text.strip_suffix('?').filter(|name| is_name(name)) {
        return model.presence(name, true);
    }
    if let Some(name) = text.strip_prefix('!').filter(|name| is_name(name)) {
        return model.presence(name, false);
    }
    let Compared { field, comparison, value } = Compared::parse(text)?;
    model.condition(&field, comparison, &[value])
}

#[cfg(test)]
mod tests {
    use super::Compared;
    use dyntastic::dynamic::Comparison;

    #[test]
    fn the_first_operator_counts() {
        for (text, field, comparison, value) in [
            ("age>=18", "age", Comparison::Ge, "18"),
            ("age>18", "age", Comparison::Gt, "18"),
            ("name=a>=b", "name", Comparison::Eq, "a>=b"),
            ("name!=", "name", Comparison::Ne, ""),
            ("name ^=A", "name", Comparison::BeginsWith, "A"),
        ] {
            let expected = Compared { field: field.to_owned(), comparison, value: value.to_owned() };
            assert_eq!(Compared::parse(text), Ok(expected), "{text}");
        }
        assert!(Compared::parse("age").is_err() && Compared::parse("=1").is_err());
    }
}
