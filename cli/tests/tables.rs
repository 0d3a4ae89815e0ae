//! The commands that talk to DynamoDB, as a user runs them, on an embedded one: `plan` and `apply` here, and those on
//! items in `items`.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;
#[path = "items/mod.rs"]
mod items;

use command::Folder;
use dyntastic::local::Local;
use std::fs;
use std::process::Output;

const SCHEMA: &str = "\
dyntastic: 1
models:
  User:
    table: users
    hash_key: user_id
    fields: { user_id: string, name: string, plan: string }
";

/// The schema with an index.
const WITH_INDEX: &str = "    indexes: { by_name: { name: by_name, hash_key: name } }\n";

/// A DynamoDB, and a folder with a schema.
struct Account {
    local: Local,
    folder: Folder,
}

impl Account {
    fn with_schema(schema: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let local = runtime.block_on(dyntastic::local::start()).unwrap();
        Self { local, folder: Folder::with_schema(schema) }
    }

    fn write(&self, schema: &str) {
        self.folder.write("models.yaml", schema);
    }

    fn run(&self, arguments: &str) -> Output {
        self.folder.run(&format!("{arguments} models.yaml --endpoint {}", self.local.endpoint()))
    }

    /// Runs a command, and returns its exit code, its standard output and its standard error.
    fn said(&self, arguments: &str) -> (i32, String, String) {
        let output = self.run(arguments);
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }
}

#[test]
fn a_plan_is_applied_and_then_empty() {
    let account = Account::with_schema(SCHEMA);
    let created = "users\n  + create the table: hash key `user_id` (string); paid per request\n\n1 change\n";
    assert_eq!(account.said("plan"), (2, created.to_owned(), String::new()));
    let done = "\ndone: users: create the table: hash key `user_id` (string); paid per request\n\
                done: the tables are as the schema says\n";
    assert_eq!(account.said("apply --yes"), (0, format!("{}{done}", created.trim_end().to_owned()), String::new()));
    let nothing = "nothing to do: the tables are as the schema says\n";
    assert_eq!(account.said("plan"), (0, nothing.to_owned(), String::new()));
    assert_eq!(account.said("apply --yes"), (0, nothing.to_owned(), String::new()));
    assert_eq!(account.said("apply"), (0, nothing.to_owned(), String::new()));
}

#[test]
fn nothing_is_done_without_a_yes() {
    let account = Account::with_schema(SCHEMA);
    let (code, _, error) = account.said("apply");
    assert_eq!(code, 1);
    assert_eq!(error, "error: nobody can be asked, since standard input is no terminal: add --yes\n");
    assert_eq!(account.said("plan").0, 2);
}

#[test]
fn an_index_is_deleted_only_with_the_flag_and_its_name() {
    let account = Account::with_schema(&format!("{SCHEMA}{WITH_INDEX}"));
    assert_eq!(account.said("apply --yes").0, 0);
    account.write(SCHEMA);
    let (code, plan, _) = account.said("plan");
    assert_eq!(code, 2);
    assert!(plan.contains("  - delete the index `by_name`, which the schema does not have\n"), "{plan}");
    assert!(plan.ends_with("\n1 change, 1 of them a deletion\n"), "{plan}");
    for (arguments, says) in [
        ("apply --yes", "not deleted: users/by_name (this needs --allow-destructive --delete users/by_name)"),
        ("apply --yes --allow-destructive", "not deleted: users/by_name (this needs --delete users/by_name)"),
    ] {
        let (code, said, _) = account.said(arguments);
        assert!(code == 2 && said.contains(says), "{code} {said}");
        assert_eq!(account.said("plan").1, plan);
    }
    let (code, _, error) = account.said("apply --yes --delete users/by_name");
    assert!(code == 1 && error.contains("--allow-destructive"), "{error}");
    let (code, _, error) = account.said("apply --yes --allow-destructive --delete by_name");
    assert_eq!((code, error.as_str()), (1, "error: --delete by_name: the plan has no such deletion\n"));
    assert_eq!(account.said("plan").1, plan);
    let (code, said, error) = account.said("apply --yes --allow-destructive --delete users/by_name");
    assert!(code == 0 && said.ends_with("done: the tables are as the schema says\n"), "{said}{error}");
    assert_eq!(account.said("plan").0, 0);
}

/// A run that was interrupted after the deletion is repeated with the same arguments.
#[test]
fn a_deletion_that_is_done_already_is_no_error() {
    let account = Account::with_schema(SCHEMA);
    assert_eq!(account.said("apply --yes").0, 0);
    account.write(&format!("{SCHEMA}{WITH_INDEX}"));
    let (code, said, error) = account.said("apply --yes --allow-destructive --delete users/by_name");
    assert!(code == 0 && said.ends_with("done: the tables are as the schema says\n"), "{said}{error}");
    assert!(error.starts_with("note: --delete users/by_name: the plan has no such deletion\n"), "{error}");
}

/// The embedded engine has no replicas and no backups: nothing says that they are made.
#[test]
fn what_an_engine_lacks_is_not_said_to_be_done() {
    let create = "{ stream: new_and_old_images, replicas: [us-east-1, eu-west-1], point_in_time_recovery: true }";
    let table = format!("table: {{ name: users, create: {create} }}");
    let account = Account::with_schema(&SCHEMA.replace("table: users", &table));
    let (code, said, error) = account.said("apply --yes");
    let (_, done) = said.split_once("\ndone: ").unwrap();
    assert!(code == 0 && !done.contains("the replica in"), "{said}{error}");
    let end = "done: the tables are as the schema says\n\
               not compared: the point-in-time recovery of users: this engine does not report it\n\
               not compared: the replicas of users: this engine has none\n";
    assert!(done.ends_with(end), "{said}{error}");
    assert_eq!(account.said("plan").0, 0);
}

/// A protected table is replaced where the schema protects it no longer.
#[test]
fn protection_ends_before_a_table_is_replaced() {
    let protected = SCHEMA.replace("table: users", "table: { name: users, create: { deletion_protection: true } }");
    let account = Account::with_schema(&protected);
    assert_eq!(account.said("apply --yes").0, 0);
    let replace = "apply --yes --allow-destructive --delete users";
    let other = protected.replace("user_id: string", "user_id: u32");
    account.write(&other);
    // It is refused whatever is given, before anybody is asked.
    for arguments in [replace, "apply --yes", "apply"] {
        let (code, _, error) = account.said(arguments);
        assert!(code == 1 && error.contains("protected against deletion: turn that off first"), "{error}");
        assert!(!error.contains("--"), "{error}");
    }
    account.write(&other.replace("deletion_protection: true", "deletion_protection: false"));
    assert_eq!(account.said("apply --yes").0, 1);
    let (code, said, error) = account.said(replace);
    assert!(code == 0 && said.contains("\ndone: users: turn off deletion protection\n"), "{said}{error}");
    assert_eq!(account.said("plan").0, 0);
}

#[test]
fn a_table_with_another_key_is_refused_and_the_others_stay() {
    let account = Account::with_schema(SCHEMA);
    assert_eq!(account.said("apply --yes").0, 0);
    let other = SCHEMA.replace("user_id: string", "user_id: u32");
    account.write(&format!("{other}{}", "  New: { table: new, hash_key: id, fields: { id: string } }\n"));
    let (code, plan, _) = account.said("plan");
    assert!(code == 2 && plan.contains("  ! delete the table with its items (about 0), and create it anew"), "{plan}");
    for arguments in ["apply --yes", "apply --yes --allow-destructive"] {
        let (code, _, error) = account.said(arguments);
        assert_eq!(code, 1);
        assert!(error.starts_with("error: users: delete the table") && error.contains("--delete users"), "{error}");
        assert_eq!(account.said("plan").1, plan);
    }
    assert_eq!(account.said("apply --yes --allow-destructive --delete users").0, 0);
    assert_eq!(account.said("plan").0, 0);
}

#[test]
fn a_plan_is_json_for_programs() {
    let account = Account::with_schema(&format!("{SCHEMA}{WITH_INDEX}"));
    assert_eq!(account.said("apply --yes").0, 0);
    account.write(&SCHEMA.replace("table: users", "table: { name: users, create: { stream: keys_only } }"));
    let (code, plan, _) = account.said("plan --format json");
    assert_eq!(code, 2);
    let lines: Vec<serde_json::Value> = plan.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let deletion = serde_json::json!({
        "table": "users",
        "place": null,
        "index": "by_name",
        "replica": null,
        "kind": "delete_index",
        "change": "delete the index `by_name`, which the schema does not have",
        "is_destructive": true,
        "is_replacement": false,
        "name": "users/by_name",
        "lost_items": null,
    });
    assert_eq!(lines[0], deletion);
    assert_eq!((lines[1]["kind"].as_str(), lines.len()), (Some("stream"), 2));
}

#[test]
fn a_prefix_and_variables_name_the_tables() {
    let account = Account::with_schema(&SCHEMA.replace("table: users", "table: { env: DYNTASTIC_TESTS_UNSET }"));
    let (code, _, error) = account.said("plan");
    let unset = "error: the environment variable DYNTASTIC_TESTS_UNSET, for the name of a table (models.yaml:4), is not set: \
                 set it as the app does\n";
    assert_eq!((code, error.as_str()), (1, unset));
    account.write(SCHEMA);
    assert_eq!(account.said("apply --yes --table-prefix dev-").0, 0);
    assert_eq!(account.said("plan --table-prefix dev-").0, 0);
    assert!(account.said("plan").1.starts_with("users\n"));
}

#[test]
fn errors_exit_with_1_since_2_is_an_answer() {
    let account = Account::with_schema(&SCHEMA.replace("string", "strnig"));
    let (code, _, error) = account.said("plan");
    assert!(code == 1 && error.contains("error[D0301]"), "{error}");
    let (code, said, _) = account.said("plan --format json");
    assert!(code == 1 && said.starts_with("{\"code\":\"D0301\""), "{said}");
    account.write(SCHEMA);
    assert_eq!(account.said("plan --unknown").0, 1);
    assert_eq!(account.said("apply --unknown").0, 1);
    let output = account.folder.run("plan models.yaml --endpoint http://127.0.0.1:1");
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && error.starts_with("error: DescribeTable of the schema on"), "{error}");
}

/// The block of a README's section with this language.
fn blocks<'r>(section: &'r str, language: &str) -> Vec<&'r str> {
    let begin = format!("```{language}\n");
    section.split(&begin).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// The story of the README: its schema, the edit of it, its commands, and what they print.
#[test]
fn the_readme_shows_what_the_commands_print() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## Creating and changing tables\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let quick_start = blocks(&readme, "yaml")[0];
    let account = Account::with_schema(quick_start);
    let (commands, outputs) = (blocks(section, "sh"), blocks(section, "text"));
    assert_eq!((commands.len(), outputs.len()), (3, 2));
    let said = |command: &str| {
        let command = command.trim().strip_prefix("dyntastic ").unwrap();
        let arguments = format!("{command} --endpoint {}", account.local.endpoint());
        let output = account.folder.run(&arguments);
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    assert_eq!(said(commands[0]), (2, outputs[0].to_owned()));
    assert_eq!(said("dyntastic apply models.yaml --yes").0, 0);
    let edit = blocks(section, "diff")[0];
    let lines = |sign: &str, other: &str| -> String {
        let kept = edit.lines().filter(|line| !line.starts_with(other));
        kept.map(|line| format!("{}\n", line.strip_prefix(sign).or(line.strip_prefix(' ')).unwrap())).collect()
    };
    let before = lines("-", "+");
    assert!(quick_start.contains(&before), "the edit is not of the quick start:\n{before}");
    account.write(&quick_start.replace(&before, &lines("+", "-")));
    assert_eq!(said(commands[1]), (0, outputs[1].to_owned()));
    account.write(quick_start);
    assert_eq!(said(commands[2]).0, 0);
    assert_eq!(said(commands[0]).0, 0);
}
