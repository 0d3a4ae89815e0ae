//! The guard of a unique value as an item: its key, its owner and its expiry.

use super::action::Action;
use super::unique::are_same;
use crate::codec::normal_number;
use crate::description::Table;
use crate::expr::{DocumentPath, Node, Term};
use crate::ground::{AttributeMap, WriteError, WriteErrorKind, seconds_now};
use crate::ops::Result;
use crate::ops::write::stored_item;
use crate::transport::Target;
use aws_sdk_dynamodb::types::AttributeValue;

/// The discriminator of every guard, and the start of its key.
const GUARD: &str = "UNIQUE";
/// The attributes of a guard that hold the hash key and the range key of its owner.
const OWNER: [&str; 2] = ["unique_owner", "unique_owner_range"];
/// The maximum length of a hash key in bytes ("Constraints in Amazon DynamoDB", Partition key length).
const MAX_KEY_LENGTH: usize = 2048;

/// The hash key of a guard: `UNIQUE#model#field#value`, or `UNIQUE#model#field%2Cfield#value#value` for a combination of
/// fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::ops) struct GuardKey {
    text: String,
    /// The number of bytes before the values.
    prefix: usize,
}

impl GuardKey {
    /// The key of the guard of a field's value, or of the values of a combination of fields; `None` if a field has no
    /// value that can be unique.
    pub(in crate::ops) fn new(model: &str, values: &[(&str, Option<&AttributeValue>)]) -> Option<Self> {
        let text = |value: &AttributeValue| match value {
            AttributeValue::S(text) => Some(text.clone()),
            AttributeValue::N(text) => Some(normal_number(text)),
            _ => None,
        };
        let texts: Vec<String> = values.iter().map(|(_, value)| value.and_then(text)).collect::<Option<_>>()?;
        let value = match texts.as_slice() {
            [only] => only.clone(),
            // The parts of different combinations are never the same text.
            several => several.iter().map(|text| escaped(text)).collect::<Vec<_>>().join("#"),
        };
        // An escaped name has no `%2C`.
        let fields = values.iter().map(|(field, _)| escaped(field)).collect::<Vec<_>>().join("%2C");
        let prefix = format!("{GUARD}#{}#{fields}#", escaped(model));
        Some(Self { prefix: prefix.len(), text: prefix + &value })
    }

    /// Checks that the key is not too long for DynamoDB.
    pub(in crate::ops) fn check(&self, model: &'static str, field: &'static str) -> Result<()> {
        if self.text.len() <= MAX_KEY_LENGTH {
            return Ok(());
        }
        let length = self.text.len() - self.prefix;
        let kind = WriteErrorKind::UniqueTooLong { length, max: MAX_KEY_LENGTH.saturating_sub(self.prefix) };
        Err(WriteError::new(kind).within_name(field).of(model).into())
    }

    /// The key attributes of the guard.
    pub(in crate::ops) fn attributes(&self, table: &Table) -> AttributeMap {
        let mut key = AttributeMap::from([(table.hash_key.name.to_owned(), AttributeValue::S(self.text.clone()))]);
        if let Some(range_key) = table.range_key {
            key.insert(range_key.name.to_owned(), AttributeValue::S(GUARD.to_owned()));
        }
        key
    }

    /// The guard as an item, with the expiry of its owner.
    pub(in crate::ops) fn item(
        &self,
        target: &Target,
        owner: &AttributeMap,
        discriminator: Option<&str>,
        expiry: Option<&AttributeValue>,
    ) -> AttributeMap {
        let mut item = self.attributes(&target.description);
        item.extend(owner.clone());
        let others =
            [discriminator.zip(Some(AttributeValue::S(GUARD.to_owned()))), target.description.ttl.zip(expiry.cloned())];
        item.extend(others.into_iter().flatten().map(|(name, value)| (name.to_owned(), value)));
        item
    }
}

/// A name or a value with the separator escaped, so that different lists of them have different texts.
fn escaped(name: &str) -> String {
    name.replace('%', "%25").replace('#', "%23")
}

/// The attributes of a guard that name its owner, the item of an action.
pub(in crate::ops) fn owner(action: &Action) -> AttributeMap {
    let names = action.target.description.key_names();
    owner_of_key(&action.request.key(&names), &names)
}

fn owner_of_key(key: &AttributeMap, names: &[&'static str]) -> AttributeMap {
    let values = names.iter().filter_map(|name| key.get(*name));
    OWNER.iter().zip(values).map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

/// The key of the owner that a guard names.
fn key_of_owner(guard: &AttributeMap, names: &[&'static str]) -> AttributeMap {
    let values = OWNER.iter().map(|name| guard.get(*name));
    names.iter().zip(values).filter_map(|(name, value)| Some(((*name).to_owned(), value?.clone()))).collect()
}

/// Whose a unique value is.
pub(in crate::ops) enum Holder {
    /// The guard names the item, and expires with it.
    Own,
    /// There is no guard, or it has expired, or it names the item and expires at another time.
    Nobody,
    /// The guard names the item with this key.
    Other(AttributeMap),
}

/// Reads whose the value of a guard is, for the item with this key and this expiry.
pub(in crate::ops) async fn holder(
    target: &Target,
    guard: &GuardKey,
    (key, expiry): (&AttributeMap, Option<&AttributeValue>),
) -> Result<Holder> {
    let names = target.description.key_names();
    let Some(guard) = read(target, guard).await? else { return Ok(Holder::Nobody) };
    let expires = target.description.ttl.and_then(|name| guard.get(name));
    if is_owned(&guard, &owner_of_key(key, &names)) {
        let is_current = are_same(expires, expiry.filter(|value| value.is_n()));
        return Ok(if is_current { Holder::Own } else { Holder::Nobody });
    }
    match has_ended(expires, seconds_now()) {
        true => Ok(Holder::Nobody),
        false => Ok(Holder::Other(key_of_owner(&guard, &names))),
    }
}

/// Whether a guard names this owner.
pub(in crate::ops) fn is_owned(guard: &AttributeMap, owner: &AttributeMap) -> bool {
    owner.iter().all(|(name, value)| guard.get(name) == Some(value))
}

/// The condition that a guard names this owner.
pub(in crate::ops) fn is_owner(owner: &AttributeMap) -> Node {
    let is_same = |name: &&'static str| Some(Node::is_still(&DocumentPath::root(name), Some(owner.get(*name)?)));
    let parts: Vec<Node> = OWNER.iter().filter_map(is_same).collect();
    Node::And(parts)
}

/// The condition that no guard exists.
pub(in crate::ops) fn is_absent(table: &Table) -> Node {
    Node::Call("attribute_not_exists", vec![Term::Path(DocumentPath::root(table.hash_key.name))])
}

/// Whether an item with this expiry has expired at `by`, in seconds since 1970. Without an expiry, it never expires.
pub(in crate::ops) fn has_ended(expiry: Option<&AttributeValue>, by: u64) -> bool {
    let seconds = expiry.and_then(|expiry| expiry.as_n().ok()?.parse::<f64>().ok());
    seconds.is_some_and(|seconds| seconds <= by as f64)
}

/// The condition that the guard has expired; `None` in a table without a time to live.
pub(in crate::ops) fn has_expired(table: &Table) -> Option<Node> {
    let path = Term::Path(DocumentPath::root(table.ttl?));
    Some(Node::Compare(path, "<=", Term::value(&seconds_now())))
}

/// Reads the stored item of an action.
pub(in crate::ops) async fn read_owner(action: &Action) -> Result<Option<AttributeMap>> {
    read_item(&action.target, action.request.key(&action.target.description.key_names())).await
}

/// Reads a stored guard.
pub(in crate::ops) async fn read(target: &Target, key: &GuardKey) -> Result<Option<AttributeMap>> {
    read_item(target, key.attributes(&target.description)).await
}

async fn read_item(target: &Target, key: AttributeMap) -> Result<Option<AttributeMap>> {
    match stored_item(target, key).await {
        // The write that follows creates the table.
        Err(error) if error.is_missing_table() => Ok(None),
        read => read,
    }
}
