//! `Config` as a build script calls it: in a process of its own, with Cargo's variables.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use dyntastic_codegen::Config;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, SystemTime};

const SCHEMA: &str = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string } } }\n";

/// The build script itself; as a test it does nothing.
#[test]
fn build_script() -> Result<(), dyntastic_codegen::Failure> {
    let Some(schema) = std::env::var_os("DYNTASTIC_TEST_SCHEMA") else {
        return Ok(());
    };
    for schema in std::env::split_paths(&schema) {
        match std::env::var_os("DYNTASTIC_TEST_OUT_DIR") {
            Some(folder) => Config::new().schema(schema).out_dir(folder).generate()?,
            None => Config::new().schema(schema).generate()?,
        }
    }
    Ok(())
}

fn build(folder: &Path, schema: impl AsRef<std::ffi::OsStr>, variable: &str) -> Output {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "build_script::build_script", "--nocapture"])
        .current_dir(folder)
        .env("DYNTASTIC_TEST_SCHEMA", schema)
        .env(variable, folder.join("out"))
        .output()
        .unwrap()
}

#[test]
fn output_that_does_not_change_is_not_written_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("models.yaml"), SCHEMA).unwrap();
    for variable in ["OUT_DIR", "DYNTASTIC_TEST_OUT_DIR"] {
        assert!(build(folder, "models.yaml", variable).status.success());
        let models = folder.join("out/models.rs");
        let past = SystemTime::now() - Duration::from_secs(3600);
        fs::File::options().write(true).open(&models).unwrap().set_modified(past).unwrap();
        let output = build(folder, "models.yaml", variable);
        assert!(output.status.success(), "{output:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("cargo:rerun-if-changed=models.yaml"), "{output:?}");
        assert_eq!(fs::metadata(&models).unwrap().modified().unwrap(), past);
        assert_eq!(fs::read_dir(folder.join("out")).unwrap().count(), 1);
    }
}

#[test]
fn a_schema_may_be_renamed_in_cargos_folder_but_not_in_a_named_one() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("models.yaml"), SCHEMA).unwrap();
    fs::write(folder.join("other.yaml"), SCHEMA.replace("User", "Account")).unwrap();
    let models = || fs::read_to_string(folder.join("out/models.rs")).unwrap();
    assert!(build(folder, "models.yaml", "OUT_DIR").status.success());
    assert!(build(folder, "other.yaml", "OUT_DIR").status.success());
    assert!(models().contains("struct Account"));

    let output = build(folder, "models.yaml", "DYNTASTIC_TEST_OUT_DIR");
    assert!(!output.status.success());
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(text.contains("was generated from `other.yaml`, another schema"), "{text}");
    assert!(models().contains("struct Account"));
}

/// The compiler's errors in emitted code lead back to the schema. A file that is reviewed has no lines, which any edit
/// above them would change.
#[test]
fn the_file_in_cargos_folder_names_the_lines_of_the_schema() {
    let schema = "\
dyntastic: 1
include: [shared.yaml]
enums:
  Role: [admin, guest]
models:
  User:
    doc: Someone.
    table: users
    hash_key: id
    mixins: [named]
    fields:
      id: string
      role:
        type: Role
";
    let shared = "dyntastic: 1\nmixins:\n  named: { fields: { name: string } }\n";
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("models.yaml"), schema).unwrap();
    fs::write(folder.join("shared.yaml"), shared).unwrap();
    let models = || fs::read_to_string(folder.join("out/models.rs")).unwrap();

    let output = build(folder, "models.yaml", "OUT_DIR");
    assert!(output.status.success(), "{output:?}");
    let text = models();
    for (line, of) in [
        ("models.yaml:4", "pub enum Role {"),
        ("models.yaml:6", "pub struct User {"),
        ("models.yaml:12", "    pub id: ::std::string::String,"),
        ("models.yaml:13", "    pub role: Role,"),
        ("shared.yaml:3", "    pub name: ::std::string::String,"),
    ] {
        let (before, _) = text.split_once(of).unwrap();
        let last = before.lines().rev().find(|of| of.contains(".yaml:"));
        assert_eq!(last.map(|of| of.trim_start_matches([' ', '/'])), Some(format!("`{line}`").as_str()), "{of}");
    }

    let output = build(folder, "models.yaml", "DYNTASTIC_TEST_OUT_DIR");
    assert!(output.status.success(), "{output:?}");
    assert!(!models().contains(".yaml:"));
}

#[test]
fn two_schemas_of_one_build_script_do_not_overwrite_each_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("models.yaml"), SCHEMA).unwrap();
    fs::write(folder.join("other.yaml"), SCHEMA.replace("User", "Account")).unwrap();
    let two = |second| std::env::join_paths(["models.yaml", second]).unwrap();
    let output = build(folder, two("other.yaml"), "OUT_DIR");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("give both schemas to one `Config`"), "{text}");
    assert!(fs::read_to_string(folder.join("out/models.rs")).unwrap().contains("struct User"));
    assert!(build(folder, two("models.yaml"), "OUT_DIR").status.success());
}

#[test]
fn a_missing_file_is_not_a_mistake_in_the_schema() {
    let folder = tempfile::tempdir().unwrap();
    let output = build(folder.path(), "models.yaml", "OUT_DIR");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && text.contains("cannot read models.yaml"), "{text}");
    assert!(!text.contains("mistake"), "{text}");
}

#[test]
fn cargo_prints_the_schemas_warnings() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::write(folder.join("models.yaml"), SCHEMA.replace("id: string", "id: { type: string, default: uuid }")).unwrap();
    let output = build(folder, "models.yaml", "OUT_DIR");
    assert!(output.status.success(), "{output:?}");
    let output = String::from_utf8(output.stdout).unwrap();
    let warning = "cargo:warning=models.yaml:2:86: the default is the text `uuid`, which looks like the name of a factory (D0701): \
                   every value will be this text; for a new one each time, write `default: uuid_v4`; for the text itself, write \
                   `default: { value: uuid }`";
    assert_eq!(output.lines().filter(|line| line.starts_with("cargo:warning=")).collect::<Vec<_>>(), [warning]);
    assert!(folder.join("out/models.rs").exists());
}

#[test]
fn a_change_of_an_included_file_runs_the_build_script_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    fs::create_dir(folder.join("schema")).unwrap();
    fs::write(folder.join("schema/models.yaml"), format!("{SCHEMA}include: common.yaml\n")).unwrap();
    fs::write(folder.join("schema/common.yaml"), "dyntastic: 1\nenums: { Size: [small, large] }\n").unwrap();
    let output = build(folder, "schema/models.yaml", "OUT_DIR");
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(printed.contains("cargo:rerun-if-changed=schema/common.yaml"), "{printed}");
}
