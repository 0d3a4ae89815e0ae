//! The expressions of the fields that writes keep.

use super::condition::Node;
use super::defaults::Defaults;
use super::document_path::DocumentPath;
use super::term::Term;
use super::update_parts::UpdateAction;
use crate::codec::{ToAttribute, write_value};
use crate::description::{Count, Roles, Timestamp};
use crate::ground::WriteError;
use crate::validate::Clock;
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::SystemTime;

impl Roles {
    /// Sets the attribute of the creation time, stored as a `T`.
    #[must_use]
    pub const fn created_at<T: Clock + ToAttribute>(mut self, attribute: &'static str) -> Self {
        self.created_at = Some(Timestamp { attribute, at: at::<T> });
        self
    }

    /// Sets the attribute of the time of the last write, stored as a `T`.
    #[must_use]
    pub const fn updated_at<T: Clock + ToAttribute>(mut self, attribute: &'static str) -> Self {
        self.updated_at = Some(Timestamp { attribute, at: at::<T> });
        self
    }

    /// Sets the attribute of the time when an item was deleted by `soft_delete`, stored as a `T`.
    #[must_use]
    pub const fn deleted_at<T: Clock + ToAttribute>(mut self, attribute: &'static str) -> Self {
        self.deleted_at = Some(Timestamp { attribute, at: at::<T> });
        self
    }

    /// The condition that the stored item is deleted by `soft_delete`, or that it is not. A missing item is not.
    pub(crate) fn has_deletion(&self, deleted: bool) -> Node {
        let Some(Timestamp { attribute, .. }) = self.deleted_at else { return Node::None };
        let path = || Term::Path(DocumentPath::root(attribute));
        let null = Term::attribute_value(AttributeValue::S("NULL".to_owned()));
        let is_null = Node::Call("attribute_type", vec![path(), null]);
        match deleted {
            false => Node::Or(vec![Node::Call("attribute_not_exists", vec![path()]), is_null]),
            true => Node::And(vec![Node::Call("attribute_exists", vec![path()]), Node::Not(Box::new(is_null))]),
        }
    }

    /// The update that deletes an item at this instant, or restores it.
    pub(crate) fn deletion(&self, at: Option<SystemTime>) -> Vec<UpdateAction> {
        let action = |of: Timestamp| {
            let path = DocumentPath::root(of.attribute);
            match at {
                Some(instant) => UpdateAction::Set(path, of.term(instant)),
                None => UpdateAction::Remove(path),
            }
        };
        self.deleted_at.map(action).into_iter().collect()
    }

    /// The condition that the stored item has this version; for 0, that it has none.
    pub(crate) fn is_version(&self, version: u64) -> Node {
        let value = |version: u64| Term::attribute_value(AttributeValue::N(version.to_string()));
        match (self.version, version) {
            (None, _) => Node::None,
            (Some(Count { attribute, .. }), 0) => {
                let path = DocumentPath::root(attribute);
                let absent = Node::Call("attribute_not_exists", vec![Term::Path(path.clone())]);
                // Other writers may store NULL or 0 for no version.
                Node::Or(vec![
                    absent,
                    Node::In(path, vec![value(0), Term::attribute_value(AttributeValue::Null(true))]),
                ])
            }
            (Some(Count { attribute, .. }), version) => {
                Node::Compare(Term::Path(DocumentPath::root(attribute)), "=", value(version))
            }
        }
    }

    /// The condition that a write can raise the stored version: it is absent, or a number below the maximum.
    pub(crate) fn can_rise(&self) -> Node {
        let Some(Count { attribute, max }) = self.version else { return Node::None };
        let path = || Term::Path(DocumentPath::root(attribute));
        let max = Term::attribute_value(AttributeValue::N(max.to_string()));
        Node::Or(vec![Node::Call("attribute_not_exists", vec![path()]), Node::Compare(path(), "<", max)])
    }

    /// The actions that an update at this instant needs beside its own. `version` is the expected version.
    pub(crate) fn actions(&self, own: &[UpdateAction], version: Option<u64>, now: SystemTime) -> Vec<UpdateAction> {
        let mut actions = Vec::new();
        if let Some(Count { attribute, .. }) = self.version {
            let path = DocumentPath::root(attribute);
            let number = |number: u64| Term::attribute_value(AttributeValue::N(number.to_string()));
            actions.push(match version {
                // Other writers may store NULL for no version, and ADD refuses it.
                Some(version) => UpdateAction::Set(path, number(version.saturating_add(1))),
                None => UpdateAction::Add(path, number(1)),
            });
        }
        let is_own = |attribute| own.iter().any(|action| action.path().attribute() == attribute);
        if let Some((attribute, seconds)) = self.lifetime
            && !is_own(attribute)
        {
            let ends = seconds_of(now).saturating_add(seconds);
            let ends = Term::attribute_value(AttributeValue::N(ends.to_string()));
            actions.push(UpdateAction::Set(DocumentPath::root(attribute), ends));
        }
        if let Some(updated_at) = self.updated_at
            && !is_own(updated_at.attribute)
        {
            actions.push(UpdateAction::Set(DocumentPath::root(updated_at.attribute), updated_at.term(now)));
        }
        actions
    }

    /// Replaces the defaults of these fields by their values in an item that is created at this instant.
    pub(crate) fn defaults(&self, defaults: &mut Defaults, now: SystemTime) {
        if let Some(created_at) = self.created_at {
            defaults.replace(created_at.attribute, created_at.term(now));
        }
    }
}

/// The whole seconds since 1970.
fn seconds_of(instant: SystemTime) -> u64 {
    instant.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}

fn at<T: Clock + ToAttribute>(instant: SystemTime) -> Result<AttributeValue, WriteError> {
    write_value(&T::at(instant))
}

impl Timestamp {
    fn term(&self, instant: SystemTime) -> Term {
        Term::Value((self.at)(instant).map(Some))
    }
}
