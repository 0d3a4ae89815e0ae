//! Conversions between models and the SDK's attribute map.

use super::item::Item;
use super::raw_item::RawItem;
use super::reader::ItemReader;
use super::size;
use super::writer::ItemWriter;
use crate::description::Layout;
use crate::ground::{AttributeMap, Names, ReadError, ReadErrorKind, WriteError};

/// Reads a model from the SDK's attribute map.
///
/// Use it for items that you have not read by an operation of this crate.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, key: aws_sdk_dynamodb::types::AttributeValue) -> Result<(), Box<dyn std::error::Error>> {
/// let output = db.sdk().get_item().table_name("users").key("user_id", key).send().await?;
/// let user: Option<User> = output.item.map(dyntastic::codec::read_model).transpose()?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// An attribute is missing or has a wrong value, or the item of a shared table is of another model
/// ([`ReadErrorKind::OtherModel`](crate::codec::ReadErrorKind::OtherModel)).
pub fn read_model<M: Item>(attributes: AttributeMap) -> Result<M, ReadError> {
    if is_of_other_model(&M::model_layout(), &attributes) {
        return Err(ReadError::new(ReadErrorKind::OtherModel).of(M::model_name()));
    }
    RawItem::Map(attributes).read_model()
}

fn is_of_other_model(layout: &Layout, attributes: &AttributeMap) -> bool {
    let text_of = |name| Some(attributes.get(name)?.as_s().ok()?.as_str().into());
    layout.by_key && !layout.has_key(text_of)
}

/// Writes a model as the SDK's attribute map, with the schema's transforms. It does not check the model's constraints.
///
/// ```no_run
/// # use dyntastic::Client;
/// # use dyntastic::prelude::*;
/// # use example_models::*;
/// # async fn example(db: Client, user: User) -> Result<(), Box<dyn std::error::Error>> {
/// let item = dyntastic::codec::write_model(&user)?;
/// db.sdk().put_item().table_name("users").set_item(Some(item)).send().await?;
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// DynamoDB cannot store a value, or the item is larger than 409,600 bytes.
pub fn write_model<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    write_as_it_is(model.transformed().as_ref())
}

/// Writes a model with the values that it has.
pub(crate) fn write_as_it_is<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::new();
    let written = ItemWriter::new(&mut attributes).written(|writer| writer.model(model));
    match of_allowed_size(written, &attributes) {
        Ok(()) => Ok(attributes),
        Err(error) => Err(error.of_model::<M>()),
    }
}

fn of_allowed_size(written: Result<(), WriteError>, attributes: &AttributeMap) -> Result<(), WriteError> {
    written?;
    size::check(attributes)
}

/// The names of the attributes that a model reads.
pub(crate) fn names_of<M: Item>() -> Names {
    // An item of the current schema version is not upgraded.
    let mut reader = ItemReader::new(M::model_upgrades().version_attribute().into_iter().collect());
    // The item lacks what is required. The names are known all the same.
    let _ = M::read(&mut reader);
    reader.names()
}
