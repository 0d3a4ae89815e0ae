//! The names of a struct's fields in JSON.

use std::borrow::Cow;

/// How a struct's attributes are called in JSON, where serde gives the fields other names than DynamoDB.
///
/// ```
/// use dyntastic::codec::JsonNames;
///
/// let names = JsonNames::camel_case(&[("zip_code", "zip")]);
/// assert_eq!(names.of("user_id"), "userId");
/// assert_eq!(names.of("zip_code"), "zip");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct JsonNames {
    case: Case,
    others: &'static [(&'static str, &'static str)],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    Same,
    Camel,
    Pascal,
    Kebab,
    Screaming,
}

impl JsonNames {
    /// Every field is called in JSON as its attribute is.
    pub const SAME: Self = Self::same(&[]);

    /// The names of the attributes, but for `others`: attributes and their names in JSON.
    pub const fn same(others: &'static [(&'static str, &'static str)]) -> Self {
        Self { case: Case::Same, others }
    }

    /// The names of serde's `rename_all = "camelCase"`, but for `others`.
    pub const fn camel_case(others: &'static [(&'static str, &'static str)]) -> Self {
        Self { case: Case::Camel, others }
    }

    /// The names of serde's `rename_all = "PascalCase"`, but for `others`.
    pub const fn pascal_case(others: &'static [(&'static str, &'static str)]) -> Self {
        Self { case: Case::Pascal, others }
    }

    /// The names of serde's `rename_all = "kebab-case"`, but for `others`.
    pub const fn kebab_case(others: &'static [(&'static str, &'static str)]) -> Self {
        Self { case: Case::Kebab, others }
    }

    /// The names of serde's `rename_all = "SCREAMING_SNAKE_CASE"`, but for `others`.
    pub const fn screaming_snake_case(others: &'static [(&'static str, &'static str)]) -> Self {
        Self { case: Case::Screaming, others }
    }

    /// The name of an attribute in JSON.
    pub fn of<'n>(&self, attribute: &'n str) -> Cow<'n, str> {
        if let Some((_, name)) = self.others.iter().find(|(other, _)| *other == attribute) {
            return Cow::Borrowed(name);
        }
        match self.case {
            Case::Same => Cow::Borrowed(attribute),
            Case::Camel => Cow::Owned(with_first(&pascal_case(attribute), char::to_ascii_lowercase)),
            Case::Pascal => Cow::Owned(pascal_case(attribute)),
            Case::Kebab => Cow::Owned(attribute.replace('_', "-")),
            Case::Screaming => Cow::Owned(attribute.to_ascii_uppercase()),
        }
    }
}

impl Default for JsonNames {
    fn default() -> Self {
        Self::SAME
    }
}

fn pascal_case(name: &str) -> String {
    name.split('_').map(|word| with_first(word, char::to_ascii_uppercase)).collect()
}

fn with_first(word: &str, change: fn(&char) -> char) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| change(&first)).into_iter().chain(letters).collect()
}
