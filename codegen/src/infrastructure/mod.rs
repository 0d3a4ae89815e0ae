//! Tables as templates of tools that create infrastructure.

mod cloudformation;
mod in_order;
mod names;
mod terraform;

pub use cloudformation::cloudformation;
pub use terraform::terraform;
