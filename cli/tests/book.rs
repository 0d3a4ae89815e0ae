//! What the book shows of the command is what it prints.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::Folder;
use std::fs;
use std::path::Path;

const GUIDE: &str = "../book/src/guide";

/// The blocks of a chapter: the language, the text, and whether only an empty line is before it.
fn blocks(chapter: &str) -> Vec<(&str, &str, bool)> {
    let mut parts = chapter.split("\n```");
    let mut before = parts.next().unwrap();
    let mut blocks = Vec::new();
    while let (Some(block), Some(after)) = (parts.next(), parts.next()) {
        let (info, text) = block.split_once('\n').unwrap_or((block, ""));
        blocks.push((info, text, before.trim().is_empty()));
        before = after;
    }
    blocks
}

/// Shown text with lines `…` for what is left out.
fn shows(shown: &str, printed: &str) -> bool {
    let shown = format!("\n{shown}\n");
    let printed = format!("\n{}\n", printed.trim_end());
    let mut rest = printed.as_str();
    let mut parts = shown.split("\n…\n").peekable();
    let whole = !shown.contains("\n…\n");
    let begins = parts.peek().is_none_or(|part| rest.starts_with(part));
    let in_order = parts.all(|part| match rest.split_once(part) {
        Some((_, after)) => {
            rest = after;
            true
        }
        None => false,
    });
    begins && in_order && (!whole || shown == printed)
}

/// A ```sh block with one command, and the ```text block right after it. The schema is the last one shown in the
/// chapter, in `models.yaml`, and the one before it in `old.yaml`; or else that of the guide.
#[test]
fn the_guide_shows_what_the_command_prints() {
    let guide = fs::read_to_string(Path::new(GUIDE).join("index.md")).unwrap();
    let shared = guide.split_once("```yaml\n").unwrap().1.split_once("```").unwrap().0;
    let mut compared = 0;
    for entry in fs::read_dir(GUIDE).unwrap() {
        let path = entry.unwrap().path();
        let chapter = fs::read_to_string(&path).unwrap();
        let folder = Folder::with_schema(shared);
        let mut command = None;
        for (info, text, follows) in blocks(&chapter) {
            if let (Some(arguments), "text", true) = (command, info, follows) {
                let output = folder.run(arguments);
                let printed = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
                assert!(shows(text, &printed), "{}: {arguments} prints\n{printed}", path.display());
                compared += 1;
            } else if matches!(info, "text" | "yaml") && text.starts_with("dyntastic: 1\n") {
                folder.write("old.yaml", &folder.read("models.yaml"));
                folder.write("models.yaml", &format!("{text}\n"));
            }
            command = text.strip_prefix("dyntastic ").filter(|_| info == "sh");
        }
    }
    assert!(compared > 5, "{compared} outputs are compared");
}
