//! Mistakes in a schema: the message, the place, related places, and the fix.

mod code;
mod explain;
mod found;
mod help;
mod json;
mod render;
mod suggest;
mod synonyms;

pub use code::{Code, Severity};
pub(crate) use found::{Found, Mark};
pub(crate) use help::Help;
#[cfg(feature = "catalog")]
pub(crate) use help::Replacement;
pub(crate) use json::JsonLabel;
pub(crate) use render::snippet;
pub(crate) use suggest::{did_you_mean, nearest};
pub(crate) use synonyms::{Ours, Place, find as ours};

use crate::sources::{Sources, Span};
use std::collections::HashSet;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

/// One mistake in a schema, or a warning.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic(Box<Contents>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Contents {
    code: Code,
    severity: Severity,
    message: String,
    primary: Option<Label>,
    related: Vec<Label>,
    help: Vec<Help>,
    nearest: Option<Nearest>,
    /// Whether it is reported only if nothing else is wrong at its place.
    yields: bool,
}

/// The search for a near name. It runs only for diagnostics that are shown, since comparing names is slow.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Nearest {
    written: String,
    among: Arc<[String]>,
    /// The help without a near name.
    otherwise: &'static str,
}

/// A place in a schema and its label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Label {
    pub(crate) span: Span,
    pub(crate) text: String,
}

impl Diagnostic {
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        let message = message.into();
        let severity = code.severity();
        Self(Box::new(Contents {
            code,
            severity,
            message,
            primary: None,
            related: Vec::new(),
            help: Vec::new(),
            nearest: None,
            yields: false,
        }))
    }

    /// Turns a warning into a mistake.
    pub(crate) fn deny(&mut self) {
        self.0.severity = Severity::Error;
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

    /// Adds the fix.
    pub(crate) fn help(mut self, help: impl Into<Help>) -> Self {
        self.0.help.push(help.into());
        self
    }

    /// Adds the name that is nearest to the written one as help; `otherwise` is the help without a near name.
    pub(crate) fn help_nearest(mut self, written: &str, among: Arc<[String]>, otherwise: &'static str) -> Self {
        self.0.nearest = Some(Nearest { written: written.to_owned(), among, otherwise });
        self
    }

    /// The same diagnostic, reported only if nothing else is wrong at its place.
    pub(crate) fn yielding(mut self) -> Self {
        self.0.yields = true;
        self
    }

    fn place(&self) -> Option<Span> {
        self.0.primary.as_ref().map(|label| label.span)
    }

    /// Whether the diagnostic points into `place`.
    pub(crate) fn is_in(&self, place: Span) -> bool {
        let within = |at: &Label| at.span.file == place.file && (place.start..place.end).contains(&at.span.start);
        self.0.primary.as_ref().is_some_and(within)
    }

    #[cfg(feature = "catalog")]
    pub(crate) fn primary(&self) -> Option<&Label> {
        self.0.primary.as_ref()
    }

    #[cfg(feature = "catalog")]
    pub(crate) fn related_labels(&self) -> &[Label] {
        &self.0.related
    }

    #[cfg(feature = "catalog")]
    pub(crate) fn helps(&self) -> &[Help] {
        &self.0.help
    }

    /// Searches for the near name, now that the diagnostic is shown.
    fn complete(mut self) -> Self {
        match self.0.nearest.take() {
            Some(Nearest { written, among, otherwise }) => {
                let help = did_you_mean(&written, among.iter().map(String::as_str));
                self.help(help.unwrap_or_else(|| otherwise.into()))
            }
            None => self,
        }
    }

    /// The stable code of this kind of mistake.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Whether the diagnostic is a mistake, or a warning that is not denied.
    pub fn severity(&self) -> Severity {
        self.0.severity
    }

    /// The message: what is wrong, in one line.
    pub fn message(&self) -> &str {
        &self.0.message
    }
}

/// All mistakes and warnings of a model set, in the order of the files and of the places in them.
///
/// [`Display`](fmt::Display) shows each diagnostic with the lines of the schema that it points to.
///
/// ```
/// use dyntastic_codegen::{Form, Options, Sources, generate};
///
/// let mut sources = Sources::new();
/// sources.add("models.yaml", "dyntastic: 1\nmodels: { User: { table: users, hash_kye: id, fields: { id: string } } }");
/// let mistakes = generate(&sources, &Options::new(Form::File)).unwrap_err();
/// for mistake in mistakes.iter() {
///     assert_eq!(mistake.code().as_str(), "D0101");
///     assert_eq!(mistake.message(), "model `User` has no key `hash_kye`");
/// }
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    sources: Sources,
    list: Vec<Diagnostic>,
    mistakes: usize,
    warnings: usize,
}

/// The maximum number of diagnostics. Nobody reads more, and a hostile file could cause millions.
const MOST: usize = 200;

impl Diagnostics {
    pub(crate) fn new(sources: &Sources, mut list: Vec<Diagnostic>) -> Self {
        let is_warning = |diagnostic: &Diagnostic| diagnostic.severity() == Severity::Warning;
        let place = |diagnostic: &Diagnostic| {
            let place = diagnostic.0.primary.as_ref().map(|label| (label.span.file, label.span.start));
            (place, diagnostic.code())
        };
        let places: HashSet<Span> =
            list.iter().filter(|of| !of.0.yields && !is_warning(of)).filter_map(Diagnostic::place).collect();
        list.retain(|of| !of.0.yields || !of.place().is_some_and(|place| places.contains(&place)));
        without_repetitions(&mut list);
        let warnings = list.iter().filter(|diagnostic| is_warning(diagnostic)).count();
        let mistakes = list.len() - warnings;
        list.sort_by_key(|diagnostic| (is_warning(diagnostic), place(diagnostic)));
        list.truncate(MOST);
        list.sort_by_key(place);
        let list = list.into_iter().map(Diagnostic::complete).collect();
        Self { sources: sources.clone(), list, mistakes, warnings }
    }

    /// The mistakes and warnings, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// The number of diagnostics, at most 200: the first ones are kept.
    pub fn len(&self) -> usize {
        self.mistakes + self.warnings
    }

    /// Whether there are no diagnostics. An error holds at least one.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Whether every mistake is a file that could not be read, and none is in the schema.
    pub(crate) fn is_of_the_system(&self) -> bool {
        self.list.iter().all(|diagnostic| diagnostic.code() == Code::Unreadable)
    }

    /// Each diagnostic in one line: its place, code, message, label and help.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        self.list.iter().map(|diagnostic| {
            let of = &diagnostic.0;
            let place = of.primary.as_ref().map_or_else(String::new, |label| {
                let at = self.sources.position(label.span.file, label.span.start);
                format!("{}:{}:{}: ", self.sources.name(label.span.file), at.line, at.column)
            });
            let label = of.primary.as_ref().map(|label| label.text.as_str()).filter(|text| !text.is_empty());
            let label = label.map_or_else(String::new, |text| format!(": {text}"));
            let help: String = of.help.iter().map(|help| format!("; {}", help.text)).collect();
            format!("{place}{} ({}){label}{help}", of.message, of.code)
        })
    }

    /// The mistakes and warnings as text for people, each with the lines of the schema that it points to. `colour` adds
    /// ANSI colours for a terminal.
    pub fn render(&self, colour: bool) -> String {
        let mut text = render::render(&self.sources, &self.list, colour);
        if !self.is_of_the_system() {
            text.push_str(&render::count(self.list.len(), self.mistakes, self.warnings));
        }
        text
    }

    /// The mistakes and warnings for editors: one JSON object per line, with `code`, `severity` (`error` or `warning`),
    /// `message`, `file`, `line`, `column`, `end_line`, `end_column` (from 1, columns in characters), `label`,
    /// `related`, `help` and `rendered`.
    pub fn to_json_lines(&self) -> String {
        json::json_lines(&self.sources, &self.list)
    }
}

/// Drops diagnostics that are equal to an earlier one: a mistake in a scalar or a mixin is found at each use.
fn without_repetitions(list: &mut Vec<Diagnostic>) {
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = list.iter().map(|diagnostic| seen.insert(diagnostic)).collect();
    let mut is_new = is_new.into_iter();
    list.retain(|_| is_new.next() == Some(true));
}

/// Equal diagnostics have an equal place and message; the other parts need no hash.
impl Hash for Diagnostic {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (self.0.code, self.place(), &self.0.message).hash(state);
    }
}

impl fmt::Display for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.render(false))
    }
}

/// The same text as [`Display`](fmt::Display), so that diagnostics are readable when a `main` or a test returns them as
/// its error.
impl fmt::Debug for Diagnostics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Diagnostics {}
