//! An action that puts an item, outside of a transaction.

use super::action::{Action, ActionKind};
use crate::expr::Writer;
use crate::ops::Result;
use crate::ops::write::Consumed;
use crate::transport::{Encoder, Target, send_write};
use aws_sdk_dynamodb::types::ReturnConsumedCapacity;

/// Puts the item of an action that needs no guards, and adds the capacity to `consumed`.
pub(in crate::ops) async fn put_alone(action: &Action, consumed: Option<&Consumed>) -> Result<()> {
    let ActionKind::Put(item) = &action.request else { return Ok(()) };
    let Target { sdk, table, model, .. } = &*action.target;
    let mut writer = Writer::new(model);
    let condition = writer.condition(&action.condition)?;
    let expressions = writer.finish();
    let request = sdk
        .put_item()
        .table_name(table)
        .set_item(Some(item.clone().into_map().map_err(|error| error.of(model))?))
        .set_condition_expression(condition)
        .set_expression_attribute_names(expressions.names)
        .set_expression_attribute_values(expressions.values)
        .set_return_consumed_capacity(consumed.map(|_| ReturnConsumedCapacity::Total));
    let output = send_write!(request, &None::<Encoder>);
    let output = output.map_err(|error| action.target.write_error("PutItem", error))?;
    if let Some(consumed) = consumed {
        consumed.add(&output.consumed_capacity);
    }
    Ok(())
}
