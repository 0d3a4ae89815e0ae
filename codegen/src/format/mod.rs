//! Schemas in one style: the layout of a file is changed, and its values, comments and quotes stay.

mod comments;
mod document;
mod flow;
mod layout;
mod printer;

use crate::diagnostic::Diagnostics;
use crate::read;
use crate::sources::{Source, Sources};
use document::Document;
use saphyr_parser::Parser;

/// The maximum width of a line of `{ … }` or `[ … ]`, without its comment.
const WIDTH: usize = 120;

/// The spaces of one level.
const STEP: usize = 2;

const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A schema file in the style of the schema language: two spaces for each level, one after `:` and `,` and inside
/// `{ … }`, two before a comment at least, at most one blank line, and no white space at ends of lines. A `{ … }` or
/// `[ … ]` is one line of up to 120 columns, or else a block. `name` is the file's name in diagnostics.
///
/// Values, quotes, comments and the order of keys stay, and so do the file's line ends and byte order mark. A text in the
/// style stays as it is. So does one with YAML of which schemas have no need: directives (`%YAML`), `...`, keys after `?`,
/// line ends that are no LF, and spaces that `|2` counts.
///
/// ```
/// let text = "models:\n    User: {table: users,   hash_key: id} #people\n";
/// let formatted = dyntastic_codegen::format("models.yaml", text)?;
/// assert_eq!(formatted, "models:\n  User: { table: users, hash_key: id }  #people\n");
/// # Ok::<(), dyntastic_codegen::Diagnostics>(())
/// ```
///
/// # Errors
///
/// The mistakes for which the text is no YAML, or has what the schema language refuses: anchors, tags, several documents.
pub fn format(name: &str, bytes: impl AsRef<[u8]>) -> Result<String, Diagnostics> {
    let mut sources = Sources::new();
    sources.add(name, &bytes);
    let Some(source) = sources.get(0) else { return Ok(String::new()) };
    let mistakes = read::yaml_mistakes(0, source);
    if !mistakes.is_empty() {
        return Err(Diagnostics::new(&sources, mistakes));
    }
    let written = String::from_utf8_lossy(bytes.as_ref());
    let formatted = lay_out(source);
    let Some(formatted) = formatted.filter(|formatted| is_same(&source.text, formatted)) else {
        return Ok(written.into_owned());
    };
    let first_line = written.split_inclusive('\n').next().unwrap_or_default();
    let formatted = if first_line.ends_with("\r\n") { formatted.replace('\n', "\r\n") } else { formatted };
    let mark = if written.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK } else { "" };
    Ok(format!("{mark}{formatted}"))
}

fn lay_out(source: &Source) -> Option<String> {
    let document = Document::read(source)?;
    Some(layout::lay_out(&document))
}

/// Whether two texts have the same values in the same quotes, and the same comments.
fn is_same(text: &str, formatted: &str) -> bool {
    let events = |text| {
        let events = Parser::new_from_str(text).map(|event| event.map(|(event, _)| event));
        events.collect::<Result<Vec<_>, _>>().ok()
    };
    let comments = |text: &str| {
        let source = Source { name: String::new(), text: text.to_owned(), not_utf8_at: None };
        let document = Document::read(&source)?;
        Some(document.comments.iter().map(|comment| comment.text.to_owned()).collect::<Vec<_>>())
    };
    events(text) == events(formatted) && comments(text) == comments(formatted)
}
