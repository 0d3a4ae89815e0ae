//! The writer of items as DynamoDB's JSON.

use super::attribute_map::write_as_it_is;
use super::item::Item;
use super::json::special;
use super::writer::ItemWriter;
use crate::ground::{AttributeMap, WriteError};
use aws_sdk_dynamodb::types::AttributeValue;
use base64_simd::STANDARD as BASE64;

pub(super) const NULL: &[u8] = b"{\"NULL\":true}";

/// The bytes of JSON up to which DynamoDB surely accepts an item: the JSON is longer than the size that DynamoDB
/// counts.
const SURELY_TAKEN: usize = 400 * 1024;

/// Written JSON.
#[derive(Default)]
pub(crate) struct Encoded {
    pub(super) json: Vec<u8>,
    /// Whether the item has to be written by the SDK's attribute map, because an attribute may replace another one.
    pub(super) is_unsure: bool,
}

impl Encoded {
    pub(super) fn raw(&mut self, json: &[u8]) {
        self.json.extend_from_slice(json);
    }

    pub(super) fn comma(&mut self, is_begun: bool) {
        if is_begun {
            self.json.push(b',');
        }
    }

    /// Writes the name of an entry and the colon after it.
    pub(super) fn name(&mut self, name: &str, is_begun: bool) {
        self.comma(is_begun);
        self.string(name);
        self.json.push(b':');
    }

    /// Writes a value of text after `tag`, the beginning with its type.
    pub(super) fn text(&mut self, tag: &[u8], text: &str) {
        self.raw(tag);
        self.string(text);
        self.json.push(b'}');
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.raw(b"{\"B\":\"");
        BASE64.encode_append(bytes, &mut self.json);
        self.raw(b"\"}");
    }

    fn string(&mut self, text: &str) {
        self.json.push(b'"');
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(found) = special(bytes, at) {
            self.raw(bytes.get(at..found).unwrap_or_default());
            match bytes.get(found) {
                Some(b'"') => self.raw(b"\\\""),
                Some(b'\\') => self.raw(b"\\\\"),
                Some(b'\n') => self.raw(b"\\n"),
                Some(b'\r') => self.raw(b"\\r"),
                Some(b'\t') => self.raw(b"\\t"),
                Some(control) => self.raw(format!("\\u{control:04x}").as_bytes()),
                None => {}
            }
            at = found + 1;
        }
        self.raw(bytes.get(at..).unwrap_or_default());
        self.json.push(b'"');
    }

    /// Removes the braces and the type of an element of a set, which begins at `start`. Returns the letter of the type
    /// if it is S, N or B.
    pub(super) fn unwrap_element(&mut self, start: usize) -> Option<u8> {
        let [b'{', b'"', letter @ (b'S' | b'N' | b'B'), b'"', b':', ..] = *self.json.get(start..)? else { return None };
        self.json.pop();
        self.json.drain(start..start + 5);
        Some(letter)
    }

    pub(super) fn value(&mut self, value: &AttributeValue) {
        let text = |encoded: &mut Self, text: &String| encoded.string(text);
        match value {
            AttributeValue::S(text) => self.text(b"{\"S\":", text),
            AttributeValue::N(text) => self.text(b"{\"N\":", text),
            AttributeValue::B(blob) => self.bytes(blob.as_ref()),
            AttributeValue::Bool(true) => self.raw(b"{\"BOOL\":true}"),
            AttributeValue::Bool(false) => self.raw(b"{\"BOOL\":false}"),
            AttributeValue::L(values) => self.elements(b"{\"L\":[", values, Self::value),
            AttributeValue::Ss(texts) => self.elements(b"{\"SS\":[", texts, text),
            AttributeValue::Ns(texts) => self.elements(b"{\"NS\":[", texts, text),
            AttributeValue::Bs(blobs) => self.elements(b"{\"BS\":[", blobs, |encoded, blob| {
                encoded.json.push(b'"');
                BASE64.encode_append(blob, &mut encoded.json);
                encoded.json.push(b'"');
            }),
            AttributeValue::M(entries) => {
                self.raw(b"{\"M\":");
                self.item(entries);
                self.json.push(b'}');
            }
            _ => self.raw(NULL),
        }
    }

    fn elements<T>(&mut self, tag: &[u8], elements: &[T], write: impl Fn(&mut Self, &T)) {
        self.raw(tag);
        for (position, element) in elements.iter().enumerate() {
            self.comma(position > 0);
            write(self, element);
        }
        self.raw(b"]}");
    }

    fn item(&mut self, item: &AttributeMap) {
        self.json.push(b'{');
        for (position, (name, value)) in item.iter().enumerate() {
            self.name(name, position > 0);
            self.value(value);
        }
        self.json.push(b'}');
    }
}

/// Omits the JSON, because debug texts hold no values.
impl std::fmt::Debug for Encoded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} bytes", self.json.len())
    }
}

/// Writes a model as JSON of about `length` bytes.
pub(crate) fn write_json<M: Item>(model: &M, length: usize) -> Result<Vec<u8>, WriteError> {
    let mut encoded = Encoded { json: Vec::with_capacity(length), is_unsure: false };
    if M::model_layout().keys.is_empty() {
        encoded.json.push(b'{');
        let written = ItemWriter::wire(&mut encoded).written(|writer| writer.model(model));
        written.map_err(|error| error.of_model::<M>())?;
        encoded.json.push(b'}');
        if !encoded.is_unsure && encoded.json.len() <= SURELY_TAKEN {
            return Ok(encoded.json);
        }
    }
    let item = write_as_it_is(model)?;
    let mut encoded = Encoded::default();
    encoded.item(&item);
    Ok(encoded.json)
}
