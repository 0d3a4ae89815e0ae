//! Values that would be stored otherwise than they are written.

use super::{ADA, Account, shop};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use dyntastic::dynamic::attributes_of_json;

/// What is accepted is stored, and what is stored can be read.
#[test]
fn no_value_is_lost_or_changed_silently() {
    let account = shop();
    for (item, said) in [
        (r#"{"customer_id":"c2","email":"a@b.org","$unknown":{"name":{"N":"1"}}}"#, "field `name`"),
        (r#"{"customer_id":"c2","email":"a@b.org","$unknown":{"pk":{"S":"x"}}}"#, "every write makes"),
        (r#"{"customer_id":"c2","email":"a@b.org","$unknown":{"kind":{"S":"x"}}}"#, "every write makes"),
        (r#"{"customer_id":"c2","email":"a@b.org","$unknown":{"form":{"N":"9"}}}"#, "schema version"),
        (r#"{"customer_id":"c2","customer_id":"c3","email":"a@b.org"}"#, "`customer_id` is there twice"),
        (
            r#"{"customer_id":"c2","email":"a@b.org","payment":{"kind":"cash","kind":"cash"}}"#,
            "payment: `kind` is there twice",
        ),
    ] {
        let error = account.refuses(&format!("put Customer '{item}'"));
        assert!(error.contains(said), "{item}: {error}");
    }
    assert_eq!(account.prints("scan Customer"), "");
    account.prints(&format!("put Customer '{ADA}'"));
    assert_eq!(account.prints("scan Customer").lines().count(), 1);

    let order = |number: u32, total: &str| {
        let item =
            format!(r#"{{"customer_id":"c1","placed_at":"2026-01-01T00:00:00Z","number":{number},"total":{total}}}"#);
        account.prints(&format!("put Order '{item}'"))
    };
    for (number, total) in [(1, "1.1"), (2, "0.3"), (3, "12345678901234567.89")] {
        let said = order(number, total);
        assert!(said.contains(&format!("\"total\":\"{total}\"")), "{said}");
    }
    assert_eq!(account.prints("scan Order --filter total=1.1").lines().count(), 1);
}

/// What `json` and bytes hold is printed as it was given, and the rest is refused with its place.
#[test]
fn json_and_bytes_are_stored_as_they_are_given() {
    let account = Account::with_schema(
        "dyntastic: 1\nmodels:\n  Event:\n    table: events\n    hash_key: id\n    range_key: part\n    \
         fields: { id: string, part: bytes, data: json, text: { type: 'json?', format: text }, all: 'set<bytes>?' }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    let item =
        |part: &str, data: &str| format!(r#"{{"id":"e1","part":{part},"data":{data},"text":{data},"all":null}}"#);
    let held = [
        (r#"[0]"#, "1.1"),
        ("[0,255]", "18446744073709551615"),
        ("[1]", "-9223372036854775808"),
        ("[104,105]", r#"{"a":[0.1,"12345678901234567890123456789012345678",null,true,{}]}"#),
    ];
    for (part, data) in held {
        let item = item(part, data);
        assert_eq!(account.prints(&format!("put Event '{item}'")), format!("{item}\n"));
        assert_eq!(account.prints(&format!("get Event id=e1 part={part}")), format!("{item}\n"));
    }
    let exported = account.prints("export Event");
    assert_eq!(exported.lines().count(), held.len());
    account.folder.write("in.jsonl", &exported);
    assert!(account.does("import in.jsonl").2.contains("imported 0 items, 4 were there"));
    let long = "12345678901234567890123456789012345678";
    let rounded = format!("would round {long}");
    for (data, said) in [
        (long, format!("data: the type `json` has numbers of 64 bits, which {rounded}")),
        ("0.12345678901234567890", "which would round 0.12345678901234567890".to_owned()),
        (
            &format!(r#"{{"a":[1,{long}]}}"#),
            format!("data.a[1]: the type `json` has numbers of 64 bits, which {rounded}"),
        ),
        (r#"{"a":{"b":1,"b":2}}"#, "data.a: `b` is there twice".to_owned()),
        ("1e400", "data: a number is outside the range of 64 bits".to_owned()),
    ] {
        let error = account.refuses(&format!("put Event '{}'", item("[9]", data)));
        assert!(error.contains(&said), "{data}: {error}");
        account.folder.write("wrong.jsonl", &format!("{{\"model\":\"Event\",\"item\":{}}}\n", item("[9]", data)));
        let error = account.refuses("import wrong.jsonl");
        assert!(error.contains("error: wrong.jsonl:1:") && error.contains(&said), "{data}: {error}");
    }
    let form = "bytes are a list of numbers from 0 to 255, such as [104,105]";
    for part in [r#""aGk=""#, "104", "[256]", "[-1]", "[1.5]", r#"["a"]"#, "{}", "null"] {
        let error = account.refuses(&format!("put Event '{}'", item(part, "1")));
        assert!(error.starts_with("error: column 19: part: ") && error.contains(form), "{part}: {error}");
        let error = account.refuses(&format!("get Event id=e1 'part={part}'"));
        assert!(error.contains(form), "{part}: {error}");
    }
    let error = account.refuses("put Event '{\"id\":\"e1\",\"part\":[9],\"data\":1,\"all\":[[1],\"aGk=\"]}'");
    assert!(error.contains("all[1]: ") && error.contains(form), "{error}");
}

#[test]
fn a_line_that_is_no_text_is_refused_alone() {
    let account = shop();
    let line =
        |id: &str| format!(r#"{{"model":"Customer","item":{{"customer_id":"{id}","email":"{id}@b.org"}}}}"#) + "\n";
    let mut lines = b"\xef\xbb\xbf".to_vec();
    lines.extend(line("c1").bytes());
    lines.extend(b"{\"model\":\"Customer\xff\"}\n");
    lines.extend(line("c2").trim_end().bytes());
    std::fs::write(account.folder.path().join("in.jsonl"), &lines).unwrap();
    let (code, _, error) = account.does("import in.jsonl");
    assert!(code == 1 && error.contains("in.jsonl:2: it is not valid UTF-8"), "{error}");
    assert!(error.contains("imported 2 items"), "{error}");
    let refused = std::fs::read(account.folder.path().join("in.jsonl.refused")).unwrap();
    assert_eq!(refused, b"{\"model\":\"Customer\xff\"}\n");
}

#[test]
fn all_mistakes_of_an_item_are_reported_with_their_places() {
    let account = shop();
    let line =
        r#"{"model":"Customer","item":{"customer_id":1,"emial":"a@b.org","payment":{"kind":"card","number":2}}}"#;
    account.folder.write("in.jsonl", &format!("\n{line}\n"));
    let error = account.refuses("import in.jsonl");
    for (value, reason) in [
        ("1,", "customer_id: a value is a text"),
        ("\"a@b.org", "emial: `Customer` has no such field"),
        ("{\"customer_id", "email: it has no value"),
        ("2}", "payment.number: a value is a text"),
    ] {
        let column = line.find(value).unwrap() + 1;
        assert!(error.contains(&format!("error: in.jsonl:2:{column}: {reason}")), "{column} {reason}: {error}");
    }
    let (code, _, error) = account.does_with("put Customer", "{\"customer_id\":\"c1\",}\n");
    assert!(code == 1 && error.starts_with("error: line 1: column 21: "), "{error}");
}

#[test]
fn attributes_without_a_field_are_in_exports_and_come_back() {
    let account = Account::with_schema(
        "dyntastic: 1\n\
         types: { Part: { fields: { name: string } } }\n\
         unions: { Payment: { tag: kind, variants: { card: { fields: { number: string } }, cash: {} } } }\n\
         models:\n  Order:\n    table: orders\n    hash_key: id\n    fields: { id: string, part: Part, payment: Payment }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    let stored = r#"{"extra":{"SS":["a"]},"id":{"S":"o1"},"part":{"M":{"name":{"S":"n"},"other":{"BOOL":true}}},"payment":{"M":{"kind":{"S":"card"},"number":{"S":"1"},"of":{"NULL":true}}}}"#;
    let put = || {
        let item = attributes_of_json(stored).unwrap();
        account.sends(async |sdk| {
            sdk.put_item().table_name("orders").set_item(Some(item.into_iter().collect())).send().await.unwrap();
        });
    };
    put();
    let line = account.prints("export Order");
    assert_eq!(line.matches("$unknown").count(), 3, "{line}");
    assert!(account.prints("delete Order id=o1").contains(r#""$unknown":{"extra":{"SS":["a"]}}"#));
    account.folder.write("in.jsonl", &line);
    account.prints("import in.jsonl");
    assert_eq!(account.prints("export Order"), line);
    account.sends(async |sdk| {
        let key = ("id", AttributeValue::S("o1".to_owned()));
        let item = sdk.get_item().table_name("orders").key(key.0, key.1).send().await.unwrap().item.unwrap();
        assert_eq!(item, attributes_of_json(stored).unwrap().into_iter().collect());
        let cash = r#"{"id":{"S":"o2"},"part":{"M":{"name":{"S":"n"}}},"payment":{"M":{"kind":{"S":"cash"},"more":{"N":"1"}}}}"#;
        let item = attributes_of_json(cash).unwrap().into_iter().collect();
        sdk.put_item().table_name("orders").set_item(Some(item)).send().await.unwrap();
    });
    let (code, _, error) = account.does("export Order --out all.jsonl");
    assert!(code == 1 && error.contains("the variant `cash` has no fields, so `more` would be lost"), "{error}");
}

#[test]
fn an_item_that_dynamodb_refuses_is_refused_alone() {
    let account = Account::with_schema(
        "dyntastic: 1\nmodels:\n  Event: { table: events, hash_key: id, fields: { id: string, data: json } }\n",
    );
    assert_eq!(account.said("apply --yes").0, 0);
    let line = |id: u8, data: &str| format!("{{\"model\":\"Event\",\"item\":{{\"id\":\"e{id}\",\"data\":{data}}}}}\n");
    let deep = line(2, &format!("{}{}", "[".repeat(40), "]".repeat(40)));
    account.folder.write("in.jsonl", &[line(1, "1"), deep.clone(), line(3, "3")].concat());
    let (code, _, error) = account.does("import in.jsonl");
    assert!(code == 1 && error.contains("error: in.jsonl:2: ") && error.contains("imported 2 items"), "{error}");
    assert_eq!(account.folder.read("in.jsonl.refused"), deep);
}
