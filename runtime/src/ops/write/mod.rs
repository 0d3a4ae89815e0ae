//! The parts that all writes share: conditions, made attributes, defaults and the identity of items.

mod absent_parent;
mod as_read;
mod as_stored;
mod bounds;
mod counters;
mod expectation;
mod if_matches;
#[cfg(feature = "testing")]
mod insert_identity;
mod into_put;
mod item_key;
mod keys;
mod made;
mod new_item;
mod refusal;
mod same_value;
mod sealing;
mod stored_item;
mod structs;
mod unchanged;
mod update_actions;
mod write_condition;

pub(in crate::ops) use absent_parent::{as_absent_parent, inside, is_absent_parent};
pub(in crate::ops) use as_read::{is_as_read, names_of_items};
pub(in crate::ops) use as_stored::as_stored;
pub(in crate::ops) use bounds::Bounds;
pub use counters::Counters;
pub use expectation::Cause;
pub(in crate::ops) use expectation::{Deletion, Expectation, Presence};
pub use if_matches::IfMatches;
pub(in crate::ops) use if_matches::matched;
#[cfg(feature = "testing")]
pub(crate) use insert_identity::{ItemIdentity, insert_identity};
pub use into_put::IntoPut;
pub(in crate::ops) use into_put::WhenWritten;
pub(in crate::ops) use item_key::{ItemKey, key_of};
pub(crate) use keys::{write_key, write_key_fields};
pub(in crate::ops) use made::{Known, Left, default_of, left};
pub(in crate::ops) use same_value::is_same;
pub(in crate::ops) use sealing::{
    are_encrypted, at_once, has_hashes, hash_conditions, is_unhashed, is_unsealed, seal_item, seal_update,
    sealed_update,
};
pub(in crate::ops) use stored_item::stored_item;
pub(in crate::ops) use structs::Structs;
pub(in crate::ops) use unchanged::Unchanged;
pub(in crate::ops) use update_actions::{all_actions, check_update, known_by_key, known_of_item};
pub(in crate::ops) use write_condition::{WriteCondition, check_can_rise};
