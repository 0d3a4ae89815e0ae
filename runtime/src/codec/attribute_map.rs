//! Conversions between models and the SDK's attribute map.

use super::as_stored::AsStored;
use super::item::Item;
use super::raw_item::RawItem;
use super::reader::ItemReader;
use super::size;
use super::writer::ItemWriter;
use crate::description::Layout;
use crate::ground::{AttributeMap, Names, ReadError, ReadErrorKind, WriteError};
use crate::keys::Keys;
use std::borrow::Cow;

/// Reads a model from the SDK's attribute map.
///
/// Use it for items that you have not read by an operation of this crate. It cannot read encrypted attributes, for which
/// the client has the keys: [`Client::read_model`](crate::Client::read_model) does.
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
    read_model_with(attributes, None)
}

/// Reads a model from the SDK's attribute map, with the keys of its encrypted attributes.
pub(crate) fn read_model_with<M: Item>(attributes: AttributeMap, keys: Option<&Keys>) -> Result<M, ReadError> {
    own::<M>(attributes, |attributes| RawItem::with_keys_of(attributes, keys))?.read_model()
}

/// Reads a model from an attribute map whose sealed values have been opened.
pub(crate) fn read_opened_model<M: Item>(attributes: AttributeMap) -> Result<M, ReadError> {
    own::<M>(attributes, |attributes| RawItem::opened(attributes, M::model_seals()))?.read_model()
}

/// The same without the model's `after_read`.
pub(crate) fn read_opened_as_stored<M: Item>(attributes: AttributeMap) -> Result<M, ReadError> {
    own::<M>(attributes, |attributes| RawItem::opened(attributes, M::model_seals()))?.read_as_stored()
}

/// Reads a model without its `after_read`, with the keys of its encrypted attributes.
pub(crate) fn read_as_stored<M: Item>(attributes: AttributeMap, keys: Option<&Keys>) -> Result<M, ReadError> {
    own::<M>(attributes, |attributes| RawItem::with_keys_of(attributes, keys))?.read_as_stored()
}

fn own<M: Item>(attributes: AttributeMap, raw: impl FnOnce(AttributeMap) -> RawItem) -> Result<RawItem, ReadError> {
    match is_of_other_model(&M::model_layout(), &attributes) {
        true => Err(ReadError::new(ReadErrorKind::OtherModel).of(M::model_name())),
        false => Ok(raw(attributes)),
    }
}

/// Opens the sealed values of a stored item, if it is of the model.
///
/// # Errors
///
/// A value cannot be opened.
pub(crate) fn opened_as<M: Item>(item: AttributeMap, keys: Option<&Keys>) -> Result<AttributeMap, ReadError> {
    let layout = M::model_layout();
    let item = RawItem::Map(item);
    let is_own = layout.discriminator.is_none_or(|discriminator| item.is_of(discriminator));
    let mut item = item.into_map()?;
    if is_own && !is_of_other_model(&layout, &item) {
        M::model_seals().open_item(&mut item, keys).map_err(|error| error.of(M::model_name()))?;
    }
    Ok(item)
}

/// Whether a key may be the model's. Only a model whose items are told by their keys has keys of its own.
#[cfg(feature = "streams")]
pub(crate) fn has_key_of<M: Item>(key: &AttributeMap) -> bool {
    !is_of_other_model(&M::model_layout(), key)
}

fn is_of_other_model(layout: &Layout, attributes: &AttributeMap) -> bool {
    let text_of = |name| Some(attributes.get(name)?.as_s().ok()?.as_str().into());
    layout.by_key && !layout.has_key(text_of)
}

/// Writes a model as the SDK's attribute map, as its `before_write` leaves it and with the schema's transforms. It does not
/// check the model's constraints.
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
/// DynamoDB cannot store a value, the item is larger than 409,600 bytes, the model's `before_write` has changed the key or
/// the version, or the model has encrypted attributes, for which an operation of a client has the keys.
pub fn write_model<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    let mut item = write_as_it_is(&*AsStored::new(Cow::Borrowed(model), |_| None)?)?;
    M::model_seals().seal_item(&mut item, None).map_err(WriteError::of_model::<M>)?;
    Ok(item)
}

/// Writes a model with the values that it has. Its attributes are not sealed.
pub(crate) fn write_as_it_is<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    let attributes = write_unsealed(model)?;
    match size::check(&attributes) {
        // The sealed item counts.
        Err(_) if !M::model_seals().attributes.is_empty() => Ok(attributes),
        checked => checked.map(|()| attributes).map_err(WriteError::of_model::<M>),
    }
}

/// Writes a model, whatever its size.
pub(super) fn write_unsealed<M: Item>(model: &M) -> Result<AttributeMap, WriteError> {
    let mut attributes = AttributeMap::new();
    let written = ItemWriter::new(&mut attributes).written(|writer| writer.model(model));
    match written {
        Ok(()) => Ok(attributes),
        Err(error) => Err(error.of_model::<M>()),
    }
}

/// The names of the attributes that a model reads.
pub(crate) fn names_of<M: Item>() -> Names {
    // An item of the current schema version is not upgraded.
    let mut reader = ItemReader::for_names(M::model_upgrades().version_attribute().into_iter().collect());
    // The item lacks what is required. The names are known all the same.
    let _ = M::read(&mut reader);
    reader.names()
}
