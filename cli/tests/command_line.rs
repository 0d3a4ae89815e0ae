//! The `dyntastic` command as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;
use std::process::Command;
use std::time::{Duration, SystemTime};

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
    assert!(report.contains("+    pub name: Option<String>,"), "{report}");
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
    assert!(error.contains("add --as crate, --as module or --as file"), "{error}");
}

#[test]
fn a_package_has_a_name_that_code_can_say() {
    let folder = Folder::with_schema(SCHEMA);
    for name in ["dyntastic", "std", "core", "type", "self", "crate", "Self", "proc-macro", "9lives", "a.b"] {
        for arguments in [format!("--out out --as crate --name {name}"), format!("--out {name} --as crate")] {
            let (_, error) = folder.fails(&format!("generate models.yaml {arguments}"));
            assert!(error.contains(&format!("`{name}` cannot be the name of a package: ")), "{error}");
        }
    }
    folder.ok("generate models.yaml --out type --as crate --name types");
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
    assert!(!error.contains("mistake"), "a missing file is not a mistake in the schema: {error}");
}

#[test]
fn a_file_that_is_named_twice_is_one_file() {
    let folder = Folder::with_schema(SCHEMA);
    fs::create_dir(folder.path().join("schema")).unwrap();
    fs::copy(folder.path().join("models.yaml"), folder.path().join("schema/models.yaml")).unwrap();
    let absolute = folder.path().join("models.yaml");
    folder.ok(&format!("generate models.yaml ./models.yaml {} --out models --as module", absolute.display()));
    folder.ok("check schema/../schema schema/models.yaml schema --against models");
    let (_, error) = folder.fails("check missing.yaml missing.yaml");
    assert_eq!(error.matches("cannot read").count(), 1, "{error}");
    let (_, error) = folder.fails("check models.yaml schema");
    assert!(error.contains("D0202"), "a copy is another file: {error}");
}

#[test]
fn a_schema_is_read_from_standard_input() {
    let folder = Folder::with_schema(SCHEMA);
    let run = |arguments: &str, schema: &str| {
        use std::io::Write;
        let mut command = Command::new(env!("CARGO_BIN_EXE_dyntastic"));
        command.args(arguments.split_whitespace()).current_dir(folder.path());
        command
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        let mut child = command.spawn().unwrap();
        child.stdin.take().unwrap().write_all(schema.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    };
    let output = run("check - -", SCHEMA);
    assert_eq!(String::from_utf8_lossy(&output.stdout), "the schema is sound\n", "{output:?}");
    let output = run("check -", &SCHEMA.replace("string", "strnig"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("<stdin>:3:53"), "{output:?}");
    let more = "dyntastic: 1\nmodels: { More: { table: more, hash_key: id, fields: { id: string } } }\n";
    let output = run("generate models.yaml - --out models --as module", more);
    assert!(output.status.success() && folder.path().join("models/more.rs").exists(), "{output:?}");
    assert!(run("check - models.yaml --against models", more).status.code() == Some(1), "the order matters");
    assert!(run("check models.yaml - --against models", more).status.success());
}

#[test]
fn with_json_nothing_else_stands_on_the_stream() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("wrong.yaml", &SCHEMA.replace("string", "strnig"));
    folder.write("mine/mod.rs", "// mine\n");
    let json = "--message-format json";
    let stdout = |arguments: &str| String::from_utf8(folder.run(&format!("{arguments} {json}")).stdout).unwrap();
    for arguments in
        ["generate models.yaml --out models --as module", "check models.yaml", "check models.yaml --against models"]
    {
        assert_eq!(stdout(arguments), "", "{arguments}");
    }
    folder.write("models/user.rs", &folder.read("models/user.rs").replace("users", "useds"));
    fs::remove_file(folder.path().join("models/event.rs")).unwrap();
    for (arguments, status, messages) in [
        ("check wrong.yaml", 1, &["there is no type `strnig`"][..]),
        ("check missing.yaml", 1, &["cannot read missing.yaml"]),
        ("check models.yaml --against missing", 1, &["missing is not a folder"]),
        ("check models.yaml --against models", 1, &["missing:  event.rs", "changed:  user.rs"]),
        ("generate models.yaml --out new", 1, &["new holds no earlier output"]),
        ("generate models.yaml --out mine --as module", 1, &["mod.rs was not generated by dyntastic"]),
        ("generate models.yaml --out models.yaml --as module", 1, &["models.yaml/"]),
        ("generate models.yaml", 2, &["the following required arguments were not provided"]),
        ("generate models.yaml --out models --as tree", 2, &["invalid value 'tree'"]),
    ] {
        let output = folder.run(&format!("{arguments} {json}"));
        assert_eq!(output.status.code(), Some(status), "{arguments}: {output:?}");
        let text = String::from_utf8(output.stdout).unwrap();
        assert_eq!(text.lines().count(), messages.len(), "{arguments}: {text}");
        for (line, message) in text.lines().zip(messages) {
            let failure: serde_json::Value = serde_json::from_str(line).unwrap();
            assert!(failure["message"].as_str().unwrap().contains(message), "{arguments}: {line}");
            assert_eq!(failure["severity"], "error");
            assert!(failure["rendered"].is_string() && failure["help"].is_array() && failure["related"].is_array());
        }
    }
    let text = stdout("check models.yaml --against models");
    assert!(text.contains(r#""file":"models/user.rs""#), "{text}");
    assert!(stdout("--help").contains("Usage"));
}

#[test]
fn warnings_are_told_and_may_be_denied() {
    let folder = Folder::with_schema(&SCHEMA.replace("id: string", "id: { type: string, default: uuid }"));
    for command in ["check models.yaml", "generate models.yaml --out models --as module"] {
        let output = folder.run(command);
        assert!(output.status.success(), "{output:?}");
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(error.contains("warning[D0701]") && error.ends_with("\n1 warning in the schema\n"), "{error}");
        let line: serde_json::Value =
            serde_json::from_str(&folder.ok(&format!("{command} --message-format json"))).unwrap();
        assert_eq!((&line["code"], &line["severity"]), (&"D0701".into(), &"warning".into()));
        assert!(line["rendered"].as_str().unwrap().starts_with("warning[D0701]"));

        fs::remove_dir_all(folder.path().join("models")).ok();
        let (_, error) = folder.fails(&format!("{command} --deny-warnings"));
        assert!(error.contains("error[D0701]") && error.ends_with("\n1 mistake in the schema\n"), "{error}");
        let (line, _) = folder.fails(&format!("{command} --deny-warnings --message-format json"));
        let line: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!(line["severity"], "error");
        assert!(!folder.path().join("models").exists());
    }

    // Warnings are reported with mistakes too.
    folder.write("models.yaml", &folder.read("models.yaml").replace("id: uuid", "id: uiud"));
    let (_, error) = folder.fails("check models.yaml");
    assert!(error.contains("error[D0301]") && error.ends_with("\n1 mistake and 1 warning in the schema\n"), "{error}");
    folder.write("models.yaml", &SCHEMA.replace("id: string", "id: { type: string, default: uuid_v4 }"));
    folder.ok("check models.yaml --deny-warnings");
}

#[test]
fn the_json_schema_is_printed_for_editors() {
    let printed = Folder::with_schema(SCHEMA).ok("schema");
    assert_eq!(printed, dyntastic_codegen::JSON_SCHEMA);
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
