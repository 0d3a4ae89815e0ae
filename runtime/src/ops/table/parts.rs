//! The parts of the requests that create and change tables.

use crate::description::{KeyAttribute, KeyKind, Projection, StreamView, VectorIndex};
use aws_sdk_dynamodb as sdk;
use sdk::error::BuildError;
use sdk::types::{
    AttributeDefinition, KeySchemaElement, KeyType, OnDemandThroughput, ProjectionType, ProvisionedThroughput,
    ScalarAttributeType, SearchSchemaElement, SearchSchemaElementType, SseSpecification, SseType, StreamSpecification,
    StreamViewType, Tag, VectorAttributeDefinition, WarmThroughput,
};

pub(super) fn projection(of: Projection) -> sdk::types::Projection {
    let builder = sdk::types::Projection::builder();
    match of {
        Projection::All => builder.projection_type(ProjectionType::All),
        Projection::KeysOnly => builder.projection_type(ProjectionType::KeysOnly),
        Projection::Include(attributes) => builder
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(attributes.iter().map(|attribute| (*attribute).to_owned()).collect())),
    }
    .build()
}

pub(super) fn vector_attribute(index: &VectorIndex) -> Result<VectorAttributeDefinition, BuildError> {
    VectorAttributeDefinition::builder().attribute_name(index.attribute).build()
}

/// The attributes that searches of an index compare; `None` if there are none, since DynamoDB refuses an empty list.
pub(super) fn search_schema(index: &VectorIndex) -> Result<Option<Vec<SearchSchemaElement>>, BuildError> {
    let element = |attribute: &KeyAttribute, kind| {
        let element = SearchSchemaElement::builder().attribute_name(attribute.name);
        element.search_schema_element_type(kind).build()
    };
    let hash_key = index.hash_key.iter().map(|key| element(key, SearchSchemaElementType::Hash));
    let filterable = index.filterable.iter().map(|key| element(key, SearchSchemaElementType::InlineFilter));
    let schema: Vec<_> = hash_key.chain(filterable).collect::<Result<_, _>>()?;
    Ok((!schema.is_empty()).then_some(schema))
}

pub(super) fn throughput((read, write): (u32, u32)) -> Result<ProvisionedThroughput, BuildError> {
    ProvisionedThroughput::builder().read_capacity_units(read.into()).write_capacity_units(write.into()).build()
}

/// The maximum of a table that is paid per request.
pub(super) fn on_demand((read, write): (Option<u32>, Option<u32>)) -> Option<OnDemandThroughput> {
    let maximum = OnDemandThroughput::builder().set_max_read_request_units(read.map(i64::from));
    let maximum = maximum.set_max_write_request_units(write.map(i64::from));
    (read.is_some() || write.is_some()).then(|| maximum.build())
}

pub(super) fn warm((read, write): (u32, u32)) -> WarmThroughput {
    WarmThroughput::builder().read_units_per_second(read.into()).write_units_per_second(write.into()).build()
}

/// Encryption with a key of KMS.
pub(super) fn encryption(key: &str) -> SseSpecification {
    let named = named_key(key).map(str::to_owned);
    SseSpecification::builder().enabled(true).sse_type(SseType::Kms).set_kms_master_key_id(named).build()
}

/// A key in a request: the one that AWS manages for DynamoDB is not named ("SSESpecification").
pub(super) fn named_key(key: &str) -> Option<&str> {
    let is_managed = key.strip_suffix("alias/aws/dynamodb").is_some_and(|of| of.is_empty() || of.ends_with(':'));
    (!is_managed).then_some(key)
}

pub(super) fn key_schema(
    hash_key: &[KeyAttribute],
    range_key: &[KeyAttribute],
) -> Result<Vec<KeySchemaElement>, BuildError> {
    let hash_key = hash_key.iter().map(|attribute| key(attribute, KeyType::Hash));
    hash_key.chain(range_key.iter().map(|attribute| key(attribute, KeyType::Range))).collect()
}

fn key(attribute: &KeyAttribute, key_type: KeyType) -> Result<KeySchemaElement, BuildError> {
    KeySchemaElement::builder().attribute_name(attribute.name).key_type(key_type).build()
}

/// The types of key attributes, without repetitions.
pub(super) fn definitions<'a>(
    attributes: impl Iterator<Item = &'a KeyAttribute>,
) -> Result<Vec<AttributeDefinition>, BuildError> {
    let mut distinct: Vec<&KeyAttribute> = Vec::new();
    for attribute in attributes {
        if !distinct.contains(&attribute) {
            distinct.push(attribute);
        }
    }
    distinct.into_iter().map(|attribute| definition(attribute.name, scalar_type(attribute.kind))).collect()
}

pub(super) fn definition(name: &str, kind: ScalarAttributeType) -> Result<AttributeDefinition, BuildError> {
    AttributeDefinition::builder().attribute_name(name).attribute_type(kind).build()
}

pub(super) fn scalar_type(kind: KeyKind) -> ScalarAttributeType {
    match kind {
        KeyKind::String => ScalarAttributeType::S,
        KeyKind::Number => ScalarAttributeType::N,
        KeyKind::Binary => ScalarAttributeType::B,
    }
}

/// A stream with this content, in DynamoDB's word, or none.
pub(super) fn stream(view: Option<&str>) -> Result<StreamSpecification, BuildError> {
    let view = view.map(StreamViewType::from);
    StreamSpecification::builder().stream_enabled(view.is_some()).set_stream_view_type(view).build()
}

/// DynamoDB's word for the content of a stream.
pub(super) fn stream_text(view: StreamView) -> &'static str {
    match view {
        StreamView::KeysOnly => "KEYS_ONLY",
        StreamView::NewImage => "NEW_IMAGE",
        StreamView::OldImage => "OLD_IMAGE",
        StreamView::NewAndOldImages => "NEW_AND_OLD_IMAGES",
    }
}

pub(super) fn tag((key, value): &(&str, &str)) -> Result<Tag, BuildError> {
    Tag::builder().key(*key).value(*value).build()
}
