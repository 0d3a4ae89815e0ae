//! One change, with its places in both schemas.

use super::{ChangeCode, Level};
use crate::diagnostic::Label;
use crate::sources::Span;

/// One change between two schemas.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub(super) code: ChangeCode,
    /// The levels of what it breaks, the worst first.
    pub(super) breaks: Vec<Level>,
    pub(super) message: String,
    pub(super) new: Option<Label>,
    pub(super) old: Option<Label>,
    pub(super) notes: Vec<String>,
    pub(super) help: Vec<String>,
}

impl Change {
    pub(super) fn new(code: ChangeCode, message: impl Into<String>) -> Self {
        Self {
            code,
            breaks: Vec::new(),
            message: message.into(),
            new: None,
            old: None,
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Adds a level to what it breaks.
    pub(super) fn breaks(mut self, level: Level) -> Self {
        self.breaks.push(level);
        self.breaks.sort_by(|one, other| other.cmp(one));
        self.breaks.dedup();
        self
    }

    /// Adds a level under a condition.
    pub(super) fn breaks_if(self, breaks: bool, level: Level) -> Self {
        if breaks { self.breaks(level) } else { self }
    }

    /// The same change where an upgrade changes the items written before.
    pub(super) fn upgraded(mut self, levels: &[Level]) -> Self {
        let before = self.breaks.len();
        self.breaks.retain(|level| !levels.contains(level));
        if self.breaks.len() < before {
            self.help.clear();
            self.notes.push("an upgrade changes the items written before".to_owned());
        }
        self
    }

    /// Points into the new schema.
    pub(super) fn new_at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.new = Some(Label { span, text: text.into() });
        self
    }

    /// Points into the old schema.
    pub(super) fn old_at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.old = Some(Label { span, text: text.into() });
        self
    }

    /// Adds a consequence that its levels do not say.
    pub(super) fn note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds what to do.
    pub(super) fn help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// The stable code of this kind of change.
    pub fn code(&self) -> ChangeCode {
        self.code
    }

    /// The worst of what it breaks.
    pub fn level(&self) -> Level {
        self.breaks.first().copied().unwrap_or(Level::Compatible)
    }

    /// The levels of what it breaks, the worst first; none if it is compatible.
    pub fn broken(&self) -> &[Level] {
        &self.breaks
    }

    /// The message: what changed, in one line.
    pub fn message(&self) -> &str {
        &self.message
    }
}
