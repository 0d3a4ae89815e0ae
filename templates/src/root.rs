//! The file that a reader opens first: `lib.rs`, `mod.rs`, or the only one.

use askama::Template;

/// The head of a file with all definitions.
#[derive(Debug, Template)]
#[template(path = "file.rs.j2", escape = "none", whitespace = "preserve")]
pub struct FileView {
    /// The generation of the runtime that the code is emitted for.
    pub generation: u32,
}

/// The root of an emitted crate or module tree. It has rustfmt's layout, since a formatter that runs over the whole app
/// also formats it.
#[derive(Debug, Template)]
#[template(path = "root.rs.j2", escape = "none", whitespace = "preserve")]
pub struct RootView<'a> {
    /// The names of the schema files, for a comment.
    pub sources: &'a str,
    /// The generation of the runtime that the code is emitted for.
    pub generation: u32,
    /// Whether the modules are part of an app, which may not use all of them.
    pub in_app: bool,
    /// The modules' identifiers, in the order of their names.
    pub modules: Vec<&'a str>,
}
