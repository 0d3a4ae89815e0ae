//! `dyntastic diff` as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

/// Runs git in the folder, with an author of its own.
fn git(folder: &Folder, arguments: &[&str]) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder.path()).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {output:?}");
}

fn committed(folder: &Folder) {
    git(folder, &["init", "-q"]);
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", "Before"]);
}

/// The block of the README's section with this language.
fn block<'r>(section: &'r str, language: &str) -> &'r str {
    section.split_once(&format!("```{language}\n")).unwrap().1.split_once("```").unwrap().0
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## Changing a schema\n").unwrap();
    let quick_start = block(&readme, "yaml");
    let edit = block(section, "diff");
    let lines = |sign: &str, other: &str| -> String {
        let kept = edit.lines().filter(|line| !line.starts_with(other));
        kept.map(|line| format!("{}\n", line.strip_prefix(sign).or(line.strip_prefix(' ')).unwrap())).collect()
    };
    let (before, after) = (lines("-", "+"), lines("+", "-"));
    assert!(quick_start.contains(&before), "the edit is not of the quick start:\n{before}");
    let folder = Folder::with_schema(quick_start);
    committed(&folder);
    folder.write("models.yaml", &quick_start.replace(&before, &after));
    let command = block(section, "sh").trim().strip_prefix("dyntastic ").unwrap();
    assert_eq!(folder.ok(command), block(section, "text"));
}

#[test]
fn two_equal_schemas_have_no_change() {
    let folder = Folder::with_schema(SCHEMA);
    committed(&folder);
    assert_eq!(folder.ok("diff git:HEAD models.yaml"), "no change: items, tables and code stay the same\n");
    assert_eq!(folder.ok("diff git:HEAD models.yaml --breaking compatible --format json"), "");
    assert!(folder.ok("diff models.yaml git:HEAD --format markdown").contains("no change"));
}

#[test]
fn a_level_fails_from_itself_on() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("new.yaml", &SCHEMA.replace("{ id: uuid }", "{ id: uuid, count: u8 }"));
    folder.write("newer.yaml", &SCHEMA.replace("{ id: uuid }", "{ id: uuid, count: u16 }"));
    for level in ["compatible", "api", "rollout"] {
        let (report, error) = folder.fails(&format!("diff new.yaml newer.yaml --breaking {level}"));
        assert!(report.starts_with("rollout[C0408]: "), "{report}");
        assert_eq!(error, format!("error: 1 change is of the level `{level}` or worse\n"));
    }
    for level in ["index", "default", "unreadable", "keys", "table"] {
        folder.ok(&format!("diff new.yaml newer.yaml --breaking {level}"));
    }
    let output = folder.run("diff new.yaml newer.yaml --breaking anything");
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn a_change_is_an_object_of_json() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("new.yaml", &SCHEMA.replace("{ id: uuid }", "{ id: uuid, name: string }"));
    let report = folder.ok("diff models.yaml new.yaml --format json");
    let change: serde_json::Value = serde_json::from_str(report.trim_end()).unwrap();
    assert_eq!((change["code"].as_str(), change["level"].as_str()), (Some("C0401"), Some("default")));
    assert_eq!(change["breaks"], serde_json::json!(["default", "api"]));
    assert_eq!(change["message"], "field `name` of model `Event` is new and required");
    assert_eq!((change["new"]["file"].as_str(), change["new"]["line"].as_u64()), (Some("new.yaml"), Some(4)));
    assert_eq!((change["old"]["file"].as_str(), change["old"]["line"].as_u64()), (Some("models.yaml"), Some(4)));
    assert!(change["help"][0].as_str().unwrap().starts_with("give it a `default`"));
    assert!(change["rendered"].as_str().unwrap().starts_with("default[C0401]: "));
}

#[test]
fn a_comment_holds_no_html_of_a_schema() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write(
        "new.yaml",
        &SCHEMA.replace(
            "{ id: uuid }",
            "{ id: uuid, names: \"list<string>\", \"a\": { type: string, attribute: \"<b>|\" } }",
        ),
    );
    let report = folder.ok("diff models.yaml new.yaml --format markdown");
    assert!(report.starts_with("**Schema:** 2 changes: 1 default, 1 compatible\n\n| level |"), "{report}");
    assert!(report.contains("| default | field `a` of model `Event` is new and required (C0401)<br>"), "{report}");
    folder.write("newer.yaml", &SCHEMA.replace("{ id: uuid }", "{ id: uuid, a: { type: string, attribute: \"c\" } }"));
    let report = folder.ok("diff new.yaml newer.yaml --format markdown");
    assert!(report.contains("`&lt;b&gt;\\|`") && !report.contains("<b>"), "{report}");
}

#[test]
fn mistakes_of_either_side_exit_with_2() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("wrong.yaml", &SCHEMA.replace("string", "strnig"));
    for arguments in ["diff models.yaml wrong.yaml", "diff wrong.yaml models.yaml"] {
        let output = folder.run(arguments);
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("error[D0301]: there is no type `strnig`") && error.contains("wrong.yaml:3"), "{error}");
    }
    let output = folder.run("diff models.yaml wrong.yaml --format json");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stdout).unwrap().starts_with("{\"code\":\"D0301\""));
    for (arguments, said) in [
        ("diff models.yaml nothing.yaml", "cannot read nothing.yaml"),
        ("diff - -", "standard input is one schema"),
        ("diff git:HEAD -", "is a revision of the other file"),
        ("diff git:HEAD git:main", "is a revision of the other file"),
        ("diff git:-x models.yaml", "names no revision"),
        ("diff git:HEAD models.yaml", "cannot read models.yaml: "),
    ] {
        let output = folder.run(arguments);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && error.contains(said), "{arguments}: {error}");
    }
}

#[test]
fn a_side_may_be_a_folder_or_standard_input() {
    let folder = Folder::with_schema(SCHEMA);
    let (one, other) = SCHEMA.split_once("  Event").unwrap();
    folder.write("schemas/user.yaml", one);
    folder.write("schemas/EVENT.YML", &format!("dyntastic: 1\nmodels:\n  Event{other}"));
    folder.write("schemas/notes.txt", "no schema");
    assert!(folder.ok("diff models.yaml schemas").starts_with("no change"));
    committed(&folder);
    folder.write("schemas/user.yaml", &one.replace("id: string", "id: string, name: string?"));
    let report = folder.ok("diff git:HEAD schemas");
    assert!(report.contains("HEAD:schemas/user.yaml:3:3") && report.ends_with("1 change: 1 compatible\n"), "{report}");

    let mut child = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
        .args(["diff", "-", "models.yaml"])
        .current_dir(folder.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(SCHEMA.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.stdout.starts_with(b"no change"), "{output:?}");
}

#[test]
fn a_revision_has_the_files_that_it_includes() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("app/models.yaml", &SCHEMA.replace("dyntastic: 1", "dyntastic: 1\ninclude: [../common.yaml, more]"));
    folder.write("common.yaml", "dyntastic: 1\nenums: { Plan: [free, paid] }\n");
    folder.write(
        "app/more/types.yaml",
        "dyntastic: 1\ninclude: ../../common.yaml\ntypes: { Point: { fields: { x: u8 } } }\n",
    );
    committed(&folder);
    folder.write("common.yaml", "dyntastic: 1\nenums: { Plan: [free, paid, trial] }\n");
    folder.write("app/more/types.yaml", "dyntastic: 1\ntypes: { Point: { fields: { x: u8, y: u8? } } }\n");
    let absolute = folder.path().join("app/models.yaml");
    for path in ["app/models.yaml", "./app/../app/models.yaml", "app", "app/", absolute.to_str().unwrap()] {
        let report = folder.ok(&format!("diff git:HEAD {path}"));
        assert!(report.ends_with("2 changes: 1 rollout, 1 compatible\n"), "{report}");
        assert!(report.contains("variant `Trial` of enum `Plan` is new"), "{report}");
    }
}

#[test]
fn a_revision_of_this_folder() {
    let folder = Folder::with_schema(SCHEMA);
    committed(&folder);
    folder.write("models.yaml", &SCHEMA.replace("{ id: uuid }", "{ id: uuid, name: string? }"));
    for path in [".", "./"] {
        let report = folder.ok(&format!("diff git:HEAD {path}"));
        assert!(report.contains("HEAD:models.yaml:4:3") && report.ends_with("1 change: 1 compatible\n"), "{report}");
    }
}

#[test]
fn a_code_of_a_change_is_explained() {
    let folder = Folder::with_schema(SCHEMA);
    assert!(folder.ok("explain c0401").starts_with("C0401: a field is new\n\n"));
    let all = folder.ok("explain");
    assert!(all.contains("\nC0201  keys move\n") && all.starts_with("D0001  "), "{all}");
}
