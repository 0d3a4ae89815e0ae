//! Exports and imports that were cut off.

use super::{ADA, Account, shop};
use dyntastic::aws_sdk_dynamodb::types::AttributeValue;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

pub(super) fn item(number: usize, status: &str) -> String {
    format!(
        r#"{{"customer_id":"c1","placed_at":"2026-01-01T00:00:00Z","number":{number},"status":"{status}","total":"1"}}"#
    )
}

pub(super) fn line(number: usize, status: &str) -> String {
    format!("{{\"model\":\"Order\",\"item\":{}}}\n", item(number, status))
}

/// An import of `in.jsonl` that has begun.
fn begun(account: &Account, rate: &str) -> Child {
    let endpoint = account.local.endpoint();
    let begun = Instant::now();
    let import = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
        .args(["import", "in.jsonl", "--rate", rate, "--endpoint", &endpoint, "--region", "us-east-1"])
        .env_remove("AWS_PROFILE")
        .current_dir(account.folder.path())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    while !account.folder.path().join("in.jsonl.progress").exists() {
        assert!(begun.elapsed() < Duration::from_secs(60), "no import begins");
        std::thread::sleep(Duration::from_millis(5));
    }
    import
}

#[test]
fn a_file_that_changes_during_an_import_is_an_error() {
    let lines: String = (0..60).map(|number| line(number, "open")).collect();
    let paid = lines.replace("open", "paid");
    let cut: String = lines.lines().take(2).collect();
    let added = format!("{lines}{}", line(60, "open"));
    std::thread::scope(|scope| {
        for (changed, said) in [
            (added.as_str(), ""),
            (paid.as_str(), "what was imported of it has changed"),
            (cut.as_str(), "is shorter than what was imported of it"),
        ] {
            let lines = lines.as_str();
            scope.spawn(move || a_change_during_an_import(lines, changed, said));
        }
    });
}

fn a_change_during_an_import(lines: &str, changed: &str, said: &str) {
    let account = shop();
    account.folder.write("in.jsonl", lines);
    let import = begun(&account, "30");
    // An import that has stored nothing takes the changed lines.
    account.sends(async |sdk| {
        let orders = sdk.scan().table_name("shop").filter_expression("kind = :order").consistent_read(true);
        let orders = orders.expression_attribute_values(":order", AttributeValue::S("Order".to_owned()));
        let begun = Instant::now();
        while orders.clone().send().await.unwrap().count == 0 {
            assert!(begun.elapsed() < Duration::from_secs(60), "nothing is imported");
            std::thread::sleep(Duration::from_millis(5));
        }
    });
    account.folder.write("in.jsonl", changed);
    let output = import.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{error}");
    assert!(error.contains("in.jsonl has changed while it was imported: run the same command again"), "{error}");
    assert!(!error.contains("imported 6"), "{error}");
    if said.is_empty() {
        account.does("import in.jsonl");
        assert_eq!(account.prints("scan Order").lines().count(), 61);
    } else {
        assert!(account.refuses("import in.jsonl").contains(said), "{said}");
    }
}

#[test]
fn a_repeated_line_is_told_from_an_item_that_was_there() {
    let account = shop();
    let lines: String = (0..70).map(|number| line(number, "open")).collect();
    account.folder.write("in.jsonl", &format!("{lines}{}{}", line(3, "open"), line(4, "paid")));
    let (code, _, error) = account.does("import in.jsonl");
    assert_eq!(code, 1);
    assert!(error.contains("error: in.jsonl:72: ") && error.contains("(line 5 has the same key)"), "{error}");
    assert!(error.contains("imported 70 items, 1 lines repeat earlier ones\n1 lines are refused"), "{error}");
    // The last line of a key is the one that stays.
    let (code, _, error) = account.does("import in.jsonl --replace");
    assert_eq!(
        (code, error.as_str()),
        (0, "imported 72 items\nno line is refused: in.jsonl.refused is of an earlier import\n")
    );
    assert_eq!(account.prints("scan Order --filter status=paid").lines().count(), 1);
}

#[test]
fn of_two_imports_of_one_file_the_later_goes_on() {
    let account = shop();
    account.folder.write("in.jsonl", &(0..210).map(|number| line(number, "open")).collect::<String>());
    let first = begun(&account, "150");
    let (code, _, error) = account.does("import in.jsonl");
    assert!(code == 0 && error.starts_with("imported "), "{error}");
    let output = first.wait_with_output().unwrap();
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(error.contains("error: another import of in.jsonl goes on with it: this one ends"), "{error}");
    assert_eq!(account.prints("scan Order").lines().count(), 210);
}

#[test]
fn interrupted_exports_and_imports_go_on() {
    let account = shop();
    account.prints(&format!("put Customer '{ADA}'"));
    // As after an interruption: the last page was written in part, and the key is that of the page before.
    account.folder.write("all.jsonl", "{\"half");
    let of = |place: &str| {
        let start = r#"{"model":"Customer","table":"shop","bytes":0,"items":0,"unread":0,"after":null,"place":"#;
        format!("{start}{place:?}}}")
    };
    account.folder.write("all.jsonl.cursor", &of("http://elsewhere"));
    assert!(account.refuses("export Customer --out all.jsonl").contains("of another DynamoDB"));
    let place = format!("{} us-east-1  ", account.local.endpoint());
    let cursor = of(&place);
    account.folder.write("all.jsonl.cursor", &cursor);
    account.prints("export Customer --out all.jsonl");
    assert_eq!(account.folder.read("all.jsonl").lines().count(), 1);
    account.folder.write("all.jsonl.cursor", &cursor);
    assert!(
        account
            .refuses("export Order --out all.jsonl")
            .contains("is an unfinished export of `Customer` in the table shop: give another file")
    );
    account.folder.write("gone.jsonl.cursor", &cursor);
    let gone = account.refuses("export Customer --out gone.jsonl");
    assert!(gone.contains("gone.jsonl is gone") && gone.contains("remove gone.jsonl.cursor to begin again"), "{gone}");
    let lines = account.folder.read("all.jsonl");
    account.folder.write("in.jsonl", &format!("this was refused\n{lines}"));
    account.folder.write("in.jsonl.refused", "this was refused\nand this is cut");
    let done = |place: &str, content: &str| {
        let start = r#"{"lines":1,"bytes":17,"written":0,"there":0,"refused":1,"refused_bytes":17,"#;
        account.folder.write("in.jsonl.progress", &format!("{start}\"place\":{place:?},\"content\":{content:?}}}"));
    };
    let content = "98beea00d2b2446f4e2346c1aa8f04649a0efd3424b4630a4e1a18348a522b4a";
    done(&place, "another");
    assert!(account.refuses("import in.jsonl").contains("what was imported of it has changed"));
    done("http://elsewhere", content);
    assert!(account.refuses("import in.jsonl").contains("was imported into another DynamoDB"));
    done(&place, content);
    account.folder.write("in.jsonl.refused", "this");
    let shorter = "in.jsonl.refused is shorter than what was written to it: remove in.jsonl.progress to begin again";
    assert!(account.refuses("import in.jsonl").contains(shorter));
    account.folder.write("in.jsonl.refused", "this was refused\nand this is cut");
    let (code, _, error) = account.does("import in.jsonl");
    assert_eq!(
        (code, error.as_str()),
        (1, "imported 0 items, 1 were there\n1 lines are refused: they are in in.jsonl.refused\n")
    );
    assert_eq!(account.folder.read("in.jsonl.refused"), "this was refused\n");
    assert!(!account.folder.path().join("in.jsonl.progress").exists());
}

/// As after an interruption: what the saved page has is there once, also of items that cannot be read.
#[test]
fn an_export_that_goes_on_repeats_nothing() {
    let account = shop();
    let text = |text: &str| AttributeValue::S(text.to_owned());
    account.sends(async |sdk| {
        let damaged = sdk.put_item().table_name("shop").item("pk", text("CUSTOMER#c9")).item("sk", text("PROFILE"));
        damaged.item("kind", text("Customer")).send().await.unwrap();
    });
    let place = format!("{} us-east-1  ", account.local.endpoint());
    let start = r#"{"model":"Customer","table":"shop","bytes":0,"items":0,"unread":0,"after":null,"place":"#;
    account.folder.write("all.jsonl", "");
    account.folder.write("all.jsonl.cursor", &format!("{start}{place:?}}}"));
    account.folder.write("all.jsonl.unread", "of a page that was not saved\n");
    account.refuses("export Customer --out all.jsonl");
    let unread = account.folder.read("all.jsonl.unread");
    assert!(unread.lines().count() == 1 && unread.contains("CUSTOMER#c9"), "{unread}");
    let done = format!("{start}{place:?},\"unread_bytes\":{}}}", unread.len()).replace("\"unread\":0", "\"unread\":1");
    account.folder.write("all.jsonl.cursor", &done);
    account.folder.write("all.jsonl.unread", &format!("{unread}and of a page that was not saved\n"));
    let error = account.refuses("export Customer --out all.jsonl");
    assert!(error.contains("2 items cannot be read"), "{error}");
    assert_eq!(account.folder.read("all.jsonl.unread"), format!("{unread}{unread}"));

    // Somebody has shortened one of the files.
    account.folder.write("all.jsonl.cursor", &done.replace("\"bytes\":0", "\"bytes\":10"));
    assert!(
        account.refuses("export Customer --out all.jsonl").contains("all.jsonl is shorter than what was written to it")
    );
    account.folder.write("all.jsonl.cursor", &done);
    account.folder.write("all.jsonl.unread", "");
    let error = account.refuses("export Customer --out all.jsonl");
    assert!(error.contains("all.jsonl.unread is shorter than what was written to it"), "{error}");
}
