//! The form of the output.

use crate::keywords::is_keyword;
use std::fmt;

/// The options of a generation: the form of the output, and its command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub(crate) form: Form,
    pub(crate) command: String,
    pub(crate) denies_warnings: bool,
    pub(crate) names_lines: bool,
}

/// The form of emitted code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One file, `models.rs`, for `include!`.
    File,
    /// A module tree, `mod.rs` and a file for each model, for the source folder of an app.
    Module,
    /// A separate crate.
    Crate(CrateOptions),
}

/// The package of an emitted crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateOptions {
    /// The package's name.
    pub name: String,
    /// The path of the runtime's package in the emitted Cargo.toml. `None` names the published version of this
    /// generator's release.
    pub runtime_path: Option<String>,
}

/// The crates that emitted code, or all code, names.
const CRATES: &[&str] = &["alloc", "core", "dyntastic", "proc_macro", "std", "test"];

impl CrateOptions {
    /// The reason why a package cannot have this name; `None` if it can.
    pub fn refuses(name: &str) -> Option<&'static str> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let krate = name.replace('-', "_");
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_allowed) {
            Some("a name begins with a letter, and has letters, digits, `-` and `_`")
        } else if CRATES.contains(&krate.as_str()) {
            Some("the code uses another crate of this name")
        } else if is_keyword(&krate) || krate == "Self" {
            Some("it is a keyword of Rust")
        } else {
            None
        }
    }
}

impl Options {
    /// Options for output in this form.
    pub fn new(form: Form) -> Self {
        Self { form, command: "dyntastic generate".to_owned(), denies_warnings: false, names_lines: false }
    }

    /// Sets the command that the output's header names for generating it again.
    #[must_use]
    pub fn regenerated_by(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// Turns warnings into mistakes: with a warning, nothing is generated.
    #[must_use]
    pub fn deny_warnings(mut self) -> Self {
        self.denies_warnings = true;
        self
    }

    /// Names the line of the schema in the docs of each emitted model, type and field, such as `models.yaml:12`, for
    /// output that nobody reviews: any edit above a line changes the output.
    #[must_use]
    pub fn name_lines(mut self) -> Self {
        self.names_lines = true;
        self
    }

    /// The form of the output.
    pub fn form(&self) -> &Form {
        &self.form
    }
}

/// The form as arguments of the command line: `--as crate --name shop-models --runtime-path ../runtime`.
impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::File => f.write_str("--as file"),
            Form::Module => f.write_str("--as module"),
            Form::Crate(options) => {
                write!(f, "--as crate --name {}", options.name)?;
                match &options.runtime_path {
                    Some(path) => write!(f, " --runtime-path {path}"),
                    None => Ok(()),
                }
            }
        }
    }
}
