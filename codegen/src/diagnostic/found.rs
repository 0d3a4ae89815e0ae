//! The diagnostics that a run has found so far.

use super::{Diagnostic, Severity};

#[derive(Debug, Default)]
pub(crate) struct Found(Vec<Diagnostic>);

/// The number of diagnostics before a piece of the schema was read.
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

    /// Marks the beginning of a piece of the schema, for [`is_sound_since`](Self::is_sound_since).
    pub(crate) fn mark(&self) -> Mark {
        Mark(self.0.len())
    }

    /// Whether nothing was found since the mark.
    pub(crate) fn is_sound_since(&self, mark: Mark) -> bool {
        self.0.len() == mark.0
    }

    /// Takes out what was found since the mark.
    pub(crate) fn take_since(&mut self, mark: Mark) -> Vec<Diagnostic> {
        self.0.drain(mark.0.min(self.0.len())..).collect()
    }

    /// Turns warnings into mistakes.
    pub(crate) fn deny_warnings(&mut self) {
        self.0.iter_mut().for_each(Diagnostic::deny);
    }

    pub(crate) fn into_vec(self) -> Vec<Diagnostic> {
        self.0
    }
}
