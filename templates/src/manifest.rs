//! The Cargo.toml of an emitted crate.

use askama::Template;

/// The content of an emitted crate's Cargo.toml.
#[derive(Debug, Template)]
#[template(path = "Cargo.toml.j2", escape = "none", whitespace = "preserve")]
pub struct ManifestView<'a> {
    /// The package's name, as a TOML string with its quotes.
    pub name: &'a str,
    /// The minimum Rust version of the runtime.
    pub rust_version: &'a str,
    /// The place of the runtime for Cargo: `version = "…"` or `path = "…"`.
    pub runtime: &'a str,
    /// The runtime's features that the emitted code uses.
    pub features: &'a [&'a str],
}
