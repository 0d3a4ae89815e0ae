//! The `dyntastic` command as a user meets it.
#![cfg(feature = "cli")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

const SCHEMA: &str = "dyntastic: 1\nmodels:\n  User: { table: users, hash_key: id, fields: { id: string } }\n  Event: { table: events, hash_key: id, fields: { id: uuid } }\n";

struct Folder(tempfile::TempDir);

impl Folder {
    fn with_schema(schema: &str) -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.write("models.yaml", schema);
        folder
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, file: &str, text: &str) {
        let file = self.path().join(file);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path().join(file)).unwrap()
    }

    fn run(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_dyntastic"))
            .args(arguments.split_whitespace())
            .current_dir(self.path())
            .output()
            .unwrap()
    }

    fn ok(&self, arguments: &str) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// What a command that fails prints, to its output and to its error.
    fn fails(&self, arguments: &str) -> (String, String) {
        let output = self.run(arguments);
        assert_eq!(output.status.code(), Some(1), "{arguments}: {output:?}");
        (String::from_utf8(output.stdout).unwrap(), String::from_utf8(output.stderr).unwrap())
    }
}

#[test]
fn a_crate_names_the_runtime_and_its_features() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out shop-models --as crate");
    let manifest = folder.read("shop-models/Cargo.toml");
    assert!(manifest.contains("name = \"shop-models\""), "{manifest}");
    let version = env!("CARGO_PKG_VERSION");
    assert!(
        manifest.contains(&format!("dyntastic = {{ version = \"{version}\", features = [\"uuid\"] }}")),
        "{manifest}"
    );

    folder.write("vendor/dyntastic/Cargo.toml", "");
    folder.ok("generate models.yaml --out shop-models --as crate --name other --runtime-path vendor/dyntastic");
    let manifest = folder.read("shop-models/Cargo.toml");
    assert!(manifest.contains("name = \"other\""), "{manifest}");
    assert!(manifest.contains("dyntastic = { path = \"../vendor/dyntastic\""), "{manifest}");
}

#[test]
fn check_names_what_changed_is_missing_and_is_orphaned() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");

    folder.write("models.yaml", &SCHEMA.replace("Event", "Account").replace("id: string", "id: string, name: string?"));
    let (report, error) = folder.fails("check models.yaml --against models");
    for line in ["changed:  mod.rs", "changed:  user.rs", "missing:  account.rs", "orphaned: event.rs"] {
        assert!(report.contains(line), "{line} is not in:\n{report}");
    }
    assert!(report.contains("+    pub name: ::std::option::Option<::std::string::String>,"), "{report}");
    assert!(error.contains("run `dyntastic generate models.yaml --out models`"), "{error}");

    let done = folder.ok("generate models.yaml --out models");
    assert!(done.contains("removed event.rs"), "{done}");
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");
}

#[test]
fn the_form_is_remembered() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("vendor/dyntastic/Cargo.toml", "");
    for form in ["crate --name shop --runtime-path vendor/dyntastic", "module", "file"] {
        let out = form.split(' ').next().unwrap();
        folder.ok(&format!("generate models.yaml --out {out} --as {form}"));
        folder.ok(&format!("check models.yaml --against {out}"));
        let done = folder.ok(&format!("generate models.yaml --out {out}"));
        assert!(done.contains("0 written"), "{done}");
    }
    let (_, error) = folder.fails("generate models.yaml --out elsewhere");
    assert!(error.contains("say --as crate, --as module or --as file"), "{error}");
}

#[test]
fn the_output_does_not_depend_on_where_it_is_made() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let absolute = folder.path().join("models.yaml");
    folder.ok(&format!("check {} --against ./models", absolute.display()));
}

#[test]
fn files_that_do_not_change_are_not_touched() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let past = SystemTime::now() - Duration::from_secs(3600);
    for file in ["mod.rs", "user.rs", "event.rs"] {
        fs::File::options()
            .write(true)
            .open(folder.path().join("models").join(file))
            .unwrap()
            .set_modified(past)
            .unwrap();
    }
    folder.write("models.yaml", &SCHEMA.replace("id: uuid", "id: uuid, note: string?"));
    folder.ok("generate models.yaml --out models");
    let modified = |file: &str| fs::metadata(folder.path().join("models").join(file)).unwrap().modified().unwrap();
    assert_eq!(modified("user.rs"), past, "a model that did not change keeps its file");
    assert_ne!(modified("event.rs"), past);
}

#[test]
fn a_users_file_is_never_overwritten_or_deleted() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("models/user.rs", "// mine\n");
    folder.write("models/notes.rs", "// also mine\n");
    let (_, error) = folder.fails("generate models.yaml --out models --as module");
    assert!(error.contains("user.rs was not generated by dyntastic"), "{error}");
    assert_eq!(folder.read("models/user.rs"), "// mine\n");
    assert!(!folder.path().join("models/mod.rs").exists(), "nothing is written where something is refused");

    fs::remove_file(folder.path().join("models/user.rs")).unwrap();
    folder.ok("generate models.yaml --out models --as module");
    assert_eq!(folder.read("models/notes.rs"), "// also mine\n");
}

#[test]
fn mistakes_come_as_text_or_as_json() {
    let folder = Folder::with_schema(&SCHEMA.replace("string", "strnig"));
    let (_, error) = folder.fails("check models.yaml");
    assert!(error.contains("error[D0301]: there is no type `strnig`"), "{error}");
    assert!(error.contains("models.yaml:3:53"), "{error}");

    let (report, _) = folder.fails("generate models.yaml --out models --as module --message-format json");
    let mistake: serde_json::Value = serde_json::from_str(report.lines().next().unwrap()).unwrap();
    assert_eq!(mistake["code"], "D0301");
    assert_eq!(mistake["file"], "models.yaml");
    assert_eq!(
        (mistake["line"].as_u64(), mistake["column"].as_u64(), mistake["end_column"].as_u64()),
        (Some(3), Some(53), Some(59))
    );
    assert_eq!(mistake["help"][0], "did you mean `string`?");
    assert!(!folder.path().join("models").exists());
}

#[test]
fn several_files_and_folders_make_one_set() {
    let folder = Folder::with_schema("");
    folder
        .write("schema/a.yaml", "dyntastic: 1\nmodels: { A: { table: aaa, hash_key: id, fields: { id: string } } }\n");
    folder.write("schema/b.yml", "dyntastic: 1\nmodels: { B: { table: bbb, hash_key: id, fields: { id: string } } }\n");
    folder.write("more.yaml", "dyntastic: 1\nmodels: { C: { table: ccc, hash_key: id, fields: { id: string } } }\n");
    folder.ok("generate schema more.yaml --out models --as module");
    let root = folder.read("models/mod.rs");
    assert!(root.contains("mod a;") && root.contains("mod b;") && root.contains("mod c;"), "{root}");

    let (_, error) = folder.fails("check missing.yaml");
    assert!(error.contains("D0008") && error.contains("cannot read missing.yaml"), "{error}");
}

#[test]
fn the_json_schema_is_printed_for_editors() {
    let printed = Folder::with_schema(SCHEMA).ok("schema");
    assert_eq!(printed, include_str!("../models.schema.json"));
}

#[test]
fn mistakes_are_explained_by_their_codes() {
    let folder = Folder::with_schema(SCHEMA);
    assert!(folder.ok("explain d0101").starts_with("D0101: an unknown key\n"));
    assert!(folder.ok("explain").contains("D0204  one attribute for two fields\n"));
    let (_, error) = folder.fails("explain D0");
    assert_eq!(error, "error: there is no code `D0`; `dyntastic explain` lists all\n");
}

#[test]
fn a_reader_that_stops_reading_is_no_mistake() {
    let folder = Folder::with_schema(SCHEMA);
    for arguments in ["explain", "schema", "check models.yaml", "generate models.yaml --out models --as module"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyntastic"));
        command.args(arguments.split_whitespace()).current_dir(folder.path()).stdout(writer);
        let output = command.stderr(std::process::Stdio::piped()).spawn().unwrap().wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments}: {output:?}");
    }
    assert!(folder.path().join("models").is_dir());
}
