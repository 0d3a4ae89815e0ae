//! The constant with all tables.

use crate::table::TableView;
use askama::Template;

/// The tables of a schema.
#[derive(Debug, Template)]
#[template(path = "tables.rs.j2", escape = "none", whitespace = "preserve")]
pub struct TablesView<'a> {
    /// Whether it is part of an app, which may not use it.
    pub in_app: bool,
    /// Whether one of the types is deprecated.
    pub allows_deprecated: bool,
    /// Each table once.
    pub tables: Vec<DescribedView<'a>>,
}

/// The description of a table.
#[derive(Debug)]
pub enum DescribedView<'a> {
    /// That of a type of the schema.
    By(&'a str),
    /// One of its own, since several models add to it.
    Whole(Box<TableView>),
}
