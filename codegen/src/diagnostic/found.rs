//! The diagnostics that a run has found so far.

use super::{Diagnostic, Severity};

#[derive(Debug, Default)]
pub(crate) struct Found(Vec<Diagnostic>);

/// What was found before a piece of the schema.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mark(usize);

impl Found {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    pub(crate) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(diagnostics);
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.0.iter()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether there is a mistake, and not only warnings.
    pub(crate) fn has_mistakes(&self) -> bool {
        self.iter().any(|diagnostic| diagnostic.severity() != Severity::Warning)
    }

    /// Where a piece of the schema begins, to ask later whether it is sound.
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.0.len())
    }

    /// Whether nothing is found since.
    pub(crate) fn is_sound_since(&self, mark: Mark) -> bool {
        self.0.len() == mark.0
    }

    /// Makes warnings mistakes.
    pub(crate) fn deny_warnings(&mut self) {
        self.0.iter_mut().for_each(Diagnostic::deny);
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}
