//! Formats rendered code.

use super::Internal;
use syn::Item;
use syn::parse::Parser;

/// Parses the code and prints it formatted, after `head`. If it uses deprecated items, each emitted item allows that:
/// the compiler should warn of uses in the app only.
pub(super) fn format(head: String, code: &str, uses_deprecated: bool) -> Result<String, Internal> {
    let no_code = |error: syn::Error| format!("the emitted code does not parse: {error}");
    let mut file = syn::parse_file(code).map_err(no_code)?;
    if uses_deprecated {
        let allow = syn::Attribute::parse_outer.parse_str("#[allow(deprecated)]").map_err(no_code)?;
        file.items.iter_mut().filter_map(attributes).for_each(|attributes| attributes.extend(allow.iter().cloned()));
    }
    Ok(with_blank_lines(head, &prettyplease::unparse(&file)))
}

fn attributes(item: &mut Item) -> Option<&mut Vec<syn::Attribute>> {
    match item {
        Item::Enum(of) => Some(&mut of.attrs),
        Item::Impl(of) => Some(&mut of.attrs),
        Item::Struct(of) => Some(&mut of.attrs),
        Item::Type(of) => Some(&mut of.attrs),
        // A `use` of the schema's own types.
        Item::Use(of) if matches!(&of.tree, syn::UseTree::Path(path) if path.ident == "super") => Some(&mut of.attrs),
        _ => None,
    }
}

/// Adds blank lines between items and members, and packs lists of texts and of fields' places; prettyplease does
/// neither. Emitted string literals have no line ends, so every line is code.
fn with_blank_lines(head: String, code: &str) -> String {
    let mut spaced = head;
    spaced.reserve(code.len() + code.len() / 16);
    let mut previous = Line::of("");
    let mut lines = code.split_inclusive('\n').map(Line::of).peekable();
    while let Some(line) = lines.next() {
        if previous.code.ends_with(['}', ';'])
            && !previous.code.starts_with("///")
            && line.begins_item()
            && !belong_together(&previous, &line)
        {
            spaced.push('\n');
        }
        if line.is_place() || line.is_text() && previous.code.ends_with('[') {
            let mut elements = vec![line.code];
            while let Some(element) = lines.next_if(|line| line.is_place() || line.is_text()) {
                elements.push(element.code);
            }
            pack(&mut spaced, &elements, line.indent);
            previous = Line::of(",");
            continue;
        }
        if line.code.trim_start_matches(':').starts_with(MACRO) || previous.code.ends_with(MACRO) {
            spaced.push_str(&line.whole.replacen(" : ", ": ", 1).replacen(",);", ");", 1));
        } else {
            spaced.push_str(line.whole);
        }
        previous = line;
    }
    spaced
}

/// A line of printed code.
struct Line<'c> {
    whole: &'c str,
    indent: usize,
    /// Its code, without indentation and line end.
    code: &'c str,
}

impl<'c> Line<'c> {
    fn of(whole: &'c str) -> Self {
        let indent = whole.bytes().take_while(|byte| *byte == b' ').count();
        Self { whole, indent, code: whole.get(indent..).unwrap_or_default().trim_ascii_end() }
    }

    /// Whether the line is one text of a list.
    fn is_text(&self) -> bool {
        self.code.starts_with('"') && self.code.ends_with("\",")
    }

    /// Whether the line is the place of a field's value, in a list of them.
    fn is_place(&self) -> bool {
        self.code.starts_with("&mut values.") && self.code.ends_with(',')
    }

    /// Whether the line may begin an item or a member.
    fn begins_item(&self) -> bool {
        const BEGINNINGS: [&str; 9] =
            ["///", "#[", "fn ", "pub fn ", "pub struct ", "impl", "const ", "type ", "dyntastic::"];
        self.indent <= 4 && BEGINNINGS.iter().any(|beginning| self.code.starts_with(beginning))
    }
}

/// The macro whose arguments prettyplease prints as tokens, since it does not know them.
const MACRO: &str = "dyntastic::required_fields!(";

/// The maximum width of a packed list, the same as prettyplease's.
const WIDTH: usize = 89;

/// Packs several short elements into a line.
fn pack(code: &mut String, elements: &[&str], indent: usize) {
    let mut width = 0;
    for element in elements {
        if width == 0 || width + 1 + element.len() > WIDTH {
            if width > 0 {
                code.push('\n');
            }
            code.extend(std::iter::repeat_n(' ', indent));
            width = indent;
        } else {
            code.push(' ');
            width += 1;
        }
        code.push_str(element);
        width += element.len();
    }
    code.push('\n');
}

/// Whether no blank line separates the lines: both are constants, types or empty implementations, or both belong to
/// setters, of which a builder has many.
fn belong_together(previous: &Line<'_>, line: &Line<'_>) -> bool {
    let begin = |keyword: &str| previous.code.starts_with(keyword) && line.code.starts_with(keyword);
    begin("const ")
        || begin("type ")
        || previous.code.starts_with("type ") && line.code.starts_with("const ")
        || (begin("impl") && previous.code.ends_with("{}") && line.code.ends_with("{}"))
        || (previous.code == "}" && previous.indent == 4 && line.indent == 4 && line.code.starts_with("pub fn "))
            && line.code.contains("self, value: ")
}
