//! The messages on standard input and output. What is no message is answered or reported, and the next one is read where
//! its beginning is known.

use super::super::print_error;
use lsp_server::{ErrorCode, Message};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use std::fmt::Display;
use std::io::{self, BufRead, Read, Write};
use std::sync::mpsc::{Receiver, channel};

/// The most bytes of one message.
const LONGEST: u64 = 64 << 20;

/// The most bytes of the headers of one message.
const LONGEST_HEADERS: u64 = 8 << 10;

/// The client's messages, which a thread reads.
pub(super) fn messages() -> Receiver<Message> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        let read = read_all(&mut io::stdin().lock(), |message| sender.send(message).is_ok());
        if let Err(reason) = read {
            report(reason);
        }
    });
    receiver
}

/// Sends a message. The error is a client that has gone.
pub(super) fn send(message: &impl Serialize) -> io::Result<()> {
    #[derive(Serialize)]
    struct Versioned<'m, M> {
        jsonrpc: &'static str,
        #[serde(flatten)]
        message: &'m M,
    }
    let text = serde_json::to_string(&Versioned { jsonrpc: "2.0", message })?;
    let mut output = io::stdout().lock();
    write!(output, "Content-Length: {}\r\n\r\n{text}", text.len())?;
    output.flush()
}

/// An answer, or an error. The result is text already, since the longest ones take long to make.
#[derive(Serialize)]
pub(super) struct Answer<I> {
    /// The request's, or `null` if that cannot be read.
    pub(super) id: I,
    #[serde(flatten)]
    pub(super) result: Outcome,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Outcome {
    Result(Box<RawValue>),
    Error { code: i32, message: String },
}

impl<I> Answer<I> {
    pub(super) fn error(id: I, code: ErrorCode, message: impl Into<String>) -> Self {
        Self { id, result: Outcome::Error { code: code as i32, message: message.into() } }
    }
}

fn report(reason: impl Display) {
    // Nobody can be told about an error of telling.
    drop(print_error(format_args!("error: {reason}")));
}

/// Hands on all messages. The error is an input in which the next message cannot be found.
fn read_all(input: &mut impl BufRead, mut take: impl FnMut(Message) -> bool) -> Result<(), String> {
    while let Some(text) = read(input)? {
        match message(&text) {
            Ok(message) => {
                if !take(message) {
                    break;
                }
            }
            Err(Refusal { code, needs_answer, id, reason }) => {
                report(format_args!("a message cannot be read: {reason}"));
                if needs_answer && send(&Answer::error(id, code, reason)).is_err() {
                    break;
                }
            }
        }
    }
    Ok(())
}

/// The bytes of the next message; `None` at the end of the input.
fn read(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, String> {
    let Some(length) = length(input)? else { return Ok(None) };
    if length > LONGEST {
        return Err(format!("a message of {length} bytes is announced, and the limit is {LONGEST}"));
    }
    let mut text = Vec::new();
    let read = input.take(length).read_to_end(&mut text).map_err(|error| error.to_string())?;
    match u64::try_from(read) == Ok(length) {
        true => Ok(Some(text)),
        false => Err(format!("the input ends after {read} of the {length} bytes of a message")),
    }
}

/// The length that the headers of the next message announce.
fn length(input: &mut impl BufRead) -> Result<Option<u64>, String> {
    let mut headers = input.take(LONGEST_HEADERS);
    let mut length = None;
    let mut is_first = true;
    loop {
        let mut line = Vec::new();
        headers.read_until(b'\n', &mut line).map_err(|error| error.to_string())?;
        if line.is_empty() && is_first {
            return Ok(None);
        }
        let Some(line) = line.strip_suffix(b"\n") else {
            return Err(match headers.limit() {
                0 => format!("the headers of a message are longer than {LONGEST_HEADERS} bytes"),
                _ => "the input ends in the headers of a message".to_owned(),
            });
        };
        is_first = false;
        let line = String::from_utf8_lossy(line.strip_suffix(b"\r").unwrap_or(line));
        if line.is_empty() {
            return length.map(Some).ok_or_else(|| "a message has no header `Content-Length`".to_owned());
        }
        let is_name = |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_name(name)) else {
            return Err(format!("`{}` is no header of a message", line.escape_debug()));
        };
        if name.eq_ignore_ascii_case("Content-Length") {
            let number = value.trim().parse::<u64>();
            length = Some(number.map_err(|_| format!("`{}` is no length of a message", value.trim().escape_debug()))?);
        }
    }
}

/// Why a text is no message.
struct Refusal {
    code: ErrorCode,
    needs_answer: bool,
    id: Value,
    reason: String,
}

fn message(text: &[u8]) -> Result<Message, Refusal> {
    let value: Value = serde_json::from_slice(text).map_err(|error| Refusal {
        code: ErrorCode::ParseError,
        needs_answer: true,
        id: Value::Null,
        reason: format!("it is no JSON: {error}"),
    })?;
    let id = value.get("id");
    let refuse = |reason: &str| Refusal {
        code: ErrorCode::InvalidRequest,
        // An answer to an answer could not be understood.
        needs_answer: value.get("method").is_some() || value.get("result").or(value.get("error")).is_none(),
        id: id.filter(|id| id.is_number() || id.is_string()).cloned().unwrap_or_default(),
        reason: reason.to_owned(),
    };
    match Message::deserialize(&value) {
        // What has no readable `id` looks like a notification.
        Ok(Message::Notification(_)) if id.is_some() => {
            Err(refuse("the `id` of a request is a whole number of 32 bits, or a string"))
        }
        Ok(message) => Ok(message),
        Err(_) => Err(refuse("it is no request, notification or response of JSON-RPC")),
    }
}
