//! The structs that the patches of an update change inside, and the conditions that the item has them.

use crate::expr::{IncompleteStruct, Node, StructChanges, UpdateAction, UpdateOfItem, Writer};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, JsonNames, defects};
use crate::ops::{Error, Result};
use crate::transport::Target;
use std::sync::Arc;

/// The structs that the patches of an update change inside.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Structs {
    changes: Arc<StructChanges>,
    /// The conditions for the next attempt. At first, that the item has all the structs.
    pub(in crate::ops) conditions: Vec<Node>,
    /// The names of the model's fields in JSON.
    json_names: JsonNames,
}

impl Structs {
    pub(in crate::ops) fn new(changes: StructChanges, json_names: JsonNames) -> Self {
        Self { conditions: changes.all_exist(), changes: Arc::new(changes), json_names }
    }

    pub(in crate::ops) fn are_none(&self) -> bool {
        self.changes.is_empty()
    }

    /// The attributes that hold the structs.
    pub(in crate::ops) fn attributes(&self) -> impl Iterator<Item = &'static str> {
        self.changes.attributes()
    }

    /// The update of an item, with the conditions that the item has the same structs; `None` is a new item.
    ///
    /// # Errors
    ///
    /// The update cannot create an absent struct, or changes a value twice.
    pub(in crate::ops) fn of_item(
        &self,
        target: &Target,
        actions: &[UpdateAction],
        item: Option<&AttributeMap>,
    ) -> Result<UpdateOfItem> {
        Writer::new(target.model).check_overlap(actions)?;
        self.changes.of_item(actions, item).map_err(|error| match error {
            IncompleteStruct::Missing(path, error) => Error::IncompletePatch {
                model: target.model,
                table: target.table.clone(),
                path: path.to_item_path().to_string(),
                error: Box::new(error),
            },
            IncompleteStruct::Other(error) => Error::Read(error.of(target.model)),
            IncompleteStruct::Invalid(violations) => violations.of_model(target.model, self.json_names).into(),
        })
    }

    /// The actions for an item whose structs have refused the conditions; `None` if they are not the cause.
    ///
    /// # Errors
    ///
    /// The update cannot create an absent struct.
    pub(in crate::ops) fn renew(
        &mut self,
        target: &Target,
        actions: &[UpdateAction],
        item: Option<&AttributeMap>,
    ) -> Result<Option<Vec<UpdateAction>>> {
        if self.are_none() {
            return Ok(None);
        }
        let UpdateOfItem { actions, mut conditions } = self.of_item(target, actions, item)?;
        if defects::has(Defect::StructsOverwritten) {
            conditions.clear();
        }
        let is_other = conditions != self.conditions;
        self.conditions = conditions;
        Ok(is_other.then_some(actions))
    }
}
