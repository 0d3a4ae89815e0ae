//! Doc texts to the lines of doc comments.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::Doc;
use crate::schema::Spanned;

/// The lines of a doc text; characters that a comment cannot hold are a mistake.
pub(crate) fn resolve(declared: Option<&Spanned<String>>, diagnostics: &mut Vec<Diagnostic>) -> Doc {
    let Some(doc) = declared else {
        return Doc::new();
    };
    if let Some(odd) = doc.value.chars().find(|c| is_refused(*c)) {
        let diagnostic = Diagnostic::new(Code::BadDoc, "the doc text holds a character that comments cannot")
            .at(doc.span, format!("U+{:04X} is invisible or changes the direction of text", u32::from(odd)))
            .help("remove it");
        diagnostics.push(diagnostic);
        return Doc::new();
    }
    doc.value.trim().lines().map(|line| line.trim_end().replace('\t', "    ")).collect()
}

/// Control characters, and those that reorder the text around them, which rustc refuses in comments.
fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}
