//! Copies of items: exports and imports.

use super::*;

#[test]
fn an_export_is_imported_as_it_was() {
    let account = shop();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    // Of an earlier schema version, and with an attribute without a field.
    account.sends(async |sdk| {
        let old = sdk.put_item().table_name("shop").item("pk", text("CUSTOMER#c0")).item("sk", text("PROFILE"));
        let old = old
            .item("kind", text("Customer"))
            .item("customer_id", text("c0"))
            .item("email", text("old@example.com"))
            .item("fullName", text("Old"));
        let old = old
            .item("version", AttributeValue::N("7".to_owned()))
            .item("legacy", AttributeValue::Ns(vec!["1".to_owned()]));
        old.item("created_at", text("2020-01-01T00:00:00.000000Z")).send().await.unwrap();
    });
    account.prints(&format!("put Customer '{ADA}'"));
    account.prints("export Customer --out customers.jsonl");
    let lines = account.folder.read("customers.jsonl");
    assert!(lines.contains(r#"{"model":"Customer","item":{"customer_id":"c0","email":"old@example.com","name":"Old","payment":null,"version":7,"created_at":"2020-01-01T00:00:00Z","$unknown":{"legacy":{"NS":["1"]}}}}"#), "{lines}");
    assert!(!account.folder.path().join("customers.jsonl.cursor").exists());
    assert_eq!(account.prints("export Customer"), lines);
    assert!(account.refuses("export Customer --out customers.jsonl").contains("customers.jsonl exists"));
    let other = shop();
    other
        .folder
        .write("in.jsonl", &format!("{lines}{{\"model\":\"Order\",\"item\":{{\"customer_id\":\"c1\"}}}}\nno line\n"));
    let (code, _, error) = other.does("import in.jsonl");
    assert_eq!(code, 1);
    assert!(
        error.contains("error: in.jsonl:3:25: placed_at: it has no value")
            && error.contains("error: in.jsonl:4:2: it is no line of an export"),
        "{error}"
    );
    assert!(error.ends_with("imported 2 items\n2 lines are refused: they are in in.jsonl.refused\n"), "{error}");
    assert_eq!(other.folder.read("in.jsonl.refused").lines().count(), 2);
    let sorted = |text: String| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(other.prints("export Customer")), sorted(lines.clone()));
    // Once more: what is there is there, and another item is not replaced.
    other.folder.write("in.jsonl", &lines.replace("\"number\":\"42\"", "\"number\":\"44\""));
    let (code, _, error) = other.does("import in.jsonl");
    assert!(code == 1 && error.contains("imported 0 items, 1 were there\n1 lines are refused"), "{code} {error}");
    assert_eq!(other.prints("import in.jsonl --replace"), "");
    assert!(other.prints("get Customer customer_id=c1").contains(r#""number":"44"},"version":1"#));
}

#[test]
fn a_rate_holds_requests_back() {
    let account = shop();
    let lines: String = (0..15).map(|number| interruptions::line(number, "open")).collect();
    account.folder.write("in.jsonl", &lines);
    let items: String = (20..35).map(|number| interruptions::item(number, "open") + "\n").collect();
    // An item costs a unit of the table and one of the index. The first items of an import are sent before that is known.
    for (arguments, input, seconds) in
        [("import in.jsonl --rate 20", "", 0.6), ("put Order --rate 20", items.as_str(), 1.3)]
    {
        let begun = Instant::now();
        let (code, _, error) = account.does_with(arguments, input);
        assert_eq!(code, 0, "{error}");
        assert!(begun.elapsed().as_secs_f64() > seconds, "{arguments}: {:?}", begun.elapsed());
    }
    assert_eq!(account.prints("scan Order --rate 1000").lines().count(), 30);
    assert_eq!(account.prints("export Order --rate 1000").lines().count(), 30);
    assert_eq!(account.does("scan Order --rate 0").0, 2);
}
