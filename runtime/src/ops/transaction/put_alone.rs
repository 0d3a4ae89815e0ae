//! An action that puts an item, outside of a transaction.

use super::action::{Action, ActionKind};
use crate::expr::Writer;
use crate::ops::Result;
use crate::transport::{Encoder, Target, send_write};

/// Puts the item of an action that needs no guards.
pub(in crate::ops) async fn put_alone(action: &mut Action) -> Result<()> {
    action.seal().await?;
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
        .set_expression_attribute_values(expressions.values);
    let sent = send_write!(&action.target, request, &None::<Encoder>);
    sent.map(drop).map_err(|error| action.target.write_error("PutItem", error))
}
