//! Sessions as text: the editor's steps, each with the server's answer in the lines that begin with `=`. A step is a
//! word, a file, and a place, line and column from 1; lines that begin with `|` are its text.

use super::client::{Client, uri};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

pub struct Session {
    folder: PathBuf,
    client: Option<Client>,
    versions: BTreeMap<String, i64>,
}

impl Session {
    pub fn new(folder: &Path) -> Self {
        let client = Some(Client::start(folder));
        Self { folder: folder.to_owned(), client, versions: BTreeMap::new() }
    }

    /// The session with the answers that the server gives now.
    pub fn replay(&mut self, written: &str) -> String {
        let mut replayed = String::new();
        let mut lines = written.lines().filter(|line| !line.starts_with('=')).peekable();
        while let Some(line) = lines.next() {
            writeln!(replayed, "{line}").unwrap();
            let mut text = String::new();
            while let Some(part) = lines.next_if(|line| line.starts_with('|')) {
                writeln!(replayed, "{part}").unwrap();
                writeln!(text, "{}", part.strip_prefix("| ").unwrap_or_default()).unwrap();
            }
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let answer = self.step(line, &text).replace(self.folder.to_str().unwrap(), "FOLDER");
            for answer in answer.lines() {
                writeln!(replayed, "{}", format!("= {answer}").trim_end()).unwrap();
            }
        }
        replayed
    }

    fn client(&mut self) -> &mut Client {
        self.client.as_mut().expect("a server that runs")
    }

    fn step(&mut self, line: &str, text: &str) -> String {
        let words: Vec<&str> = line.split(' ').collect();
        let rest = line.splitn(4, ' ').nth(3).unwrap_or_default();
        let file = words.get(1).copied().unwrap_or_default();
        let document = json!({ "uri": uri(&self.folder, file) });
        let at = || json!({ "textDocument": document, "position": position(words[2]) });
        let folder = self.folder.clone();
        match words[0] {
            "initialize" => {
                let settings: Value =
                    serde_json::from_str(line.split_once(' ').map_or("{}", |(_, json)| json)).unwrap();
                let general = json!({ "positionEncodings": settings["encodings"].clone() });
                let capabilities =
                    if general["positionEncodings"].is_null() { json!({}) } else { json!({ "general": general }) };
                let result = self.client().initialize(&folder, capabilities, settings["options"].clone());
                result["capabilities"]["positionEncoding"].as_str().unwrap_or_default().to_owned()
            }
            "write" => {
                fs::create_dir_all(folder.join(file).parent().unwrap()).unwrap();
                fs::write(folder.join(file), text).unwrap();
                String::new()
            }
            "written" => {
                self.client().notify("workspace/didChangeWatchedFiles", json!({ "changes": [] }));
                String::new()
            }
            "open" | "open-crlf" => {
                let text = if words[0] == "open" { text.to_owned() } else { text.replace('\n', "\r\n") };
                self.versions.insert(file.to_owned(), 1);
                let item = json!({ "uri": uri(&folder, file), "languageId": "yaml", "version": 1, "text": text });
                self.client().notify("textDocument/didOpen", json!({ "textDocument": item }));
                String::new()
            }
            "replace" => {
                let (range, with) = rest_of_change(&words, line);
                let change = json!({ "range": range, "text": with });
                self.change(file, change);
                String::new()
            }
            "whole" => {
                self.change(file, json!({ "text": text }));
                String::new()
            }
            "close" => {
                self.versions.remove(file);
                self.client().notify("textDocument/didClose", json!({ "textDocument": document }));
                String::new()
            }
            "diagnostics" => self.diagnostics(file),
            "hover" => {
                let hover = self.client().request("textDocument/hover", at());
                match hover.is_null() {
                    true => "nothing".to_owned(),
                    false => format!("{}\n{}", range(&hover["range"]), hover["contents"]["value"].as_str().unwrap()),
                }
            }
            "definition" => {
                let found = self.client().request("textDocument/definition", at());
                if found.is_null() { "nothing".to_owned() } else { self.location(&found) }
            }
            "references" => {
                let mut params = at();
                params["context"] = json!({ "includeDeclaration": true });
                let found = self.client().request("textDocument/references", params);
                let places = found.as_array().into_iter().flatten().map(|place| self.location(place));
                places.collect::<Vec<_>>().join("\n")
            }
            "rename" => {
                let mut params = at();
                params["newName"] = json!(rest);
                let found = self.client().request("textDocument/rename", params);
                match found.get("message") {
                    Some(message) => message.as_str().unwrap().to_owned(),
                    None => self.edits(&found["changes"]),
                }
            }
            "complete" => {
                let found = self.client().request("textDocument/completion", at());
                let words = found.as_array().into_iter().flatten().map(|item| {
                    let edit = &item["textEdit"];
                    format!("{} {} {}", range(&edit["range"]), item["label"].as_str().unwrap(), edit["newText"])
                });
                let words: Vec<String> = words.collect();
                match words.as_slice() {
                    [first, .., last] if words.len() > 12 => format!("{first}\n… {} more\n{last}", words.len() - 2),
                    [] => "nothing".to_owned(),
                    words => words.join("\n"),
                }
            }
            "outline" => {
                let found = self.client().request("textDocument/documentSymbol", json!({ "textDocument": document }));
                let mut text = String::new();
                outline(&found, 0, &mut text);
                text
            }
            "format" => {
                let params = json!({ "textDocument": document, "options": { "tabSize": 2, "insertSpaces": true } });
                let found = self.client().request("textDocument/formatting", params);
                let edits = found.as_array().into_iter().flatten();
                let edits: Vec<String> =
                    edits.map(|edit| format!("{} {}", range(&edit["range"]), edit["newText"])).collect();
                if edits.is_empty() { "nothing".to_owned() } else { edits.join("\n") }
            }
            "fixes" => {
                let place = position(words[2]);
                let params = json!({ "textDocument": document, "range": { "start": place, "end": place }, "context": { "diagnostics": [] } });
                let found = self.client().request("textDocument/codeAction", params);
                let actions = found.as_array().into_iter().flatten();
                let actions: Vec<String> = actions
                    .map(|action| {
                        format!("{}\n{}", action["title"].as_str().unwrap(), self.edits(&action["edit"]["changes"]))
                    })
                    .collect();
                if actions.is_empty() { "nothing".to_owned() } else { actions.join("\n") }
            }
            "cancelled" => {
                let id = self.client().next_id();
                let cancel =
                    json!({ "jsonrpc": "2.0", "method": "$/cancelRequest", "params": { "id": id } }).to_string();
                let hover =
                    json!({ "jsonrpc": "2.0", "id": id, "method": "textDocument/hover", "params": at() }).to_string();
                self.client().send_together(&[&hover, &cancel]);
                // The server may be faster than the cancellation.
                let answer = self.client().answer(id);
                let is_cancelled = answer["code"] == -32800;
                if is_cancelled || answer["contents"].is_object() {
                    "cancelled or answered".to_owned()
                } else {
                    answer.to_string()
                }
            }
            "request" => self.client().request(file, json!({})).to_string(),
            "raw" => {
                self.client().send(line.split_once(' ').unwrap().1);
                String::new()
            }
            "bytes" => {
                let bytes: String = serde_json::from_str(line.split_once(' ').unwrap().1).unwrap();
                self.client().send_bytes(bytes.as_bytes());
                String::new()
            }
            "error" => {
                let id: Value = serde_json::from_str(file).unwrap();
                let answer = self.client().wait(|message| message["id"] == id && message.get("error").is_some());
                format!("{} {}", answer["error"]["code"], answer["error"]["message"].as_str().unwrap())
            }
            "shutdown" => self.client().request("shutdown", Value::Null).to_string(),
            "exit" => {
                self.client().notify("exit", Value::Null);
                code(self.client.take().unwrap().end())
            }
            "end" => code(self.client.take().unwrap().end()),
            "ended" => code(self.client.take().unwrap().ended()),
            other => panic!("there is no step `{other}`"),
        }
    }

    fn change(&mut self, file: &str, change: Value) {
        let version = self.versions.get_mut(file).unwrap();
        *version += 1;
        let document = json!({ "uri": uri(&self.folder, file), "version": *version });
        self.client().notify("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
    }

    /// The diagnostics of a file's current version.
    fn diagnostics(&mut self, file: &str) -> String {
        let (uri, version) = (uri(&self.folder, file), self.versions.get(file).copied());
        let message = self.client().wait(|message| {
            let params = &message["params"];
            message["method"] == "textDocument/publishDiagnostics"
                && params["uri"] == uri
                && params["version"].as_i64() == version
        });
        let found = message["params"]["diagnostics"].as_array().unwrap().clone();
        let shown = found.iter().map(|found| {
            let severity = match found["severity"].as_u64() {
                Some(1) => "error",
                Some(2) => "warning",
                _ => "information",
            };
            let mut text = format!(
                "{} {severity} {} {}",
                range(&found["range"]),
                found["code"].as_str().unwrap(),
                found["message"].as_str().unwrap()
            );
            for related in found["relatedInformation"].as_array().into_iter().flatten() {
                write!(text, "\n{} {}", self.location(&related["location"]), related["message"].as_str().unwrap())
                    .unwrap();
            }
            text
        });
        let shown: Vec<String> = shown.collect();
        if shown.is_empty() { "nothing".to_owned() } else { shown.join("\n") }
    }

    fn location(&self, location: &Value) -> String {
        let folder = uri(&self.folder, "");
        let file = location["uri"].as_str().unwrap();
        format!("{} {}", file.strip_prefix(&folder).unwrap_or(file), range(&location["range"]))
    }

    fn edits(&self, changes: &Value) -> String {
        let mut shown = Vec::new();
        for (file, edits) in changes.as_object().into_iter().flatten() {
            for edit in edits.as_array().into_iter().flatten() {
                let place = self.location(&json!({ "uri": file, "range": edit["range"] }));
                shown.push(format!("{place} {}", edit["newText"]));
            }
        }
        shown.sort();
        shown.join("\n")
    }
}

fn code((code, said): (i32, String)) -> String {
    format!("code {code}\n{said}")
}

fn rest_of_change(words: &[&str], line: &str) -> (Value, String) {
    let (start, end) = words[2].split_once('-').unwrap();
    let text = line.splitn(4, ' ').nth(3).unwrap();
    (json!({ "start": position(start), "end": position(end) }), serde_json::from_str(text).unwrap())
}

fn position(text: &str) -> Value {
    let (line, column) = text.split_once(':').unwrap();
    let from_zero = |number: &str| number.parse::<u32>().unwrap() - 1;
    json!({ "line": from_zero(line), "character": from_zero(column) })
}

fn range(range: &Value) -> String {
    let place = |of: &Value| format!("{}:{}", of["line"].as_u64().unwrap() + 1, of["character"].as_u64().unwrap() + 1);
    format!("{}-{}", place(&range["start"]), place(&range["end"]))
}

fn outline(found: &Value, depth: usize, text: &mut String) {
    for symbol in found.as_array().into_iter().flatten() {
        let detail = symbol["detail"].as_str().map(|detail| format!(": {detail}")).unwrap_or_default();
        let indent = "  ".repeat(depth);
        writeln!(text, "{indent}{}{detail} ({})", symbol["name"].as_str().unwrap(), range(&symbol["range"])).unwrap();
        outline(&symbol["children"], depth + 1, text);
    }
}
