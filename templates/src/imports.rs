//! The `use` lines of a module for types of the schema.

use askama::Template;

/// What a module takes from the others.
#[derive(Debug, Template)]
#[template(path = "imports.rs.j2", escape = "none", whitespace = "preserve")]
pub struct ImportsView<'a> {
    /// The types that the root has too.
    pub types: Vec<&'a str>,
    /// The types that are named after derive macros. Through the root, rustc would look for macros of these names in all
    /// modules, for which it needs these macros.
    pub from_modules: Vec<ImportView<'a>>,
}

/// A type, and the module that it is in.
#[derive(Debug)]
pub struct ImportView<'a> {
    /// The type's identifier.
    pub name: &'a str,
    /// The module's.
    pub module: &'a str,
}
