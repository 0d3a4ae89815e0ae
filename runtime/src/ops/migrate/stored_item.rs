//! Reading an item that an older release may have stored.

use crate::codec::{RawItem, read_opened_model};
use crate::description::Layout;
use crate::ground::{AttributeMap, ReadError, ReadErrorKind, Segment};
use crate::ops::TableItem;
use aws_sdk_dynamodb::types::AttributeValue;

/// Reads an item whose sealed values have been opened, also under a key that the model would not make; `None` if it is
/// of another model.
pub(super) fn read<M: TableItem>(stored: &AttributeMap) -> Result<Option<M>, ReadError> {
    let error = match read_opened_model::<M>(stored.clone()) {
        Ok(item) => return Ok(Some(item)),
        Err(error) => error,
    };
    match error.kind() {
        ReadErrorKind::OtherModel => Ok(None),
        ReadErrorKind::OtherKey { .. } => {
            if let Some(read) = in_its_shard(M::model_layout(), stored).and_then(|item| read_opened_model(item).ok()) {
                return Ok(Some(read));
            }
            let mut item = stored.clone();
            for template in M::model_layout().keys.iter().filter(|template| !template.is_field()) {
                item.remove(template.attribute);
            }
            read_with_other_fields(item).map(Some).map_err(|_| error)
        }
        _ => Err(error),
    }
}

/// The item with the key of its shard, if it was written with other shards; `None` if its key has another form.
fn in_its_shard(layout: Layout, stored: &AttributeMap) -> Option<AttributeMap> {
    let sharded: Vec<_> = layout.keys.iter().filter(|template| template.shards.is_some()).collect();
    if sharded.is_empty() {
        return None;
    }
    let mut fields = stored.clone();
    for template in layout.keys {
        fields.extend(template.parse(stored.get(template.attribute)?)?);
    }
    let mut item = stored.clone();
    for template in sharded {
        let key = template.render(|field| fields.get(field)).ok()??;
        item.insert(template.attribute.to_owned(), key);
    }
    Some(item)
}

/// Reads an item whose key attributes are fields in another form than the model's: each has the model's form instead.
fn read_with_other_fields<M: TableItem>(mut item: AttributeMap) -> Result<M, ReadError> {
    for _ in M::model_table().key_names() {
        let error = match RawItem::opened(item.clone(), M::model_seals()).read_model() {
            Ok(read) => return Ok(read),
            Err(error) => error,
        };
        let (Some(Segment::Name(name)), ReadErrorKind::OtherKey { written, .. }) =
            (error.path().segments().next(), error.kind())
        else {
            return Err(error);
        };
        match item.get_mut(&**name) {
            Some(AttributeValue::S(text)) if *text != *written => text.clone_from(written),
            _ => return Err(error),
        }
    }
    RawItem::opened(item, M::model_seals()).read_model()
}
