//! Rendered code to formatted code.

use super::Internal;

/// Parses the code and prints it again as a person would have laid it out, after what stands at its head.
pub(super) fn format(head: String, code: &str) -> Result<String, Internal> {
    let file = syn::parse_file(code).map_err(|error| format!("the emitted code does not parse: {error}"))?;
    Ok(with_blank_lines(head, &prettyplease::unparse(&file)))
}

/// Sets items and members apart, which prettyplease leaves to its callers. Emitted string literals have no
/// line ends, so that every line is code.
fn with_blank_lines(head: String, code: &str) -> String {
    let mut spaced = head;
    spaced.reserve(code.len() + code.len() / 16);
    let mut previous = "";
    for line in code.split_inclusive('\n') {
        if previous.ends_with(['}', ';']) && begins_item(line) && !is_of_one_kind(previous, line) {
            spaced.push('\n');
        }
        spaced.push_str(line);
        previous = line.trim_end();
    }
    spaced
}

/// Whether the line may be the first of an item, or of a member of one.
fn begins_item(line: &str) -> bool {
    const BEGINNINGS: [&str; 8] = ["///", "#[", "fn ", "pub fn ", "pub struct ", "impl", "const ", "type "];
    let code = line.trim_start();
    line.len() - code.len() <= 4 && BEGINNINGS.iter().any(|beginning| code.starts_with(beginning))
}

/// Whether both lines are constants, or both types: those stand together.
fn is_of_one_kind(previous: &str, line: &str) -> bool {
    let begin = |keyword: &str| previous.trim_start().starts_with(keyword) && line.trim_start().starts_with(keyword);
    begin("const ") || begin("type ")
}
