//! Taking items from a response as JSON, past the SDK's attribute map.
//!
//! Our deserializer runs before the SDK's. It keeps the JSON of the items, and gives the rest of the response to the
//! SDK's deserializer. It also gives it every response that is no success.

use super::call::PastSdkItems;
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

/// The items of a response, once it has arrived.
#[derive(Debug, Clone)]
pub(crate) struct Decoder {
    operation: Operation,
    in_place: Option<ReadInPlace>,
    found: Arc<Mutex<Option<ResponseItems>>>,
}

impl Target {
    /// The encoder of a request; `None` if its items go through the SDK's attribute maps.
    pub(crate) fn encoder(&self, operation: Operation) -> Option<Encoder> {
        let on_wire = self.codec == Codec::Wire && operation.config().is_some();
        on_wire.then(|| Encoder::new(operation))
    }

    /// The decoder of a response; `None` if its items go through the SDK's attribute maps.
    pub(crate) fn decoder(&self, operation: Operation) -> Option<Decoder> {
        self.decoder_in_place(operation, None)
    }

    /// The same decoder, which can also read items in place.
    pub(crate) fn decoder_in_place(&self, operation: Operation, in_place: Option<ReadInPlace>) -> Option<Decoder> {
        let on_wire = self.codec == Codec::Wire && operation.config().is_some();
        on_wire.then(|| Decoder { operation, in_place, found: Arc::default() })
    }
}

impl PastSdkItems for Option<Decoder> {
    fn count(&self) -> Option<usize> {
        let found = self.as_ref()?.found.lock().unwrap_or_else(PoisonError::into_inner);
        Some(match &found.as_ref()?.items {
            // A transaction has an empty item for each missing one.
            RawItems::Raw(items) => items.iter().filter(|item| !item.is_empty()).count(),
            items => items.len(),
        })
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

/// The items of a response: from the wire, or from the SDK's attribute maps.
pub(crate) fn response_items(decoder: Option<Decoder>, maps: impl IntoIterator<Item = AttributeMap>) -> RawItems {
    match decoder.and_then(|decoder| decoder.take()) {
        Some(found) => found.items,
        None => RawItems::Raw(maps.into_iter().map(RawItem::Map).collect()),
    }
}

/// The item of a response.
pub(crate) fn response_item(decoder: Option<Decoder>, map: Option<AttributeMap>) -> Option<RawItem> {
    response_items(decoder, map).into_raw().pop()
}

/// The items of a response, each with its table.
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
        let missing = || OrchestratorError::other("the SDK has no deserializer for this operation");
        let own = self.operation.config().and_then(|layer| layer.load::<SharedResponseDeserializer>());
        let own = own.ok_or_else(missing)?;
        // An earlier attempt may have left its items.
        self.put(None);
        let parts = response.status().is_success().then(|| body(response)).flatten();
        // The SDK reports a response that cannot be split.
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

/// The maximum of bytes in a body that is cheaper to copy than to share.
const SMALL: usize = 8 * 1024;

/// The bytes of a response, which the SDK has read completely.
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
