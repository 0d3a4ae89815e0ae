//! `dyntastic fmt`: the files that it changes, and those that it does not.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

const WIDE: &str = "dyntastic:   1 # one\nmodels:\n    User: {table: users}\n";
const LAID_OUT: &str = "dyntastic: 1  # one\nmodels:\n  User: { table: users }\n";

#[test]
fn files_and_folders_are_laid_out() {
    let folder = Folder::with_schema(WIDE);
    folder.write("more/a.yaml", WIDE);
    folder.write("more/b.yml", SCHEMA);
    assert_eq!(folder.ok("fmt models.yaml more"), "");
    assert_eq!(folder.read("models.yaml"), LAID_OUT);
    assert_eq!(folder.read("more/a.yaml"), LAID_OUT);
    assert_eq!(folder.read("more/b.yml"), SCHEMA);
    assert_eq!(std::fs::read_dir(folder.path().join("more")).unwrap().count(), 2);
}

#[test]
fn check_shows_the_difference_and_changes_nothing() {
    let folder = Folder::with_schema(WIDE);
    let (shown, error) = folder.fails("fmt --check models.yaml");
    assert!(shown.contains("-    User: {table: users}\n+  User: { table: users }"), "{shown}");
    assert!(error.contains("another layout"), "{error}");
    assert_eq!(folder.read("models.yaml"), WIDE);
    let (json, error) = folder.fails("fmt --check --message-format json models.yaml");
    assert!(
        json.starts_with(r#"{"code":null,"severity":"error","message":"models.yaml has another layout""#),
        "{json}"
    );
    assert_eq!(error, "");
    folder.ok("fmt models.yaml");
    assert_eq!(folder.ok("fmt --check models.yaml"), "");
}

#[test]
fn a_file_with_a_mistake_is_not_touched_and_the_others_are() {
    let folder = Folder::with_schema("a:   [b\n");
    folder.write("other.yaml", WIDE);
    let (_, error) = folder.fails("fmt models.yaml other.yaml");
    assert!(error.contains("error[D0001]"), "{error}");
    assert_eq!(folder.read("models.yaml"), "a:   [b\n");
    assert_eq!(folder.read("other.yaml"), LAID_OUT);
    let (_, error) = folder.fails("fmt missing.yaml");
    assert!(error.contains("missing.yaml"), "{error}");
}

#[test]
fn standard_input_goes_to_standard_output() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dyntastic"));
    let mut child = command.args(["fmt", "-"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(WIDE.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), LAID_OUT);
}

#[test]
#[cfg(unix)]
fn a_link_stays_a_link_and_a_mode_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_schema(WIDE);
    let (file, link) = (folder.path().join("models.yaml"), folder.path().join("link.yaml"));
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("models.yaml", &link).unwrap();
    folder.ok("fmt link.yaml");
    assert_eq!(folder.read("models.yaml"), LAID_OUT);
    assert!(link.is_symlink());
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o640);
}

/// As editors do: a read-only file stays, a file with two names keeps both, and what is no file is an error.
#[test]
#[cfg(unix)]
fn a_file_stays_what_it_is() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let folder = Folder::with_schema(SCHEMA);
    folder.write("wide.yaml", "dyntastic:   1\n");
    let path = folder.path().join("wide.yaml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let (_, error) = folder.fails("fmt wide.yaml");
    assert!(error.contains("wide.yaml: it is read-only, and has another layout"), "{error}");
    assert_eq!(folder.read("wide.yaml"), "dyntastic:   1\n");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
    fs::hard_link(&path, folder.path().join("other.yaml")).unwrap();
    folder.ok("fmt wide.yaml");
    assert_eq!(
        (folder.read("wide.yaml"), folder.read("other.yaml")),
        ("dyntastic: 1\n".into(), "dyntastic: 1\n".into())
    );
    let of = fs::metadata(&path).unwrap();
    assert_eq!((of.nlink(), of.permissions().mode() & 0o777), (2, 0o640));
    assert!(std::process::Command::new("mkfifo").arg(folder.path().join("pipe")).status().unwrap().success());
    let (_, error) = folder.fails("fmt pipe");
    assert!(error.contains("pipe: it is no file"), "{error}");
}
