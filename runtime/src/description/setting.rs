//! Settings that may come from environment variables.

/// A setting that is fixed, or that each operation reads from an environment variable. An empty variable counts as
/// unset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    variable: Option<&'static str>,
    value: Option<&'static str>,
}

/// A required environment variable that is not set.
#[derive(Debug)]
pub(crate) struct UnsetVariable(pub(crate) &'static str);

impl Setting {
    /// A fixed value.
    pub const fn value(value: &'static str) -> Self {
        Self { variable: None, value: Some(value) }
    }

    /// The value of an environment variable.
    pub const fn env(variable: &'static str) -> Self {
        Self { variable: Some(variable), value: None }
    }

    /// The value of an environment variable, or a fixed value if the variable is unset.
    pub const fn env_or(variable: &'static str, default: &'static str) -> Self {
        Self { variable: Some(variable), value: Some(default) }
    }

    /// The setting as the schema states it: the value, or the name of the environment variable.
    pub(crate) fn stated(&self) -> &'static str {
        self.variable.or(self.value).unwrap_or_default()
    }

    pub(super) fn required(&self, environment: &dyn Fn(&str) -> Option<String>) -> Result<String, UnsetVariable> {
        self.resolve(environment).ok_or_else(|| UnsetVariable(self.variable.unwrap_or_default()))
    }

    pub(crate) fn resolve(&self, environment: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        self.variable.and_then(environment).filter(|value| !value.is_empty()).or_else(|| self.value.map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_comes_from_the_environment_unless_that_is_empty() {
        let environment = |name: &str| match name {
            "SET" => Some("set".to_owned()),
            "EMPTY" => Some(String::new()),
            _ => None,
        };
        let resolve = |setting: Setting| setting.resolve(&environment);
        assert_eq!(resolve(Setting::value("fixed")).as_deref(), Some("fixed"));
        assert_eq!(resolve(Setting::env("SET")).as_deref(), Some("set"));
        assert_eq!(resolve(Setting::env_or("SET", "default")).as_deref(), Some("set"));
        assert_eq!(resolve(Setting::env_or("EMPTY", "default")).as_deref(), Some("default"));
        assert_eq!(resolve(Setting::env("UNSET")), None);
    }
}
