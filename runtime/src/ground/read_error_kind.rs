//! Why an item cannot be read.

use super::violations::Violations;
use std::fmt;

/// Why an item cannot be read.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ReadErrorKind {
    /// The attribute is missing, and its field has no default.
    Missing,
    /// The attribute type of the value differs from the field's.
    Type {
        /// The attribute type that the field is stored as, such as `N`.
        expected: &'static str,
        /// The attribute type that was found.
        found: &'static str,
    },
    /// The attribute type is right, but the field's type has no such value.
    Value {
        /// The type of the field, such as `u8`.
        expected: &'static str,
        /// Why the value does not fit, without the value.
        reason: String,
    },
    /// The item breaks constraints, and its model checks constraints on reading.
    Invalid(Box<Violations>),
    /// The stored key differs from the key that the model writes for the same values. The model cannot find, change or
    /// delete the item by its key.
    OtherKey {
        /// The stored text of the key attribute; empty where it is sensitive.
        stored: String,
        /// The text that the model writes; empty where it is sensitive.
        written: String,
    },
    /// The stored key does not have the form of the model's key template, from which fields are read.
    KeyForm {
        /// The stored text of the key attribute; empty where it is sensitive.
        stored: String,
        /// The template of the key.
        template: String,
    },
    /// The item is of a later schema version than the model's: a later release has written it.
    LaterVersion {
        /// The version of the item.
        stored: u32,
        /// The version that the model writes.
        current: u32,
    },
    /// The item is of a schema version for which the model has no upgrade any more.
    EarlierVersion {
        /// The version of the item.
        stored: u32,
        /// The earliest version that the model can upgrade.
        first: u32,
    },
    /// A part of an item, such as the entry of an index, is of an earlier schema version, and only whole items are
    /// upgraded.
    PartOfEarlierVersion {
        /// The version of the item.
        stored: u32,
        /// The version that the model writes.
        current: u32,
    },
    /// An upgrade has changed a key attribute of the table. The model could not find, change or delete the item by its
    /// key.
    UpgradedKey,
    /// The model's `after_read` has changed the attribute of the key.
    KeyChangedAfterRead,
    /// The model's `after_read` has changed the attribute of the version, of a counter, or of the time of a deletion, so
    /// that each write of the item would be a conflict.
    ComparedChangedAfterRead {
        /// What it is of: `version`, `counter` or `deletion`.
        of: &'static str,
    },
    /// An upgrade of the item to the next schema version has failed.
    Upgrade {
        /// The version that is upgraded.
        from: u32,
        /// Why.
        kind: Box<ReadErrorKind>,
    },
    /// The item is of no model of the schema.
    NoModel,
    /// The discriminator of a shared table says that the item is of another model, or of none.
    OtherModel,
    /// A record of a stream lacks the item before or after the change, although the schema says that the stream has it.
    NoImage,
    /// The response holds something else than DynamoDB sends for an item. The item can be fetched again.
    Malformed,
    /// This version of the SDK does not know the attribute value's type.
    UnknownKind,
    /// The value is stored compressed or encrypted, and cannot be opened.
    Sealed {
        /// Why.
        cause: SealedCause,
        /// More about it, such as the name of the key; may be empty.
        reason: String,
    },
}

/// Why a value that is stored compressed or encrypted cannot be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SealedCause {
    /// The client has no key of the schema's name
    /// ([`ClientBuilder::encryption_key`](crate::ClientBuilder::encryption_key)), or the item was read without a
    /// client.
    NoKey,
    /// The value was encrypted with a data key that the key's provider does not know.
    UnknownKey,
    /// The value was encrypted with a key of another name in the schema.
    OtherKey,
    /// The provider failed to give the data key, and may give it later.
    KeyUnavailable,
    /// The provider refuses to give the data key, such as after the key was disabled.
    KeyRefused,
    /// The value is not encrypted, and the schema does not say `unencrypted: read`.
    NotEncrypted,
    /// The value is encrypted, and the schema does not say so.
    Encrypted,
    /// The bytes are cut, or another program has written them.
    Malformed,
    /// The value was changed, or it was moved from another item, attribute or table.
    NotAuthentic,
}

impl fmt::Display for ReadErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("missing, and the field has no default"),
            Self::Type { expected, found } => write!(f, "expected {expected}, found {found}"),
            Self::Value { expected, reason } => write!(f, "expected {expected}: {reason}"),
            Self::Invalid(violations) => write!(f, "the item breaks its constraints:\n{violations}"),
            Self::OtherKey { stored, written } => {
                f.write_str("the stored key differs from the key that the model makes of the item")?;
                if !written.is_empty() {
                    write!(f, ", `{stored}` rather than `{written}`")?;
                }
                f.write_str(
                    ": make the model write the stored form (`format`), or write the item anew under the model's key \
                     (a model with `check_keys_on_read: false` can read it)",
                )
            }
            Self::KeyForm { stored, template } => {
                f.write_str("the stored key")?;
                if !stored.is_empty() {
                    write!(f, " `{stored}`")?;
                }
                write!(f, " does not have the form `{template}`, from which the model reads fields")
            }
            Self::LaterVersion { stored, current } => write!(
                f,
                "the item is of schema version {stored}, and this release knows versions up to {current}: a later \
                 release has written it"
            ),
            Self::EarlierVersion { stored, first } => write!(
                f,
                "the item is of schema version {stored}, and the schema has upgrades from version {first} on: migrate \
                 the items with a release that can upgrade it"
            ),
            Self::PartOfEarlierVersion { stored, current } => write!(
                f,
                "the item is of schema version {stored}, not {current}, and the index holds only a part of it: migrate \
                 the items, or read them whole with `full`"
            ),
            Self::UpgradedKey => f.write_str(
                "an upgrade changes the form of an item, not its key: move the item to another key with a migration",
            ),
            Self::KeyChangedAfterRead => f.write_str(
                "the model's `after_read` has changed the key, under which the item is stored: let it change other fields",
            ),
            Self::ComparedChangedAfterRead { of } => write!(
                f,
                "the model's `after_read` has changed the {of}, which a write compares with the stored one: let it change \
                 other fields"
            ),
            Self::Upgrade { from, kind } => write!(f, "in the upgrade from schema version {from}: {kind}"),
            Self::NoModel => f.write_str("the item is of no model of the schema"),
            Self::NoImage => {
                f.write_str("the record lacks the item: give the table's stream the view type that the schema says")
            }
            Self::OtherModel => f.write_str("the item is of another model"),
            Self::Sealed { cause, reason } => match (cause, reason.as_str()) {
                (SealedCause::NoKey, reason) => f.write_str(reason),
                (SealedCause::NotEncrypted, _) => f.write_str(
                    "it is not encrypted, and the schema says that it is: with `unencrypted: read`, values from before \
                     can be read",
                ),
                (SealedCause::Encrypted, _) => f.write_str("it is encrypted, and the schema does not say so"),
                (_, reason) => write!(f, "the sealed value cannot be opened: {reason}"),
            },
            Self::Malformed => f.write_str("the item is not written as DynamoDB writes items"),
            Self::UnknownKind => f.write_str("this version of the SDK does not know the attribute value's type"),
        }
    }
}
