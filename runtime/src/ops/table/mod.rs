//! Creating and deleting tables, waiting for them, and making them what a schema says.

mod apply;
mod change;
mod compare;
mod create_table;
mod delete_table;
mod elsewhere;
mod live;
pub(in crate::ops) mod missing_table;
mod parts;
mod perform;
mod plan;
mod policies;
mod replicas;
mod run;
mod settings;
mod table_exists;
pub(in crate::ops) mod wait;

pub use apply::{Apply, Ensure, ensure};
pub use change::Change;
pub use create_table::CreateTable;
pub use delete_table::DeleteTable;
pub use plan::{Plan, plan};
pub use run::Progress;
pub use table_exists::TableExists;
