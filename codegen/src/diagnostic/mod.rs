//! Mistakes in a schema: what is wrong, where, what it relates to, and how to mend it.

mod code;
mod explain;
mod json;
mod render;
mod suggest;
mod synonyms;

pub use code::Code;
pub(crate) use suggest::{did_you_mean, nearest};
pub(crate) use synonyms::{Ours, Place, find as ours};

use crate::sources::{Sources, Span};
use std::fmt;
use std::sync::Arc;

/// One mistake in a schema.
#[derive(Debug, Clone)]
pub struct Diagnostic(Box<Contents>);

#[derive(Debug, Clone)]
struct Contents {
    code: Code,
    message: String,
    primary: Option<Label>,
    related: Vec<Label>,
    help: Vec<String>,
    nearest: Option<Nearest>,
}

/// What is looked for once it is known that the diagnostic is shown: comparing names takes long.
#[derive(Debug, Clone)]
struct Nearest {
    written: String,
    among: Arc<[String]>,
    /// The help where none is near.
    otherwise: &'static str,
}

/// A place in a schema and what to say about it.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        Self(Box::new(Contents { code, message, primary: None, related: Vec::new(), help: Vec::new(), nearest: None }))
    }

    /// Points at the mistake.
    pub(crate) fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.0.primary = Some(Label { span, text: text.into() });
        self
    }

    /// Points at a place that the mistake relates to, such as the first of two duplicates.
    pub(crate) fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.0.related.push(Label { span, text: text.into() });
        self
    }

    /// Says how to mend it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.0.help.push(help.into());
        self
    }

    /// Says which of these names is near to the one that is written, or else what is given.
    pub(crate) fn help_nearest(mut self, written: &str, among: Arc<[String]>, otherwise: &'static str) -> Self {
        self.0.nearest = Some(Nearest { written: written.to_owned(), among, otherwise });
        self
    }

    /// Looks for what is near, now that the diagnostic is shown.
    fn complete(mut self) -> Self {
        match self.0.nearest.take() {
            Some(Nearest { written, among, otherwise }) => {
                let help = did_you_mean(&written, among.iter().map(String::as_str));
                self.help(help.unwrap_or_else(|| otherwise.to_owned()))
            }
            None => self,
        }
    }

    /// Adds the help line where there is one.
    pub(crate) fn maybe_help(self, help: Option<String>) -> Self {
        match help {
            Some(help) => self.help(help),
            None => self,
        }
    }

    /// The stable code of this kind of mistake.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// What is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

/// All mistakes of a model set, in the order of the files and of the places in them.
///
/// Its [`Display`](fmt::Display) shows each under the lines of the schema that it is about.
#[derive(Clone)]
pub struct Diagnostics {
    sources: Sources,
    list: Vec<Diagnostic>,
    omitted: usize,
}

/// How many mistakes are kept: nobody reads on after these, and a hostile file could hold millions.
const MOST: usize = 200;

impl Diagnostics {
    pub(crate) fn new(sources: &Sources, mut list: Vec<Diagnostic>) -> Self {
        list.sort_by_key(|diagnostic| {
            let place = diagnostic.0.primary.as_ref().map(|label| (label.span.file, label.span.start));
            (place, diagnostic.code())
        });
        let omitted = list.len().saturating_sub(MOST);
        list.truncate(MOST);
        let list = list.into_iter().map(Diagnostic::complete).collect();
        Self { sources: sources.clone(), list, omitted }
    }

    /// The mistakes one by one.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// How many mistakes there are; the first 200 are kept.
    pub fn len(&self) -> usize {
        self.list.len() + self.omitted
    }

    /// Whether there are none; diagnostics that come as an error hold at least one.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether no mistake is the schema's: its files could not be read.
    pub(crate) fn is_of_the_system(&self) -> bool {
        self.list.iter().all(|diagnostic| diagnostic.code() == Code::Unreadable)
    }

    /// The mistakes as a person reads them, each under the lines that it is about; `colour` adds ANSI
    /// colours for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let mut text = render::render(&self.sources, &self.list, colour);
        if !self.is_of_the_system() {
            text.push_str(&render::count(self.list.len(), self.len()));
        }
        text
    }

    /// The mistakes as an editor reads them: one JSON object a line, with `code`, `message`, `file`,
    /// `line`, `column`, `end_line`, `end_column` (from 1, columns in characters), `label`, `related`,
    /// `help` and `rendered`.
    pub fn to_json_lines(&self) -> String {
        json::json_lines(&self.sources, &self.list)
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The same text as [`Display`](fmt::Display), so that a `main` or a test that returns diagnostics as its
/// error prints them readably.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Diagnostics {}
