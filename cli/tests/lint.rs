//! `dyntastic lint` as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;

const HOT: &str = "dyntastic: 1\ntables: { shop: { hash_key: { pk: string }, range_key: { sk: string } } }\nmodels: { Order: { table: shop, key: { pk: ORDERS, sk: '{id}' }, fields: { id: ulid } } }\n";

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## Slow and expensive schemas\n").unwrap();
    let mut blocks = section.split("```text\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let (schema, shown) = (blocks.next().unwrap(), blocks.next().unwrap());
    let folder = Folder::with_schema(SCHEMA);
    folder.write("tasks.yaml", schema);
    let (_, found) = folder.fails("lint tasks.yaml");
    assert_eq!(found, shown);
}

#[test]
fn the_exit_code_says_whether_something_is_found() {
    let folder = Folder::with_schema(SCHEMA);
    assert!(folder.ok("lint models.yaml").starts_with("no lint: "));
    assert_eq!(folder.ok("lint models.yaml --message-format json"), "");
    folder.write("hot.yaml", HOT);
    let (_, found) = folder.fails("lint hot.yaml");
    assert!(found.starts_with("warning[L0101]: all items of model `Order` have one hash key\n"), "{found}");
    folder.ok("check hot.yaml --deny-warnings");
    folder.write("wrong.yaml", &SCHEMA.replace("string", "strnig"));
    let output = folder.run("lint wrong.yaml");
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_lint_is_an_object_of_json() {
    let folder = Folder::with_schema(HOT);
    let (found, _) = folder.fails("lint models.yaml --message-format json");
    let lint: serde_json::Value = serde_json::from_str(found.trim_end()).unwrap();
    assert_eq!((lint["code"].as_str(), lint["severity"].as_str()), (Some("L0101"), Some("warning")));
    assert_eq!((lint["line"].as_u64(), lint["column"].as_u64()), (Some(3), Some(44)));
}

#[test]
fn a_lint_is_explained() {
    let folder = Folder::with_schema(SCHEMA);
    assert!(folder.ok("explain l0101").starts_with("L0101: all items have one hash key\n\n"));
    assert!(folder.ok("explain").contains("\nL0103  the hash key has few values\n"));
}
