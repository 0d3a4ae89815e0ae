//! Taking items from a response as JSON, past the SDK's attribute map.
//!
//! Our deserializer runs before the SDK's. It keeps the JSON of the items, and gives the rest of the response to the
//! SDK's deserializer. It also gives it every response that is no success.

use super::attempts::WriteError;
use super::call::PastSdkItems;
use super::encoder::Encoder;
use super::operation::Operation;
use super::payload::SerdeOverride;
use super::target::Target;
use crate::codec::{Codec, RawItem, RawItems, ReadInPlace, ResponseItems, prepare_reads, split};
use crate::ground::AttributeMap;
use aws_smithy_runtime_api::client::interceptors::context::{Error, Output};
use aws_smithy_runtime_api::client::orchestrator::{HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;
use std::iter;
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
pub(crate) async fn response_items(
    target: &Target,
    decoder: Option<Decoder>,
    maps: impl IntoIterator<Item = AttributeMap>,
) -> RawItems {
    let items = match decoder.and_then(|decoder| decoder.take()) {
        Some(found) => found.items,
        None => RawItems::Raw(maps.into_iter().map(RawItem::Map).collect()),
    };
    target.opened(items).await
}

/// The item of a response.
pub(crate) async fn response_item(
    target: &Target,
    decoder: Option<Decoder>,
    map: Option<AttributeMap>,
) -> Option<RawItem> {
    response_items(target, decoder, map).await.into_raw().pop()
}

/// The items of a response, each with its table.
pub(crate) async fn response_items_of_tables(
    target: &Target,
    decoder: Option<Decoder>,
    maps: impl IntoIterator<Item = (String, Vec<AttributeMap>)>,
) -> Vec<(String, RawItem)> {
    let ResponseItems { items, tables } = decoder.and_then(|decoder| decoder.take()).unwrap_or_else(|| {
        let (mut items, mut tables) = (Vec::new(), Vec::new());
        for (table, maps) in maps {
            items.extend(maps.into_iter().map(RawItem::Map));
            tables.push((table, items.len()));
        }
        ResponseItems { items: RawItems::Raw(items), tables }
    });
    let mut items = target.opened(items).await.into_raw().into_iter();
    let mut before = 0;
    let mut of_tables = Vec::with_capacity(items.len());
    for (table, end) in tables {
        of_tables.extend(items.by_ref().take(end - before).map(|item| (table.clone(), item)));
        before = end;
    }
    of_tables
}

impl Target {
    /// An item that was read as an attribute map, with the keys of its encrypted values.
    pub(crate) async fn raw_item(&self, item: AttributeMap) -> RawItem {
        self.prepare_read(&item).await;
        RawItem::with_keys_of(item, self.keys.as_ref())
    }

    /// Fetches the data keys of the encrypted values of an item.
    pub(crate) async fn prepare_read(&self, item: &AttributeMap) {
        if let Some(keys) = &self.keys {
            Box::pin(prepare_reads(keys, iter::once(item))).await;
        }
    }

    /// Fetches the data keys of the encrypted values of the item that has refused a write.
    pub(crate) async fn prepare_read_of<E>(
        &self,
        error: &WriteError<E>,
        item: impl FnOnce(&E) -> Option<AttributeMap>,
    ) {
        if self.keys.is_some()
            && let Some(item) = error.sdk.as_service_error().and_then(item)
        {
            self.prepare_read(&item).await;
        }
    }

    /// The same items, with the keys of their encrypted values.
    async fn opened(&self, mut items: RawItems) -> RawItems {
        if let (Some(keys), RawItems::Raw(items)) = (&self.keys, &mut items) {
            items.iter_mut().for_each(|item| item.with_keys(keys));
            let encrypted = items.iter().filter_map(|item| match item {
                RawItem::Encrypted(item, _) => Some(item),
                _ => None,
            });
            Box::pin(prepare_reads(keys, encrypted)).await;
        }
        items
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
