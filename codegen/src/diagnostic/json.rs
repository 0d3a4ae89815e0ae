//! Diagnostics for editors: one JSON object per line.

use super::{Diagnostic, Label, Severity, render};
use crate::sources::Sources;
use serde::Serialize;

#[derive(Serialize)]
struct JsonDiagnostic<'a> {
    code: &'static str,
    severity: &'static str,
    message: &'a str,
    #[serde(flatten)]
    primary: Option<JsonLabel<'a>>,
    related: Vec<JsonLabel<'a>>,
    help: Vec<&'a str>,
    rendered: String,
}

/// A place and its label.
#[derive(Serialize)]
pub(crate) struct JsonLabel<'a> {
    file: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
    label: &'a str,
}

pub(super) fn json_lines(sources: &Sources, list: &[Diagnostic]) -> String {
    let mut text = String::new();
    for diagnostic in list {
        let json = JsonDiagnostic {
            code: diagnostic.0.code.as_str(),
            severity: match diagnostic.severity() {
                Severity::Error => "error",
                Severity::Warning => "warning",
            },
            message: &diagnostic.0.message,
            primary: diagnostic.0.primary.as_ref().map(|label| JsonLabel::new(sources, label)),
            related: diagnostic.0.related.iter().map(|label| JsonLabel::new(sources, label)).collect(),
            help: diagnostic.0.help.iter().map(|help| help.text.as_str()).collect(),
            rendered: render::render_one(sources, diagnostic),
        };
        // The object holds strings and numbers only, so JSON cannot refuse it.
        text.push_str(&serde_json::to_string(&json).unwrap_or_default());
        text.push('\n');
    }
    text
}

impl<'a> JsonLabel<'a> {
    pub(crate) fn new(sources: &'a Sources, label: &'a Label) -> Self {
        let start = sources.position(label.span.file, label.span.start);
        let end = sources.position(label.span.file, label.span.end);
        Self {
            file: sources.name(label.span.file),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
            label: &label.text,
        }
    }
}
