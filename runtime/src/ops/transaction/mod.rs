//! Transactions, and the unique fields that they keep.

mod action;
mod actions;
mod canceled;
mod commit;
mod guard_item;
mod planned;
mod put_alone;
mod transact_get;
mod transact_write;
mod unique;
mod unique_fields;
mod upgrade;

pub(in crate::ops) use action::Action;
pub(in crate::ops) use action::ActionKind;
pub use actions::TransactionActions;
pub use canceled::{Reason, TransactionCanceled};
pub(in crate::ops) use commit::{Settings, commit, commit_one};
pub(in crate::ops) use guard_item::{GuardKey, Holder, has_ended, holder};
pub(in crate::ops) use put_alone::put_alone;
pub use transact_get::{TransactFound, TransactKey, TransactKeys};
pub use transact_write::Transaction;
pub(in crate::ops) use unique_fields::UniqueFields;
pub(in crate::ops) use upgrade::{check_upgrade, has_long_ended, upgrade_stored};
