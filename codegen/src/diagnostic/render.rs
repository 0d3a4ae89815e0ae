//! Diagnostics for people, drawn by rustc's renderer over the schema's lines.

use super::{Diagnostic, Label, Severity};
use crate::sources::Sources;
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Renderer, Snippet};

/// The maximum length of a shown line. A longer line is cut around its label, so that it does not flood a terminal.
const LONG_LINE: usize = 400;

pub(super) fn render(sources: &Sources, list: &[Diagnostic], colour: bool) -> String {
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let mut text = String::new();
    for diagnostic in list {
        text.push_str(&renderer.render(&report(sources, diagnostic)));
        text.push_str("\n\n");
    }
    text
}

/// The closing line: the number of mistakes and warnings.
pub(super) fn count(shown: usize, mistakes: usize, warnings: usize) -> String {
    let count = |number: usize, what: &str| match number {
        0 => None,
        1 => Some(format!("1 {what}")),
        number => Some(format!("{number} {what}s")),
    };
    let counts: Vec<String> = count(mistakes, "mistake").into_iter().chain(count(warnings, "warning")).collect();
    let rest = if mistakes + warnings > shown { format!("; the first {shown} are shown") } else { String::new() };
    format!(
        "{} in the schema{rest}
",
        counts.join(" and ")
    )
}

/// One diagnostic as text, without the closing count.
pub(super) fn render_one(sources: &Sources, diagnostic: &Diagnostic) -> String {
    Renderer::plain().render(&report(sources, diagnostic))
}

fn report<'a>(sources: &'a Sources, diagnostic: &'a Diagnostic) -> Vec<Group<'a>> {
    let level = match diagnostic.severity() {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let title = level.primary_title(&diagnostic.0.message).id(diagnostic.0.code.as_str());
    let mut group = Group::with_title(title);

    let mut files: Vec<usize> = Vec::new();
    let labels = || diagnostic.0.primary.iter().chain(&diagnostic.0.related);
    for label in labels() {
        if !files.contains(&label.span.file) {
            files.push(label.span.file);
        }
    }
    for file in files {
        let of_file = labels().enumerate().filter(|(_, label)| label.span.file == file);
        let of_file = of_file.map(|(at, label)| (label, at == 0 && diagnostic.0.primary.is_some()));
        if let Some(snippet) = snippet(sources, file, &of_file.collect::<Vec<_>>()) {
            group = group.element(snippet);
        }
    }
    group = group.elements(diagnostic.0.help.iter().map(|help| Level::HELP.message(&help.text)));
    vec![group]
}

/// The lines of a file with these labels, each of which may be the primary one.
pub(crate) fn snippet<'a>(
    sources: &'a Sources,
    file: usize,
    labels: &[(&'a Label, bool)],
) -> Option<Snippet<'a, Annotation<'a>>> {
    let source = sources.get(file)?;
    let window = window(&source.text, labels.iter().map(|(label, _)| *label));
    let text = source.text.get(window.clone()).unwrap_or("");
    let mut snippet = Snippet::source(text).path(&source.name).line_start(sources.position(file, window.start).line);
    for (label, is_primary) in labels {
        let kind = if *is_primary { AnnotationKind::Primary } else { AnnotationKind::Context };
        let start = label.span.start.saturating_sub(window.start).min(text.len());
        let end = label.span.end.saturating_sub(window.start).clamp(start, text.len());
        snippet = snippet.annotation(kind.span(start..end).label(&label.text));
    }
    Some(snippet)
}

/// The part of the text for the renderer: the labelled lines, and of a huge line only the part around its label. So the
/// renderer's work does not grow with the file.
fn window<'a>(text: &str, labels: impl Iterator<Item = &'a Label>) -> std::ops::Range<usize> {
    let (mut first, mut last) = (text.len(), 0);
    for label in labels {
        first = first.min(label.span.start);
        last = last.max(label.span.end);
    }
    let first = first.min(text.len());
    let last = last.clamp(first, text.len());
    let before = text.get(..first).unwrap_or("");
    let after = text.get(last..).unwrap_or("");
    let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line_end = after.find('\n').map_or(text.len(), |newline| last + newline);
    let mut start = line_start.max(first.saturating_sub(LONG_LINE));
    let mut end = line_end.min(last + LONG_LINE);
    while !text.is_char_boundary(start) {
        start -= 1;
    }
    while !text.is_char_boundary(end) {
        end += 1;
    }
    start..end
}
