//! Creating and deleting tables, and waiting for them.

mod create_table;
mod delete_table;
pub(in crate::ops) mod missing_table;
mod table_exists;
pub(in crate::ops) mod wait;

pub use create_table::CreateTable;
pub use delete_table::DeleteTable;
pub use table_exists::TableExists;
