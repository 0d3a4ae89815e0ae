//! The actions of a transaction, without their types.

use super::identity::Identity;
use super::unique::UniqueFields;
use crate::carrier::AttributeMap;
use crate::client::Target;
use crate::expr::{self, Condition, Expressions, Node, Writer};
use crate::{Error, Model, Result};
use aws_sdk_dynamodb::error::BuildError;
use aws_sdk_dynamodb::types::{
    ConditionCheck, Delete, Put, ReturnValuesOnConditionCheckFailure, TransactWriteItem, Update,
};
use std::sync::Arc;

/// One action, ready to be written.
pub(super) struct Action {
    pub(super) target: Arc<Target>,
    /// What it is called: `put`, `insert`, and so on.
    pub(super) kind: &'static str,
    pub(super) identity: Identity,
    pub(super) request: Request,
    pub(super) condition: Node,
    /// The unique fields that it sets or gives up.
    pub(super) unique: Option<UniqueFields>,
}

/// What an action asks for, beside its condition.
pub(super) enum Request {
    Put(AttributeMap),
    Update(AttributeMap, Vec<expr::Action>),
    Delete(AttributeMap),
    Check(AttributeMap),
}

impl Request {
    /// The item that is put, or the key of another.
    pub(super) fn attributes(&self) -> &AttributeMap {
        match self {
            Request::Put(attributes)
            | Request::Update(attributes, _)
            | Request::Delete(attributes)
            | Request::Check(attributes) => attributes,
        }
    }
}

impl Action {
    pub(super) fn new<M: Model>(
        target: Target,
        kind: &'static str,
        request: Request,
        condition: Node,
        unique: Option<UniqueFields>,
    ) -> Self {
        let identity = Identity::of(request.attributes(), &M::TABLE.key_names());
        Self { target: Arc::new(target), kind, identity, request, condition, unique }
    }

    /// The action for the SDK; `beside` has to hold too.
    pub(super) fn to_sdk(
        &self,
        beside: &Node,
        on_failure: Option<&ReturnValuesOnConditionCheckFailure>,
    ) -> Result<TransactWriteItem> {
        let mut writer = Writer::new(self.target.model);
        let update = match &self.request {
            Request::Update(_, actions) => Some(writer.update(actions)?),
            _ => None,
        };
        let both = [beside, &self.condition].map(|node| Condition::<()>::from_node(node.clone()));
        let condition = writer.condition(&Condition::all(both).into_node())?;
        if matches!(self.request, Request::Check(_)) && condition.is_none() {
            let why = format!("{}: a check without a condition", self.target.model);
            return Err(Error::InvalidTransaction(why));
        }
        let table = self.target.table.clone();
        let Expressions { names, values } = writer.finish();
        let on_failure = on_failure.cloned();
        let item = TransactWriteItem::builder();
        let built: Result<_, BuildError> = match &self.request {
            Request::Put(attributes) => Put::builder()
                .table_name(table)
                .set_item(Some(attributes.clone()))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|put| item.put(put)),
            Request::Update(key, _) => Update::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_update_expression(update)
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|update| item.update(update)),
            Request::Delete(key) => Delete::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|delete| item.delete(delete)),
            Request::Check(key) => ConditionCheck::builder()
                .table_name(table)
                .set_key(Some(key.clone()))
                .set_condition_expression(condition)
                .set_expression_attribute_names(names)
                .set_expression_attribute_values(values)
                .set_return_values_on_condition_check_failure(on_failure)
                .build()
                .map(|check| item.condition_check(check)),
        };
        let failed = |error| Error::Config(format!("{}: TransactWriteItems: {error}", self.target.model));
        Ok(built.map_err(failed)?.build())
    }
}
