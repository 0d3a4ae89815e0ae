//! Resolves doc texts to the lines of doc comments.

use super::resolver::Resolver;
use crate::diagnostic::{Code, Diagnostic};
use crate::model::Doc;
use crate::schema::Spanned;

/// The lines of a doc text; a character that a comment cannot hold is a mistake.
pub(crate) fn resolve(declared: Option<&Spanned<String>>, resolver: &mut Resolver<'_>) -> Doc {
    let Some(doc) = declared else {
        return Doc::new();
    };
    if let Some(odd) = doc.value.chars().find(|c| is_refused(*c)) {
        let diagnostic = Diagnostic::new(Code::BadDoc, "the doc text holds a character that comments cannot hold")
            .at(doc.span, format!("U+{:04X} is invisible or changes the direction of text", u32::from(odd)))
            .help("remove it");
        resolver.report(diagnostic);
        return Doc::new();
    }
    continued(doc.value.trim().lines().map(|line| line.trim_end().replace('\t', "    ")))
}

/// The lines with the indentation that Markdown lets a writer leave out. A paragraph's further lines in a list or a
/// quotation get the indentation of its text: readers, and clippy's `doc_lazy_continuation`, take other lines for the
/// end of the list.
fn continued(lines: impl Iterator<Item = String>) -> Doc {
    let mut doc = Doc::new();
    let mut paragraph: Option<Marks> = None;
    let mut fence: Option<&'static str> = None;
    for line in lines {
        let marks = Marks::of(&line);
        let text = line.get(marks.prefix.len()..).unwrap_or_default();
        let of_fence = ["```", "~~~"].into_iter().find(|fence| text.starts_with(fence));
        if fence.is_some() || of_fence.is_some() {
            fence = if fence.is_none() { of_fence } else { fence.filter(|fence| of_fence != Some(*fence)) };
            paragraph = None;
            doc.push(line);
            continue;
        }
        if text.is_empty() || text.starts_with(['#', '|']) {
            paragraph = None;
            doc.push(line);
            continue;
        }
        let goes_on = |of: &&Marks| !marks.in_list && marks.quotes <= of.quotes;
        match &paragraph {
            Some(of) if goes_on(&of) => doc.push(format!("{}{text}", of.prefix)),
            _ => {
                paragraph = (marks.in_list || marks.quotes > 0).then_some(marks);
                doc.push(line);
            }
        }
    }
    doc
}

/// The marks of lists and quotations that a line begins with.
struct Marks {
    /// The beginning of a paragraph's further lines, as long as the marks.
    prefix: String,
    quotes: usize,
    in_list: bool,
}

impl Marks {
    fn of(line: &str) -> Self {
        let mut marks = Self { prefix: String::new(), quotes: 0, in_list: false };
        loop {
            let rest = line.get(marks.prefix.len()..).unwrap_or_default();
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let after = rest.get(digits..).unwrap_or_default();
            let is_item = match digits {
                0 => ["- ", "* ", "+ "].iter().any(|mark| rest.starts_with(mark)),
                _ => digits < 10 && (after.starts_with(". ") || after.starts_with(") ")),
            };
            if rest.starts_with(' ') {
                marks.prefix.push(' ');
            } else if rest.starts_with('>') {
                marks.prefix.push('>');
                marks.quotes += 1;
            } else if is_item {
                marks.prefix.push_str(&" ".repeat(digits.max(1) + usize::from(digits > 0)));
                marks.in_list = true;
            } else {
                return marks;
            }
        }
    }
}

/// Control characters, and those that reorder the text around them, which rustc refuses in comments.
fn is_refused(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{061c}')
}

#[cfg(test)]
mod tests {
    fn continued(text: &str) -> String {
        super::continued(text.lines().map(str::to_owned)).join("\n")
    }

    #[test]
    fn paragraphs_in_lists_and_quotations_go_on_where_their_text_begins() {
        for (written, expected) in [
            ("# head\n- a\n  b\n c", "# head\n- a\n  b\n  c"),
            ("> q\nlazy", "> q\n> lazy"),
            ("> - q\n> lazy\nmore", "> - q\n>   lazy\n>   more"),
            ("10. a\nb\n   - c\nd", "10. a\n    b\n   - c\n     d"),
            ("- a\n      b", "- a\n  b"),
        ] {
            assert_eq!(continued(written), expected);
        }
    }

    #[test]
    fn other_text_stays() {
        for text in [
            "one\n two\nthree",
            "- a\n\nb",
            "- a\n\n      code",
            "- a\n- b\n1. c",
            "- a\n```text\nb\n  c\n```\nd",
            "> a\n\nb\n# c\nd",
        ] {
            assert_eq!(continued(text), text);
        }
    }
}
