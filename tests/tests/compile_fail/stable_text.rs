//! Diagnostics as they are accepted. They keep only the line numbers of the program, so that a new line in the runtime
//! changes no text, and nothing that differs between machines.

use std::path::Path;

/// The text of all diagnostics of a program.
pub fn of_diagnostics(rendered: &[String], program: &Path) -> String {
    let program = program.to_str().unwrap();
    let texts: Vec<String> =
        rendered.iter().map(|one| narrow(&shorten_lists(&without_foreign_numbers(one, program)))).collect();
    texts.join("\n")
}

/// The number of types that a list of implementations shows.
const SHOWN_TYPES: usize = 8;

/// Removes the line numbers of other files than the program.
fn without_foreign_numbers(rendered: &str, program: &str) -> String {
    let mut text = String::new();
    let mut foreign = false;
    for line in rendered.trim_end().lines() {
        // A new message is about the program until it names another file.
        foreign &= !line.starts_with(char::is_alphabetic);
        let arrow = ["--> ", "::: "].into_iter().find(|arrow| line.trim_start().starts_with(arrow));
        let line = if let Some(place) = arrow.and_then(|arrow| line.find(arrow)) {
            let (arrow, location) = line.split_at(place + 4);
            let file = location.split(':').next().unwrap();
            foreign = file != program;
            if foreign { format!("{arrow}{}", shown_path(file)) } else { line.to_owned() }
        } else if line.contains("the full name for the type has been written to") {
            continue;
        } else if foreign {
            let number = number(line);
            line.replacen(number, &" ".repeat(number.len()), 1)
        } else {
            line.to_owned()
        };
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Shortens the list of types that implement a trait, which grows with each test.
fn shorten_lists(text: &str) -> String {
    let mut shortened = String::new();
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        shortened += &format!("{line}\n");
        if !(line.trim_start().starts_with("= help: the following ") && line.contains("types implement trait ")) {
            continue;
        }
        let begin = lines.peek().map_or("", |first| indent(first)).to_owned();
        let mut types = 0;
        while let Some(shown) = lines.next_if(|next| indent(next) == begin) {
            types += 1;
            if types <= SHOWN_TYPES {
                shortened += &format!("{shown}\n");
            }
        }
        if types > SHOWN_TYPES {
            shortened += &format!("{begin}and others\n");
        }
    }
    shortened
}

/// The path of a file in the workspace; only the name of another file, whose folder differs between machines.
fn shown_path(file: &str) -> String {
    match Path::new(file).is_absolute() {
        true => format!("$ELSEWHERE/{}", Path::new(file).file_name().unwrap().to_str().unwrap()),
        false => file.to_owned(),
    }
}

/// Makes the column of line numbers as narrow as the remaining numbers.
fn narrow(text: &str) -> String {
    let wide = text.lines().find(|line| line.trim_start().starts_with("--> ")).map_or(0, |line| indent(line).len());
    let spare = " ".repeat(wide.saturating_sub(text.lines().map(|line| number(line).len()).max().unwrap_or(0).max(1)));
    let mut narrowed = String::new();
    // The lines of a message are not beside the column.
    let mut message = true;
    for line in text.lines() {
        let (dots, rest) = line.split_at(if line.starts_with("...") { 3 } else { 0 });
        message = match rest.trim_start().chars().next() {
            Some('|' | '=' | '-' | ':') => false,
            Some(_) if rest.starts_with(char::is_alphabetic) => true,
            _ => message,
        };
        narrowed.push_str(dots);
        narrowed.push_str(if message { rest } else { rest.strip_prefix(&spare).unwrap_or(rest) });
        narrowed.push('\n');
    }
    narrowed
}

/// The line number before a line of code, without spaces.
fn number(line: &str) -> &str {
    let line = line.trim_start();
    let (number, rest) = line.split_at(line.find(|c: char| !c.is_ascii_digit()).unwrap_or(line.len()));
    if [" |", " +", " -", " ~"].iter().any(|column| rest.starts_with(column)) { number } else { "" }
}

fn indent(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

#[test]
fn line_numbers_of_other_files_change_no_text() {
    let near = "\
error: no
 --> tests/a.rs:7:1
  |
7 | it();
  | ^^
  |
note: a bound
 --> runtime/b.rs:9:5
  |
9 | fn it()
  |    ^^ here
help: write
  |
7 | they();
  |
";
    let far = "\
error: no
    --> tests/a.rs:7:1
     |
   7 | it();
     | ^^
     |
note: a bound
    --> runtime/b.rs:1234:5
     |
1234 | fn it()
     |    ^^ here
help: write
     |
   7 | they();
     |
";
    let accepted = near.replace("b.rs:9:5", "b.rs").replace("9 |", "  |");
    for text in [near, far] {
        assert_eq!(of_diagnostics(&[text.to_owned()], Path::new("tests/a.rs")), accepted);
    }
}
