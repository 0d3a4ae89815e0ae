//! Only templates hold emitted Rust. Views carry single words, and no string of theirs is code. Templates choose
//! between forms by types, not by comparing texts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// The files of a folder and its folders.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

/// Where a text of a file begins: `file:line`.
fn place(file: &Path, text: &str, at: usize) -> String {
    format!("{}:{}", file.display(), text.split_at(at).0.matches('\n').count() + 1)
}

/// The string literals of Rust code, each with its place.
fn strings(code: &str) -> Vec<(usize, String)> {
    let tokens = Regex::new(r#"(?s)//[^\n]*|'(?:\\.|[^'\\\n])'|"((?:[^"\\]|\\.)*)""#).unwrap();
    let strings = tokens.captures_iter(code).filter_map(|found| found.get(1));
    strings.map(|string| (string.start(), string.as_str().replace("\\\"", "\""))).collect()
}

/// The signs of code in a text: paths, arrows, attributes, calls, generics, members, references, statements and items.
static RUST: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"::|=>|->|#!?\[|[\w}>]\(|[\w}]<|\b(self|item)\.|\}\.\{|&[\w{]|;$|\{\{|\}\}|\b(fn|impl|let mut|pub) ")
        .unwrap()
});

#[test]
fn signs_of_rust_are_recognised() {
    for rust in [
        "{name}::{variant}",
        "self.{ident}",
        ".min_length({least})",
        "Option<{of}>",
        "&{value}",
        "item.x = {now};",
        "if {condition} {{ {} }}",
        "#[serde(skip)]",
        "Some({})",
        "fn {name}",
    ] {
        assert!(RUST.is_match(rust), "{rust}");
    }
    for text in ["hash_key", "Ipv4Addr", "r#{name}", "{wanted}{number}", "The index `{}`; DynamoDB (else {}) reads it."]
    {
        assert!(!RUST.is_match(text), "{text}");
    }
}

#[test]
fn views_hold_no_rust() {
    let mut found = Vec::new();
    for file in files(Path::new("src/view")).into_iter().chain([PathBuf::from("src/emit/mod.rs")]) {
        let code = fs::read_to_string(&file).unwrap();
        let rust = strings(&code).into_iter().filter(|(_, text)| RUST.is_match(text));
        found.extend(rust.map(|(at, text)| format!("{}: {text:?}", place(&file, &code, at))));
    }
    assert!(found.is_empty(), "emitted Rust belongs into a template:\n{}", found.join("\n"));
}

#[test]
fn templates_compare_no_texts() {
    let comparison = Regex::new(r#"\{%[^%]*([=!]=\s*"|"\s*[=!]=|\bwhen\s+"|starts_with|ends_with|contains)"#).unwrap();
    let mut found = Vec::new();
    for file in files(Path::new("../templates/templates")) {
        let template = fs::read_to_string(&file).unwrap();
        found.extend(comparison.find_iter(&template).map(|of| place(&file, &template, of.start())));
    }
    assert!(found.is_empty(), "add a flag or an enum to the view:\n{}", found.join("\n"));
}

#[test]
fn templates_have_no_wide_lines() {
    const WIDEST: usize = 120;
    let mut found = Vec::new();
    for file in files(Path::new("../templates/templates")) {
        let template = fs::read_to_string(&file).unwrap();
        let wide = template.lines().enumerate().filter(|(_, line)| line.chars().count() > WIDEST);
        found.extend(wide.map(|(number, _)| format!("{}:{}", file.display(), number + 1)));
    }
    assert!(found.is_empty(), "more than {WIDEST} columns:\n{}", found.join("\n"));
}
