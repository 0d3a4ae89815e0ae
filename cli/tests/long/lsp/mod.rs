//! `dyntastic lsp`: sessions of editors, replayed over standard input and output. `BLESS=1` accepts the answers.

mod client;
mod session;

use client::{Client, uri};
use serde_json::{Value, json};
use session::Session;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

#[test]
fn sessions_get_the_recorded_answers() {
    let mut sessions: Vec<_> = fs::read_dir("tests/lsp").unwrap().map(|entry| entry.unwrap().path()).collect();
    sessions.retain(|path| path.extension().is_some_and(|extension| extension == "session"));
    assert!(sessions.len() > 5);
    for path in sessions {
        let written = fs::read_to_string(&path).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let folder = fs::canonicalize(folder.path()).unwrap();
        let replayed = Session::new(&folder).replay(&written);
        if std::env::var_os("BLESS").is_some() {
            fs::write(&path, replayed).unwrap();
        } else {
            assert!(replayed == written, "{}\n{}", path.display(), difference(&written, &replayed));
        }
    }
}

fn difference(written: &str, replayed: &str) -> String {
    similar::TextDiff::from_lines(written, replayed).unified_diff().header("recorded", "now").to_string()
}

/// The server waits so long for more changes before it looks for mistakes.
const PAUSE: Duration = Duration::from_millis(150);

/// The median of answers is less than 50 ms in a schema of 1,000 models. Without optimisation, they may take much longer. So
/// may mistakes and lints, which come after a pause.
#[test]
fn a_thousand_models_are_fast() {
    let mut schema = "dyntastic: 1\nenums: { Size: [small, large] }\nmodels:\n".to_owned();
    for model in 0..1000 {
        let fields: String = (0..8).map(|field| format!("      field_{field}: string?\n")).collect();
        write!(
            schema,
            "  Model{model}:\n    table: table{model}\n    hash_key: id\n    indexes: {{ by_size: {{ hash_key: size }} }}\n    \
             fields:\n      id: string\n      size: Size\n{fields}"
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let folder: &Path = folder.path();
    let mut client = Client::start(folder);
    client.initialize(folder, json!({}), Value::Null);
    let uri = uri(folder, "models.yaml");
    let item = json!({ "uri": uri, "languageId": "yaml", "version": 1, "text": schema });
    client.notify("textDocument/didOpen", json!({ "textDocument": item }));
    let last = schema.lines().count() - 1;
    let at = |line: usize, character: u32| json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
    let (mut longest, mut pauses) = (Vec::new(), Vec::new());
    for version in 2..12 {
        // Each answer follows a change, as it does while somebody types.
        let range = json!({ "start": { "line": last, "character": 0 }, "end": { "line": last, "character": 0 } });
        let change = json!({ "range": range, "text": format!("      more_{version}: string\n") });
        let document = json!({ "uri": uri, "version": version });
        client.notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
        let requests =
            ["textDocument/completion", "textDocument/hover", "textDocument/definition", "textDocument/documentSymbol"];
        for method in requests {
            let params =
                if method.ends_with("Symbol") { json!({ "textDocument": { "uri": uri } }) } else { at(last, 10) };
            let begin = Instant::now();
            let answer = client.request(method, params);
            longest.push((begin.elapsed(), method));
            assert!(answer.get("code").is_none(), "{method}: {answer}");
        }
        let begin = Instant::now();
        let found = client.wait(|message| message["params"]["version"] == version);
        pauses.push(begin.elapsed().saturating_sub(PAUSE));
        // Each model has a lint, and the first ones are shown.
        assert_eq!(found["params"]["diagnostics"].as_array().unwrap().len(), 200);
    }
    longest.sort();
    pauses.sort();
    let diagnosed = pauses[pauses.len() / 2];
    let median = longest[longest.len() / 2];
    let slowest = *longest.last().unwrap();
    let most = Duration::from_millis(if cfg!(debug_assertions) { 3000 } else { 50 });
    assert!(diagnosed < 10 * most, "mistakes and lints take {diagnosed:?}");
    assert!(median.0 < most, "the median is {median:?}, and the slowest {slowest:?}");
    if std::env::var_os("DYNTASTIC_TEST_SPEED").is_some() {
        assert!(slowest.0 < most, "the slowest is {slowest:?}");
        panic!("the median is {median:?}, the slowest {slowest:?}, and mistakes and lints take {diagnosed:?}");
    }
}
