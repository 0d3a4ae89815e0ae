//! The changes between two schemas, and their forms: text, JSON and Markdown.

use super::side::Side;
use super::{Change, Level, compare, json, markdown, render};
use crate::sources::Sources;
use std::fmt;

/// The changes between two schemas, the worst first.
///
/// [`Display`](fmt::Display) shows each change with the lines of both schemas.
///
/// ```
/// use dyntastic_codegen::{Level, Sources, changes};
///
/// let schema = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }";
/// let (mut old, mut new) = (Sources::new(), Sources::new());
/// old.add("old.yaml", schema);
/// new.add("new.yaml", schema.replace("{ id: string }", "{ id: string, name: string }"));
/// let changes = changes(&old, &new)?;
/// let change = changes.iter().next().unwrap();
/// assert_eq!(change.message(), "field `name` of model `User` is new and required");
/// assert_eq!(changes.level(), Some(Level::Default));
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Changes {
    pub(super) old: Sources,
    pub(super) new: Sources,
    pub(super) list: Vec<Change>,
}

impl Changes {
    pub(crate) fn between((old, was): (&Sources, &Side<'_>), (new, is): (&Sources, &Side<'_>)) -> Self {
        let mut list = compare::compare(was, is);
        let place = |change: &Change| {
            let label = change.new.as_ref().or(change.old.as_ref());
            label.map(|label| (change.new.is_none(), label.span.file, label.span.start))
        };
        list.sort_by_key(|change| (std::cmp::Reverse(change.level()), place(change), change.code()));
        Self { old: old.clone(), new: new.clone(), list }
    }

    /// The changes, the worst first.
    pub fn iter(&self) -> impl Iterator<Item = &Change> {
        self.list.iter()
    }

    /// The number of changes.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// The worst of what the changes break; `None` without changes.
    pub fn level(&self) -> Option<Level> {
        self.list.iter().map(Change::level).max()
    }

    /// Whether a change breaks this.
    pub fn breaks(&self, level: Level) -> bool {
        self.list.iter().any(|change| change.breaks.contains(&level))
    }

    /// The changes as text for people, each with the lines of both schemas. `colour` adds ANSI colours for a terminal.
    pub fn render(&self, colour: bool) -> String {
        render::render(self, colour)
    }

    /// The changes for programs: one JSON object per line, with `code`, `level`, `breaks`, `message`, `new` and `old`
    /// (each with `file`, `line`, `column`, `end_line`, `end_column` and `label`, or null), `notes`, `help` and
    /// `rendered`.
    pub fn to_json_lines(&self) -> String {
        json::json_lines(self)
    }

    /// The changes as a table in Markdown, for a comment on a change of the schema.
    pub fn to_markdown(&self) -> String {
        markdown::markdown(self)
    }

    /// The number of changes of each level, the worst first.
    pub(super) fn count(&self) -> String {
        let count = |level: &Level| {
            let count = self.list.iter().filter(|change| change.level() == *level).count();
            (count > 0).then(|| format!("{count} {level}"))
        };
        let counts: Vec<String> = Level::ALL.iter().rev().filter_map(count).collect();
        let changes = if self.list.len() == 1 { "change" } else { "changes" };
        format!("{} {changes}: {}", self.list.len(), counts.join(", "))
    }
}

impl fmt::Display for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The same text as [`Display`](fmt::Display).
impl fmt::Debug for Changes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}
