//! The files of a folder that the command writes and deletes, and those that it does not touch.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// The paths and texts of all files in a folder.
fn files_in(folder: &Path) -> Vec<(String, String)> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(files_in(&path)),
            false => files.push((path.display().to_string(), fs::read_to_string(&path).unwrap_or_default())),
        }
    }
    files.sort();
    files
}

fn schema_of(models: &[&str]) -> String {
    let model = |model: &&str| format!("  {model}: {{ table: t{model}, hash_key: id, fields: {{ id: string }} }}\n");
    format!("dyntastic: 1\nmodels:\n{}", models.iter().map(model).collect::<String>())
}

#[test]
fn line_ends_are_no_difference() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    for file in ["models/mod.rs", "models/user.rs", "models/event.rs", "models.yaml"] {
        folder.write(file, &folder.read(file).replace('\n', "\r\n"));
    }
    let checked_out = files_in(folder.path());
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");
    let done = folder.ok("generate models.yaml --out models");
    assert!(done.contains("0 written, 3 unchanged, 0 removed"), "{done}");
    assert_eq!(files_in(folder.path()), checked_out);

    folder.write("models/user.rs", &folder.read("models/user.rs").replacen("pub struct", "pub  struct", 1));
    let (report, _) = folder.fails("check models.yaml --against models");
    assert!(!report.contains("mod.rs") && !report.contains("event.rs"), "{report}");
}

#[test]
fn an_edit_of_a_comment_changes_no_file() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    folder.write("models.yaml", &format!("# A comment.\n\n{}", SCHEMA.replace(": {", ":  {")));
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");
    let done = folder.ok("generate models.yaml --out models");
    assert!(done.contains("0 written, 3 unchanged, 0 removed"), "{done}");
}

#[test]
fn an_invisible_difference_is_described() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let text = folder.read("models/user.rs");
    for (damaged, how) in [
        (
            format!("\u{feff}{text}"),
            "user.rs: it differs only in invisible characters: line 1, column 1 has a byte order mark",
        ),
        (text.trim_end().to_owned(), "has the end of the file, and should have the end of the line"),
        (text.replacen("pub struct", "pub\u{a0}struct", 1), "has a no-break space (U+00A0), and should have a space"),
        (text.replacen("\n    ", "\n\t", 1), "column 1 has a tab (U+0009), and should have a space"),
    ] {
        folder.write("models/user.rs", &damaged);
        let (report, _) = folder.fails("check models.yaml --against models");
        assert!(report.contains(how), "{how} is not in:\n{report}");
        folder.ok("generate models.yaml --out models");
        assert_eq!(folder.read("models/user.rs"), text);
    }
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_the_old_files() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let old = files_in(&folder.path().join("models"));
    folder.write("models.yaml", &SCHEMA.replace("id: ", "name: string, id: ").replace("Event", "Account"));
    // A file may have only a few bytes. A longer write is an error if the signal is ignored, as on a full disk;
    // otherwise it ends the process.
    for limit in ["trap '' XFSZ; ulimit -f 1", "ulimit -f 1"] {
        let run = format!("{limit}; exec {} generate models.yaml --out models", env!("CARGO_BIN_EXE_dyntastic"));
        let output = Command::new("sh").args(["-c", &run]).current_dir(folder.path()).output().unwrap();
        assert!(!output.status.success(), "{output:?}");
        let left = files_in(&folder.path().join("models"));
        let (temporary, kept): (Vec<_>, Vec<_>) = left.into_iter().partition(|(path, _)| path.ends_with("-tmp"));
        assert_eq!(kept, old);
        let killed = output.status.code().is_none();
        assert_eq!(killed, !temporary.is_empty(), "{temporary:?}, {output:?}");
        for (path, _) in temporary {
            let past = SystemTime::now() - Duration::from_secs(3600);
            fs::File::options().write(true).open(path).unwrap().set_modified(past).unwrap();
        }
    }
    folder.ok("generate models.yaml --out models");
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");
    let left = files_in(&folder.path().join("models"));
    assert!(
        left.iter().all(|(path, _)| path.ends_with(".rs")),
        "the temporary files of killed runs are removed: {left:?}"
    );
}

#[test]
fn an_empty_file_in_the_place_of_a_generated_one_is_replaced() {
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let files = files_in(&folder.path().join("models"));
    for empty in ["", "\0\0\0\0", "\n"] {
        folder.write("models/user.rs", empty);
        folder.write("models/mod.rs", empty);
        folder.ok("generate models.yaml --out models --as module");
        assert_eq!(files_in(&folder.path().join("models")), files);
    }
    folder.write("models/user.rs", "");
    folder.write("models.yaml", &schema_of(&["Event"]));
    folder.ok("generate models.yaml --out models");
    assert!(!folder.path().join("models/user.rs").exists());
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_symbolic_link() {
    use std::os::unix::fs::symlink;
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out first --as crate --name shop");
    folder.write("models.yaml", &SCHEMA.replace("id: ", "name: string, id: "));

    for (target, text) in [("first/src/user.rs", folder.read("first/src/user.rs")), ("absent.rs", String::new())] {
        fs::create_dir_all(folder.path().join("second/src")).unwrap();
        symlink(folder.path().join(target), folder.path().join("second/src/user.rs")).unwrap();
        let (_, error) = folder.fails("generate models.yaml --out second --as crate");
        assert!(
            error.contains("second/src/user.rs: a symbolic link, which dyntastic does not write through"),
            "{error}"
        );
        assert_eq!(fs::read_to_string(folder.path().join(target)).unwrap_or_default(), text);
        assert_eq!(files_in(&folder.path().join("second")).len(), 1, "nothing is written where something is refused");
        fs::remove_dir_all(folder.path().join("second")).unwrap();
    }

    fs::create_dir_all(folder.path().join("third")).unwrap();
    symlink(folder.path().join("first/src"), folder.path().join("third/src")).unwrap();
    let before = files_in(&folder.path().join("first"));
    let (_, error) = folder.fails("generate models.yaml --out third --as crate");
    assert!(error.contains("third/src: a symbolic link"), "{error}");
    assert_eq!(files_in(&folder.path().join("first")), before);

    // The folder itself may be a link, and a link to the right file is not a difference.
    fs::create_dir(folder.path().join("fourth")).unwrap();
    symlink(folder.path().join("fourth"), folder.path().join("link")).unwrap();
    folder.ok("generate models.yaml --out link --as module");
    fs::rename(folder.path().join("fourth/user.rs"), folder.path().join("moved.rs")).unwrap();
    symlink(folder.path().join("moved.rs"), folder.path().join("fourth/user.rs")).unwrap();
    folder.ok("check models.yaml --against link");
    folder.ok("generate models.yaml --out link");
    // dyntastic writes no links, so it does not delete them.
    folder.write("models.yaml", &schema_of(&["Event"]));
    folder.ok("generate models.yaml --out link");
    assert!(folder.path().join("fourth/user.rs").is_symlink() && folder.path().join("moved.rs").is_file());
}

#[test]
fn another_schemas_files_stay() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("other.yaml", &schema_of(&["Order"]));
    folder.ok("generate models.yaml --out models --as module");
    let first = files_in(&folder.path().join("models"));

    let (_, error) = folder.fails("generate other.yaml --out models");
    assert!(
        error.contains("mod.rs was generated from `models.yaml`, another schema") && error.contains("--force"),
        "{error}"
    );
    assert_eq!(files_in(&folder.path().join("models")), first);

    // A form with other files can be in the same folder.
    folder.ok("generate other.yaml --out models --as file");
    folder.ok("check models.yaml --against models --as module");
    folder.ok("check other.yaml --against models --as file");

    folder.ok("generate other.yaml --out models --as module --force");
    folder.ok("check other.yaml --against models --as module");
    assert!(!folder.path().join("models/user.rs").exists());
}

#[test]
fn another_schema_of_the_same_name_is_recognised_by_its_models() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("other/models.yaml", &schema_of(&["Order"]));
    folder.ok("generate models.yaml --out models --as module");
    let first = files_in(&folder.path().join("models"));
    let (_, error) = folder.fails("generate other/models.yaml --out models");
    assert!(error.contains("mod.rs declares the files of an earlier run, and all of them would be deleted"), "{error}");
    assert_eq!(files_in(&folder.path().join("models")), first);

    folder.ok("generate other/models.yaml --out models --force");
    folder.ok("check other/models.yaml --against models");
    // A schema that is split into files is still the same schema.
    folder.write("other/more.yaml", &schema_of(&["Invoice"]));
    folder.ok("generate other --out models");
    folder.ok("generate other/more.yaml --out models --force");
    folder.ok("check other/more.yaml --against models");
}

#[test]
fn a_users_copy_of_a_generated_file_stays() {
    let folder = Folder::with_schema(SCHEMA);
    for (form, src) in [("module", ""), ("crate --name shop", "src/")] {
        let out = form.split(' ').next().unwrap();
        folder.write("models.yaml", SCHEMA);
        folder.ok(&format!("generate models.yaml --out {out} --as {form}"));
        let text = folder.read(&format!("{out}/{src}user.rs"));
        folder.write(&format!("{out}/{src}user copy.rs"), &text);
        folder.write(&format!("{out}/{src}old_user.rs"), &text);
        folder.write(&format!("{out}/models.rs"), &text);
        // A root that was edited cannot name a file outside its folder.
        folder.write(&format!("{out}/copy.rs"), &text);
        let root = if src.is_empty() { "mod.rs" } else { "src/lib.rs" };
        folder
            .write(&format!("{out}/{root}"), &format!("{}mod ../{out}/copy;\n", folder.read(&format!("{out}/{root}"))));
        folder.ok(&format!("generate models.yaml --out {out}"));
        assert_eq!(folder.read(&format!("{out}/copy.rs")), text);
        folder.ok(&format!("check models.yaml --against {out}"));
        folder.write("models.yaml", &schema_of(&["Event"]));
        let done = folder.ok(&format!("generate models.yaml --out {out}"));
        assert!(done.contains(&format!("removed {src}user.rs")) && done.contains("1 removed"), "{done}");
        assert_eq!(folder.read(&format!("{out}/{src}user copy.rs")), text);
        assert_eq!(folder.read(&format!("{out}/{src}old_user.rs")), text);
    }
}

#[test]
fn a_copy_that_the_user_declares_stays() {
    let folder = Folder::with_schema(SCHEMA);
    for (form, src, root) in [("module", "", "mod.rs"), ("crate --name shop", "src/", "src/lib.rs")] {
        let out = form.split(' ').next().unwrap();
        folder.write("models.yaml", SCHEMA);
        folder.ok(&format!("generate models.yaml --out {out} --as {form}"));
        let copy = folder.read(&format!("{out}/{src}user.rs"));
        folder.write(&format!("{out}/{src}my_user.rs"), &copy);
        let declared = format!("{}#[rustfmt::skip]\nmod my_user;\n", folder.read(&format!("{out}/{root}")));
        folder.write(&format!("{out}/{root}"), &declared);
        folder.write("models.yaml", &schema_of(&["Event"]));
        let done = folder.ok(&format!("generate models.yaml --out {out}"));
        assert!(done.contains(&format!("removed {src}user.rs")) && done.contains("1 removed"), "{done}");
        assert_eq!(folder.read(&format!("{out}/{src}my_user.rs")), copy);
    }
}

#[cfg(unix)]
#[test]
fn a_link_that_leads_nowhere_is_no_folder() {
    let folder = Folder::with_schema(SCHEMA);
    std::os::unix::fs::symlink("nowhere", folder.path().join("link")).unwrap();
    for out in ["link", "link/models"] {
        let (_, error) = folder.fails(&format!("generate models.yaml --out {out} --as module"));
        assert_eq!(
            error,
            "error: link: a symbolic link that leads to no folder: delete it, or choose another folder\n"
        );
    }
}

#[test]
fn an_empty_file_in_a_folder_without_output_stays() {
    let folder = Folder::with_schema(SCHEMA);
    folder.write("app/user.rs", "");
    let (_, error) = folder.fails("generate models.yaml --out app --as module");
    assert!(error.contains("app/user.rs is empty, was not generated by dyntastic"), "{error}");
    assert_eq!(files_in(&folder.path().join("app")).len(), 1);
}

#[test]
fn an_output_in_another_form_replaces_the_first() {
    let folder = Folder::with_schema(SCHEMA);
    for form in ["module", "crate --name shop", "file", "crate --name shop", "module"] {
        folder.ok(&format!("generate models.yaml --out models --as {form}"));
        folder.ok(&format!("check models.yaml --against models --as {form}"));
        let files = if form == "file" { 1 } else { 3 + usize::from(form != "module") };
        assert_eq!(files_in(&folder.path().join("models")).len(), files, "{form}");
    }
}

#[test]
fn runs_at_the_same_time_do_not_disturb_each_other() {
    let folder = Folder::with_schema(SCHEMA);
    let children: Vec<_> = (0..8)
        .map(|_| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_dyntastic"));
            command.args(["generate", "models.yaml", "--out", "models", "--as", "module"]).current_dir(folder.path());
            command.stdout(std::process::Stdio::null()).spawn().unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");
    assert_eq!(files_in(&folder.path().join("models")).len(), 3);
}

#[cfg(unix)]
#[test]
fn a_files_permissions_stay() {
    use std::os::unix::fs::PermissionsExt;
    let folder = Folder::with_schema(SCHEMA);
    folder.ok("generate models.yaml --out models --as module");
    let user = folder.path().join("models/user.rs");
    fs::set_permissions(&user, fs::Permissions::from_mode(0o640)).unwrap();
    folder.write("models.yaml", &SCHEMA.replace("id: string", "id: string, name: string"));
    folder.ok("generate models.yaml --out models");
    assert!(folder.read("models/user.rs").contains("name"));
    assert_eq!(fs::metadata(&user).unwrap().permissions().mode() & 0o777, 0o640);
}

#[test]
fn an_obstacle_in_the_place_of_a_file_is_named() {
    let folder = Folder::with_schema(SCHEMA);
    fs::create_dir_all(folder.path().join("models/user.rs")).unwrap();
    let (_, error) = folder.fails("generate models.yaml --out models --as module");
    assert!(error.contains("models/user.rs: a folder is in its place"), "{error}");
    assert_eq!(fs::read_dir(folder.path().join("models")).unwrap().count(), 1);

    folder.write("file", "");
    let (_, error) = folder.fails("generate models.yaml --out file");
    assert!(error.contains("file: Not a directory") && !error.contains("earlier output"), "{error}");
    let (_, error) = folder.fails("generate models.yaml --out file --as module");
    assert_eq!(error, "error: file: not a folder: choose another one for the output\n");
    let (_, error) = folder.fails("generate models.yaml --out file/models --as module");
    assert_eq!(error, "error: file: not a folder: choose another one for the output\n");
    folder.write("shop/src", "");
    let (_, error) = folder.fails("generate models.yaml --out shop --as crate");
    assert!(error.contains("shop/src"), "{error}");
    assert_eq!(fs::read_dir(folder.path().join("shop")).unwrap().count(), 1);

    // A run does not wait for a pipe.
    #[cfg(unix)]
    {
        fs::create_dir(folder.path().join("pipe")).unwrap();
        assert!(Command::new("mkfifo").arg(folder.path().join("pipe/mod.rs")).status().unwrap().success());
        let (_, error) = folder.fails("generate models.yaml --out pipe");
        assert!(error.contains("pipe holds no earlier output"), "{error}");
        let (_, error) = folder.fails("generate models.yaml --out pipe --as module");
        assert!(error.contains("pipe/mod.rs: something that is not a file is in its place"), "{error}");
    }
    // Files at the places of another form's files do not matter.
    for (in_the_way, form) in [("tree/src", "module"), ("kit/mod.rs/x", "crate"), ("tree2/models.rs/x", "module")] {
        folder.write(in_the_way, "");
        folder.ok(&format!("generate models.yaml --out {} --as {form}", in_the_way.split('/').next().unwrap()));
    }
}

#[test]
fn included_files_belong_to_the_schema() {
    let folder = Folder::with_schema(&format!("include: [shared/common.yaml, more]\n{SCHEMA}"));
    // Files that include each other, and one that is included twice, are read once.
    folder.write(
        "shared/common.yaml",
        "dyntastic: 1\ninclude: [../models.yaml, types.yaml]\nscalars: { Slug: string }\n",
    );
    folder.write("shared/types.yaml", "dyntastic: 1\ntypes: { Name: { fields: { first: Slug } } }\n");
    folder.write(
        "more/a.yaml",
        "dyntastic: 1\nmodels: { Page: { table: pages, hash_key: slug, fields: { slug: Slug, name: Name } } }\n",
    );
    folder.ok("generate models.yaml --out models --as module");
    let page = folder.read("models/page.rs");
    assert!(page.starts_with("// @generated by dyntastic from `models.yaml`, `common.yaml`"), "{page}");
    assert!(page.contains("pub name: Name"), "{page}");
    assert_eq!(folder.ok("check models.yaml --against models"), "models is current\n");

    folder.write("shared/types.yaml", "dyntastic: 1\ntypes: { Name: { fields: { first: Slgu } } }\n");
    let (_, mistakes) = folder.fails("check models.yaml --against models");
    assert!(mistakes.contains("shared/types.yaml:2:35"), "{mistakes}");

    folder.write("models.yaml", &format!("include: common.yaml\n{SCHEMA}"));
    let (_, mistakes) = folder.fails("check models.yaml --against models");
    assert!(mistakes.contains("cannot read common.yaml") && mistakes.contains("models.yaml:1:10"), "{mistakes}");
}

#[test]
fn a_file_without_an_end_is_refused() {
    let folder = Folder::with_schema(&format!("include: long.yaml\n{SCHEMA}"));
    folder.write("long.yaml", &"# A line.\n".repeat((16 << 20) / 10 + 1));
    let (_, error) = folder.fails("check models.yaml");
    assert!(error.contains("cannot read long.yaml: the file has more than 16 MiB"), "{error}");
    if cfg!(unix) {
        folder.write("models.yaml", &format!("include: /dev/zero\n{SCHEMA}"));
        let (_, error) = folder.fails("check models.yaml");
        assert!(error.contains("cannot read /dev/zero: it is neither a file nor a folder"), "{error}");
        let (_, error) = folder.fails("check /dev/zero");
        assert!(error.contains("more than 16 MiB"), "{error}");
    }
}
