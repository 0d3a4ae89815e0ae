//! `dyntastic cost` as a user runs it.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Folder, SCHEMA};
use std::fs;

const RATED: &str = "dyntastic: 1\nmodels: { User: { table: users, hash_key: id, fields: { id: string }, size: 1000, rate: { get: 8, save: 1 } } }\n";

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## What a schema costs\n").unwrap();
    let mut blocks = section.split("```text\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let (schema, shown) = (blocks.next().unwrap(), blocks.next().unwrap());
    let folder = Folder::with_schema(SCHEMA);
    folder.write("users.yaml", schema);
    assert_eq!(folder.ok("cost users.yaml"), shown);
    // What it shows is no lint.
    folder.ok("lint users.yaml");
}

#[test]
fn prices_may_be_ones_own() {
    let folder = Folder::with_schema(RATED);
    let own = fs::read_to_string("../codegen/src/cost/prices.json").unwrap();
    folder.write("prices.json", &own);
    assert_eq!(folder.ok("cost models.yaml --prices prices.json"), folder.ok("cost models.yaml"));
    folder.write("prices.json", &own.replace("0.625", "6.25").replace("USD", "EUR"));
    assert!(folder.ok("cost models.yaml --prices prices.json").contains("EUR a month for all rates"));
    for (wrong, says) in [
        (own.replace("0.625", "1e308"), "1e308 is not a price: it is a number from 0 to 1000000000 at line 7 column "),
        (own.replace("USD", "\\u001b[31m"), "\\u{1b}[31m\" has a control character at line 5 column "),
        (own.replace("0.625", "high"), "expected value at line 7 column "),
    ] {
        folder.write("prices.json", &wrong);
        let (_, error) = folder.fails("cost models.yaml --prices prices.json");
        assert!(error.starts_with("error: prices.json: ") && error.contains(says), "{error}");
    }
    folder.write("prices.json", &format!("\u{feff}{own}"));
    assert_eq!(folder.ok("cost models.yaml --prices prices.json"), folder.ok("cost models.yaml"));
    folder.write("prices.json", "{}");
    let (_, error) = folder.fails("cost models.yaml --prices prices.json");
    assert!(error.starts_with("error: prices.json: missing field `source`"), "{error}");
    let (_, error) = folder.fails("cost models.yaml --prices nothing.json");
    assert!(error.starts_with("error: nothing.json: "), "{error}");
}

/// The columns stand apart, and below each other, however large the numbers and long the names are.
#[test]
fn large_numbers_and_long_names_keep_the_columns_apart() {
    let field = format!("by_{}", "long_".repeat(12));
    let schema = format!(
        "dyntastic: 1\nmodels:\n  User:\n    table: users\n    hash_key: id\n    size: 400000\n    \
         indexes: {{ by_name: {{ name: {field}, hash_key: name }} }}\n    fields: {{ id: string, name: string }}\n    \
         rate: {{ get: 1000000000, save: 999999999.125 }}\n"
    );
    let folder = Folder::with_schema(&schema);
    let found = folder.ok("cost models.yaml");
    let (_, table) = found.split_once('\n').unwrap();
    let lines: Vec<&str> = table.lines().take_while(|line| !line.is_empty()).collect();
    let rated: Vec<&&str> =
        lines.iter().filter(|line| line.contains("000000000") || line.contains("999999999")).collect();
    assert_eq!(rated.len(), 2, "{found}");
    let ends = |line: &str, number: &str| line.find(number).map(|at| at + number.len()).unwrap();
    assert_eq!(ends(rated[0], " 1000000000 "), ends(rated[1], " 999999999.125 "), "{found}");
    for line in rated {
        let numbers: Vec<f64> = line.split_whitespace().skip(1).map(|number| number.parse().unwrap()).collect();
        assert_eq!(numbers.len(), 3, "{found}");
        assert_eq!(line.len(), lines[0].len(), "{found}");
    }
    let of_index = lines.iter().find(|line| line.contains(&field)).unwrap();
    assert!(of_index.contains(&format!("{field} ")), "{found}");
}

#[test]
fn a_request_is_an_object_of_json() {
    let folder = Folder::with_schema(RATED);
    let found = folder.ok("cost models.yaml --format json");
    let save = found.lines().find(|line| line.contains("\"save\"")).unwrap();
    let save: serde_json::Value = serde_json::from_str(save).unwrap();
    assert_eq!((save["model"].as_str(), save["write_units"].as_f64()), (Some("User"), Some(1.0)));
    assert_eq!((save["size"].as_u64(), save["is_estimated"].as_bool()), (Some(1000), Some(false)));
    assert!((save["month"].as_f64().unwrap() - 1.6425).abs() < 1e-9, "{save}");
}

#[test]
fn a_table_for_a_comment() {
    let folder = Folder::with_schema(RATED);
    let found = folder.ok("cost models.yaml --format markdown");
    assert!(found.starts_with("**Cost:** 2.96 USD a month for all rates.\n\n| model | request |"), "{found}");
    assert!(found.contains("| User | save |  | 1 | 1 | 1.64 |\n"), "{found}");
}

#[test]
fn reads_and_writes_of_a_part_are_apart_in_a_table() {
    let folder = Folder::with_schema(include_str!("../../tests/costs/updates/models.yaml"));
    let found = folder.ok("cost models.yaml --format markdown");
    let line = found.lines().find(|line| line.contains("update of code")).unwrap();
    assert!(line.contains("(the item: read 2, write 1; index gsi1: write 2; "), "{line}");
}

#[test]
fn little_is_not_nothing() {
    let folder = Folder::with_schema(&RATED.replace("size: 1000", "size: 1").replace("8, save: 1", "0.00001, save: 0"));
    let found = folder.ok("cost models.yaml");
    assert!(found.starts_with("User, in table users, paid per request; items of 1 byte\n"), "{found}");
    assert!(
        found.contains("  get                                             0.5              1e-5         <0.01\n"),
        "{found}"
    );
    assert!(found.contains("\n<0.01 USD a month for all rates\n"), "{found}");
}

#[test]
fn the_highest_rates_and_sizes_cost_a_number() {
    let highest = "\
dyntastic: 1
models:
  User:
    table: users
    hash_key: id
    fields: { id: string, at: u64 }
    range_key: at
    size: 409600
    rate: { get: 1000000000, save: 1000000000 }
    queries: { all: { items: 10000000, rate: 1000000000 } }
";
    let folder = Folder::with_schema(highest);
    let own = fs::read_to_string("../codegen/src/cost/prices.json").unwrap();
    folder.write("prices.json", &own.replace("0.625", "1e9").replace("0.125", "1e9"));
    let found = folder.ok("cost models.yaml --prices prices.json --format json");
    let all = found.lines().find(|line| line.contains("\"all\"")).unwrap();
    let all: serde_json::Value = serde_json::from_str(all).unwrap();
    assert_eq!(all["read_units"].as_f64(), Some(5e8), "{all}");
    for line in found.lines() {
        assert!(!line.contains("inf") && !line.contains("NaN"), "{line}");
    }
    for (stated, other) in
        [("get: 1000000000", "get: 1.0e+308"), ("items: 10000000", "items: 4294967295"), ("409600", "409601")]
    {
        let folder = Folder::with_schema(&highest.replace(stated, other));
        let (_, error) = folder.fails("cost models.yaml");
        assert!(error.starts_with("error[D0104]: ") && error.contains(" to "), "{error}");
    }
}

#[test]
fn mistakes_of_the_schema_are_shown() {
    let folder = Folder::with_schema(&RATED.replace("save: 1", "save: -1"));
    let (_, error) = folder.fails("cost models.yaml");
    assert!(error.starts_with("error[D0104]: `save` is a number of requests per second"), "{error}");
}
