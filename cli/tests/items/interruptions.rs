//! Exports and imports that were cut off.

use super::{ADA, shop};

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
            .contains("is an unfinished export of `Customer` in the table shop")
    );
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
    let (code, _, error) = account.does("import in.jsonl");
    assert_eq!(
        (code, error.as_str()),
        (1, "imported 0 items, 1 were there\n1 lines are refused: they are in in.jsonl.refused\n")
    );
    assert_eq!(account.folder.read("in.jsonl.refused"), "this was refused\n");
    assert!(!account.folder.path().join("in.jsonl.progress").exists());
}
