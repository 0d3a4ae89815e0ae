//! Fields that writes keep: the version of an item, and when it was made and changed.

use crate::carrier::AttributeMap;
use crate::expr::{Action, DocumentPath, Node, Term};
use crate::item::ToAttribute;
use crate::validate::Clock;
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::{SystemTime, UNIX_EPOCH};

/// The attributes of a model that writes keep. Emitted code says it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    version: Option<&'static str>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

/// An attribute that holds a time, and the present as it is stored there.
#[derive(Debug, Clone, Copy)]
struct Timestamp {
    attribute: &'static str,
    now: fn() -> Term,
}

impl Roles {
    /// Writes keep nothing.
    pub const NONE: Self = Self { version: None, created_at: None, updated_at: None };

    /// The attribute that counts the writes of an item, by which one that another writer has changed meanwhile is told.
    #[must_use]
    pub const fn version(mut self, attribute: &'static str) -> Self {
        self.version = Some(attribute);
        self
    }

    /// The attribute that holds when an item was made, stored as `T` is.
    #[must_use]
    pub const fn created_at<T: Clock + ToAttribute>(mut self, attribute: &'static str) -> Self {
        self.created_at = Some(Timestamp { attribute, now: now::<T> });
        self
    }

    /// The attribute that holds when an item was last written, stored as `T` is.
    #[must_use]
    pub const fn updated_at<T: Clock + ToAttribute>(mut self, attribute: &'static str) -> Self {
        self.updated_at = Some(Timestamp { attribute, now: now::<T> });
        self
    }

    /// That the item in the table is the one that was read: of this version, or without one.
    pub(crate) fn is_version(&self, version: u64) -> Node {
        let path = |attribute| Term::Path(DocumentPath::root(attribute));
        match (self.version, version) {
            (None, _) => Node::None,
            (Some(attribute), 0) => Node::Call("attribute_not_exists", vec![path(attribute)]),
            (Some(attribute), version) => {
                Node::Compare(path(attribute), "=", Term::attribute_value(AttributeValue::N(version.to_string())))
            }
        }
    }

    /// The version of an item in the table.
    pub(crate) fn stored_version(&self, item: &AttributeMap) -> Option<u64> {
        item.get(self.version?)?.as_n().ok()?.parse().ok()
    }

    /// What an update does beside its own actions.
    pub(crate) fn actions(&self, own: &[Action], upsert: bool) -> Vec<Action> {
        let is_set = |attribute: &str| own.iter().any(|action| action.path().attribute() == attribute);
        let mut actions = Vec::new();
        if let Some(attribute) = self.version {
            let one = Term::attribute_value(AttributeValue::N("1".to_owned()));
            actions.push(Action::Add(DocumentPath::root(attribute), one));
        }
        if let Some(Timestamp { attribute, now }) = self.created_at
            && upsert
            && !is_set(attribute)
        {
            let path = DocumentPath::root(attribute);
            let value = Term::call("if_not_exists", vec![Term::Path(path.clone()), now()]);
            actions.push(Action::Set(path, value));
        }
        if let Some(Timestamp { attribute, now }) = self.updated_at
            && !is_set(attribute)
        {
            actions.push(Action::Set(DocumentPath::root(attribute), now()));
        }
        actions
    }
}

fn now<T: Clock + ToAttribute>() -> Term {
    Term::value(&T::now())
}

/// The present as a table's time to live has it, which is whole seconds since 1970-01-01T00:00:00Z.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
