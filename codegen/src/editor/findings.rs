//! Mistakes and warnings as plain data.

use super::{Analysis, Edit, Place};
use crate::diagnostic::{Code, Diagnostic, Replacement, Severity};
use crate::sources::Span;

/// A mistake or a warning.
#[derive(Debug, Clone)]
pub struct Finding {
    /// Its code.
    pub code: Code,
    /// Whether it stops generation.
    pub severity: Severity,
    /// What is wrong, and then the label of the place and the help, each on a line.
    pub message: String,
    /// The place; the beginning of the first file without one.
    pub place: Place,
    /// Other places, each with its label.
    pub related: Vec<(Place, String)>,
    /// The fixes that are one replacement.
    pub fixes: Vec<Fix>,
}

/// A fix of a mistake.
#[derive(Debug, Clone)]
pub struct Fix {
    /// The word that is meant.
    pub word: String,
    /// The replacement of the written word.
    pub edit: Edit,
}

impl Analysis {
    /// The mistakes and warnings, in the order of their places.
    pub fn findings(&self) -> impl Iterator<Item = Finding> {
        self.diagnostics.iter().map(|diagnostic| self.finding(diagnostic))
    }

    pub(super) fn finding(&self, diagnostic: &Diagnostic) -> Finding {
        let primary = diagnostic.primary();
        let span = primary.map_or(Span { file: 0, start: 0, end: 0 }, |label| label.span);
        let mut message = diagnostic.message().to_owned();
        let label = primary.map(|label| label.text.as_str()).filter(|text| !text.is_empty());
        let helps = diagnostic.helps().iter().map(|help| format!("help: {}", help.text));
        for line in label.map(str::to_owned).into_iter().chain(helps) {
            message.push('\n');
            message.push_str(&line);
        }
        let replacements = diagnostic.helps().iter().filter_map(|help| help.replacement.as_ref());
        Finding {
            code: diagnostic.code(),
            severity: diagnostic.severity(),
            message,
            place: span.into(),
            related: diagnostic.related_labels().iter().map(|of| (of.span.into(), of.text.clone())).collect(),
            fixes: replacements.filter_map(|replacement| self.fix(span, replacement)).collect(),
        }
    }

    /// The replacement of the written word, which is in the place of the mistake.
    fn fix(&self, span: Span, replacement: &Replacement) -> Option<Fix> {
        let text = self.text(span.file).get(span.start..span.end)?;
        let (start, length) = match &replacement.written {
            Some(written) => (text.find(written.as_str())?, written.len()),
            None if text.len() > 1 && text.starts_with(['"', '\'']) => (1, text.len() - 2),
            None => (0, text.len()),
        };
        let start = span.start + start;
        let place = Place { file: span.file, start, end: start + length };
        let word = replacement.word.clone();
        Some(Fix { word: word.clone(), edit: Edit { place, text: word } })
    }
}
