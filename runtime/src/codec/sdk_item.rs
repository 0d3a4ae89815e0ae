//! The SDK's own reader of an item's JSON.

use crate::ground::AttributeMap;
use aws_sdk_dynamodb::operation::get_item::{GetItem, GetItemOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::runtime_plugin::RuntimePlugin;
use aws_smithy_runtime_api::client::ser_de::{DeserializeResponse, SharedResponseDeserializer};
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::ConfigBag;
use bytes::Bytes;

/// Reads an item by the SDK's reader of responses.
pub(super) fn read(item: &Bytes) -> Option<AttributeMap> {
    let body = [b"{\"Item\":", item.as_ref(), b"}"].concat();
    let response = HttpResponse::new(200.try_into().ok()?, SdkBody::from(body));
    let config = GetItem::new().config()?;
    let own = config.load::<SharedResponseDeserializer>()?;
    let output = own.deserialize_nonstreaming_with_config(&response, &ConfigBag::base()).ok()?;
    output.downcast::<GetItemOutput>().ok()?.item
}
