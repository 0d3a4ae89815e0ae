//! Settings of tables that are read from environment variables.

use super::Stop;
use dyntastic_codegen::{Sources, TableSetting};

/// The variables that a schema reads.
pub(super) struct Variables<'s> {
    pub(super) sources: &'s Sources,
}

impl Variables<'_> {
    /// The name of a table, after the prefix of all names.
    pub(super) fn table_name(&self, setting: &TableSetting, prefix: &str) -> Result<String, Stop> {
        let name = format!("{prefix}{}", self.value(setting, "the name of a table")?);
        let is_allowed = |of: char| of.is_ascii_alphanumeric() || matches!(of, '_' | '-' | '.');
        match (3..=255).contains(&name.len()) && name.chars().all(is_allowed) {
            true => Ok(name),
            false => Err(self.refuse(setting, &name, "the name of a table")),
        }
    }

    /// A region.
    pub(super) fn region(&self, setting: &TableSetting) -> Result<String, Stop> {
        let region = self.value(setting, "a region")?;
        match is_word(&region) {
            true => Ok(region),
            false => Err(self.refuse(setting, &region, "a region")),
        }
    }

    fn value(&self, setting: &TableSetting, what: &str) -> Result<String, Stop> {
        match setting {
            TableSetting::Value(value) => Ok(value.clone()),
            TableSetting::Env { variable, default } => {
                let set = std::env::var(variable).ok().filter(|value| !value.is_empty());
                set.or_else(|| default.clone()).ok_or_else(|| {
                    let place = self.place(variable);
                    Stop::Other(format!(
                        "the environment variable {variable}, for {what} ({place}), is not set: set it as the app does"
                    ))
                })
            }
        }
    }

    fn refuse(&self, setting: &TableSetting, value: &str, what: &str) -> Stop {
        let of = match setting {
            TableSetting::Value(_) => String::new(),
            TableSetting::Env { variable, .. } => format!(", from {variable} ({})", self.place(variable)),
        };
        Stop::Other(format!("`{value}` is not {what}{of}"))
    }

    /// The place in the schema that reads a variable.
    fn place(&self, variable: &str) -> String {
        let all = dyntastic_codegen::variables(self.sources).unwrap_or_default();
        let found = all.into_iter().find(|(known, _)| known == variable);
        found.map_or_else(|| "the schema".to_owned(), |(_, place)| place)
    }
}

/// Whether a text is a word of an ARN, and no pattern.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|of| of.is_ascii_alphanumeric() || of == '-')
}
