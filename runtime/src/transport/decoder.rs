//! Taking items from a response as they stand, past the SDK's attribute map.
//!
//! A deserializer of our own goes before the SDK's: it keeps the items' JSON, and hands the rest of the response to the SDK's
//! deserializer, as it hands everything that is no success.

use super::encoder::Encoder;
use super::operation::Operation;
use super::payload::SerdeOverride;
use super::target::Target;
use crate::codec::{Codec, RawItem, RawItems, ReadInPlace, ResponseItems, split};
use crate::ground::AttributeMap;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

/// What an operation's answer has of items, once it has come.
#[derive(Debug, Clone)]
pub(crate) struct Decoder {
    operation: Operation,
    in_place: Option<ReadInPlace>,
    found: Arc<Mutex<Option<ResponseItems>>>,
}

impl Target {
    /// The items of an operation's request, where they are to be put on the wire as they are written.
    pub(crate) fn encoder(&self, operation: Operation) -> Option<Encoder> {
        let on_wire = self.codec == Codec::Wire && operation.config().is_some();
        on_wire.then(|| Encoder::new(operation))
    }

    /// The items of an operation's answer, where they are to be taken from the wire.
    pub(crate) fn decoder(&self, operation: Operation) -> Option<Decoder> {
        self.decoder_in_place(operation, None)
    }

    /// The same, with a way to read them in place.
    pub(crate) fn decoder_in_place(&self, operation: Operation, in_place: Option<ReadInPlace>) -> Option<Decoder> {
        let on_wire = self.codec == Codec::Wire && operation.config().is_some();
        on_wire.then(|| Decoder { operation, in_place, found: Arc::default() })
    }
}

impl Decoder {
    fn take(&self) -> Option<ResponseItems> {
        self.found.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    fn put(&self, items: Option<ResponseItems>) {
        *self.found.lock().unwrap_or_else(PoisonError::into_inner) = items;
    }
}

/// The items that an answer had: from the wire, or from the SDK's attribute maps.
pub(crate) fn response_items(decoder: Option<Decoder>, maps: impl IntoIterator<Item = AttributeMap>) -> RawItems {
    match decoder.and_then(|decoder| decoder.take()) {
        Some(found) => found.items,
        None => RawItems::Raw(maps.into_iter().map(RawItem::Map).collect()),
    }
}

/// The item that an answer had.
pub(crate) fn response_item(decoder: Option<Decoder>, map: Option<AttributeMap>) -> Option<RawItem> {
    response_items(decoder, map).into_raw().pop()
}

/// The items that an answer had, each with its table.
pub(crate) fn response_items_of_tables(
    decoder: Option<Decoder>,
    maps: impl IntoIterator<Item = (String, Vec<AttributeMap>)>,
) -> Vec<(String, RawItem)> {
    match decoder.and_then(|decoder| decoder.take()) {
        Some(ResponseItems { items, tables }) => {
            let mut items = items.into_raw().into_iter();
            let mut before = 0;
            let mut of_tables = Vec::with_capacity(items.len());
            for (table, end) in tables {
                of_tables.extend(items.by_ref().take(end - before).map(|item| (table.clone(), item)));
                before = end;
            }
            of_tables
        }
        None => {
            let of_table = |(table, items): (String, Vec<AttributeMap>)| {
                items.into_iter().map(move |item| (table.clone(), RawItem::Map(item)))
            };
            maps.into_iter().flat_map(of_table).collect()
        }
    }
}

impl From<Decoder> for SerdeOverride {
    fn from(decoder: Decoder) -> Self {
        SerdeOverride::Deserializer(SharedResponseDeserializer::new(decoder))
    }
}

impl DeserializeResponse for Decoder {
    fn deserialize_nonstreaming_with_config(
        &self,
        response: &HttpResponse,
        cfg: &ConfigBag,
    ) -> Result<Output, OrchestratorError<Error>> {
        let missing = || OrchestratorError::other("the SDK has no deserializer of this operation");
        let own = self.operation.config().and_then(|layer| layer.load::<SharedResponseDeserializer>());
        let own = own.ok_or_else(missing)?;
        // An attempt before may have left its items.
        self.put(None);
        let parts = response.status().is_success().then(|| body(response)).flatten();
        // What cannot be split is the SDK's to judge.
        let parts = parts.zip(self.operation.part());
        match parts.and_then(|(body, part)| split(&body, part, self.in_place).ok().flatten()) {
            Some((items, rest)) => {
                let mut reduced = HttpResponse::new(response.status(), SdkBody::from(rest));
                *reduced.headers_mut() = response.headers().clone();
                let output = own.deserialize_nonstreaming_with_config(&reduced, cfg)?;
                self.put(Some(items));
                Ok(output)
            }
            None => own.deserialize_nonstreaming_with_config(response, cfg),
        }
    }
}

/// A body of no more bytes is copied sooner than it is shared.
const SMALL: usize = 8 * 1024;

/// The bytes of an answer, which the SDK has read by now.
fn body(response: &HttpResponse) -> Option<Bytes> {
    let bytes = response.body().bytes()?;
    if bytes.len() <= SMALL {
        return Some(Bytes::copy_from_slice(bytes));
    }
    let collected = pin!(ByteStream::new(response.body().try_clone()?).collect());
    match collected.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(bytes)) => Some(bytes.into_bytes()),
        _ => None,
    }
}
