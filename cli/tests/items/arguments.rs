//! What a person may type, and what a copy has to keep.

use super::{ADA, Account, shop};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use std::process::{Command, Stdio};

fn readings() -> Account {
    let account = Account::with_schema(
        "dyntastic: 1\n\
         enums: { Level: [low, high] }\n\
         models:\n  \
           BK:\n    table: readings\n    hash_key: id\n    range_key: n\n    \
           fields: { id: string, n: u32, ok: bool?, level: Level?, day: date?, part: bytes?, at: datetime?, \
         text: { type: u32?, format: text }, name: { type: string?, max_length: 3 }, seen: { type: datetime?, format: epoch_seconds } }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    account
}

#[test]
fn a_repeated_argument_is_an_error() {
    let account = shop();
    account.prints(&format!("put Customer '{ADA}'"));
    let twice = "is given more than once";
    for arguments in [
        "get Customer customer_id=c1 customer_id=c2",
        "delete Customer customer_id=c1 customer_id=c1",
        "query Order customer_id=c1 customer_id=c2",
        "query Order.since customer_id=c1 since=2024-02-02T00:00:00Z since=2024-02-03T00:00:00Z",
    ] {
        let error = account.refuses(arguments);
        assert!(error.contains(twice), "{arguments}: {error}");
    }
    assert_eq!(account.prints("scan Customer").lines().count(), 1);
}

/// Each type has its operators, and others are an error that lists them.
#[test]
fn an_operator_that_a_type_has_not_is_an_error() {
    let account = readings();
    account.prints(
        r#"put BK '{"id":"a","n":1,"ok":true,"level":"low","day":"2024-01-31","part":[1],"at":"2024-01-31T12:00:00Z","text":1,"name":"abc","seen":"2024-01-31T12:00:00Z"}'"#,
    );
    let text = ["=", "!=", "<", "<=", ">", ">=", "^="].as_slice();
    let number = text.split_last().unwrap().1;
    let equal = &["=", "!="];
    for (field, value, has) in [
        ("n", "1", number),
        ("ok", "true", equal),
        ("level", "low", text),
        ("day", "2024-01-31", text),
        ("part", "[1]", text),
        ("at", "2024-01-31T12:00:00Z", text),
        ("text", "1", &["=", "!=", "^="]),
        ("name", "abc", text),
        ("seen", "2024-01-31T12:00:00Z", number),
    ] {
        for operator in text {
            let value = if *operator == "^=" && value.starts_with("2024") { "2024" } else { value };
            let arguments = format!("scan BK --filter '{field}{operator}{value}'");
            if has.contains(operator) {
                let finds = !matches!(*operator, "!=" | "<" | ">");
                assert_eq!(account.prints(&arguments).lines().count(), usize::from(finds), "{arguments}");
            } else {
                let error = account.refuses(&arguments);
                assert!(error.contains(&format!("it takes {}\n", has.join(" "))), "{arguments}: {error}");
            }
        }
    }
    for (range, says) in [
        ("n>=2 n<=1", "`n` has no value from 2 to 1: exchange the bounds"),
        ("n^=1", "`n` is not compared by ^=: it takes = != < <= > >="),
    ] {
        let error = account.refuses(&format!("query BK id=a {range}"));
        assert!(error.contains(says), "{error}");
    }
    assert_eq!(account.prints("query BK id=a n>=1 n<=1").lines().count(), 1);
    // The model's name in Rust is another one.
    assert_eq!(account.prints("get Bk id=a n=1"), account.prints("get BK id=a n=1"));
}

#[test]
fn a_hash_key_of_one_text_takes_no_condition() {
    let account = Account::with_schema(
        "dyntastic: 1\n\
         tables: { shop: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind, \
         indexes: { all: { hash_key: { gpk: string }, range_key: { gsk: string } } } } }\n\
         models:\n  \
           Part:\n    table: shop\n    key: { pk: 'PART#{id}', sk: PART }\n    \
           indexes: { all: { gpk: { template: PARTS, shards: { count: 3, by: id } }, gsk: '{name}' } }\n    \
           queries: { of_all: { index: all, order: descending } }\n    fields: { id: string, name: string }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    for part in ["{\"id\":\"a\",\"name\":\"x\"}", "{\"id\":\"b\",\"name\":\"y\"}"] {
        account.prints(&format!("put Part '{part}'"));
    }
    let all = account.prints("query Part.all");
    assert_eq!(all.lines().count(), 2);
    assert_eq!(account.prints("query Part.all 'name>=y'").lines().collect::<Vec<_>>(), [all.lines().nth(1).unwrap()]);
    assert_eq!(account.prints("query Part.of_all").lines().next(), all.lines().nth(1));
    assert!(account.refuses("query Part").contains("the hash key has `id`: give each a value, id=…"));
}

#[test]
fn computed_texts_are_made_and_found_and_functions_are_the_programs() {
    let account = Account::with_schema(
        "dyntastic: 1\n\
         models:\n  \
           Person:\n    table: people\n    hash_key: id\n    indexes: { by_shown: { hash_key: shown, projection: keys_only } }\n    \
           fields: { id: string, name: string, shown: { type: string, computed: '{name:upper}!' }, \
                     code: { type: string, transform: uppercase, default: NONE } }\n  \
           Ranked:\n    table: ranked\n    hash_key: id\n    \
           fields: { id: string, points: u32, rank: { type: u32, computed: 'crate::rank(points)' } }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    account.prints("put Person '{\"id\":\"a\",\"name\":\"Ann\"}'");
    let found = account.prints("query Person.by_shown shown=ANN!");
    assert!(found.contains("\"shown\":\"ANN!\"") && found.contains("\"name\":\"Ann\""), "{found}");
    assert_eq!(account.prints("scan Person --filter shown^=ANN"), found);
    // A value takes the transform of its field, as a stored one does.
    assert_eq!(account.prints("scan Person --filter code^=no"), found);

    let error = account.refuses("put Ranked '{\"id\":\"a\",\"points\":3}'");
    assert!(error.contains("`crate::rank` of the program computes it"), "{error}");
}

#[test]
fn the_fields_of_a_context_are_given_like_others() {
    let account = Account::with_schema(
        "dyntastic: 1\n\
         contexts: { Tenant: { fields: { tenant_id: string } } }\n\
         tables: { shop: { hash_key: { pk: string }, range_key: { sk: string }, discriminator: kind } }\n\
         models:\n  \
           Order:\n    table: shop\n    context: Tenant\n    key: { pk: 'TENANT#{tenant_id}#ORDERS', sk: 'ORDER#{number}' }\n    \
           unique: [tenant_id, email]\n    fields: { number: u8, email: string }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    let order = |tenant: &str, email: &str| {
        format!("put Order '{{\"tenant_id\":\"{tenant}\",\"number\":7,\"email\":\"{email}\"}}'")
    };
    account.prints(&order("acme", "a@b.c"));
    account.prints(&order("other", "a@b.c"));
    let found = account.prints("get Order tenant_id=acme number=7");
    assert_eq!(found, "{\"tenant_id\":\"acme\",\"number\":7,\"email\":\"a@b.c\"}\n");
    assert_eq!(account.prints("query Order tenant_id=acme"), found);
    assert_eq!(account.prints("scan Order").lines().count(), 2);
    let error = account.refuses("put Order '{\"number\":8,\"email\":\"x\"}'");
    assert!(error.contains("tenant_id"), "{error}");
}

#[test]
fn all_mistakes_of_a_line_have_their_columns() {
    let account = readings();
    let line = r#"{"model":"BK","item":{"id":"","n":"x","name":"abcd","at":"yesterday","$unknown":{"a":1,"b":{"S":"c"},"n":{"N":"1"}}}}"#;
    account.folder.write("in.jsonl", &format!("{line}\n"));
    let error = account.refuses("import in.jsonl");
    for (value, reason) in [
        ("\"\",", "id: a hash key must not be empty"),
        ("\"x\"", "n: a value is a whole number from 0 to 4294967295"),
        ("\"abcd\"", "name: at most 3 characters"),
        ("\"yesterday\"", "a value is such as \"2024-01-31T12:00:00Z\""),
        ("1,\"b\"", "[\"$unknown\"].a: it is no attribute value of DynamoDB, such as {\"S\":\"a text\"}"),
        ("{\"N\"", "[\"$unknown\"].n: it is the attribute of the field `n`"),
    ] {
        let column = line.find(value).unwrap() + 1;
        let found = error.lines().find(|line| line.contains(reason));
        let found = found.unwrap_or_else(|| panic!("{reason}: {error}"));
        assert!(found.starts_with(&format!("error: in.jsonl:1:{column}: ")), "{column} {found}");
    }
    assert_eq!(error.lines().filter(|line| line.starts_with("error: ")).count(), 6, "{error}");
    // A constraint alone has its column too.
    account.folder.write("in.jsonl", "{\"model\":\"BK\",\"item\":{\"id\":\"a\",\"n\":1,\"name\":\"abcd\"}}\n");
    assert!(account.refuses("import in.jsonl").contains("in.jsonl:1:45: name: at most 3 characters"));
}

#[test]
fn a_copy_keeps_all_digits_of_a_time() {
    let account = readings();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let put = async |sdk: dyntastic::aws_sdk_dynamodb::Client| {
        let item =
            sdk.put_item().table_name("readings").item("id", text("a")).item("n", AttributeValue::N("1".to_owned()));
        item.item("at", text("2024-01-31T12:00:00.123456789Z")).send().await.unwrap();
    };
    account.sends(put);
    let line = account.prints("export BK");
    let stored =
        |account: &Account| account.sends(async |sdk| sdk.scan().table_name("readings").send().await.unwrap().items);
    let before = stored(&account);
    account.prints("delete BK id=a n=1");
    account.folder.write("in.jsonl", &line);
    account.prints("import in.jsonl");
    assert_eq!(stored(&account), before);
    assert!(account.does("import in.jsonl").2.contains("imported 0 items, 1 were there"));
    // The app would refuse it, so `put` does.
    let error = account.refuses(r#"put BK '{"id":"b","n":1,"at":"2024-01-31T12:00:00.123456789Z"}'"#);
    assert!(error.contains("at: whole microseconds"), "{error}");
}

#[test]
#[cfg(target_os = "linux")]
fn a_deleted_item_that_cannot_be_printed_is_on_standard_error() {
    let account = shop();
    for format in ["json", "table"] {
        account.prints(&format!("put Customer '{ADA}'"));
        let full = std::fs::File::options().write(true).open("/dev/full").unwrap();
        let output = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
            .args(["delete", "Customer", "customer_id=c1", "--format", format])
            .args(["--endpoint", &account.local.endpoint(), "--region", "us-east-1"])
            .env_remove("AWS_PROFILE")
            .current_dir(account.folder.path())
            .stdout(full)
            .stderr(Stdio::piped())
            .output()
            .unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{error}");
        assert!(error.contains("the item is deleted") && error.contains("ada@example.com"), "{error}");
        assert_eq!(account.prints("scan Customer"), "");
    }
}

#[test]
#[cfg(unix)]
fn an_import_of_no_file_is_an_error() {
    let account = shop();
    assert!(Command::new("mkfifo").arg(account.folder.path().join("pipe")).status().unwrap().success());
    for path in ["pipe", "-", "."] {
        let error = account.refuses(&format!("import {path}"));
        assert!(error.contains(&format!("{path} is no file: write the lines to one")), "{error}");
    }
}
