//! The layout of schemas: what it changes, and that it changes nothing else.

#![expect(clippy::unwrap_used, clippy::string_slice, reason = "a test fails by panicking")]

use crate::rounds;
use dyntastic_codegen::format;
use proptest::prelude::*;
use saphyr_parser::{Event, Parser};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

/// The style, by examples: a text, and its layout.
const EXAMPLES: &[(&str, &str)] = &[
    // Spaces.
    ("a:   {b:  c,d}\n", "a: { b: c, d }\n"),
    ("a: [ b,c , d, ]", "a: [b, c, d]\n"),
    ("a: { }\nb: [ ]\n", "a: {}\nb: []\n"),
    ("a: {\"b\":c}\n", "a: { \"b\": c }\n"),
    // Types without quotes stay as they are.
    ("a: { b: map<string,u8>,c: string? }\n", "a: { b: map<string, u8>, c: string? }\n"),
    // Levels and blank lines.
    (
        "\n\na:\n    b: c   \n\n\n\n    d:\n     - e\n     -   f: g\n         h: i\n\n\n",
        "a:\n  b: c\n\n  d:\n    - e\n    - f: g\n      h: i\n",
    ),
    ("a:\n- b\n- - c\n  -\n    d: e\n", "a:\n  - b\n  - - c\n    - d: e\n"),
    // Comments: at least two spaces before them, and in the column of the line before or after.
    ("#a\na: b #c\n\n\n# d\n", "#a\na: b  #c\n\n# d\n"),
    ("a: b      # c\nlonger:   d # e\n", "a: b      # c\nlonger: d  # e\n"),
    ("a:  b # 1\nbb: c # 2\n", "a: b  # 1\nbb: c  # 2\n"),
    ("a: b  # 1\nccc: d  # 2\n", "a: b  # 1\nccc: d  # 2\n"),
    (
        "a:   # one\n    # two\n    b: c\n    # three\n  # four\n# five\nd: e\n",
        "a:   # one\n  # two\n  b: c\n  # three\n# four\n# five\nd: e\n",
    ),
    // Texts with several lines.
    (
        "a:\n    b: |\n        c\n          d\n\n        e\n    f: >-\n        g\n",
        "a:\n  b: |\n    c\n      d\n\n    e\n  f: >-\n    g\n",
    ),
    ("a: one\n      two\n\n      three\n", "a: one\n  two\n\n  three\n"),
    ("a:\n    one\n", "a: one\n"),
    // Brackets over several lines.
    ("a: {\n  b: c,\n  d: e }\n", "a: { b: c, d: e }\n"),
    ("a: {\n  b: c,  # d\n  e: f }  # g\n", "a:\n  b: c  # d\n  e: f  # g\n"),
    // What is not laid out.
    ("%YAML 1.2\n---\na:  b\n", "%YAML 1.2\n---\na:  b\n"),
    ("a: |2\n    b\n", "a: |2\n    b\n"),
];

#[test]
fn the_style_by_examples() {
    for (text, expected) in EXAMPLES {
        let found = format("models.yaml", text).unwrap();
        assert_eq!(&found, expected, "{text}");
        assert_eq!(format("models.yaml", &found).unwrap(), found, "{text}");
    }
}

#[test]
fn what_is_longer_than_a_line_becomes_a_block() {
    let wide = "x".repeat(50);
    let text = format!("a: {{ b: {wide}, c: {{ d: {wide}, e: f }}, g: [{wide}, {wide}, {wide}] }}  # h\n");
    let expected =
        format!("a:\n  b: {wide}\n  c: {{ d: {wide}, e: f }}\n  g:\n    - {wide}\n    - {wide}\n    - {wide}  # h\n");
    assert_eq!(format("models.yaml", text).unwrap(), expected);
}

#[test]
fn line_ends_and_the_byte_order_mark_stay() {
    let text = "\u{feff}a:   b\r\nc: |\r\n    d\r\n";
    assert_eq!(format("models.yaml", text).unwrap(), "\u{feff}a: b\r\nc: |\r\n  d\r\n");
}

/// An end of line would belong to the text for some readers.
#[test]
fn a_last_text_without_an_end_of_line_stays_without() {
    for text in ["a: |\n  b", "a:\n  - >\n    b", "a: |\n  b\n"] {
        assert_eq!(format("models.yaml", text).unwrap(), text);
    }
    assert_eq!(format("models.yaml", "a:   b").unwrap(), "a: b\n");
}

#[test]
fn a_text_with_a_mistake_has_no_layout() {
    for (text, code) in [("a: [b\n", "D0001"), ("a: &b c\n", "D0004"), ("a: b\n---\nc: d\n", "D0006")] {
        let mistakes = format("models.yaml", text).unwrap_err();
        assert_eq!(mistakes.iter().next().unwrap().code().as_str(), code);
    }
    assert!(format("models.yaml", b"a: \xff\n").is_err());
}

/// The shown schemas are in the style.
#[test]
fn the_schemas_that_users_see_stay_as_they_are() {
    let mut shown = Vec::new();
    for file in files(Path::new("..")) {
        let name = file.to_string_lossy().replace('\\', "/");
        let text = || fs::read_to_string(&file).unwrap();
        if ["example", "benchmarks/", "simulation/"].iter().any(|part| name.contains(part)) && name.ends_with(".yaml") {
            shown.push((name, text()));
        } else if name.ends_with("README.md") {
            let schemas = text();
            let schemas = schemas.split("```yaml\n").skip(1).filter_map(|rest| rest.split("```").next());
            shown.extend(schemas.map(|schema| (name.clone(), schema.to_owned())));
        }
    }
    assert!(shown.len() > 8);
    for (name, text) in shown {
        assert_eq!(format(&name, &text).unwrap(), text, "{name}");
    }
}

/// Every schema of the repository that is valid YAML.
static SCHEMAS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = files(Path::new("..")).into_iter().filter(|file| file.extension().is_some_and(|e| e == "yaml"));
    let texts = files.filter_map(|file| fs::read_to_string(file).ok()).map(|text| text.replace("\r\n", "\n"));
    texts.filter(|text| format("models.yaml", text).is_ok() && !text.contains("? [")).collect()
});

#[test]
fn every_schema_keeps_its_values_and_comments() {
    assert!(SCHEMAS.len() > 100);
    for text in SCHEMAS.iter() {
        keeps(text);
    }
}

proptest! {
    #![proptest_config(rounds::config(60))]

    /// However a schema is laid out, its layout is the same.
    #[test]
    fn a_schema_in_any_layout_gets_the_same_one(place in any::<prop::sample::Index>(), seed in any::<u64>()) {
        let schema = place.get(&SCHEMAS);
        let other = laid_out_at_random(schema, seed);
        // A text with several lines may have got others.
        if events(&other) == events(schema) {
            keeps(&other);
            let layout = |text: &str| without_distances(&format("models.yaml", text).unwrap());
            prop_assert_eq!(layout(&other), layout(schema));
        }
    }

    #[test]
    fn nothing_is_lost_in_hostile_texts(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        if format("models.yaml", &text).is_ok() {
            keeps(&text);
        }
    }
}

/// Texts with a meaning in YAML.
const PIECES: &[&str] = &[
    "a",
    "b: ",
    "c:",
    "\n",
    "\n  ",
    "\n    ",
    "\n\n",
    " ",
    "  ",
    "- ",
    "-",
    "{",
    "}",
    "[",
    "]",
    ", ",
    ",",
    ": ",
    ":",
    "#",
    " # x",
    "#y\n",
    "|",
    ">",
    "|-\n",
    "|+\n",
    "|2\n",
    "'",
    "\"",
    "'z'",
    "\"w\\\"\"",
    "\\",
    "? ",
    "?",
    "---",
    "...",
    "%Y",
    "ä",
    "😀",
    "\t",
    "\r",
    "\u{feff}",
    "0",
    "~",
    "<",
    "a: b\n",
    "  a: b\n",
    "- a\n",
];

fn keeps(text: &str) {
    let formatted = format("models.yaml", text).unwrap();
    assert_eq!(events(&formatted), events(text), "{text}");
    let words = |text: &str| -> String {
        text.chars().filter(|c| !c.is_whitespace() && !",{}[]:-\u{feff}".contains(*c)).collect()
    };
    assert_eq!(words(&formatted), words(text), "{text}");
    assert_eq!(format("models.yaml", &formatted).unwrap(), formatted, "{text}");
}

fn events(text: &str) -> Option<Vec<Event<'_>>> {
    Parser::new_from_str(text).map(|event| event.map(|(event, _)| event).ok()).collect()
}

/// A schema with other spaces, levels and blank lines.
fn laid_out_at_random(schema: &str, seed: u64) -> String {
    let mut state = seed | 1;
    let mut below = |most: u64| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state % most
    };
    let step = usize::try_from(1 + below(5)).unwrap();
    let mut text = String::new();
    for line in schema.lines() {
        let content = line.trim_start();
        let level = (line.len() - content.len()) / 2;
        text.extend(std::iter::repeat_n(' ', level * step));
        let has_brackets = content.contains(['{', '[']) && !content.contains(['"', '\'', '#', '|', '>']);
        match below(4) {
            0 if has_brackets => text.push_str(&content.replace("{ ", "{").replace(" }", "}")),
            1 if has_brackets => text.push_str(&content.replace(", ", ",   ").replace('[', "[ ")),
            2 if has_brackets => {
                let next_line = format!(",\n{}", " ".repeat(level * step + 8));
                text.push_str(&content.replace(", ", &next_line));
            }
            _ => text.push_str(content),
        }
        text.push_str(if below(4) == 0 { "   \n" } else { "\n" });
        if line.is_empty() && below(2) == 0 {
            text.push_str("\n \n");
        }
    }
    text
}

#[test]
fn a_large_file_takes_time_by_its_length() {
    let models = |count: usize| -> String {
        let of = |number| {
            format!("    M{number:05}:\n          table: t{number:05} # c\n          fields: {{a: string,b: u8}}\n")
        };
        format!("models:\n{}", (0..count).map(of).collect::<String>())
    };
    let seconds = |text: &str| {
        let begun = Instant::now();
        assert!(format("m.yaml", text).unwrap().contains("{ a: string, b: u8 }"));
        begun.elapsed().as_secs_f64()
    };
    let (small, large) = (seconds(&models(200)), seconds(&models(3_200)));
    assert!(large < 16.0 * 5.0 * small, "{small} s for 200 models, {large} s for 3,200");
}

/// The distance of comments depends on the layout before.
fn without_distances(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let content = line.trim_start();
        let words: Vec<&str> = content.split_whitespace().collect();
        format!("{}{}", &line[..line.len() - content.len()], words.join(" "))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// The files of the repository, without generated ones.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match path.is_dir() {
            true if name != "target" && !name.starts_with('.') => found.extend(files(&path)),
            false => found.push(path),
            true => {}
        }
    }
    found
}
