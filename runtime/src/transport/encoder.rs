//! Putting the JSON of items into a request, past the SDK's attribute map.
//!
//! Our serializer runs before the SDK's. The SDK writes a request with a mark in place of each item, and our
//! serializer replaces each mark with the item's JSON.

use super::call::PastSdkItems;
use super::operation::Operation;
use super::payload::SerdeOverride;
use crate::codec::RawItem;
use crate::ground::{AttributeMap, ReadError, ReadErrorKind, SealedCause};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::context::Input;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::ser_de::{SerializeRequest, SharedRequestSerializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use memchr::memmem;
use std::fmt;

/// The text before a mark's number. It is unique in a request: in a string, its quotes would be escaped, and no
/// attribute value has the type `i`. The sign makes the mark no number, so that DynamoDB would refuse a mark that was
/// sent.
const MARK: &[u8] = b"\"Item\":{\"i\":{\"N\":\"#";
/// The text after a mark's number.
const END: &[u8] = b"\"}}";

/// The items of a request, by the numbers of their marks.
#[derive(Clone)]
pub(crate) struct Encoder {
    operation: Operation,
    items: Vec<Bytes>,
}

impl Encoder {
    pub(crate) fn new(operation: Operation) -> Self {
        Self { operation, items: Vec::new() }
    }

    /// Adds an item, and returns its mark for the SDK's request.
    pub(crate) fn mark(&mut self, item: Bytes) -> AttributeMap {
        let number = format!("#{}", self.items.len());
        self.items.push(item);
        AttributeMap::from([("i".to_owned(), AttributeValue::N(number))])
    }

    /// A request's body with the items in place of the marks; `None` if a mark has no item, or an item no mark.
    fn put_into(&self, body: &[u8]) -> Option<Vec<u8>> {
        let length = body.len() + self.items.iter().map(Bytes::len).sum::<usize>();
        let mut whole = Vec::with_capacity(length);
        let mut rest = body;
        let mut placed = 0;
        while let Some(at) = memmem::find(rest, MARK) {
            let after = rest.get(at + MARK.len()..)?;
            let digits = after.iter().position(|byte| *byte == b'"')?;
            let number: usize = std::str::from_utf8(after.get(..digits)?).ok()?.parse().ok()?;
            whole.extend_from_slice(rest.get(..at)?);
            whole.extend_from_slice(b"\"Item\":");
            whole.extend_from_slice(self.items.get(number)?);
            rest = after.get(digits..)?.strip_prefix(END)?;
            placed += 1;
        }
        whole.extend_from_slice(rest);
        (placed == self.items.len()).then_some(whole)
    }
}

/// A write has no items in its response.
impl PastSdkItems for Option<Encoder> {
    fn count(&self) -> Option<usize> {
        None
    }
}

/// Leaves out the items: no text holds values.
impl fmt::Debug for Encoder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Encoder").field("operation", &self.operation).field("items", &self.items.len()).finish()
    }
}

impl From<Encoder> for SerdeOverride {
    fn from(encoder: Encoder) -> Self {
        SerdeOverride::Serializer(SharedRequestSerializer::new(encoder))
    }
}

impl SerializeRequest for Encoder {
    fn serialize_input(&self, input: Input, cfg: &mut ConfigBag) -> Result<HttpRequest, BoxError> {
        let own = self.operation.config().and_then(|layer| layer.load::<SharedRequestSerializer>());
        let own = own.ok_or("the SDK has no serializer for this operation")?;
        let mut request = own.serialize_input(input, cfg)?;
        let body = request.body().bytes().and_then(|body| self.put_into(body));
        let body = body.ok_or("the SDK has written the request in an unknown form")?;
        if request.headers().contains_key("content-length") {
            request.headers_mut().insert("content-length", body.len().to_string());
        }
        *request.body_mut() = SdkBody::from(body);
        Ok(request)
    }
}

impl RawItem {
    /// The item for the SDK's request: its mark if it goes past the SDK, or the item itself.
    pub(crate) fn marked(&self, encoder: Option<&mut Encoder>) -> Result<AttributeMap, ReadError> {
        match (self, encoder) {
            (RawItem::Wire(json), Some(encoder)) => Ok(encoder.mark(json.clone())),
            // No value goes out that is not sealed.
            (RawItem::Unsealed(..), _) => {
                Err(ReadError::new(ReadErrorKind::Sealed { cause: SealedCause::NotEncrypted, reason: String::new() }))
            }
            (item, _) => item.clone().into_map(),
        }
    }
}
