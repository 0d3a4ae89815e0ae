//! Links, included files and the summary.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const BOOK: &str = "../../book/src";

fn files(folder: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else {
            found.insert(path);
        }
    }
}

/// The chapters, with the summary.
fn pages() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    files(Path::new(BOOK), &mut found);
    found
}

/// A page without its code blocks.
fn prose(page: &str) -> String {
    page.split("\n```").step_by(2).collect()
}

/// The targets of the links of a page.
fn targets(page: &str) -> Vec<String> {
    let links = page.split("](").skip(1);
    links.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

/// The names by which mdBook's links reach the headings of a page.
fn headings(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_start_matches('#').trim());
    headings
        .map(|heading| {
            let kept = heading.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect::<String>().to_lowercase()
        })
        .collect()
}

#[test]
fn every_link_leads_to_a_chapter_and_a_heading() {
    let mut broken = Vec::new();
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for target in targets(&prose(&page)) {
            if target.starts_with("https://") {
                continue;
            }
            let (file, heading) = target.split_once('#').unwrap_or((&target, ""));
            let file = if file.is_empty() { path.clone() } else { path.parent().unwrap().join(file) };
            let linked = fs::read_to_string(&file).unwrap_or_default();
            // mdBook makes `README.html` of a link to a `README.md`, and `index.html` of the page.
            let is_readme = file.ends_with("README.md");
            if is_readme || linked.is_empty() || !heading.is_empty() && !headings(&prose(&linked)).contains(heading) {
                broken.push(format!("{}: {target}", path.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn the_summary_lists_each_chapter_once() {
    let summary = fs::read_to_string(Path::new(BOOK).join("SUMMARY.md")).unwrap();
    let mut listed: Vec<PathBuf> = targets(&summary).iter().map(|target| Path::new(BOOK).join(target)).collect();
    listed.sort();
    let expected: Vec<PathBuf> = pages().into_iter().filter(|page| !page.ends_with("SUMMARY.md")).collect();
    assert_eq!(listed, expected);
}

/// The file and the anchor, or the first and the last line, of mdBook's includes, such as `{{#include ../lib.rs:routes}}`.
fn included(line: &str) -> Option<(&str, &str)> {
    let target = line.trim().strip_prefix("{{#include ")?.strip_suffix("}}")?;
    Some(target.split_once(':').unwrap_or((target, "")))
}

/// Code that is not compiled here is a part of a file with tests of its own.
#[test]
fn code_is_compiled_or_included() {
    for path in pages() {
        let page = fs::read_to_string(&path).unwrap();
        for block in page.split("\n```").skip(1).step_by(2) {
            let (info, code) = block.split_once('\n').unwrap();
            let known = ["yaml", "rust", "rust,no_run", "toml", "sh", "text", "python", "json"];
            let is_known = known.contains(&info)
                || matches!(info, "rust,ignore" | "yaml,ignore") && code.lines().all(|line| included(line).is_some());
            assert!(is_known, "{}: a block of `{info}`", path.display());
            for (file, anchor) in code.lines().filter_map(included) {
                let included = fs::read_to_string(path.parent().unwrap().join(file)).unwrap_or_default();
                let place = format!("{}: {file}:{anchor}", path.display());
                assert!(!included.is_empty(), "{place}: there is no such file");
                let last = anchor.split(':').next_back().unwrap().parse::<usize>();
                if let Ok(last) = last {
                    assert!(included.lines().count() >= last, "{place}: the file is shorter");
                    continue;
                }
                for end in ["ANCHOR", "ANCHOR_END"] {
                    let marks = included.lines().filter(|line| line.ends_with(&format!(" {end}: {anchor}"))).count();
                    assert!(anchor.is_empty() || marks == 1, "{place}: {marks} lines with `{end}: {anchor}`");
                }
            }
        }
    }
}

/// The guide's first table names each row of the README's table of what works, and its chapter.
#[test]
fn the_guide_has_a_chapter_for_each_row_of_the_readme() {
    let first_cells = |table: &str| -> BTreeSet<String> {
        let rows = table.lines().take_while(|line| line.starts_with('|')).filter(|row| !row.starts_with("|---"));
        rows.filter_map(|row| row.split('|').nth(1)).map(|cell| cell.trim().to_owned()).collect()
    };
    let readme = fs::read_to_string("../../README.md").unwrap();
    let guide = fs::read_to_string(Path::new(BOOK).join("guide/index.md")).unwrap();
    let rows = first_cells(readme.split_once("## What works\n\n| | |\n").unwrap().1);
    let chapters = first_cells(guide.split_once("| subject | chapter |\n").unwrap().1);
    assert!(rows.len() > 20 && rows == chapters, "{:?}", rows.symmetric_difference(&chapters).collect::<Vec<_>>());
}
