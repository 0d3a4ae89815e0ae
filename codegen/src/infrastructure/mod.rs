//! Tables as templates of tools that create infrastructure, and the rights of services as policies.

mod cloudformation;
mod iam;
mod in_order;
mod names;
mod terraform;

pub use cloudformation::cloudformation;
pub use iam::{PolicyScope, Right, RightOf, ServiceLinkedRole, ServiceRights, iam};
pub use terraform::terraform;

pub(crate) use iam::{all, of_services};
