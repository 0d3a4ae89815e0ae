//! `dyntastic init`.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;
#[cfg(unix)]
use std::path::{Path, PathBuf};

#[test]
fn a_new_project_overwrites_nothing() {
    let folder = Folder::with_schema(SCHEMA);
    for (way, files) in [
        ("--build-rs", &["Cargo.toml", "build.rs", "models.yaml", "src/main.rs"] as &[&str]),
        ("--crate", &["Cargo.toml", "models.yaml", "models/src/user.rs", "src/main.rs"]),
        ("--module", &["Cargo.toml", "models.yaml", "src/main.rs", "src/models/user.rs"]),
    ] {
        let project = format!("new{way}");
        let said = folder.ok(&format!("init {project} {way}"));
        assert!(said.contains("cargo test") && said.contains("models.yaml"), "{said}");
        let written = |file: &&str| folder.read(&format!("{project}/{file}"));
        let texts: Vec<String> = files.iter().map(written).collect();
        folder.ok(&format!("check {project}/models.yaml"));
        let (_, error) = folder.fails(&format!("init {project} {way}"));
        assert!(error.contains("models.yaml exists: give another folder, or remove it"), "{error}");
        assert_eq!(files.iter().map(written).collect::<Vec<_>>(), texts);
    }
    let main = folder.read("new--crate/src/main.rs");
    assert!(main.contains("use new__crate_models as models;"), "{main}");
    assert!(folder.read("new--build-rs/Cargo.toml").contains("[build-dependencies]\ndyntastic-codegen = "));
    let (_, error) = folder.fails("init other");
    assert!(error.contains("add --build-rs, --crate or --module"), "{error}");
    let (_, error) = folder.fails("init . --build-rs --name app");
    assert!(error.contains("models.yaml exists"), "{error}");
    for way in ["--build-rs", "--crate"] {
        let (_, error) = folder.fails(&format!("init other {way} --checkout nowhere"));
        assert_eq!(error, "error: --checkout nowhere/runtime: there is no Cargo.toml in it\n");
    }
    let output = folder.run("init other --build-rs --crate");
    assert_eq!(output.status.code(), Some(2));
}

/// Cargo does not tell a package from a dependency of its name, and builds none with the name of one of its folders.
#[test]
fn a_project_does_not_have_the_name_of_something_else() {
    let folder = Folder::with_schema(SCHEMA);
    let ways = ["--build-rs", "--crate", "--module"];
    let mut names: Vec<String> =
        ["core", "std", "alloc", "test", "proc_macro", "proc-macro", "fn", "self", "Self", "async", "build", "deps"]
            .map(str::to_owned)
            .to_vec();
    for way in ways {
        folder.ok(&format!("init new{way} {way} --name app"));
        let manifests = ["Cargo.toml", "models/Cargo.toml"].map(|file| folder.path().join(format!("new{way}/{file}")));
        for manifest in manifests.iter().filter(|manifest| manifest.exists()) {
            let text = fs::read_to_string(manifest).unwrap();
            let sections =
                text.split("\n[").filter(|section| section.split(']').next().unwrap().ends_with("dependencies"));
            let lines = sections.flat_map(|section| section.lines().skip(1).filter(|line| !line.starts_with('#')));
            names.extend(lines.filter_map(|line| Some(line.split_once(" = ")?.0.to_owned())));
        }
    }
    names.sort();
    names.dedup();
    // The crate of models has the app's name and this end.
    names.retain(|name| name != "app-models");
    assert!(
        ["dyntastic", "dyntastic-codegen", "tokio"].iter().all(|name| names.iter().any(|of| of == name)),
        "{names:?}"
    );
    for name in names.iter().map(String::as_str).chain(["dyntastic_codegen", "dyntastic-templates"]) {
        for way in ways {
            let (_, error) = folder.fails(&format!("init refused {way} --name {name}"));
            assert!(error.starts_with(&format!("error: `{name}` cannot be the name of ")), "{error}");
        }
        let (_, error) = folder.fails(&format!("init {name} --module"));
        assert!(error.contains("--name"), "{error}");
        assert!(!folder.path().join(name).exists() && !folder.path().join("refused").exists());
    }
}

/// Either all files of a project are made, or none.
#[test]
#[cfg(unix)]
fn a_new_project_is_whole_or_not_there() {
    use std::os::unix::fs::symlink;
    type Obstacle = fn(&Path);
    let obstacles: [(&str, Obstacle); 4] = [
        ("src is no folder", |folder| fs::write(folder.join("src"), "").unwrap()),
        ("src is no folder", |folder| symlink("nowhere", folder.join("src")).unwrap()),
        ("exists: give another folder", |folder| symlink("nowhere", folder.join("Cargo.toml")).unwrap()),
        ("exists: give another folder", |folder| {
            fs::create_dir_all(folder.join("src/models")).unwrap();
            fs::create_dir(folder.join("models")).unwrap();
            fs::write(folder.join("build.rs"), "").unwrap();
        }),
    ];
    for way in ["--build-rs", "--crate", "--module"] {
        for (says, obstacle) in obstacles {
            let folder = Folder::with_schema(SCHEMA);
            let project = folder.path().join("project");
            fs::create_dir(&project).unwrap();
            obstacle(&project);
            let before = everything_in(&project);
            let (_, error) = folder.fails(&format!("init project {way}"));
            assert!(error.contains(says), "{error}");
            assert_eq!(everything_in(&project), before, "{way} {says}");
        }
    }
    // What is found only by writing: the first files have paths that are short enough.
    let folder = Folder::with_schema(SCHEMA);
    folder.write("project/.keep", "");
    let long = format!("project/{}", "./".repeat(2036));
    let (_, error) = folder.fails(&format!("init {long} --module --name app"));
    assert!(error.contains("/models/") && error.contains("name too long"), "{error}");
    assert_eq!(everything_in(&folder.path().join("project")), [folder.path().join("project/.keep")]);
    let (_, error) = folder.fails("init models.yaml/project --build-rs");
    assert!(error.contains("models.yaml is no folder"), "{error}");
    let (_, error) = folder.fails("init / --build-rs");
    assert!(error.contains("the folder / has no name: add --name"), "{error}");
    fs::create_dir(folder.path().join("app")).unwrap();
    folder.ok("init app/../app/. --build-rs");
    assert!(folder.read("app/Cargo.toml").contains("name = \"app\""));
}

#[cfg(unix)]
fn everything_in(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(everything_in(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}
