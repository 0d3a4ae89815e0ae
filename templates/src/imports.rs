//! The `use` lines of a module for types of the schema.

use askama::Template;

/// A module's imports from the other modules.
#[derive(Debug, Template)]
#[template(path = "imports.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ImportsView<'a> {
    /// The types that are imported through the root.
    pub types: Vec<&'a str>,
    /// The types with names of derive macros, imported from their modules. Through the root, rustc would look for
    /// macros of these names in all modules, and needs the macros for that.
    pub from_modules: Vec<ImportView<'a>>,
}

/// A type, and the module that it is in.
#[derive(Debug)]
pub struct ImportView<'a> {
    /// The type's identifier.
    pub name: &'a str,
    /// The module's identifier.
    pub module: &'a str,
}
