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
    /// The modules, in the order of their names.
    pub modules: Vec<ModuleView<'a>>,
}

/// A module of the root.
#[derive(Debug)]
pub struct ModuleView<'a> {
    /// Its identifier.
    pub name: &'a str,
    /// Whether derives in it use deprecated items.
    pub allows_deprecated: bool,
}

/// A definition whose derives use deprecated items, in the file of all definitions: it needs a module that allows that.
#[derive(Debug, Template)]
#[template(path = "deprecated.rs.j2", escape = "none", whitespace = "preserve")]
pub struct DeprecatedView<'a> {
    /// The identifier of the definition's module in the other forms.
    pub module: &'a str,
    /// The `use` lines for types of the schema.
    pub imports: &'a str,
    /// The definition's code.
    pub code: &'a str,
}
