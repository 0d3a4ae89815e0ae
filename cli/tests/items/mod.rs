//! The commands on items as a user runs them.

mod arguments;
mod copies;
mod interruptions;
mod mistakes;
mod odd_values;
mod sealed;

use super::{Account, blocks};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

const SCHEMA: &str = "\
dyntastic: 1
unions:
  Payment: { tag: kind, variants: { card: { fields: { number: string } }, cash: {} } }
tables:
  shop: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, indexes: { gsi1: { hash_key: { gpk: string }, range_key: { gsk: string } } } }
models:
  Customer:
    table: shop
    key: { pk: 'CUSTOMER#{customer_id}', sk: PROFILE }
    unknown_attributes: keep
    fields:
      customer_id: string
      email: { type: string, unique: true, transform: [trim, lowercase], format: email }
      name: string?
      payment: Payment?
      version: { type: u64, role: version }
      created_at: { type: datetime, role: created_at }
      form: { type: u32, role: schema_version }
    upgrades:
      1: { rename: { fullName: name } }
  Order:
    table: shop
    key: { pk: 'CUSTOMER#{customer_id}', sk: 'ORDER#{placed_at}#{number}' }
    indexes: { gsi1: { gpk: 'STATUS#{status}', gsk: '{placed_at}' } }
    queries: { since: { range: { ge: since }, order: descending } }
    fields:
      customer_id: string
      placed_at: datetime
      number: { type: u32, stored: false }
      status: { type: string, default: open }
      total: { type: decimal, minimum: 0 }
  Checked:
    table: checked
    hash_key: id
    fields: { id: { type: string, validate: crate::check } }
  Changed:
    table: changed
    hash_key: id
    before_write: crate::change
    after_read: crate::show
    fields: { id: string, note: 'string?' }
";

impl Account {
    /// Runs a command on items, of arguments in which single quotes keep spaces together.
    fn does(&self, arguments: &str) -> (i32, String, String) {
        self.does_with(arguments, "")
    }

    fn does_with(&self, arguments: &str, input: &str) -> (i32, String, String) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
            .args(words(arguments))
            .args(["--endpoint", &self.local.endpoint(), "--region", "us-east-1"])
            .env_remove("AWS_PROFILE")
            .current_dir(self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
    }

    /// The standard output of a command that succeeds.
    fn prints(&self, arguments: &str) -> String {
        let (code, said, error) = self.does(arguments);
        assert_eq!(code, 0, "{arguments}: {said}{error}");
        said
    }

    /// The standard error of a command that fails.
    fn refuses(&self, arguments: &str) -> String {
        let (code, said, error) = self.does(arguments);
        assert_eq!(code, 1, "{arguments}: {said}{error}");
        error
    }

    /// Runs a request of the SDK.
    fn sends<T>(&self, request: impl AsyncFnOnce(dyntastic::aws_sdk_dynamodb::Client) -> T) -> T {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let client = self.local.client();
        runtime.block_on(async { request(client.sdk().clone()).await })
    }
}

/// The words of a command line.
fn words(of: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut is_quoted, mut is_within) = (false, false);
    for c in of.trim().chars() {
        match c {
            '\'' => is_quoted = !is_quoted,
            ' ' if !is_quoted => {
                is_within = false;
                continue;
            }
            _ => {}
        }
        if !is_within {
            words.push(String::new());
            is_within = true;
        }
        if c != '\'' {
            words.last_mut().unwrap().push(c);
        }
    }
    words
}

fn shop() -> Account {
    let account = Account::with_schema(SCHEMA);
    assert_eq!(account.said("apply --yes").0, 0);
    account
}

const ADA: &str = r#"{"customer_id":"c1","email":" Ada@Example.com","payment":{"kind":"card","number":"42"}}"#;

#[test]
fn items_are_written_as_the_app_writes_them() {
    let account = shop();
    let said = account.prints(&format!("put Customer '{ADA}'"));
    assert!(said.starts_with(r#"{"customer_id":"c1","email":"ada@example.com","name":null,"payment":{"kind":"card","number":"42"},"version":1,"created_at":""#), "{said}");
    assert_eq!(account.prints("get Customer customer_id=c1 --consistent"), said);
    let stored = account.sends(async |sdk| sdk.scan().table_name("shop").send().await.unwrap().items.unwrap());
    let text = |item: &std::collections::HashMap<String, AttributeValue>, name: &str| {
        item.get(name).and_then(|of| of.as_s().ok()).cloned().unwrap_or_default()
    };
    let mut keys: Vec<String> =
        stored.iter().map(|item| format!("{} {}", text(item, "pk"), text(item, "kind"))).collect();
    keys.sort();
    assert!(keys.len() == 2 && keys.contains(&"CUSTOMER#c1 Customer".to_owned()), "no guard: {keys:?}");
    // Constraints, unique values, versions, types and names.
    for (item, says) in [
        (r#"{"customer_id":"c2","email":"nobody"}"#, "error: column 29: email: it is an e-mail address"),
        (r#"{"customer_id":"c#2","email":"a@example.com"}"#, "customer_id"),
        (r#"{"customer_id":"c2","email":"ADA@example.com"}"#, "email"),
        (r#"{"customer_id":"c2","emial":"a@example.com"}"#, "emial: `Customer` has no such field"),
        (r#"{"customer_id":"c2"}"#, "email: it has no value, and the schema has no default"),
        (r#"{"customer_id":2,"email":"a@example.com"}"#, "customer_id: a value is a text"),
        (
            r#"{"customer_id":"c2","email":"a@example.com","payment":{"kind":"gold"}}"#,
            "payment.kind: no variant has this tag",
        ),
    ] {
        let error = account.refuses(&format!("put Customer '{item}'"));
        assert!(error.starts_with("error: ") && error.contains(says), "{error}");
    }
    assert!(account.refuses(&format!("put Customer '{ADA}'")).starts_with("error: "));
    let replaced = account.prints(&format!("put Customer --replace '{}'", said.trim().replace("42", "43")));
    assert!(replaced.contains(r#""number":"43"},"version":2"#), "{replaced}");
    let stale = account.refuses(&format!("put Customer --replace '{}'", said.trim()));
    assert!(stale.contains("version") && stale.contains("read the item with `get`"), "{stale}");
    assert_eq!(account.prints("delete Customer customer_id=c1"), replaced);
    assert_eq!(account.refuses("delete Customer customer_id=c1"), "error: Customer: no item has this key\n");
    let missing = account.refuses("delete Customer customer_id=c1 --table-prefix zz-");
    let of = "error: GetItem of Customer on the table zz-shop: ResourceNotFoundException: ";
    assert!(missing.starts_with(of), "{missing}");
    assert_eq!(
        account.sends(async |sdk| sdk.scan().table_name("shop").send().await.unwrap().count),
        0,
        "a guard stays"
    );
    let own = account.refuses("put Checked '{}'");
    assert!(own.contains("the app checks items of `Checked` by its function `crate::check`"), "{own}");
    let changed = account.refuses("put Changed '{}'");
    assert!(
        changed.contains("the app changes items of `Changed` by its function `crate::change` before they are written"),
        "{changed}"
    );
    fs::write(account.folder.path().join("in.jsonl"), r#"{"model":"Changed","item":{"id":"1"}}"#).unwrap();
    let imported = account.refuses("import in.jsonl");
    assert!(imported.contains("so only the app can write them"), "{imported}");
    account.sends(async |sdk| {
        let put = sdk.put_item().table_name("changed").item("id", AttributeValue::S("1".to_owned()));
        put.item("note", AttributeValue::S("as it is".to_owned())).send().await.unwrap()
    });
    assert_eq!(account.prints("get Changed id=1"), "{\"id\":\"1\",\"note\":\"as it is\"}\n");
    assert!(account.refuses("get Nothing id=1").contains("the schema has no model `Nothing`: it has `Customer`"));
    assert!(
        account
            .refuses("get Customer email=a")
            .contains("`email` is not a field of the key: the key of `Customer` has `customer_id`")
    );
}

#[test]
fn queries_go_by_keys_indexes_and_access_patterns() {
    let account = shop();
    let orders: String = (1..=3)
        .map(|number| format!("{{\"customer_id\":\"c1\",\"placed_at\":\"2024-02-0{number}T12:00:00Z\",\"number\":{number},\"total\":\"{number}.5\"}}\n"))
        .collect();
    let (code, written, error) = account.does_with("put Order", &orders);
    assert_eq!((code, error.as_str()), (0, ""));
    let numbers = |arguments: &str| -> Vec<u64> {
        let lines = account.prints(arguments);
        lines
            .lines()
            .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["number"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(account.prints("query Order customer_id=c1"), written);
    assert_eq!(numbers("query Order customer_id=c1 --descending --limit 2"), [3, 2]);
    assert_eq!(numbers("query Order customer_id=c1 placed_at>=2024-02-02T00:00:00Z"), [2, 3]);
    assert_eq!(
        numbers("query Order customer_id=c1 placed_at>=2024-02-01T00:00:00Z placed_at<=2024-02-02T13:00:00Z"),
        [1, 2]
    );
    assert_eq!(numbers("query Order customer_id=c1 placed_at=2024-02-02T12:00:00Z number=2"), [2]);
    assert_eq!(numbers("query Order customer_id=c1 placed_at^=2024-02-03"), [3]);
    assert_eq!(numbers("query Order.gsi1 status=open placed_at<2024-02-03T12:00:00Z"), [1, 2]);
    assert_eq!(numbers("query Order.since customer_id=c1 since=2024-02-02T00:00:00Z"), [3, 2]);
    assert_eq!(numbers("query Order customer_id=c1 --filter total>1.5"), [2, 3]);
    assert_eq!(numbers("scan Order --filter total>=2 --filter status=open").len(), 2);
    assert_eq!(numbers("scan Order --filter status?").len(), 3);
    assert_eq!(numbers("get Order customer_id=c1 placed_at=2024-02-01T12:00:00Z number=1"), [1]);
    let table = account.prints("query Order customer_id=c1 --limit 1 --format table");
    assert_eq!(
        table,
        "customer_id  placed_at             number  status  total\nc1           2024-02-01T12:00:00Z  1       open    1.5\n"
    );
    for (arguments, says) in [
        ("query Order status=open", "the hash key has `customer_id`"),
        ("query Order customer_id=c1 status=open", "use --filter"),
        ("query Order customer_id=c1 number=1", "compared only if the fields before it"),
        (
            "query Order.nothing customer_id=c1",
            "`Order` has no index or access pattern `nothing`: it has `gsi1`, `since`",
        ),
        ("query Order.gsi1 status=open --consistent", "a global index cannot be read consistently"),
        (
            "scan Order --filter total=x",
            "--filter 'total=x': `total` has no value `x`: a value is a decimal number, such as 12.50",
        ),
        ("scan Order --filter !number", "items do not store `number`"),
        ("scan Order --filter nothing=1", "`Order` has no field `nothing`"),
    ] {
        let error = account.refuses(arguments);
        assert!(error.starts_with("error: ") && error.contains(says), "{error}");
    }
}

#[test]
fn all_items_that_meet_conditions_are_deleted_with_their_guards() {
    let account = shop();
    for (id, email, name) in [("c1", "a@x.org", "Ada"), ("c2", "b@x.org", "Bo"), ("c3", "c@x.org", "Ada")] {
        let item = format!(r#"{{"customer_id":"{id}","email":"{email}","name":"{name}"}}"#);
        assert_eq!(account.does_with("put Customer", &item).0, 0);
    }
    let error = account.refuses("delete Customer --where name=Ada");
    assert!(error.contains("add --yes, or --dry-run to count"), "{error}");
    let said = |arguments: &str| account.does(arguments);
    let deleted = |text: &str| (0, String::new(), text.to_owned());
    assert_eq!(said("delete Customer --where name=Ada --dry-run"), deleted("2 items to delete\n"));
    let one = "delete Customer --where name=Ada --where email^=a --yes --rate 500";
    assert_eq!(said(one), deleted("deleted 1 item\n"));
    assert_eq!(said(one), deleted("deleted 0 items\n"));
    assert_eq!(account.prints("scan Customer").lines().count(), 2);
    let again = r#"{"customer_id":"c9","email":"a@x.org","name":"Eve"}"#;
    assert_eq!(account.does_with("put Customer", again).0, 0, "the unique value is free");
    let error = account.refuses("delete Customer --where nothing=1 --yes");
    assert!(error.contains("--where 'nothing=1': `Customer` has no field `nothing`"), "{error}");
    for option in ["--where name=Bo", "--dry-run", "--yes"] {
        let (code, _, error) = said(&format!("delete Customer customer_id=c2 {option}"));
        assert!(code == 2 && error.contains("cannot be used with"), "{error}");
    }
    assert_eq!(account.prints("scan Customer").lines().count(), 3);
}

#[test]
fn an_item_that_cannot_be_read_is_an_error_with_its_key_and_the_others_are_printed() {
    let account = shop();
    account.prints(&format!("put Customer '{ADA}'"));
    let text = |text: &str| AttributeValue::S(text.to_owned());
    account.sends(async |sdk| {
        let damaged = sdk.put_item().table_name("shop").item("pk", text("CUSTOMER#c9")).item("sk", text("PROFILE"));
        let damaged = damaged
            .item("kind", text("Customer"))
            .item("customer_id", text("c9"))
            .item("email", AttributeValue::Bool(true));
        damaged.item("form", AttributeValue::N("2".to_owned())).send().await.unwrap();
    });
    let (code, said, error) = account.does("scan Customer");
    assert_eq!((code, said.lines().count()), (1, 1));
    assert_eq!(
        error,
        "error: Customer.email: expected S, found BOOL: the item with the key pk=\"CUSTOMER#c9\", sk=\"PROFILE\"\n"
    );
    // An export keeps it too.
    let (code, _, error) = account.does("export Customer --out all.jsonl");
    assert_eq!(code, 1, "{error}");
    assert!(
        error.ends_with("exported 1 items to all.jsonl\n1 items cannot be read: they are in all.jsonl.unread\n"),
        "{error}"
    );
    assert!(account.folder.read("all.jsonl.unread").contains(r#""email":{"BOOL":true}"#));
    // Its deletion prints it as it was.
    let (code, said, error) = account.does("delete Customer customer_id=c9");
    assert!(code == 1 && said.contains(r#""email":{"BOOL":true}"#), "{said}{error}");
    assert!(error.contains("the item is deleted, and printed as it was stored"), "{error}");
    assert_eq!(account.prints("scan Customer").lines().count(), 1);
}

#[test]
fn a_prefix_of_tables_is_that_of_the_app() {
    let account = Account::with_schema(SCHEMA);
    assert_eq!(account.said("apply --yes --table-prefix dev-").0, 0);
    let error = account.refuses(&format!("put Customer '{ADA}'"));
    assert!(error.contains("shop"), "{error}");
    let said = account.prints(&format!("put Customer '{ADA}' --table-prefix dev-"));
    for read in ["get Customer customer_id=c1", "query Customer customer_id=c1", "scan Customer"] {
        assert_eq!(account.prints(&format!("{read} --table-prefix dev-")), said, "{read}");
    }
    account.prints("export Customer --out all.jsonl --table-prefix dev-");
    assert_eq!(account.said("apply --yes --table-prefix test-").0, 0);
    assert_eq!(account.prints("scan Customer --table-prefix test-"), "");
    let (_, _, error) = account.does("import all.jsonl --table-prefix test-");
    assert_eq!(error, "imported 1 items\n");
    assert_eq!(account.prints("delete Customer customer_id=c1 --table-prefix test-"), said);
    let of = |table: &str| account.sends(async |sdk| sdk.scan().table_name(table).send().await.unwrap().count);
    assert_eq!((of("dev-shop"), of("test-shop")), (2, 0), "an item or its guard is in another table");
}

/// A command that runs until it is stopped.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[cfg(feature = "local")]
#[test]
fn a_local_dynamodb_has_the_tables_and_the_seed() {
    let account = Account::with_schema(SCHEMA);
    let line =
        r#"{"model":"Order","item":{"customer_id":"c1","placed_at":"2024-02-01T12:00:00Z","number":1,"total":"1"}}"#;
    account.folder.write("seed.jsonl", &format!("{line}\n"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
        .args(["local", "models.yaml", "--port", "0", "--seed", "seed.jsonl"])
        .current_dir(account.folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let _running = Running(child);
    let exported: Vec<String> = lines.by_ref().take(4).map(Result::unwrap).collect();
    let endpoint = exported[0].strip_prefix("export DYNTASTIC_HOST=").unwrap();
    assert_eq!(
        exported[1..],
        ["export AWS_REGION=us-east-1", "export AWS_ACCESS_KEY_ID=local", "export AWS_SECRET_ACCESS_KEY=local"]
    );
    let variables = [
        ("DYNTASTIC_HOST", endpoint),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ACCESS_KEY_ID", "local"),
        ("AWS_SECRET_ACCESS_KEY", "local"),
    ];
    let output = account.folder.run_with("export Order", &variables);
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(
        said.starts_with(r#"{"model":"Order","item":{"customer_id":"c1","#),
        "{said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The story of the README: each command, and what it prints.
#[test]
fn the_readme_shows_what_the_commands_on_items_print() {
    let readme = fs::read_to_string("../README.md").unwrap();
    let (_, section) = readme.split_once("## Working with items\n").unwrap();
    let section = section.split("\n## ").next().unwrap();
    let account = Account::with_schema(blocks(&readme, "yaml")[0]);
    assert_eq!(account.said("apply --yes").0, 0);
    let mut shown = 0;
    for part in section.split("```sh\n").skip(1) {
        let (commands, rest) = part.split_once("```").unwrap();
        if commands.contains(" local ") {
            continue;
        }
        let expected = rest.trim_start().strip_prefix("```text\n").map(|text| text.split("```").next().unwrap());
        let mut said = String::new();
        for command in commands.lines() {
            let (_, printed, error) = account.does(command.strip_prefix("dyntastic ").unwrap());
            said = format!("{said}{printed}{error}");
        }
        if let Some(expected) = expected {
            assert_eq!(said, expected, "{commands}");
            shown += 1;
        }
    }
    assert_eq!(shown, 4);
}
