//! The state that all rules share: the schema, the known types, the taken names, and the diagnostics found so far.

use super::names::Namespace;
use super::scope::Scope;
use super::written_tables::WrittenTables;
use crate::diagnostic::{Diagnostic, Found};
use crate::model::Context;
use crate::schema::Schema;
use crate::sources::{Lines, Span};
use std::collections::{HashMap, HashSet};

pub(super) struct Resolver<'s> {
    pub(super) schema: &'s Schema,
    /// The known types by name.
    pub(super) scope: Scope,
    /// The names of the emitted types.
    pub(super) emitted: Namespace,
    /// What all models say about each table.
    pub(super) tables: WrittenTables<'s>,
    pub(super) found: Found,
    /// The contexts without mistakes, by their names in the schema.
    pub(super) contexts: HashMap<&'s str, Context>,
    /// The diagnostics that point into mixins or contexts, before they named a definition.
    pub(super) of_mixins: HashSet<Diagnostic>,
    /// The lines of the schema, if docs name them.
    lines: Option<&'s Lines>,
}

impl<'s> Resolver<'s> {
    pub(super) fn new(schema: &'s Schema, found: Found, lines: Option<&'s Lines>) -> Self {
        let (scope, tables) = (Scope::new(schema), WrittenTables::of(schema));
        let (emitted, contexts) = (Namespace::default(), HashMap::new());
        Self { schema, scope, emitted, tables, found, contexts, of_mixins: HashSet::new(), lines }
    }

    /// The line of a place in the schema, if docs name lines.
    pub(super) fn line(&self, span: Span) -> Option<String> {
        self.lines.map(|lines| lines.of(span))
    }

    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        self.found.push(diagnostic);
    }

    /// Returns the value, or reports its mistake.
    pub(super) fn keep<T>(&mut self, result: Result<T, Diagnostic>) -> Option<T> {
        result.map_err(|diagnostic| self.report(diagnostic)).ok()
    }

    /// Takes the name of an emitted type, as [`Namespace::take`] does; `None` if it is taken.
    pub(super) fn take(&mut self, identifier: &str, origin: String, span: Span) -> Option<()> {
        let taken = self.emitted.take(identifier, origin, span);
        self.keep(taken)
    }

    /// Takes the names of one definition. The first collision is reported; the others follow from it.
    pub(super) fn take_all(&mut self, emitted: impl IntoIterator<Item = (String, String)>, span: Span) {
        for (identifier, origin) in emitted {
            if self.take(&identifier, origin, span).is_none() {
                return;
            }
        }
    }
}
