//! `dyntastic pull` as a user runs it, on an embedded DynamoDB.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

mod command;
#[allow(unreachable_pub, reason = "a test of another crate has it too")]
#[path = "../../tests/pull/src/items.rs"]
mod items;

use command::Folder;
use dyntastic::aws_sdk_dynamodb::Client;
use dyntastic::local::Local;
use futures_util::future::join_all;
use items::item;
use serde_json::Value;
use std::fs;
use tokio::runtime::Runtime;

/// A DynamoDB, and a folder.
struct Account {
    runtime: Runtime,
    local: Local,
    folder: Folder,
}

impl Account {
    fn with_schema(schema: &str) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let local = runtime.block_on(dyntastic::local::start()).unwrap();
        let account = Self { runtime, local, folder: Folder::with_schema(schema) };
        assert_eq!(account.said("apply models.yaml --yes").0, 0);
        account
    }

    fn said(&self, arguments: &str) -> (i32, String, String) {
        let output = self.folder.run(&format!("{arguments} --endpoint {}", self.local.endpoint()));
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    fn put(&self, table: &str, items: &[Value]) {
        let db = Client::from_conf(self.local.config());
        let put = async |json: &Value| {
            let put = db.put_item().table_name(table).set_item(Some(item(json))).send();
            put.await.unwrap_or_else(|error| panic!("{table}: {json}: {error:?}"));
        };
        self.runtime.block_on(join_all(items.iter().map(put)));
    }
}

#[test]
fn the_schema_of_many_tables_generates_and_plans_nothing() {
    let account = Account::with_schema(&fs::read_to_string("../tests/pull/models.yaml").unwrap());
    let tables: Value = serde_json::from_str(&fs::read_to_string("../tests/pull/tables.json").unwrap()).unwrap();
    let mut names = Vec::new();
    for table in tables.as_array().unwrap() {
        let name = table["table"]["TableName"].as_str().unwrap();
        account.put(name, table["items"].as_array().unwrap());
        names.push(name);
    }
    let names = names.join(" ");
    let (code, _, error) = account.said(&format!("pull {names} --rate 10000 --out pulled.yaml"));
    assert_eq!((code, error.as_str()), (0, "wrote pulled.yaml: check it with `dyntastic check pulled.yaml`\n"));
    let checked = account.folder.run("check pulled.yaml --deny-warnings");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
    let nothing = "nothing to do: the tables are as the schema says\n";
    assert_eq!(account.said("plan pulled.yaml"), (0, nothing.to_owned(), String::new()));
    // A file of the user is not overwritten.
    let again = account.said(&format!("pull {names} --out pulled.yaml"));
    assert_eq!((again.0, again.2.as_str()), (1, "error: pulled.yaml exists: give another file, or remove it\n"));
}

#[test]
fn the_settings_of_a_table_are_in_its_schema() {
    let account = Account::with_schema(
        "dyntastic: 1\nmodels:\n  User:\n    table:\n      name: users\n      create:\n        \
         billing_mode: provisioned\n        throughput: { read: 5, write: 2 }\n        deletion_protection: true\n        \
         stream: new_image\n        tags: { team: shop, cost-center: \"42\" }\n    hash_key: user_id\n    \
         fields: { user_id: string, ends_at: { type: \"datetime?\", role: ttl } }\n",
    );
    let items = serde_json::json!([{ "user_id": { "S": "u1" }, "ends_at": { "N": "1767312000" } }]);
    account.put("users", items.as_array().unwrap());
    let (code, schema, error) = account.said("pull users --sample 10 --rate 5");
    assert_eq!((code, error.as_str()), (0, ""));
    let create = "create: { billing_mode: provisioned, throughput: { read: 5, write: 2 }, deletion_protection: true, \
                  stream: new_image, tags: { ";
    assert!(schema.contains(create), "{schema}");
    assert!(schema.contains("ends_at: { type: datetime, role: ttl }"), "{schema}");
    account.folder.write("pulled.yaml", &schema);
    assert_eq!(account.said("plan pulled.yaml").0, 0, "{schema}");
    // Without items, the schema has the keys and the settings.
    let (code, schema, error) = account.said("pull users --sample 0");
    assert_eq!((code, error.as_str()), (0, ""));
    assert!(schema.contains("user_id: string") && schema.contains("stream: new_image"), "{schema}");
}

#[test]
fn a_table_that_is_not_there_is_an_error_with_its_name() {
    let account =
        Account::with_schema("dyntastic: 1\nmodels: { A: { table: aaa, hash_key: id, fields: { id: string } } }\n");
    let (code, schema, error) = account.said("pull aaa nobody");
    assert_eq!((code, schema.as_str()), (1, ""));
    assert!(error.starts_with("error: nobody: "), "{error}");
    assert!(error.contains("DescribeTable: ResourceNotFoundException: "), "{error}");
    assert!(!error.contains("ServiceError"), "an error of the SDK's structs: {error}");
    // The files are looked at before the tables.
    let (code, _, error) = account.said("pull nobody --out .");
    assert_eq!((code, error.as_str()), (1, "error: . is a folder: give a file in it\n"));
    let (code, _, error) = account.said("pull nobody --out models.yaml");
    assert_eq!((code, error.as_str()), (1, "error: models.yaml exists: give another file, or remove it\n"));
}

#[test]
fn a_sample_has_its_items_wherever_they_are() {
    let account = Account::with_schema(
        "dyntastic: 1\nmodels:\n  A: { table: aaa, hash_key: id, range_key: n, fields: { id: string, n: u32 } }\n",
    );
    // All are in one part of the table.
    let item = |number: u32| serde_json::json!({ "id": { "S": "one" }, "n": { "N": number.to_string() } });
    account.put("aaa", &(0..300).map(item).collect::<Vec<_>>());
    for (sample, count) in [("250", "250"), ("1", "1"), ("1000000", "300")] {
        let (code, schema, error) = account.said(&format!("pull aaa aaa --sample {sample} --rate 10000"));
        assert_eq!((code, error.as_str()), (0, ""));
        assert_eq!(schema.matches("table: aaa").count(), 1, "{schema}");
        assert!(schema.contains(&format!("# {count} items of the sample.")), "{sample}: {schema}");
    }
}

/// The block of a README's section with this language.
fn block<'r>(section: &'r str, language: &str) -> &'r str {
    let rest = section.split_once(&format!("```{language}\n")).unwrap().1;
    rest.split("```").next().unwrap()
}

/// The items of the table in the README, as another tool wrote them.
fn shop() -> Vec<Value> {
    let customers = ["ann", "bob", "eve"].map(|name| {
        serde_json::json!({
            "pk": { "S": format!("CUSTOMER#{name}") }, "sk": { "S": "PROFILE" }, "type": { "S": "customer" },
            "customer": { "S": name }, "email": { "S": format!("{name}@example.com") }
        })
    });
    let orders = (1..=24).map(|number| {
        let (name, status) = [("ann", "open"), ("bob", "paid"), ("eve", "shipped")][number % 3];
        let mut order = serde_json::json!({
            "pk": { "S": format!("CUSTOMER#{name}") }, "sk": { "S": format!("ORDER#{number:06}") },
            "type": { "S": "order" }, "customer": { "S": name }, "orderNumber": { "N": number.to_string() },
            "status": { "S": status }, "total": { "N": format!("{number}.50") },
            "placedAt": { "N": (1_767_312_000 + number).to_string() }
        });
        if number % 4 == 0 {
            order["note"] = serde_json::json!({ "S": "fragile" });
        }
        order
    });
    customers.into_iter().chain(orders).collect()
}

#[test]
fn the_readme_shows_what_the_command_prints() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## An existing table\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let account = Account::with_schema(
        "dyntastic: 1\ntables: { shop: { hash_key: { pk: string }, range_key: { sk: string } } }\n\
         models: { A: { table: shop, key: { pk: '{a}', sk: A }, fields: { a: string } } }\n",
    );
    account.put("shop", &shop());
    fs::remove_file(account.folder.path().join("models.yaml")).unwrap();
    let command = block(section, "sh").trim().strip_prefix("dyntastic ").unwrap();
    assert_eq!(account.said(command).0, 0);
    let pulled = account.folder.read("models.yaml");
    assert_eq!(pulled, block(section, "yaml"), "{pulled}");
    assert_eq!(account.said("plan models.yaml").0, 0);
}

/// What is no rate and no table is refused in this command's words, before anything is read.
#[test]
fn odd_rates_and_names_are_refused_in_plain_words() {
    for command in ["pull users", "export User", "import file"] {
        for rate in ["=0.5", "=0", "=-1", " -1", " -0.5", "=many", "=4294967296"] {
            let output = Folder::with_schema("").run(&format!("{command} --rate{rate}"));
            let error = String::from_utf8(output.stderr).unwrap();
            assert!(error.contains("a whole number from 1 to 4294967295, such as 100"), "{command} {rate}: {error}");
        }
    }
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_dyntastic")).args(["pull", ""]).output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("the name of a table is not empty"), "{error}");
}
