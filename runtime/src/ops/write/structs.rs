//! The structs that the patches of an update change inside, and the conditions that the item has them.

use crate::expr::{IncompleteStruct, MissingInStruct, Node, StructChanges, UpdateAction, UpdateOfItem};
use crate::ground::defects::Defect;
use crate::ground::{AttributeMap, JsonNames, defects};
use crate::ops::{Error, Result};
use crate::transport::Target;
use std::sync::Arc;

/// The structs that the patches of an update change inside.
#[derive(Debug, Clone, Default)]
pub(in crate::ops) struct Structs {
    /// `None` without patches of structs.
    changes: Option<Arc<StructChanges>>,
    /// The conditions for the next attempt. At first, that the item has all the structs.
    pub(in crate::ops) conditions: Arc<[Node]>,
    /// The actions for the next attempt, which belong to the conditions, if they are not the update's own.
    pub(in crate::ops) actions: Option<Arc<[UpdateAction]>>,
    /// The names of the model's fields in JSON.
    json_names: JsonNames,
}

impl Structs {
    pub(in crate::ops) fn new(changes: StructChanges, json_names: JsonNames) -> Self {
        let conditions = changes.all_exist().into();
        let changes = (!changes.is_empty()).then(|| Arc::new(changes));
        Self { conditions, actions: None, changes, json_names }
    }

    pub(in crate::ops) fn are_none(&self) -> bool {
        self.changes.is_none()
    }

    /// The attributes that hold structs which an item does not have.
    pub(in crate::ops) fn absent_in(&self, item: &AttributeMap) -> Vec<&'static str> {
        self.changes.as_ref().map(|changes| changes.absent_in(item)).unwrap_or_default()
    }

    /// The update of an item, with the conditions that the item has the same structs; `None` is a new item.
    ///
    /// # Errors
    ///
    /// The update cannot create an absent struct.
    pub(in crate::ops) fn of_item(
        &self,
        target: &Target,
        actions: &[UpdateAction],
        item: Option<&AttributeMap>,
    ) -> Result<UpdateOfItem> {
        let Some(changes) = &self.changes else {
            return Ok(UpdateOfItem { actions: actions.to_vec(), conditions: Vec::new() });
        };
        let (model, table) = (target.model, || target.table.clone());
        changes.of_item(actions, item).map_err(|error| match error {
            IncompleteStruct::Missing(missing) => {
                let MissingInStruct { of, error, violations } = *missing;
                let violations = Box::new(violations.of_model(model, self.json_names));
                let path = of.to_item_path().to_string();
                Error::IncompletePatch { model, table: table(), path, error: Box::new(error), violations }
            }
            IncompleteStruct::NoParent(path) => {
                Error::AbsentParent { model, table: table(), paths: path.to_item_path().to_string() }
            }
            IncompleteStruct::Other(error) => Error::Read(error.of(model)),
            IncompleteStruct::Invalid(violations) => {
                Error::OutOfBounds(Box::new(violations.of_model(model, self.json_names)))
            }
        })
    }

    /// Takes the conditions and actions for an item that has refused the earlier ones, or that was read. Returns
    /// whether the conditions are others.
    ///
    /// # Errors
    ///
    /// The update cannot create an absent struct.
    pub(in crate::ops) fn renew(
        &mut self,
        target: &Target,
        actions: &[UpdateAction],
        item: Option<&AttributeMap>,
    ) -> Result<bool> {
        if self.are_none() {
            return Ok(false);
        }
        let UpdateOfItem { actions, mut conditions } = self.of_item(target, actions, item)?;
        if defects::has(Defect::StructsOverwritten) {
            conditions.clear();
        }
        let is_other = conditions != *self.conditions;
        (self.conditions, self.actions) = (conditions.into(), Some(actions.into()));
        Ok(is_other)
    }
}
