//! What form the output takes.

use crate::keywords::is_keyword;
use std::fmt;

/// The form of the output, and how it finds the runtime.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    pub(crate) form: Form,
    pub(crate) command: String,
    pub(crate) denies_warnings: bool,
}

/// The forms that emitted code comes in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Form {
    /// One file, `models.rs`, for `include!`.
    File,
    /// A module tree, `mod.rs` and a file for each model, for the source folder of an app.
    Module,
    /// A crate of its own.
    Crate(CrateOptions),
}

/// The package of an emitted crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CrateOptions {
    /// The package's name.
    pub name: String,
    /// Where the runtime's package lies, as the emitted Cargo.toml says it; without it, the published
    /// version of this generator's release is named.
    pub runtime_path: Option<String>,
}

/// Crates that all code names, or emitted code.
const CRATES: &[&str] = &["alloc", "core", "dyntastic", "proc_macro", "std", "test"];

impl CrateOptions {
    /// Why a package cannot have this name; `None` where it can.
    pub fn refuses(name: &str) -> Option<&'static str> {
        let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let krate = name.replace('-', "_");
        if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_allowed) {
            Some("it begins with a letter, and has letters, digits, `-` and `_`")
        } else if CRATES.contains(&krate.as_str()) {
            Some("another crate that the code names is called so")
        } else if is_keyword(&krate) || krate == "Self" {
            Some("it is a keyword of Rust")
        } else {
            None
        }
    }
}

impl Options {
    /// Output in this form.
    pub fn new(form: Form) -> Self {
        Self { form, command: "dyntastic generate".to_owned(), denies_warnings: false }
    }

    /// The command that the header of the output names for making it again.
    #[must_use]
    pub fn regenerated_by(mut self, command: impl Into<String>) -> Self {
        self.command = command.into();
        self
    }

    /// Makes warnings mistakes: nothing is generated where there is one.
    #[must_use]
    pub fn deny_warnings(mut self) -> Self {
        self.denies_warnings = true;
        self
    }

    /// The form of the output.
    pub fn form(&self) -> &Form {
        &self.form
    }
}

/// The form as the command line says it: `--as crate --name shop-models --runtime-path ../runtime`.
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
