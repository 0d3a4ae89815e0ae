//! Items with fields that are encrypted or compressed. The command has no keys.

use super::*;
use dyntastic::aws_sdk_dynamodb::primitives::Blob;

const SEALED: &str = "\
dyntastic: 1
models:
  Note:
    table: notes
    hash_key: id
    fields:
      id: string
      pin: { type: u32, encrypt: notes, maximum: 9999 }
      born: { type: \"date?\", encrypt: notes }
      log: { type: string, compress: zstd, default: \"\" }
      seen: { type: \"date?\", encrypt: { key: notes, searchable: true, unencrypted: read } }
      words: { type: list<string>, encrypt: { key: notes, unencrypted: read } }
";

fn notes() -> Account {
    let account = Account::with_schema(SEALED);
    assert_eq!(account.said("apply --yes").0, 0);
    account
}

#[test]
fn encrypted_values_are_kept_as_bytes_and_compressed_ones_are_read() {
    let account = notes();
    // The head of an encrypted value, the length and the name of its key, and what only the app can read.
    let sealed = [&[0xD7, b'd', b'y', b'n', 1, 2, 5][..], b"notes", &[9; 60]].concat();
    let in_json = format!("{sealed:?}").replace(' ', "");
    let item = format!("{{\"id\":\"a\",\"pin\":{in_json},\"log\":\"{}\"}}", "line ".repeat(100));
    account.prints(&format!("put Note '{item}'"));
    let stored = account.sends(async |sdk| {
        let get = sdk.get_item().table_name("notes").key("id", AttributeValue::S("a".to_owned()));
        get.send().await.unwrap().item.unwrap()
    });
    assert_eq!(stored["pin"], AttributeValue::B(Blob::new(sealed)));
    let log = stored["log"].as_b().unwrap().as_ref();
    assert!(log.starts_with(b"\xD7dyn") && log.len() < 100, "{log:?}");
    let got = account.prints("get Note id=a");
    assert!(got.contains(&format!("\"pin\":{in_json},\"born\":null,\"log\":\"line line ")), "{got}");

    account.prints("export Note --out notes.jsonl");
    let other = notes();
    other.folder.write("in.jsonl", &account.folder.read("notes.jsonl"));
    other.prints("import in.jsonl");
    assert_eq!(other.prints("scan Note"), got);
    let copied = other.sends(async |sdk| sdk.scan().table_name("notes").send().await.unwrap().items.unwrap());
    assert_eq!(copied, [stored]);
}

#[test]
fn values_from_before_they_were_encrypted_are_read() {
    let account = notes();
    let sealed = [&[0xD7, b'd', b'y', b'n', 1, 2, 5][..], b"notes", &[9; 60]].concat();
    let in_json = format!("{sealed:?}").replace(' ', "");
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let bytes = || AttributeValue::B(Blob::new(sealed.clone()));
    let put = |attributes: Vec<(&str, AttributeValue)>| {
        let item = attributes.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        account.sends(async |sdk| sdk.put_item().table_name("notes").set_item(Some(item)).send().await.unwrap());
    };
    let words = AttributeValue::L(vec![text("one"), text("two")]);
    put(vec![
        ("id", text("a")),
        ("pin", bytes()),
        ("seen", text("1815-12-10")),
        ("words", words),
        // An attribute of the name was the app's own before.
        ("seen_hash", text("another hash")),
    ]);
    let got = account.prints("get Note id=a");
    assert!(got.contains("\"seen\":\"1815-12-10\",\"words\":[\"one\",\"two\"]"), "{got}");
    put(vec![("id", text("b")), ("pin", bytes()), ("seen", bytes()), ("words", bytes())]);
    let got = account.prints("get Note id=b");
    assert!(got.contains(&format!("\"seen\":{in_json},\"words\":{in_json}")), "{got}");
    // The command writes none: only the app can encrypt them.
    let error = account.refuses(&format!("put Note '{{\"id\":\"c\",\"pin\":{in_json},\"seen\":\"1815-12-10\"}}'"));
    assert!(error.contains("seen: it is encrypted, and only the app has the keys"), "{error}");
}

#[test]
fn plain_values_of_encrypted_fields_are_refused() {
    let account = notes();
    let error = account.refuses(r#"put Note '{"id":"a","pin":[49,50]}'"#);
    assert!(error.contains("pin: it is encrypted, and only the app has the keys"), "{error}");
    let error = account.refuses(r#"put Note '{"id":"a","pin":12}'"#);
    assert!(error.contains("pin"), "{error}");
    assert_eq!(account.prints("scan Note"), "");
}
