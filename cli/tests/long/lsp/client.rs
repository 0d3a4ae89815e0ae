//! An editor: it starts the server, sends messages, and reads the answers.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

const LONGEST: Duration = Duration::from_secs(60);

pub struct Client {
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    /// Messages that came before the awaited ones.
    early: Vec<Value>,
    next: i64,
}

impl Client {
    pub fn start(folder: &Path) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_dyntastic"))
            .arg("lsp")
            .current_dir(folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take().unwrap());
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        Self { child, stdin, messages, early: Vec::new(), next: 0 }
    }

    pub fn initialize(&mut self, folder: &Path, capabilities: Value, options: Value) -> Value {
        let params = json!({
            "capabilities": capabilities,
            "initializationOptions": options,
            "workspaceFolders": [{ "uri": uri(folder, ""), "name": "test" }],
        });
        let result = self.request("initialize", params);
        self.notify("initialized", json!({}));
        result
    }

    pub fn send(&mut self, text: &str) {
        let message = format!("Content-Length: {}\r\n\r\n{text}", text.len());
        self.stdin.as_mut().unwrap().write_all(message.as_bytes()).unwrap();
    }

    /// Sends what is no message.
    pub fn send_bytes(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Sends messages in one piece.
    pub fn send_together(&mut self, messages: &[&str]) {
        let messages = messages.iter().map(|text| format!("Content-Length: {}\r\n\r\n{text}", text.len()));
        self.stdin.as_mut().unwrap().write_all(messages.collect::<String>().as_bytes()).unwrap();
    }

    /// A number for a request that is sent as text.
    pub fn next_id(&mut self) -> i64 {
        self.next += 1;
        self.next
    }

    pub fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": params }).to_string());
    }

    /// Sends a request without awaiting its answer. Returns its number.
    pub fn ask(&mut self, method: &str, params: Value) -> i64 {
        self.next += 1;
        self.send(&json!({ "jsonrpc": "2.0", "id": self.next, "method": method, "params": params }).to_string());
        self.next
    }

    /// The answer of a request: its result, or its error.
    pub fn answer(&mut self, id: i64) -> Value {
        let message = self.wait(|message| message["id"] == id && message.get("method").is_none());
        message.get("error").or(message.get("result")).cloned().unwrap_or_default()
    }

    pub fn request(&mut self, method: &str, params: Value) -> Value {
        let id = self.ask(method, params);
        self.answer(id)
    }

    /// The next message that is awaited. Others are kept.
    pub fn wait(&mut self, is_awaited: impl Fn(&Value) -> bool) -> Value {
        if let Some(at) = self.early.iter().position(&is_awaited) {
            return self.early.remove(at);
        }
        loop {
            let message = self.messages.recv_timeout(LONGEST).expect("an answer of the server");
            if is_awaited(&message) {
                return message;
            }
            self.early.push(message);
        }
    }

    /// Closes the input, and returns the code with which the server ends, and what it says on standard error.
    pub fn end(mut self) -> (i32, String) {
        self.stdin = None;
        self.ended()
    }

    /// The same of a server that ends by itself.
    pub fn ended(mut self) -> (i32, String) {
        let mut stderr = self.child.stderr.take().unwrap();
        let (sender, end) = channel();
        std::thread::spawn(move || {
            let mut said = String::new();
            sender.send(stderr.read_to_string(&mut said).map(|_| said))
        });
        let said = end.recv_timeout(LONGEST).expect("the end of the server").unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), said)
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn uri(folder: &Path, file: &str) -> String {
    format!("file://{}/{file}", folder.to_str().unwrap())
}

fn read(stdout: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    stdout.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
