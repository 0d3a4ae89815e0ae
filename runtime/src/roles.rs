//! Fields that writes keep: the version of an item, and when it was made and changed.

use crate::carrier::AttributeMap;
use crate::defaults::Defaults;
use crate::expr::{Action, DocumentPath, Node, Term};
use crate::item::ToAttribute;
use crate::validate::Clock;
use crate::{Error, Result};
use aws_sdk_dynamodb::types::AttributeValue;
use std::time::{SystemTime, UNIX_EPOCH};

/// The attributes of a model that writes keep. Emitted code says it as a constant.
#[derive(Debug, Clone, Copy)]
pub struct Roles {
    version: Option<Count>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
}

/// An attribute that counts writes, and the most that its type holds.
#[derive(Debug, Clone, Copy)]
struct Count {
    attribute: &'static str,
    most: u64,
}

/// A type that counts the writes of an item.
pub trait VersionType {
    /// The most that it holds.
    const MOST: u64;
}

impl VersionType for u32 {
    const MOST: u64 = u32::MAX as u64;
}

impl VersionType for u64 {
    const MOST: u64 = u64::MAX;
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

    /// The attribute that counts the writes of an item in a `T`, by which one that another writer has changed meanwhile
    /// is told. An item whose version is the most that `T` holds is written no more.
    #[must_use]
    pub const fn version<T: VersionType>(mut self, attribute: &'static str) -> Self {
        self.version = Some(Count { attribute, most: T::MOST });
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
        let value = |version: u64| Term::attribute_value(AttributeValue::N(version.to_string()));
        match (self.version, version) {
            (None, _) => Node::None,
            (Some(Count { attribute, .. }), 0) => {
                let path = DocumentPath::root(attribute);
                let absent = Node::Call("attribute_not_exists", vec![Term::Path(path.clone())]);
                // Other writers may store what stands for no version.
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

    /// Whether writes keep times.
    pub(crate) fn keep_times(&self) -> bool {
        self.created_at.is_some() || self.updated_at.is_some()
    }

    /// The version of an item in the table.
    pub(crate) fn stored_version(&self, item: &AttributeMap) -> Option<u64> {
        item.get(self.version?.attribute)?.as_n().ok()?.parse().ok()
    }

    /// That a write can raise the version that the item in the table has, if it has one: it is a number, and not the most.
    pub(crate) fn can_rise(&self) -> Node {
        let Some(Count { attribute, most }) = self.version else { return Node::None };
        let path = || Term::Path(DocumentPath::root(attribute));
        let most = Term::attribute_value(AttributeValue::N(most.to_string()));
        Node::Or(vec![Node::Call("attribute_not_exists", vec![path()]), Node::Compare(path(), "<", most)])
    }

    /// Checks that a write can raise the version of an item that was read.
    pub(crate) fn check_can_rise(&self, model: &'static str, version: u64) -> Result<()> {
        match self.version {
            Some(Count { most, .. }) if version >= most => Err(Error::VersionExhausted { model, most }),
            _ => Ok(()),
        }
    }

    /// The most that the version's type holds, if an item in the table has it or more.
    pub(crate) fn exhausted(&self, item: &AttributeMap) -> Option<u64> {
        let Count { attribute, most } = self.version?;
        let stored: u128 = item.get(attribute)?.as_n().ok()?.parse().ok()?;
        (stored >= u128::from(most)).then_some(most)
    }

    /// The attribute of the version, if an item in the table has something else there than a number.
    pub(crate) fn no_version(&self, item: &AttributeMap) -> Option<&'static str> {
        let Count { attribute, .. } = self.version?;
        item.get(attribute).is_some_and(|stored| !stored.is_n()).then_some(attribute)
    }

    /// Whether writes count a version.
    pub(crate) fn has_version(&self) -> bool {
        self.version.is_some()
    }

    /// What an update does beside its own actions; `version` is the one that the item has to have.
    pub(crate) fn actions(&self, own: &[Action], version: Option<u64>) -> Vec<Action> {
        let mut actions = Vec::new();
        if let Some(Count { attribute, .. }) = self.version {
            let path = DocumentPath::root(attribute);
            let number = |number: u64| Term::attribute_value(AttributeValue::N(number.to_string()));
            actions.push(match version {
                // NULL, which other writers may store for none, cannot be added to.
                Some(version) => Action::Set(path, number(version.saturating_add(1))),
                None => Action::Add(path, number(1)),
            });
        }
        if let Some(Timestamp { attribute, now }) = self.updated_at
            && !own.iter().any(|action| action.path().attribute() == attribute)
        {
            actions.push(Action::Set(DocumentPath::root(attribute), now()));
        }
        actions
    }

    /// Adds what a new item has of these fields, and no default says.
    pub(crate) fn defaults(&self, defaults: &mut Defaults) {
        if let Some(Timestamp { attribute, now }) = self.created_at
            && !defaults.is_made(attribute)
        {
            defaults.made(attribute, now());
        }
    }
}

fn now<T: Clock + ToAttribute>() -> Term {
    Term::value(&T::now())
}

/// The present as a table's time to live has it, which is whole seconds since 1970-01-01T00:00:00Z.
pub(crate) fn seconds_now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}
