//! The rights of services, and IAM policies that grant them.

mod operations;
mod policy;
mod rights;

pub use policy::{PolicyScope, iam};
pub use rights::{Right, RightOf, ServiceLinkedRole, ServiceRights};

pub(crate) use rights::{all, of_services};
