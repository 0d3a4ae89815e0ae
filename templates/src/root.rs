//! The file that a reader opens first: `lib.rs`, `mod.rs`, or the only one.

use askama::Template;

/// What stands at the head of a file with all definitions.
#[derive(Debug, Template)]
#[template(path = "file.rs.j2", escape = "none", whitespace = "preserve")]
pub struct FileView {
    /// The generation of the runtime that the code is emitted for.
    pub generation: u32,
}

/// What stands in the root of an emitted crate or module tree. It is laid out as rustfmt would, since a
/// formatter that runs over the whole app reaches it.
#[derive(Debug, Template)]
#[template(path = "root.rs.j2", escape = "none", whitespace = "preserve")]
pub struct RootView<'a> {
    /// The schema files by name, as they stand in a comment.
    pub sources: &'a str,
    /// The generation of the runtime that the code is emitted for.
    pub generation: u32,
    /// Whether the modules are part of an app, which uses what it needs of them.
    pub in_app: bool,
    /// The modules' identifiers, in the order of their names.
    pub modules: Vec<&'a str>,
}
