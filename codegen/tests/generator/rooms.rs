//! The rooms of a crate, the lowest first: the imports of a room's files from other rooms, and the table of
//! ARCHITECTURE.md that shows them.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod imports;
mod paths;

use imports::{Crate, Import};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Files that belong together.
struct Room {
    name: &'static str,
    /// Its files and folders, without `.rs`. A file in a folder is in the room that names it most closely.
    files: &'static [&'static str],
    /// The rooms that it imports from. All of them are before it in the table.
    uses: &'static [&'static str],
}

const CODEGEN: &[Room] = &[
    Room { name: "ground", files: &["sources", "text", "keywords", "node", "diagnostic", "parallel"], uses: &[] },
    Room { name: "terms", files: &["terms"], uses: &[] },
    Room { name: "schema", files: &["schema"], uses: &["ground", "terms"] },
    Room { name: "read", files: &["read"], uses: &["ground", "terms", "schema"] },
    Room { name: "format", files: &["format"], uses: &["ground", "read"] },
    Room { name: "editor", files: &["editor"], uses: &["ground", "read"] },
    Room { name: "model", files: &["model"], uses: &["terms"] },
    Room { name: "resolve", files: &["resolve"], uses: &["ground", "terms", "schema", "model"] },
    Room { name: "changes", files: &["changes"], uses: &["ground", "terms", "schema", "model"] },
    Room { name: "sizes", files: &["item_sizes"], uses: &["model"] },
    Room { name: "lint", files: &["lint"], uses: &["ground", "terms", "schema", "model", "sizes"] },
    Room { name: "cost", files: &["cost"], uses: &["terms", "schema", "model", "sizes"] },
    Room { name: "tables", files: &["tables"], uses: &["terms", "model"] },
    Room { name: "pull", files: &["pull"], uses: &["ground", "terms", "tables"] },
    Room { name: "items", files: &["items"], uses: &["terms", "model", "tables"] },
    Room { name: "infrastructure", files: &["infrastructure"], uses: &["terms", "model", "tables"] },
    Room { name: "view", files: &["view"], uses: &["ground", "terms", "model"] },
    Room {
        name: "catalog",
        files: &["catalog"],
        uses: &["ground", "terms", "model", "resolve", "tables", "pull", "view", "infrastructure"],
    },
    Room { name: "files", files: &["options", "header", "file_set"], uses: &["ground"] },
    Room { name: "emit", files: &["emit"], uses: &["ground", "model", "view", "files"] },
    Room {
        name: "generate",
        files: &["lib", "config", "include"],
        uses: &[
            "ground",
            "schema",
            "read",
            "format",
            "editor",
            "model",
            "resolve",
            "changes",
            "lint",
            "cost",
            "tables",
            "pull",
            "items",
            "infrastructure",
            "catalog",
            "files",
            "emit",
        ],
    },
];

const RUNTIME: &[Room] = &[
    Room { name: "ground", files: &["ground"], uses: &[] },
    Room { name: "description", files: &["description"], uses: &["ground"] },
    Room { name: "constraints", files: &["validate"], uses: &["ground", "description"] },
    Room { name: "keys", files: &["keys", "no_keys"], uses: &["ground"] },
    Room { name: "codec", files: &["codec"], uses: &["ground", "description", "constraints", "keys"] },
    Room { name: "values", files: &["builder", "factory", "input"], uses: &["ground", "codec"] },
    Room { name: "expression", files: &["expr"], uses: &["ground", "description", "constraints", "codec"] },
    Room { name: "observation", files: &["observe"], uses: &["ground"] },
    Room { name: "rate limits", files: &["rate_limit"], uses: &["ground", "observation"] },
    Room {
        name: "transport",
        files: &["transport"],
        uses: &["ground", "description", "keys", "codec", "observation", "rate limits"],
    },
    Room {
        name: "operations",
        files: &["ops"],
        uses: &["ground", "description", "keys", "codec", "expression", "observation", "rate limits", "transport"],
    },
    Room {
        name: "dynamic",
        files: &["dynamic"],
        uses: &["ground", "description", "constraints", "codec", "values", "expression", "transport", "operations"],
    },
    Room { name: "streams", files: &["streams"], uses: &["ground", "description", "codec", "transport", "operations"] },
    Room { name: "axum", files: &["axum"], uses: &["ground", "values", "operations"] },
    Room { name: "fake", files: &["fake"], uses: &["ground", "constraints", "codec", "values"] },
    Room { name: "local", files: &["local"], uses: &["transport", "operations"] },
    Room { name: "testing", files: &["testing"], uses: &["description", "transport", "operations", "fake", "local"] },
    Room {
        name: "door",
        files: &["lib"],
        uses: &[
            "ground",
            "description",
            "constraints",
            "codec",
            "values",
            "expression",
            "observation",
            "rate limits",
            "transport",
            "operations",
            "fake",
        ],
    },
];

#[test]
fn paths_are_read_wherever_they_stand() {
    let code = r#"
        use crate::one::{self, two::*, Three as Four};
        pub(in crate::five) struct Six(pub crate::seven::Eight, pub(super) ::crate_of_others::Nine);
        fn ten() {
            // crate::in_a_comment
            let text = "crate::in_a_text";
            format!("{}", vec![super::eleven::<u8>(text), <Twelve as super::Thirteen>::fourteen()]);
        }
        #[cfg(test)]
        use crate::for_tests;
        #[cfg(test)]
        fn fifteen() { crate::for_tests::check() }
        macro_rules! sixteen { () => { $crate::seventeen::Eighteen }; }
    "#;
    let found: Vec<String> = paths::paths(code.parse().unwrap()).into_iter().map(|path| path.join("::")).collect();
    let expected = [
        "crate::one::Three",
        "crate::one::self",
        "crate::one::two",
        "crate::seven::Eight",
        "crate::seventeen::Eighteen",
        "super::Thirteen",
        "super::eleven",
    ];
    assert_eq!(found, expected);
}

#[test]
fn an_arrow_upwards_is_found_behind_other_names() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        ("lib.rs", "mod low; mod high; pub use high::hidden::*;"),
        ("low.rs", "use crate::Shown as Other; #[cfg(test)] mod tests { use crate::high::Own; }"),
        ("high/mod.rs", "pub(crate) mod hidden; use super::low; struct Own;"),
        ("high/hidden.rs", "pub struct Shown;"),
    ];
    fs::create_dir(folder.path().join("high")).unwrap();
    files.iter().for_each(|(file, code)| fs::write(folder.path().join(file), code).unwrap());
    let low = Room { name: "low", files: &["low"], uses: &[] };
    let high = Room { name: "high", files: &["high"], uses: &["low"] };
    let top = Room { name: "top", files: &["lib"], uses: &["high"] };
    let wrong = mistakes(&Crate::read(&folder.path().join("lib.rs")), &[low, high, top]);
    assert_eq!(wrong, ["low → high:\n    low.rs → high/hidden.rs: `crate::Shown`"]);
}

#[test]
fn codegen_is_built_from_the_ground_up() {
    check("codegen", CODEGEN);
}

#[test]
fn the_runtime_is_built_from_the_ground_up() {
    check("runtime", RUNTIME);
}

/// Compares a crate with its table, and with the rows of ARCHITECTURE.md.
fn check(name: &str, rooms: &[Room]) {
    let mut wrong = mistakes(&Crate::read(&Path::new("..").join(name).join("src/lib.rs")), rooms);
    let page = fs::read_to_string("../ARCHITECTURE.md").unwrap();
    let missing = rooms.iter().map(row).filter(|row| !page.contains(row));
    wrong.extend(missing.map(|row| format!("ARCHITECTURE.md has no row that begins with\n    {row}")));
    assert!(wrong.is_empty(), "{name}:\n{}", wrong.join("\n"));
}

/// The differences between a crate and its table.
fn mistakes(read: &Crate, rooms: &[Room]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut used: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for file in read.files().into_iter().filter(|file| room_of(file, rooms).is_none()) {
        wrong.push(format!("{file} is in no room"));
    }
    for (at, room) in rooms.iter().enumerate() {
        let stands_before = |name: &&str| rooms[..at].iter().any(|before| before.name == *name);
        let above = room.uses.iter().filter(|name| !stands_before(name));
        wrong.extend(above.map(|above| format!("`{}` uses `{above}`, which is not before it", room.name)));
        let gone = room.files.iter().filter(|named| !read.files().iter().any(|file| is_in(file, named)));
        wrong.extend(gone.map(|gone| format!("`{}` has no `{gone}`", room.name)));
    }
    let mut arrows: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for Import { from, to, path } in read.imports() {
        let (Some(of), Some(other)) = (room_of(&from, rooms), room_of(&to, rooms)) else { continue };
        used.entry(of.name).or_default().insert(other.name);
        if of.name != other.name && !of.uses.contains(&other.name) {
            arrows.entry((of.name, other.name)).or_default().push(format!("\n    {from} → {to}: `{path}`"));
        }
    }
    wrong.extend(arrows.iter().map(|((of, other), paths)| format!("{of} → {other}:{}", paths.concat())));
    for room in rooms {
        let unused = room.uses.iter().filter(|name| !used.get(room.name).is_some_and(|used| used.contains(*name)));
        wrong.extend(unused.map(|other| format!("`{}` imports nothing from `{other}`", room.name)));
    }
    wrong
}

/// The beginning of a room's row in ARCHITECTURE.md.
fn row(room: &Room) -> String {
    let files: Vec<String> = room.files.iter().map(|file| format!("`{file}`")).collect();
    format!("| {} | {} | {} |", room.name, files.join(", "), room.uses.join(", "))
}

/// The room of a file: the one that names it, or the closest of its folders.
fn room_of<'r>(file: &str, rooms: &'r [Room]) -> Option<&'r Room> {
    let names = rooms.iter().flat_map(|room| room.files.iter().map(move |named| (named.len(), *named, room)));
    names.filter(|(_, named, _)| is_in(file, named)).max_by_key(|(length, ..)| *length).map(|(.., room)| room)
}

/// Whether a file such as `read/mod.rs` has this name, or is in the folder of this name.
fn is_in(file: &str, named: &str) -> bool {
    file.strip_prefix(named).is_some_and(|rest| rest == ".rs" || rest.starts_with('/'))
}
